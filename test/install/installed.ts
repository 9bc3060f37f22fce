/**
 * tfjs's own operations with our kernels installed, on one device: every conformance case that tf.maxPool can be asked for,
 * compared with the oracle (nan: 'ignore'). The rows of shared/upstream-defects.md come first among those cases.
 */
import { CASES, type ConformanceCase } from '../conformance/cases';
import { gradientsOracle, indicesOracle, layoutOf, poolOracle } from '../oracle/pooling';
import { expectSame, expectWithin } from '../support/compare';
import { type Device, type DeviceKey, DEVICES, type DeviceSpec, describeDevice } from '../support/devices';
import { float32, makeX } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import * as plugin from '../../src/index';
import * as tf from '@tensorflow/tfjs';
import { askFor } from './ask_for';
import { installedAverageTests } from './installed_average';
import { type InstalledCase, type InstalledResult, farIndices, runInstalled } from './run_installed';

/** The case that follows on the rows of shared/upstream-defects.md. */
const FIRST_OF_THE_OTHERS = 'odd sizes, the rest is cut off';

export function installedTests(key: DeviceKey): void {
  const spec: DeviceSpec = DEVICES[key];
  describeDevice(key, "tfjs's operations with our kernels installed", (device) => {
    for (const c of casesFor(spec)) {
      test(c.name, () => check(device(), c));
    }
    for (const dimRoundingMode of ['ceil', 'round'] as const) {
      test(`'${dimRoundingMode}' with a window past the end: it is empty, and the gradient of the others is right`, () =>
        checkEmpty(device(), dimRoundingMode));
    }
    // The reference path is too slow for it.
    if (spec.backend !== 'toy') {
      test('indices of maxPoolWithArgmax above 2^24 are exact', async () => {
        const { page } = device();
        const indices = await (page ? page.call((p) => p.farIndices(), undefined) : farIndices(tf, plugin));
        expect(indices).toEqual([0, 4099, 4099 * 4100, 4099 * 4100 + 4099]);
      });
    }
    test('what tf.maxPool cannot be asked for is a clear error', async () => {
      const x = makeX('distinct', [1, 3, 3, 1], 1);
      const call: InstalledCase = { rank: 2, x, dy: x, filterSize: 2, strides: 2, pad: 2 };
      await expect(run(device(), call)).rejects.toThrow(
        'MaxPool: expected every window to hold at least one real element',
      );
    });
    installedAverageTests(device, spec);
  });
}

/** Where cases take long (shaders to compile, the reference path) the later ones are thinned out; the kernels have test/conformance. */
function casesFor(spec: DeviceSpec): ConformanceCase[] {
  const cases = CASES.filter((each) => isAskable(each) && !isBeyond(spec, each));
  const first = cases.findIndex(({ name }) => name === FIRST_OF_THE_OTHERS);
  const isSlow = spec.where === 'browser' || spec.backend === 'toy';
  return cases.filter(({ name }, i) => !isSlow || i < first || (i - first) % 4 === 0 || name.startsWith('flat argmax'));
}

/** Whether tfjs's operations have the options for it. They drop no window that rounding up makes: see checkEmpty. */
function isAskable({ rank, options, name }: ConformanceCase): boolean {
  const { dilationRate = 1, dataFormat, implementation } = options;
  return (
    rank !== 1 &&
    dilationRate === 1 &&
    dataFormat !== 'channelsFirst' &&
    implementation !== 'im2col' &&
    !name.includes('is dropped')
  );
}

function isBeyond(spec: DeviceSpec, c: ConformanceCase): boolean {
  return spec.halfPrecision ? c.half === 'cannot hold x' : spec.backend === 'webgl' && c.beyondTextures === true;
}

function run(device: Device, c: InstalledCase): Promise<InstalledResult> {
  return device.page ? device.page.call((p, call) => p.runInstalled(call), c) : runInstalled(tf, plugin, c);
}

async function check(device: Device, c: ConformanceCase): Promise<void> {
  const result = await run(device, askFor(c));
  const rank = c.rank as 2 | 3;
  const options = { ...c.options, nan: 'ignore' as const };
  const x = await device.stored(c.x);
  const { y, argmax } = poolOracle(rank, options, x);
  expectSame('y', result.y, y);
  if (result.values) checkIndices(result, x, y, indicesOracle(rank, options, argmax, x.shape, 'tensorflow'));
  if (x.dtype === 'float32') {
    const { dx, ddx } = gradientsOracle(rank, options, x, c.dy);
    const tolerance = device.spec.halfPrecision && c.half === 'rounds gradients' ? 2 ** -8 : 0;
    expectWithin('dx', result.dx, dx, tolerance);
    if (result.dxOfValues) expectWithin('dx of the values of maxPoolWithArgmax', result.dxOfValues, dx, tolerance);
    if (x.data.length > 0) expectWithin('second derivative', result.ddx, ddx, tolerance);
    // The argmax alone; x and y are neither kept. (Without batch, tfjs reshapes first, and that keeps x.)
    if (x.data.length > 0 && x.shape.length === rank + 2) {
      // A byte each, where the backend has it.
      const bytes = ['cpu', 'wasm'].includes(device.spec.backend) && Math.max(...argmax.data) < 256 ? 1 : 4;
      expect(result.kept).toBe(bytes * y.data.length);
    }
  }
  expect(result.leaked).toBe(0);
  expect(result.restored).toBe(true);
  checkKernels(result, x, rank, device.spec);
}

function checkIndices(result: InstalledResult, x: PlainTensor, y: PlainTensor, indices: PlainTensor): void {
  expectSame('values of maxPoolWithArgmax', result.values, y);
  expectSame('indices', result.indices, { ...indices, shape: y.shape });
  const batch = x.shape.length === 4 ? x.shape[0] : 1;
  const [image, outputs] = [x.data.length / batch, y.data.length / batch];
  const withBatch = indices.data.map((index, i) => index + Math.floor(i / outputs) * image);
  expectSame('indices with the batch', result.batchIndices, { ...indices, shape: y.shape, data: withBatch });
}

function checkKernels({ kernels }: InstalledResult, { data, dtype }: PlainTensor, rank: 2 | 3, spec: DeviceSpec): void {
  // Pack is the reference path's, and of no other operation here.
  const expected =
    data.length === 0
      ? []
      : spec.backend === 'toy'
        ? ['Pack']
        : dtype === 'int32' && rank === 3
          ? ['Im2ColMaxPool']
          : // A GPU looks up indices by it; elsewhere second derivatives alone need it.
            dtype === 'int32'
            ? [...(spec.where === 'browser' ? ['Im2ColGatherArgmax'] : []), 'Im2ColMaxPool', 'Im2ColMaxPoolArgmax']
            : ['Im2ColGatherArgmax', 'Im2ColMaxPool', 'Im2ColMaxPoolArgmax', 'Im2ColScatterArgmax'];
  expect(kernels.filter((name) => name.startsWith('Im2Col') || name === 'Pack').sort()).toEqual(expected);
}

/** 2x2/3 with padding 1 on 2x2: the second window of an axis starts past the input. tfjs has it; ours, by contract, has not. */
async function checkEmpty(device: Device, dimRoundingMode: 'ceil' | 'round'): Promise<void> {
  // Half precision on some GPUs has no infinities.
  const least = (await device.stored(float32([1], [-Infinity]))).data[0];
  for (const rank of [2, 3] as const) {
    const spatial = [2, 2, 2].slice(3 - rank);
    const x = makeX('distinct', [1, ...spatial, 2], rank);
    const options = { strides: 3, padding: 1 };
    const { yShape } = layoutOf(rank, options, x.shape);
    const real = poolOracle(rank, options, x).y;
    const outputs = 2 * 2 ** rank;
    const dy = float32(
      [1, ...spatial, 2],
      Array.from({ length: outputs }, (_, i) => i + 1),
    );
    const result = await run(device, { rank, x, dy, filterSize: 2, strides: 3, pad: 1, dimRoundingMode });
    const padded = dy.data.map((_, i) => (i < 2 ? real.data[i] : least));
    expectSame('y', result.y, float32([1, ...spatial, 2], padded));
    const { dx } = gradientsOracle(rank, options, x, float32(yShape, [1, 2]));
    expectSame('dx', result.dx, dx);
    expect(result.leaked).toBe(0);
  }
}
