/** What the demo page says of each cell of its matrices, without a browser: routes by our operations, the built-in's side by hand. */
jest.mock('tfjs-im2col-pooling', () => require('../../src/index') as object, { virtual: true });
import * as tf from '@tensorflow/tfjs';
import { shownOf, type Shown } from '../../examples/browser/routing/analysis';
import { GRIDS, type Grid, isThere } from '../../examples/browser/routing/cell';
import { cellText } from '../../examples/browser/routing/cell_text';
import { numbersImage } from '../../examples/browser/routing/images';
import { lightsOf } from '../../examples/browser/routing/lights';
import { paddingValue } from '../../examples/browser/routing/padding_text';
import { ODD } from '../../examples/browser/routing/preset';
import { DEFAULTS, type Settings, poolingCall } from '../../examples/browser/routing/settings';
import { numbersIn, spotsByNumber } from '../../examples/browser/shared/frame';
import { ourPool, ourPoolWithArgmax } from '../../examples/browser/workers/our_pooling';
import { routesOf } from '../../examples/browser/workers/routes';

beforeAll(() => tf.setBackend('cpu'));

interface Builtin {
  readonly y?: readonly number[];
  readonly shape?: readonly number[];
  readonly dx?: readonly number[];
}

/** dy is 1, 2, 3, ... */
async function pooled(rows: readonly number[][], options: Partial<Settings>, theirs: Builtin = {}): Promise<Shown> {
  const settings = { ...DEFAULTS, ...options };
  const image = numbersImage(rows);
  const call = poolingCall(settings);
  const x = tf.tensor4d(image.values, [1, image.height, image.width, 1]);
  const { values, argmax } = ourPoolWithArgmax(x, call);
  const [, outHeight, outWidth] = values.shape;
  const dy = Float32Array.from({ length: outHeight * outWidth }, (_, i) => i + 1);
  const dx = tf.grad((t) => ourPool(t as tf.Tensor4D, call))(x, tf.tensor(dy, values.shape));
  const side = { failure: null, gradientError: null, kernels: [], shape: values.shape };
  const ours = { ...side, y: (await values.data()) as Float32Array, dx: (await dx.data()) as Float32Array };
  const routes = await routesOf(x, call, argmax ? [...(await argmax.data())] : null);
  const builtin = {
    ...ours,
    ...(theirs.y && { y: Float32Array.from(theirs.y) }),
    ...(theirs.shape && { shape: theirs.shape, dx: null }),
    ...(theirs.dx && { dx: Float32Array.from(theirs.dx) }),
  };
  const unpooled = ours.dx;
  return shownOf(settings, image, { ...routes, backend: 'cpu', outHeight, outWidth, dy, ours, builtin, unpooled });
}

const said = (shown: Shown, grid: Grid, index: number) => cellText(shown, { grid, index });

const TIE = [
  [7, 7, 1, 5],
  [7, 7, 5, 2],
  [3, 8, 6, 6],
  [8, 1, 6, 6],
];

test('an input: its windows, those that it wins, the sum that is its gradient, and what the built-in sends', async () => {
  const theirs = { dx: [0, 2, 0, 3, 0, 1, 0, 0, 0, 24, 0, 0, 0, 0, 0, 15] };
  const shown = await pooled(TIE, { stride: 1 }, theirs);
  for (const grid of ['x', 'dx'] as const) {
    expect(said(shown, grid, 9)).toBe(
      'x[2, 1] = 8 is in 4 windows and wins 4: y[1, 0], y[1, 1], y[2, 0], y[2, 1]. Its gradient is their dy: 4 + 5 + 7 + 8 = 24.',
    );
    expect(said(shown, grid, 0)).toBe(
      'x[0, 0] = 7 is in the window of y[0, 0] and wins it. Its gradient is the dy of y[0, 0]: 1. The built-in sends it 0.',
    );
    expect(said(shown, grid, 5)).toBe(
      'x[1, 1] = 7 is in 4 windows and wins none of them. It equals the maximum of y[0, 0], y[0, 1], but is not the first. ' +
        'Its gradient is 0. The built-in sends it 1.',
    );
  }
  const quiet = { ...shown, withGradient: false };
  expect(said(quiet, 'x', 5)).toMatch(/but is not the first\.$/);
  expect(said(await pooled(TIE, { stride: 3, windowHeight: 1 }), 'x', 6)).toBe(
    'x[1, 2] = 5 is in no window. No gradient comes here.',
  );
});

test("the built-in's gradient: what it has, what is right, where it went", async () => {
  const shown = await pooled(TIE, {}, { dx: [0, 0, 0, 2, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0] });
  expect(said(shown, 'dx-builtin', 0)).toBe(
    'The built-in’s dx[0, 0] = 0; right is 1. It went elsewhere: x[1, 1] gets 1, not 0. ' +
      'x[0, 0] = 7 is in the window of y[0, 0] and wins it. Its gradient is the dy of y[0, 0]: 1.',
  );
  expect(said(shown, 'dx-builtin', 5)).toMatch(
    /^The built-in’s dx\[1, 1\] = 1; right is 0\. It belongs elsewhere: x\[0, 0\] gets 0, not 1\. .* Its gradient is 0\.$/,
  );
  // What another window's winner lost has nothing to do with it.
  expect(said(shown, 'dx-builtin', 10)).toMatch(/ = 0; right is 4\. It is lost\. x\[2, 2\]/);
  expect(said(shown, 'dx-builtin', 3)).toMatch(/^The built-in’s dx\[0, 3\] = 2, as ours\. x\[0, 3\] = 5 is in/);
  expect(said(shown, 'dy', 0)).toBe(
    'dy[0, 0] = 1 goes to x[0, 0] = 7, the winner of its window (7, 7, 7, 7). x[0, 0] gets 1; the built-in sends it 0.',
  );
  const negative = await pooled(TIE, {}, { dx: [9, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0] });
  expect(said(negative, 'dx-builtin', 3)).toMatch(/ = 0; right is 2\. It went elsewhere: x\[0, 0\] gets 9, not 1\. /);
  const twice = await pooled(TIE, { pooling: 'globalMax' }, { dx: [...Array<number>(9).fill(0), 1, 0, 0, 1, 0, 0, 0] });
  expect(said(twice, 'dx-builtin', 12)).toMatch(/ = 1; right is 0\. No other element lacks it\. x\[3, 0\] = 8 /);
});

test('an output, the gradient sent to it, and what the built-in has there', async () => {
  const shown = await pooled(TIE, {}, { y: [7, 5, -Infinity, 6] });
  expect(said(shown, 'y', 2)).toBe(
    'y[1, 0] = 8: of its window (3, 8, 8, 1) tap 1 wins, the first of 2 that are equal. ' +
      'It is x[2, 1], which gets the gradient 3. The built-in has −∞.',
  );
  expect(said(shown, 'y-builtin', 2)).toMatch(
    /^The built-in’s y\[1, 0\] = −∞; right is 8: of its window \(3, 8, 8, 1\)/,
  );
  expect(said(shown, 'y-builtin', 3)).toMatch(/^The built-in’s y\[1, 1\] = 6, as ours: of its window /);
  expect(said(shown, 'dy', 3)).toBe('dy[1, 1] = 4 goes to x[2, 2] = 6, the winner of its window (6, 6, 6, 6).');
  const narrow = await pooled(TIE, {}, { y: [7, 8, 1], shape: [1, 3, 1, 1] });
  expect(said(narrow, 'y', 1)).toMatch(/ The built-in has no such output\.$/);
  expect(said(narrow, 'y-builtin', 2)).toBe('The built-in’s y[2, 0] = 1: ours has no output there.');
  expect(said({ ...shown, withBuiltin: false }, 'y', 2)).toMatch(/gradient 3\.$/);
  const unpooled = await pooled(TIE, { stride: 1, showUnpooling: true });
  expect(said(unpooled, 'unpooled', 10)).toMatch(
    /^x\[2, 2\] won 2 windows, those of y\[1, 2\], y\[2, 2\]: unpooling puts /,
  );
  expect(said(unpooled, 'unpooled', 2)).toBe('x[0, 2] won no window: unpooling leaves 0 there.');
});

test('averages and norms: shares of every window', async () => {
  const average = await pooled(TIE, { pooling: 'average', padding: 'same', windowHeight: 3, countIncludePad: true });
  expect(said(average, 'x', 8)).toBe(
    'x[2, 0] = 3 is in 2 windows: y[0, 0], y[1, 0]. Its gradient is 2 shares of dy: 0.167 + 0.5 = 0.666667.',
  );
  expect(said(average, 'dy', 2)).toBe(
    'dy[1, 0] = 3, divided by 6: each of the elements of its window (3, 8, 8, 1, padding, padding) gets 0.5.',
  );
  const norm = await pooled(TIE, { pooling: 'lp', padding: '1' });
  expect(said(norm, 'dx', 7)).toBe(
    'x[1, 3] = 2 is in the window of y[1, 2]. Its gradient is its share of dy: 1.89737.',
  );
  expect(said(norm, 'dy', 5)).toBe(
    'dy[1, 2] = 6: of it, the elements of its window (2, padding, 6, padding) get 1.9, 5.69.',
  );
});

test('a cell of padding: where it is, what it counts as, whose window it is in', async () => {
  const max = await pooled(TIE, { padding: '1' });
  expect(said(max, 'x', 18)).toBe(
    'Padding at [−1, 1] is in the window of y[0, 1]. It counts as −∞, and never wins. No gradient comes here.',
  );
  const counted = { pooling: 'average', padding: '1', windowHeight: 3, windowWidth: 3, countIncludePad: true } as const;
  const average = await pooled(TIE, { ...counted, ceilMode: true });
  expect([18, 22].map((cell) => said(average, 'dx', cell))).toEqual([
    'Padding at [−1, 1] is in 2 windows: y[0, 0], y[0, 1]. It adds 0 to the sum, and counts in the divisor. ' +
      'Its share of dy, 0.333333, reaches no element.',
    'Only rounding up reaches [−1, 5]: it is in the window of y[0, 2]. It is not counted. No gradient comes here.',
  ]);
  const others: ReadonlyArray<[Partial<Settings>, cell: number, string, value: string]> = [
    [{ countIncludePad: false }, 18, 'It is not counted. No gradient comes here.', '–'],
    [{ divisorOverride: 4 }, 18, 'It adds 0 to the sum; the divisor is a given one. No gradient comes here.', '0'],
    [{ pooling: 'lp' }, 18, 'It adds 0 to the norm. No gradient comes here.', '0'],
    [{ stride: 4 }, 21, 'Padding at [−1, 4] is in no window.', '0'],
  ];
  for (const [options, cell, words, value] of others) {
    const shown = await pooled(TIE, { ...counted, ...options });
    expect(said(shown, 'x', cell).endsWith(words)).toBe(true);
    expect(paddingValue(shown, cell)).toBe(value);
  }
  expect(paddingValue(max, 18)).toBe('−∞');
});

const SHAPES: ReadonlyArray<Partial<Settings>> = [
  { padding: 'same', windowHeight: 4, windowWidth: 3 },
  { padding: '1', windowHeight: 3, ceilMode: true },
  { padding: '2', windowHeight: 5, windowWidth: 4, stride: 3, dilation: 2 },
  { ceilMode: true, windowWidth: 3, stride: 3 },
  { pooling: 'adaptiveMax', outputHeight: 3, outputWidth: 2 },
  { pooling: 'globalAverage' },
  { pooling: 'lp', padding: 'same', windowHeight: 3, stride: 1 },
];

test.each(SHAPES)(
  "padding is where im2col's windows read none, and every cell of every matrix has its words: %j",
  async (options) => {
    const shown = await pooled(ODD, { showUnpooling: true, ...options });
    const { windows, cells } = shown.result;
    const real = cells.map((window) => window.map((cell) => (cell < 25 ? cell : -1)));
    expect(real).toEqual(windows);
    // No two cells are one, and each lies where its neighbours in the window are.
    expect(new Set(shown.analysis.spots.map(String)).size).toBe(shown.analysis.spots.length);
    for (const grid of GRIDS) {
      let index = 0;
      for (; isThere(shown, { grid, index }); index++) {
        const text = said(shown, grid, index);
        expect(text).toMatch(/^[^\n]{20,900}[.…]$/);
        expect(text).not.toMatch(/undefined|NaN|\[object/);
        const { inputs, outputs } = lightsOf(shown, { grid, index });
        expect(Object.values({ ...inputs, ...outputs }).flat()).not.toContain(undefined);
      }
      const isOfInputs = ['x', 'dx', 'dx-builtin'].includes(grid) || (grid === 'unpooled' && shown.pooling === 'max');
      expect([grid, index]).toEqual([
        grid,
        isOfInputs ? shown.analysis.spots.length : grid === 'unpooled' ? 0 : windows.length,
      ]);
    }
  },
);

test('what lights up: a window and its winner for an output, the windows that hold it for an input', async () => {
  const shown = await pooled(TIE, { stride: 1 }, { y: [7, 7, 8, 8], shape: [1, 2, 2, 1] });
  expect(lightsOf(shown, { grid: 'dy', index: 4 })).toEqual({
    inputs: { 'in-window': [5, 6, 9, 10], 'is-argmax': [9], 'is-tied': [] },
    outputs: { 'is-selected': [4] },
    builtinOutputs: { 'is-selected': [3] },
  });
  expect(lightsOf(shown, { grid: 'dx', index: 1 })).toEqual({
    inputs: { 'is-selected': [1] },
    outputs: { 'in-window': [0, 1], 'is-argmax': [1] },
    builtinOutputs: { 'in-window': [0, 1], 'is-argmax': [1] },
  });
});

test('a grid numbers the cells of the image first, and those of the padding after them', () => {
  const frame = { top: 1, left: 0, bottom: 0, right: 1 };
  expect(numbersIn(frame, 2, 2)).toEqual([
    [4, 5, 6],
    [0, 1, 7],
    [2, 3, 8],
  ]);
  expect(spotsByNumber(frame, 2, 2)[7]).toEqual([0, 2]);
});
