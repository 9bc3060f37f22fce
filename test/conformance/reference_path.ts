/**
 * The im2col matrix by two ways: `implementation: 'im2col'`, whose steps are kernels of ours, and the reference path of core
 * operations, for which these kernels are taken away. Both give the bits of `'fused'` for hostile numbers, whatever the
 * program computed before (contract 14).
 */
import * as tf from '@tensorflow/tfjs';
import type { PoolOptions } from '../../src/spec';
import { layoutOf } from '../oracle/pooling';
import { expectSame } from '../support/compare';
import { float32, int32, pickFrom, randomFrom } from '../support/data';
import { shareOf } from '../support/wide';
import { type Device, type DeviceKey, type DeviceSpec, DEVICES, describeDevice } from '../support/devices';
import type { OpArgument, OpCall, OpResult } from '../support/run_op';
import type { PlainTensor } from '../support/run_case';

type Rank = 1 | 2 | 3;
type Row = [name: string, rank: Rank, shape: number[], options: PoolOptions];

const MAX = (2 - 2 ** -23) * 2 ** 127;
const INT_MAX = 2 ** 31 - 1;

const GEOMETRIES: Row[] = [
  ['2/2', 1, [2, 9, 2], {}],
  ['3/1, padding', 1, [1, 9, 3], { poolSize: 3, strides: 1, padding: 1 }],
  ['2x2/2', 2, [1, 6, 6, 3], {}],
  ['3x3/2, same', 2, [1, 6, 7, 2], { poolSize: 3, strides: 2, padding: 'same' }],
  ['ceil mode, dilation', 2, [1, 7, 8, 2], { poolSize: 2, dilationRate: 2, strides: 3, padding: 1, ceilMode: true }],
  ['channels first', 2, [2, 2, 5, 6], { poolSize: 3, strides: 2, padding: 1, dataFormat: 'channelsFirst' }],
  [
    '2x2x2/1',
    3,
    [1, 3, 4, 3, 2],
    {
      strides: 1,
      padding: [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
    },
  ],
];

/** Numbers that some core operation of some backend gets wrong. GPUs may flush denormal numbers: `onHosts`. */
const NUMBERS: Array<{ name: string; values: number[]; onHosts?: boolean; dtype?: 'int32' }> = [
  { name: '-Infinity and the least number', values: [-Infinity, -Infinity, -MAX, -1e30] },
  { name: 'the ends of float32', values: [-Infinity, -MAX, MAX, Infinity, -1, 0, 1] },
  { name: 'all -Infinity', values: [-Infinity] },
  { name: 'NaN', values: [NaN, NaN, -Infinity, -MAX, 0, 3] },
  { name: 'zeros of both signs', values: [-0, 0] },
  { name: 'denormal numbers', values: [1e-40, 2e-40, -1e-40, 2 ** -149, -(2 ** -149), 0, -0, -1], onHosts: true },
  { name: 'denormal numbers, NaN, -Infinity', values: [NaN, -Infinity, -1e-40, 2 ** -149, -0], onHosts: true },
  {
    name: 'the ends of int32',
    values: [INT_MAX, INT_MAX - 1, -INT_MAX, -INT_MAX - 1, 0],
    dtype: 'int32',
    onHosts: true,
  },
  { name: 'int32 to 2^24', values: [2 ** 24, 2 ** 24 - 1, -(2 ** 24), 1 - 2 ** 24], dtype: 'int32' },
];
const HOSTS = ['cpu', 'wasm', 'node', 'toy'];

/** Declares the tests on one device. */
export function referencePath(key: DeviceKey): void {
  const spec: DeviceSpec = DEVICES[key];
  const numbers = NUMBERS.filter(({ onHosts }) => !onHosts || HOSTS.includes(spec.backend));
  describeDevice(key, 'reference path', (device) => {
    // First of all, as the program may do: padding that is no number.
    test.each([NaN, Infinity, -Infinity, -0, -3])('im2col pads with %d', (padValue) =>
      expectPadded(device(), padValue),
    );

    test("the program's own tf.pad is not spoiled", () => expectPadOfUser(device()));

    numbers.forEach(({ name, values, dtype = 'float32' as const }, n) => {
      describe(name, () => {
        GEOMETRIES.forEach((row, g) => {
          (['propagate', 'ignore'] as const).forEach((nan, i) => {
            test(`${row[1]}-D, ${row[0]}, NaN: ${nan}`, () =>
              expectSameBits(device(), row, { values, dtype, nan }, waysAt(spec, n + g + i)));
          });
        });
      });
    });
  });
}

interface Kind {
  values: number[];
  dtype: 'float32' | 'int32';
  nan: 'propagate' | 'ignore';
}

/** How the matrix is made: by kernels of ours, or by stock ones alone. */
type Way = 'ours' | 'stock';

/** Both, where there are kernels of ours; in turns on GPUs, whose programs take long to compile, but for a wide run. */
function waysAt({ backend, where }: DeviceSpec, index: number): readonly Way[] {
  if (backend === 'toy') return ['stock'];
  return where === 'node' ? ['ours', 'stock'] : shareOf<Way>(['ours', 'stock'], index % 2, 2);
}

/** Maxima, argmax, routing and its adjoint, the matrix and its adjoint: on the matrix, made in these ways, and 'fused'. */
async function expectSameBits(device: Device, row: Row, kind: Kind, ways: readonly Way[]): Promise<void> {
  const fused = await resultsOf(device, row, kind, 'fused');
  expect(kernelsOf(fused)).toEqual(device.spec.backend === 'toy' ? [] : expect.arrayContaining(['Im2ColMaxPool']));
  for (const way of ways) {
    const literal = await resultsOf(device, row, kind, 'im2col', way === 'stock');
    expectSameResults(literal, fused);
    if (way === 'stock') expect(kernelsOf(literal)).toEqual([]);
    else for (const [what, { kernels }] of Object.entries(literal)) expectMatrix(what, kernels);
  }
}

type Results = Record<string, OpResult>;

function expectSameResults(results: Results, fused: Results): void {
  for (const [what, { result, gradient, leaked }] of Object.entries(fused)) {
    const other = results[what];
    expectSame(what, other.result, result);
    if (gradient) expectSame(`gradient of ${what}`, other.gradient, gradient);
    expect([leaked, other.leaked]).toEqual([0, 0]);
  }
}

/** Kernels of ours made the matrix, or read it, and nothing was laid out by core's operations. */
function expectMatrix(what: string, kernels: readonly string[]): void {
  const columns = ['scatterArgmax', 'col2im'].includes(what) ? 'Im2ColImage' : 'Im2ColColumns';
  expect({ what, kernels }).toEqual({ what, kernels: expect.arrayContaining([columns]) as unknown });
  expect(kernels.filter((kernel) => ['Pack', 'Select', 'Tile'].includes(kernel))).toEqual([]);
}

/** Kernels of ours that pool: the check of an argmax that comes from outside is no pooling. */
function kernelsOf(results: Results): string[] {
  const all = Object.values(results).flatMap(({ kernels }) => kernels);
  return all.filter((kernel) => kernel.startsWith('Im2Col') && kernel !== 'Im2ColAreTaps');
}

async function resultsOf(
  device: Device,
  [, rank, shape, options]: Row,
  { values, dtype, nan }: Kind,
  implementation: 'fused' | 'im2col',
  withoutKernels = false,
): Promise<Results> {
  const { yShape, columnsShape } = layoutOf(rank, options, shape);
  const gradients = dtype === 'int32' ? [1, -7, 0] : [-2, 0.5, 4];
  const x = { tensor: numbersFrom(values, shape, dtype, 1) };
  const dy = numbersFrom(gradients, yShape, dtype, 2);
  const columns = { tensor: numbersFrom(gradients, columnsShape, dtype, 3) };
  const pooling = { plain: { ...options, implementation } };
  const maxPooling = { plain: { ...options, nan, implementation } };
  const run = (op: OpCall['op'], args: OpArgument[], more: Partial<OpCall> = {}) =>
    device.runOp({ op, args, withoutKernels, ...more });
  const argmax = await run(`maxPoolWithArgmax${rank}d`, [x, maxPooling], { part: 'argmax' });
  const taps = { tensor: argmax.result };
  return {
    argmax,
    maxPool: await run(`maxPool${rank}d`, [x, maxPooling], dtype === 'float32' ? { dResult: dy } : {}),
    scatterArgmax: await run('scatterArgmax', [{ tensor: dy }, taps, { plain: shape }, pooling]),
    gatherArgmax: await run('gatherArgmax', [x, taps, pooling]),
    im2col: await run('im2col', [x, pooling]),
    col2im: await run('col2im', [columns, { plain: shape }, pooling]),
  };
}

/** The matrix of both implementations and of stock kernels: padding reads as `padValue`. */
async function expectPadded(device: Device, padValue: number): Promise<void> {
  const x = { tensor: float32([1, 4, 1], [1, 2, 3, 4]) };
  const options = { poolSize: [2], strides: 1, padding: 1, padValue };
  for (const [implementation, withoutKernels] of [
    ['im2col', true],
    ['im2col', false],
    ['fused', false],
  ] as const) {
    const args = [x, { plain: { ...options, implementation } }];
    const { result } = await device.runOp({ op: 'im2col', args, withoutKernels });
    expectSame(implementation, result, float32([5, 2], [padValue, 1, 1, 2, 2, 3, 3, 4, 4, padValue]));
  }
}

/** On wasm tf.pad keeps what it once padded with: from us it must not have got NaN. */
async function expectPadOfUser({ page, spec }: Device): Promise<void> {
  const pad = async (core: typeof tf) => {
    const y = core.tidy(() =>
      core.pad(core.tensor2d([[1, 2]]), [
        [1, 0],
        [0, 1],
      ]),
    );
    const data = Array.from(await y.data());
    y.dispose();
    return data;
  };
  // A page gets functions as text.
  const inPage = (source: string) =>
    page!.call((p, text) => ((0, eval)(`(${text})`) as (core: unknown) => Promise<number[]>)(p.tf), source);
  expect(spec.where === 'browser' ? await inPage(pad.toString()) : await pad(tf)).toEqual([0, 0, 0, 1, 2, 0]);
}

function numbersFrom(
  values: readonly number[],
  shape: number[],
  dtype: 'float32' | 'int32',
  seed: number,
): PlainTensor {
  const { data } = pickFrom(values, shape, randomFrom(seed));
  return dtype === 'int32' ? int32(shape, data) : float32(shape, data.map(Math.fround));
}
