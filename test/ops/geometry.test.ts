/** Sizes and paddings against counting, against PyTorch's rule, and the errors of shapes that cannot be. */
import {
  type PoolGeometry,
  canonicalXShape,
  canonicalYShape,
  columnsShape,
  poolGeometry,
  realTaps,
  symbolicOutputShape,
} from '../../src/geometry';
import { type PoolOptions, poolSpec } from '../../src/spec';

const geometry = (rank: 1 | 2 | 3, options: PoolOptions, shape: number[]) =>
  poolGeometry('pool', poolSpec('pool', rank, options), shape);
const width = (options: PoolOptions, input: number) => geometry(1, options, [1, input, 1]).width;

/** All small combinations: input, window, stride, dilation. */
const SIZES = [1, 2, 3, 4, 5, 7].flatMap((input) =>
  [1, 2, 3].flatMap((poolSize) =>
    [1, 2, 3].flatMap((strides) =>
      [1, 2].map((dilationRate) => ({
        input,
        poolSize,
        strides,
        dilationRate,
        span: (poolSize - 1) * dilationRate + 1,
      })),
    ),
  ),
);

test("'valid': as many windows as fit", () => {
  for (const { input, span, ...options } of SIZES.filter((s) => s.span <= s.input)) {
    const starts = Array.from({ length: input }, (_, i) => i).filter(
      (i) => i % options.strides === 0 && i + span <= input,
    );
    expect({ input, ...options, output: width(options, input).output }).toEqual({
      input,
      ...options,
      output: starts.length,
    });
  }
});

test("'same': one window per stride, the odd element after", () => {
  for (const { input, span, ...options } of SIZES) {
    const output = Math.ceil(input / options.strides);
    const total = Math.max(0, (output - 1) * options.strides + span - input);
    if (total / 2 >= input) continue; // may leave a window of padding alone: tested below
    const axis = width({ ...options, padding: 'same' }, input);
    expect([axis.output, axis.padBefore + axis.padAfter, axis.padAfter - axis.padBefore]).toEqual([
      output,
      total,
      total % 2,
    ]);
  }
});

/** pooling_output_shape_pad_lr of aten/src/ATen/native/Pool.h */
function pytorchSize(input: number, span: number, pad: number, stride: number, ceilMode: boolean): number {
  const size = Math.floor((input + 2 * pad - span + (ceilMode ? stride - 1 : 0)) / stride) + 1;
  return ceilMode && (size - 1) * stride >= input + pad ? size - 1 : size;
}

test.each([false, true])("numeric padding: PyTorch's sizes, ceilMode %s", (ceilMode) => {
  let count = 0;
  for (const { input, span, ...options } of SIZES) {
    // PyTorch asks for no more padding than half a window.
    for (let pad = 0; pad <= options.poolSize / 2; pad++) {
      const expected = pytorchSize(input, span, pad, options.strides, ceilMode);
      if (expected < 1) {
        expect(() => width({ ...options, padding: pad, ceilMode }, input)).toThrow('at least one window to fit');
      } else {
        expect({
          input,
          pad,
          ...options,
          output: outputOrEmpty({ ...options, padding: pad, ceilMode }, input, expected),
        }).toEqual({ input, pad, ...options, output: expected });
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(100);
});

test('ceilMode drops a last window that would start at or past the end of the input', () => {
  const ceil = (input: number, padding: number[][]) =>
    width({ poolSize: 2, strides: 3, ceilMode: true, padding }, input).output;
  // The second window starts at 3, less what is padded before.
  expect([2, 3, 4].map((input) => ceil(input, [[0, 0]]))).toEqual([1, 1, 2]);
  expect([2, 3, 4].map((input) => ceil(input, [[1, 0]]))).toEqual([1, 2, 2]);
  expect(ceil(6, [[0, 1]])).toBe(2);
});

/** The output size; `expected` where rule 1 rejects what PyTorch would compute from padding alone. */
function outputOrEmpty(options: PoolOptions, input: number, expected: number): number {
  try {
    return width(options, input).output;
  } catch (error) {
    expect((error as Error).message).toContain('holds only padding');
    return expected;
  }
}

test('the first tap of a window that starts with the input is 0, not -0', () => {
  expect(realTaps(width({}, 4), 0)).toEqual([0, 2]);
});

test('the real taps of a window are those that lie on the input', () => {
  for (const { input, poolSize, strides, dilationRate } of SIZES) {
    for (let output = 0; output < 4; output++) {
      for (let padBefore = 0; padBefore < 4; padBefore++) {
        const axis = {
          input,
          output: 4,
          window: poolSize,
          stride: strides,
          dilation: dilationRate,
          padBefore,
          padAfter: 0,
          span: (poolSize - 1) * dilationRate + 1,
        };
        const real = Array.from({ length: poolSize }, (_, tap) => tap).filter((tap) => {
          const at = output * strides - padBefore + tap * dilationRate;
          return at >= 0 && at < input;
        });
        const [first, end] = realTaps(axis, output);
        expect(Array.from({ length: end - first }, (_, i) => first + i)).toEqual(real);
      }
    }
  }
});

test('shapes, in both data formats, batched and not', () => {
  const shapes = ({ xShape, yShape, batch, channels, taps }: PoolGeometry) => ({
    xShape,
    yShape,
    batch,
    channels,
    taps,
  });
  const first = geometry(2, { dataFormat: 'channelsFirst', poolSize: [2, 3] }, [5, 4, 6]);
  expect(shapes(first)).toEqual({ xShape: [5, 4, 6], yShape: [5, 2, 2], batch: 5, channels: 1, taps: 6 });
  expect(canonicalXShape(first)).toEqual([5, 1, 4, 6, 1]);
  expect(canonicalYShape(first)).toEqual([5, 1, 2, 2, 1]);
  const last = geometry(3, {}, [7, 2, 4, 6, 3]);
  expect(shapes(last)).toEqual({ xShape: [7, 2, 4, 6, 3], yShape: [7, 1, 2, 3, 3], batch: 7, channels: 3, taps: 8 });
  expect(columnsShape(last)).toEqual([42, 24]);
  expect(columnsShape(geometry(3, {}, [7, 4, 4, 6, 3]))).toEqual([84, 24]);
  expect([last, last.xShape, last.yShape, last.depth].every(Object.isFrozen)).toBe(true);
});

test('unknown sizes stay unknown, known ones are computed and checked', () => {
  const symbolic = (options: PoolOptions, shape: Array<number | null>) =>
    symbolicOutputShape('layer', poolSpec('layer', 2, options), shape);
  expect(symbolic({}, [null, null, null, 3])).toEqual([null, null, null, 3]);
  expect(symbolic({}, [null, 5, null, null])).toEqual([null, 2, null, null]);
  expect(symbolic({ dataFormat: 'channelsFirst', padding: 'same' }, [null, 3, 5, null])).toEqual([null, 3, 3, null]);
  expect(() => symbolic({ poolSize: 3 }, [null, 2, null, 1])).toThrow(
    'layer: expected at least one window to fit into the height',
  );
  expect(() => symbolic({}, [null, 4, 4])).toThrow(
    new Error('layer: expected an input shape of rank 4 [batch, height, width, channels]; got rank 3 [null, 4, 4].'),
  );
});

test.each<[string, 1 | 2 | 3, PoolOptions, number[], string]>([
  ['rank 1-D', 1, {}, [4], 'pool: expected x of rank 2 or 3 [batch, length, channels]; got rank 1 [4].'],
  [
    'rank 2-D',
    2,
    {},
    [1, 1, 4, 4, 1],
    'pool: expected x of rank 3 or 4 [batch, height, width, channels]; got rank 5 [1, 1, 4, 4, 1].',
  ],
  [
    'rank 3-D, channels first',
    3,
    { dataFormat: 'channelsFirst' },
    [4, 4, 4],
    'pool: expected x of rank 4 or 5 [batch, channels, depth, height, width]; got rank 3 [4, 4, 4].',
  ],
  [
    'a fraction as a size',
    1,
    {},
    [1, 4.5, 1],
    'pool: expected the shape of x to be non-negative integers; got [1, 4.5, 1].',
  ],
  ['a negative size', 1, {}, [-1, 4, 1], 'pool: expected the shape of x to be non-negative integers; got [-1, 4, 1].'],
  [
    'a window larger than the input',
    2,
    { poolSize: [2, 3], dilationRate: [1, 2] },
    [1, 4, 4, 1],
    'pool: expected at least one window to fit into the width of x; got input 4, padding [0, 0], window 3, dilation 2 (span 5), stride 3.',
  ],
  [
    'an empty axis',
    1,
    {},
    [1, 0, 1],
    'pool: expected at least one window to fit into the length of x; got input 0, padding [0, 0], window 2, dilation 1 (span 2), stride 2.',
  ],
  [
    'an empty axis, same',
    1,
    { padding: 'same' },
    [1, 0, 1],
    'pool: expected at least one window to fit into the length of x; got input 0, padding [0, 0], window 2, dilation 1 (span 2), stride 2.',
  ],
  [
    'padding as wide as the window',
    1,
    { padding: 2 },
    [1, 4, 1],
    'pool: expected every window to hold at least one real element; window 0 along the length of x holds only padding: ' +
      'got input 4, padding [2, 2], window 2, dilation 1 (span 2), stride 2.',
  ],
  [
    'padding after',
    2,
    {
      padding: [
        [0, 0],
        [0, 3],
      ],
      strides: 1,
    },
    [1, 4, 4, 1],
    'pool: expected every window to hold at least one real element; window 4 along the width of x holds only padding: ' +
      'got input 4, padding [0, 3], window 2, dilation 1 (span 2), stride 1.',
  ],
  [
    'padding after, and a stride',
    1,
    { padding: [[0, 4]] },
    [1, 4, 1],
    'pool: expected every window to hold at least one real element; window 2 along the length of x holds only padding: ' +
      'got input 4, padding [0, 4], window 2, dilation 1 (span 2), stride 2.',
  ],
  [
    "taps on both sides of the input, 'same'",
    1,
    { padding: 'same', dilationRate: 4, strides: 1 },
    [1, 2, 1],
    'pool: expected every window to hold at least one real element; window 0 along the length of x holds only padding: ' +
      'got input 2, padding [2, 2], window 2, dilation 4 (span 5), stride 1.',
  ],
])('cannot be: %s', (_, rank, options, shape, message) => {
  expect(() => geometry(rank, options, shape)).toThrow(new Error(message));
});
