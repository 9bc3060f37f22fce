/** What a row's options and gradient are in words. */
import { preparePooling } from '../../src/compare/poolings';
import { lossText, settingsText, windowText } from '../../src/compare/row_text';
import type { CompareCase, CompareRow, GradientMass } from '../../src/compare/index';

const rowOf = ({ pooling = 'max', options, shape }: CompareCase) =>
  ({ pooling, options, shape, rank: shape.length - 2 }) as unknown as CompareRow;

test.each<[Partial<CompareCase>, string, string]>([
  [{ options: {} }, '2x2 / 2x2', ''],
  [{ options: { poolSize: 3, strides: 2, padding: 'valid' } }, '3x3 / 2x2', ''],
  [{ options: { poolSize: [2, 3], strides: [1, 2], padding: 'same' } }, '2x3 / 1x2', 'same'],
  [{ options: { poolSize: 3, padding: [1, 1] } }, '3x3 / 3x3', 'padding 1'],
  [
    {
      options: {
        padding: [
          [0, 1],
          [1, 0],
        ],
      },
    },
    '2x2 / 2x2',
    'padding [[0, 1], [1, 0]]',
  ],
  [{ options: { padding: 0, dilationRate: [1, 2], ceilMode: true } }, '2x2 / 2x2', 'dilation [1, 2], ceil'],
  [
    { options: { dataFormat: 'channelsFirst', nan: 'ignore', dilationRate: [1, 1] } },
    '2x2 / 2x2',
    'NaN ignored, channels first',
  ],
  [{ options: { poolSize: 4 }, shape: [1, 8, 2] }, '4 / 4', ''],
  [{ options: { strides: 1 }, shape: [1, 4, 4, 4, 2] }, '2x2x2 / 1x1x1', ''],
  [{ pooling: 'average', options: { padding: 1, countIncludePad: true } }, '2x2 / 2x2', 'padding 1, counted'],
  [{ pooling: 'average', options: { padding: 'same', countIncludePad: true } }, '2x2 / 2x2', 'same, padding counted'],
  [{ pooling: 'globalMax', options: { keepDims: true } }, 'the whole input', 'axes stay'],
  [{ pooling: 'adaptiveAverage', options: { outputSize: [3, 2] } }, 'to 3x2', ''],
  [{ pooling: 'adaptiveMax', options: { outputSize: 3 } }, 'to 3x3', ''],
  [{ pooling: 'lp', options: { p: 'Infinity', strides: 1 } }, '2x2 / 1x1', 'p Infinity'],
  [{ pooling: 'lp', options: { p: 2 } }, '2x2 / 2x2', ''],
])('%j', (part, window, settings) => {
  const given = { name: 'a', shape: [1, 6, 6, 2], ...part } as CompareCase;
  // They are options that are.
  if (given.pooling !== 'lp') expect(() => preparePooling('test', (given.shape.length - 2) as 2, given)).not.toThrow();
  expect([windowText(rowOf(given)), settingsText(rowOf(given))]).toEqual([window, settings]);
});

test.each<[Partial<GradientMass> | null, string]>([
  [null, '-'],
  [{}, 'nothing lost'],
  [{ lost: 0.25, misplaced: 0.004 }, '25 % lost, 0.40 % misplaced'],
  [{ invented: 3 }, '300 % invented'],
])('the gradient %j', (mass, text) => {
  const builtin = mass && { lost: 0, misplaced: 0, invented: 0, ...mass };
  expect(lossText({ gradient: { mass: { builtin } } } as unknown as CompareRow)).toBe(text);
});
