/**
 * Properties over random geometry and data: kernels and the article's way (im2col) give what the oracle
 * gives, and the two pairs of adjoints are adjoint. The seed is fixed; a failure prints how to repeat it.
 */
import fc from 'fast-check';
import type { Implementation, NanRule } from '../../src/spec';
import {
  col2imOracle,
  gradientsOracle,
  im2colOracle,
  indicesOracle,
  layoutOf,
  poolOracle,
  scatterOracle,
} from '../oracle/pooling';
import { expectSame } from '../support/compare';
import { int32, pickFrom, randomFrom } from '../support/data';
import { type Device, type DeviceKey, describeDevice } from '../support/devices';
import type { PlainTensor } from '../support/run_case';
import type { OpCall } from '../support/run_op';
import { type Sample, inner, isPossible, samples } from './samples';

type MaxSample = Sample<{ nan: NanRule; implementation?: Implementation }>;

const SEED = 20240229;
const OWN = fc.record({ nan: fc.constantFrom('propagate' as const, 'ignore' as const) });
/**
 * Declares the properties on one device: how many samples for the kernels, and for the article's way (each
 * of which makes a GPU compile dozens of shaders).
 */
export function properties(key: DeviceKey, runs: Record<Implementation, number>): void {
  describeDevice(key, 'properties', (device) => {
    const holds = (name: string, property: (device: Device, sample: MaxSample) => Promise<void>) =>
      test.each(['fused', 'im2col'] as const)(
        `${name}, %s`,
        (implementation) =>
          fc.assert(
            fc.asyncProperty(samples(OWN), ({ options, ...sample }) =>
              property(device(), { ...sample, options: { ...options, implementation } }),
            ),
            { seed: SEED, numRuns: runs[implementation], endOnFailure: true },
          ),
        300_000,
      );
    holds('pooling is what the oracle says, or both say that it cannot be', poolingAgrees);
    holds('<scatter(dy), v> = <dy, gather(v)>', routingIsAdjoint);
    holds('<im2col(x), c> = <x, col2im(c)>', columnsAreAdjoint);
    holds('indices of other frameworks there and back', indicesComeBack);
  });
}

async function poolingAgrees(
  { runPoolCase, runThrowingOp, stored }: Device,
  { rank, shape, options, dataSeed }: MaxSample,
): Promise<void> {
  const data = randomTensor(shape, dataSeed, [NaN, Infinity, -Infinity, -3, -2, -1, 0, 0, 1, 2]);
  if (!isPossible({ rank, options, shape })) {
    const op = (['maxPool1d', 'maxPool2d', 'maxPool3d'] as const)[rank - 1];
    const { message, leaked } = await runThrowingOp({ op, args: [{ tensor: data }, { plain: options }] }, false);
    expect(message).toMatch(/expected (at least one window to fit|every window to hold at least one real element)/);
    expect(leaked).toBe(0);
    return;
  }
  const x = await stored(data);
  const dy = randomTensor(layoutOf(rank, options, shape).yShape, dataSeed + 1, [-2, -1, 1, 2]);
  const { y, argmax } = poolOracle(rank, options, x);
  const { dx, ddx } = gradientsOracle(rank, options, x, dy);
  const result = await runPoolCase({ name: '', rank, options, x: data, dy });
  expectSame('argmax', result.argmax, argmax);
  expectSame('y', result.y, y);
  expectSame('dx', result.dx, dx);
  expectSame('second derivative', result.ddx, ddx);
  expect(result.leaked).toBe(0);
}

async function routingIsAdjoint({ runOp }: Device, { rank, shape, options, dataSeed }: MaxSample): Promise<void> {
  fc.pre(isPossible({ rank, options, shape }));
  const { yShape, taps } = layoutOf(rank, options, shape);
  const dy = randomTensor(yShape, dataSeed, [-2, -1, 0, 1, 2]);
  const v = randomTensor(shape, dataSeed + 1, [-2, -1, 0, 1, 2]);
  // Any tap, also on padding.
  const taken = Array.from({ length: taps }, (_, tap) => tap);
  const argmax = { ...randomTensor(yShape, dataSeed + 2, taken), dtype: 'int32' as const };
  const scattered = await result(runOp, 'scatterArgmax', dy, argmax, shape, options);
  const gathered = await result(runOp, 'gatherArgmax', v, argmax, options);
  expectSame('scatter', scattered, scatterOracle(rank, options, dy, argmax, shape));
  expect(inner(scattered, v)).toBe(inner(dy, gathered));
}

async function indicesComeBack({ runOp }: Device, { rank, shape, options, dataSeed }: MaxSample): Promise<void> {
  fc.pre(isPossible({ rank, options, shape }));
  const { yShape, outputs } = layoutOf(rank, options, shape);
  const random = randomFrom(dataSeed);
  const argmax = int32(yShape, new Array<number>(outputs.length).fill(0));
  for (const { at, candidates } of outputs) {
    argmax.data[at] = candidates[Math.floor(random() * candidates.length)].tap;
  }
  for (const format of ['tensorflow', 'pytorch', 'onnx'] as const) {
    const indices = await result(runOp, 'argmaxToIndices', argmax, shape, options, format);
    expectSame('indices', indices, indicesOracle(rank, options, argmax, shape, format));
    const back = await result(runOp, 'indicesToArgmax', indices.data, shape, options, format);
    expectSame('argmax', back, argmax);
  }
}

async function columnsAreAdjoint({ runOp }: Device, { rank, shape, options, dataSeed }: MaxSample): Promise<void> {
  fc.pre(isPossible({ rank, options, shape }));
  const x = randomTensor(shape, dataSeed, [-2, -1, 0, 1, 2]);
  const c = randomTensor(layoutOf(rank, options, shape).columnsShape, dataSeed + 1, [-2, -1, 0, 1, 2]);
  const columns = await result(runOp, 'im2col', x, options);
  const image = await result(runOp, 'col2im', c, shape, options);
  expectSame('im2col', columns, im2colOracle(rank, options, x));
  expectSame('col2im', image, col2imOracle(rank, options, c, shape));
  expect(inner(columns, c)).toBe(inner(x, image));
}

async function result(runOp: Device['runOp'], op: OpCall['op'], ...args: unknown[]): Promise<PlainTensor> {
  const isTensor = (arg: unknown): arg is PlainTensor => typeof arg === 'object' && arg !== null && 'dtype' in arg;
  const outcome = await runOp({ op, args: args.map((arg) => (isTensor(arg) ? { tensor: arg } : { plain: arg })) });
  expect(outcome.leaked).toBe(0);
  return outcome.result;
}

function randomTensor(shape: number[], seed: number, values: number[]): PlainTensor {
  return pickFrom(values, shape, randomFrom(seed));
}
