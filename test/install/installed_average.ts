/**
 * tf.avgPool and tf.avgPool3d with our kernels installed, on one device: the cases of test/family that they can be asked
 * for, and windows that hold no element, compared with the oracle; and the gradient, with the averages that it belongs to.
 */
import type { AveragePoolOptions } from '../../src/base';
import { AVERAGE_CASES } from '../family/average_cases';
import { type Expected, type FamilyCase, toleranceOn } from '../family/family';
import { expectWithin } from '../support/compare';
import type { Device, DeviceSpec } from '../support/devices';
import { float32 } from '../support/data';
import type { PlainTensor } from '../support/run_case';
import * as plugin from '../../src/index';
import * as tf from '@tensorflow/tfjs';
import { askFor } from './ask_for';
import { type InstalledAverage, type InstalledCase, runInstalledAverage } from './run_installed';

/** Within a describeDevice. */
export function installedAverageTests(device: () => Device, spec: DeviceSpec): void {
  for (const c of AVERAGE_CASES.filter((each) => isAskable(each) && !(spec.halfPrecision && each.notInHalf))) {
    test(`tf.avgPool, ${c.name}`, () => check(device(), c));
  }
  for (const [name, call, y, dx] of EMPTY) {
    test(`tf.avgPool, ${name}`, async () => {
      const result = await run(device(), call);
      expectWithin('y', result.y, y, toleranceOn(spec, AVERAGE_CASES[0]));
      expectWithin('dx', result.dx, dx, toleranceOn(spec, AVERAGE_CASES[0]));
      expectWithin("dx by the kernel's name", result.dxOfKernel, dx, toleranceOn(spec, AVERAGE_CASES[0]));
      expect([result.leaked, result.restored]).toEqual([0, true]);
    });
  }
  test("tf.avgPool, explicit padding: dx is what each element adds to the averages, which upstream's test denies", async () => {
    const ask = {
      rank: 2 as const,
      filterSize: 3,
      strides: 1,
      pad: [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ] as Array<[number, number]>,
    };
    const dy = [0, 3, 0, 6, 0, 9, 0, 12];
    // One image for each element, which is 1 there.
    const units = float32(
      [9, 3, 3, 1],
      Array.from({ length: 81 }, (_, i) => (i % 10 === 0 ? 1 : 0)),
    );
    const { y } = await run(device(), { ...ask, x: units, dy: float32([9, 4, 2, 1], new Array<number>(72).fill(1)) });
    const added = Array.from({ length: 9 }, (_, element) =>
      dy.reduce((sum, value, i) => sum + value * y.data[8 * element + i], 0),
    );
    const x = float32([1, 3, 3, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const { dx } = await run(device(), { ...ask, x, dy: float32([1, 4, 2, 1], dy) });
    // Sums of quotients, in another order.
    expectWithin('dx', dx, float32([1, 3, 3, 1], added), spec.halfPrecision ? 2 ** -8 : 2 ** -20);
    expect(added[1]).toBeCloseTo(3 / 4 + 6 / 6, 2);
  });
}

/** Whether tfjs's operations have the options for it. */
function isAskable(c: FamilyCase): boolean {
  const { rank, options, x } = optionsOf(c);
  const { dilationRate = 1, dataFormat, implementation, countIncludePad, divisorOverride } = options;
  return (
    rank !== 1 &&
    x.dtype === 'float32' &&
    dilationRate === 1 &&
    dataFormat !== 'channelsFirst' &&
    implementation !== 'im2col' &&
    !countIncludePad &&
    divisorOverride == null
  );
}

function optionsOf({ call }: FamilyCase): {
  rank: 1 | 2 | 3;
  options: AveragePoolOptions;
  x: PlainTensor;
  dy: PlainTensor;
} {
  const [x, options] = call.args as [{ tensor: PlainTensor }, { plain: AveragePoolOptions }];
  return {
    rank: Number(call.op.slice(-2, -1)) as 1 | 2 | 3,
    options: options.plain,
    x: x.tensor,
    dy: call.dResult as PlainTensor,
  };
}

function run(device: Device, c: InstalledCase): Promise<InstalledAverage> {
  return device.page
    ? device.page.call((p, call) => p.runInstalledAverage(call), c)
    : runInstalledAverage(tf, plugin, c);
}

async function check(device: Device, c: FamilyCase): Promise<void> {
  const asked = optionsOf(c);
  const { y, dx, dxOfKernel, ddx, kept, kernels, leaked, restored } = await run(device, askFor(asked));
  const expected = (c.expected as (x: PlainTensor) => Expected)(await device.stored(asked.x));
  const tolerance = toleranceOn(device.spec, c);
  expectWithin('y', y, expected.result, tolerance);
  expectWithin('dx', dx, expected.gradient!, tolerance);
  expectWithin("dx by the kernel's name", dxOfKernel, expected.gradient!, tolerance);
  if (expected.second) expectWithin('second derivative', ddx, expected.second, tolerance);
  // Nothing. (Without batch, tfjs reshapes first, and that keeps x.)
  if (kept !== undefined && asked.x.shape.length === asked.rank + 2) expect(kept).toBe(0);
  expect([leaked, restored]).toEqual([0, true]);
  // Pack is the reference path's, and of no other operation here.
  const ours =
    asked.x.data.length === 0
      ? []
      : device.spec.backend === 'toy'
        ? ['Pack']
        : ['Im2ColAveragePool', 'Im2ColAverageSpread'];
  expect(kernels.filter((name) => name.startsWith('Im2Col') || name === 'Pack').sort()).toEqual(ours);
}

const CALL = { rank: 2 as const, filterSize: 2, strides: 1, pad: 2 };
const TWO = float32([1, 2, 2, 1], [8, 4, 2, 6]);
const ones = (shape: number[]) => float32(shape, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(1));

/** Windows without an element, by hand: their average is 0, and their gradient goes nowhere. */
const EMPTY: Array<[name: string, call: InstalledCase, y: PlainTensor, dx: PlainTensor]> = [
  [
    'more padding than window: empty windows on all sides',
    { ...CALL, x: TWO, dy: ones([1, 5, 5, 1]) },
    float32([1, 5, 5, 1], [0, 0, 0, 0, 0, 0, 8, 6, 4, 0, 0, 5, 5, 5, 0, 0, 2, 4, 6, 0, 0, 0, 0, 0, 0]),
    float32([1, 2, 2, 1], [2.25, 2.25, 2.25, 2.25]),
  ],
  [
    'one element amid padding, 3-D',
    { ...CALL, rank: 3, x: float32([1, 1, 1, 1, 1], [8]), dy: ones([1, 4, 4, 4, 1]) },
    float32(
      [1, 4, 4, 4, 1],
      Array.from({ length: 64 }, (_, i) =>
        [0, 3].some((edge) => [i % 4, (i >> 2) & 3, i >> 4].includes(edge)) ? 0 : 8,
      ),
    ),
    float32([1, 1, 1, 1, 1], [8]),
  ],
  ...(['ceil', 'round'] as const).map((dimRoundingMode): [string, InstalledCase, PlainTensor, PlainTensor] => [
    `'${dimRoundingMode}' with windows past the end`,
    { ...CALL, pad: 1, strides: 3, dimRoundingMode, x: TWO, dy: ones([1, 2, 2, 1]) },
    float32([1, 2, 2, 1], [8, 0, 0, 0]),
    float32([1, 2, 2, 1], [1, 0, 0, 0]),
  ]),
  [
    'a window amid padding: none has an element',
    { ...CALL, filterSize: 1, strides: 4, pad: 1, x: TWO, dy: ones([1, 1, 1, 1]) },
    float32([1, 1, 1, 1], [0]),
    float32([1, 2, 2, 1], [0, 0, 0, 0]),
  ],
  [
    'no window at all, 3-D',
    { ...CALL, rank: 3, filterSize: [1, 1, 3], pad: 'valid', x: ones([1, 1, 1, 1, 1]), dy: ones([1, 1, 1, 0, 1]) },
    float32([1, 1, 1, 0, 1], []),
    float32([1, 1, 1, 1, 1], [0]),
  ],
];
