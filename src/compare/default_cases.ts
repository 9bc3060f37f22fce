/**
 * The cases that comparePooling has by itself: one for each known defect of the built-in, some of ordinary size, and what tfjs has
 * not. In the order of the report. Data alone.
 */
import type { PoolingKinds } from '../kinds';
import type { CaseInput, CompareCase, ComparedPooling } from './report';

/** How cases of a kind are made: from a name, what they show, and what is pooled. */
const of =
  <Kind extends ComparedPooling>(pooling: Kind) =>
  (
    name: string,
    about: string,
    shape: readonly number[],
    values: NonNullable<CaseInput['values']>,
    options: PoolingKinds[Kind]['options'] = {},
  ) =>
    ({
      name,
      about,
      pooling,
      shape,
      dtype: values === INTEGERS ? 'int32' : 'float32',
      values,
      options,
    }) as CompareCase;
const [max, average, lp] = [of('max'), of('average'), of('lp')];
const [globalMax, globalAverage] = [of('globalMax'), of('globalAverage')];
const [adaptiveMax, adaptiveAverage] = [of('adaptiveMax'), of('adaptiveAverage')];

const all = (count: number, value: number) => new Array<number>(count).fill(value);
const NANS = [1, NaN, NaN, 5, 2, 3, 6, 7];
/** Some of them negative. */
const INTEGERS = Array.from({ length: 16 }, (_, i) => ((i * 7) % 16) - 8);

export const DEFAULT_CASES: readonly CompareCase[] = [
  // A window that is the whole image is pooled by other means in tfjs, on webgpu for one: two windows show more.
  max('tie', 'Of equal maxima the first wins.', [1, 2, 2, 1], [1, 1, 1, 1]),
  max('zeros', 'After a ReLU: four windows, four gradients.', [1, 4, 4, 1], all(16, 0)),
  max('negatives', 'Every maximum is below zero.', [2, 8, 8, 4], 'negative'),
  max('NaN', 'NaN propagates.', [1, 2, 4, 1], NANS),
  max('NaN ignored', 'NaN loses, as tf.maxPool documents.', [1, 2, 4, 1], NANS, { nan: 'ignore' }),
  max('-Infinity', 'Windows of nothing but -Infinity.', [1, 2, 4, 1], all(8, -Infinity)),
  max('Infinity', 'The gradient belongs to the infinity.', [1, 2, 4, 1], [1, Infinity, 4, 5, 2, 3, Infinity, 6]),
  max('-1e30', 'Below what some take for the least number.', [1, 2, 4, 1], all(8, -1e30)),
  max('int32', 'Integers, some of them negative.', [1, 4, 4, 1], INTEGERS),
  max('padding 1', 'Padding never wins.', [1, 5, 5, 2], 'negative', { poolSize: 3, strides: 2, padding: 1 }),
  max('padding, 2x3 window', 'Padding with a window that is not square.', [1, 6, 8, 2], 'distinct', {
    poolSize: [2, 3],
    strides: 1,
    padding: 1,
  }),
  max('padding per side', 'Each side its own padding.', [1, 6, 6, 2], 'negative', {
    poolSize: 3,
    strides: 2,
    padding: [
      [0, 1],
      [1, 0],
    ],
  }),
  max('ceil', 'The last, partial windows are kept: 9 windows.', [1, 5, 5, 1], 'distinct', { ceilMode: true }),
  max('dilation, same', 'A dilated window at the border.', [1, 7, 7, 2], 'negative', {
    strides: 1,
    padding: 'same',
    dilationRate: 2,
  }),
  max('dilation, padding', 'A dilated window with padding.', [1, 7, 7, 2], 'distinct', {
    strides: 1,
    padding: 1,
    dilationRate: 2,
  }),
  max('dilation, stride', 'A dilated window that steps by two.', [1, 9, 9, 2], 'distinct', {
    poolSize: 3,
    strides: 2,
    dilationRate: 2,
  }),
  max('channels first', 'The other data format.', [2, 3, 8, 8], 'distinct', { dataFormat: 'channelsFirst' }),
  max('1-D', 'Sequences.', [2, 64, 8], 'relu', { poolSize: 4 }),
  max('3-D negatives', 'Volumes below zero.', [1, 4, 4, 4, 2], 'negative'),
  max('3-D zeros', 'A tie in a volume.', [1, 2, 2, 2, 1], all(8, 0)),
  max('3-D, 2x2x1 window', 'A flat window in a volume.', [1, 4, 4, 4, 1], 'distinct', { poolSize: [2, 2, 1] }),
  max('3-D 2/4 same', 'Strides that leave gaps in a volume: nothing is padded.', [1, 8, 8, 8, 1], 'distinct', {
    poolSize: 2,
    strides: 4,
    padding: 'same',
  }),
  max('overlapping 3/1 same', 'Windows that share elements.', [2, 28, 28, 16], 'relu', {
    poolSize: 3,
    strides: 1,
    padding: 'same',
  }),
  max('ordinary 2/2', 'What most networks do, after a ReLU.', [2, 56, 56, 32], 'relu'),
  max('ordinary 3/2', 'What ResNet and Inception do, after a ReLU.', [2, 57, 57, 32], 'relu', {
    poolSize: 3,
    strides: 2,
  }),
  average(
    'average, same',
    'At the border an average has fewer elements, and so has its gradient.',
    [1, 5, 5, 2],
    'distinct',
    { poolSize: 3, strides: 2, padding: 'same' },
  ),
  average('average, NaN', 'What is averaged with NaN is NaN.', [1, 2, 2, 1], [1, NaN, 2, 3]),
  average('average, int32', 'The average of integers is often a fraction.', [1, 4, 4, 1], INTEGERS),
  average('average, padding 1', 'Padding is not counted.', [1, 5, 5, 2], 'distinct', {
    poolSize: 3,
    strides: 2,
    padding: 1,
  }),
  average('average, padding 1, counted', 'Padding is counted, as zeros.', [1, 5, 5, 2], 'distinct', {
    poolSize: 3,
    strides: 2,
    padding: 1,
    countIncludePad: true,
  }),
  average('average, padding, 2x3 window', 'Padding with a window that is not square.', [1, 6, 8, 2], 'distinct', {
    poolSize: [2, 3],
    strides: 1,
    padding: 1,
  }),
  average('average, ceil', 'The last, partial windows are averages of what they hold.', [1, 5, 5, 1], 'distinct', {
    ceilMode: true,
  }),
  average('average, dilation, same', 'A dilated window at the border.', [1, 7, 7, 2], 'distinct', {
    strides: 1,
    padding: 'same',
    dilationRate: 2,
  }),
  average('average, channels first', 'The other data format.', [2, 3, 8, 8], 'distinct', {
    poolSize: 3,
    dataFormat: 'channelsFirst',
    padding: 'same',
  }),
  average('average, 1-D', 'Sequences, whose last window is partial.', [2, 63, 8], 'relu', {
    poolSize: 4,
    padding: 'same',
  }),
  average('average, 3-D', 'Volumes, whose last windows are partial.', [1, 5, 5, 5, 2], 'distinct', { padding: 'same' }),
  average(
    'average, 3-D 2/4 same',
    'Strides that leave gaps in a volume: nothing is padded.',
    [1, 8, 8, 8, 1],
    'distinct',
    { poolSize: 2, strides: 4, padding: 'same' },
  ),
  average('average 3/1 same', 'What Inception does in each of its blocks.', [2, 28, 28, 16], 'relu', {
    poolSize: 3,
    strides: 1,
    padding: 'same',
  }),
  average('average 2/2', 'What LeNet and DenseNet do.', [2, 56, 56, 32], 'relu'),
  globalMax(
    'global max, tie',
    'Of equal maxima the first gets the gradient, and gets it once.',
    [1, 2, 2, 1],
    [1, 1, 1, 1],
  ),
  globalMax('global max, NaN', 'NaN propagates.', [1, 2, 2, 1], [1, NaN, 2, 3]),
  globalMax('global max 14x14', 'A whole image, after a ReLU.', [2, 14, 14, 256], 'relu'),
  globalAverage('global average, 3-D', 'A whole volume; its axes stay.', [1, 3, 5, 4, 2], 'distinct', {
    keepDims: true,
  }),
  globalAverage('global average 14x14', 'What ends ResNet, Inception and MobileNet.', [2, 14, 14, 256], 'relu'),
  adaptiveMax('adaptive max, 7x5 to 3x2', 'Windows of uneven sizes that share elements.', [2, 7, 5, 3], 'distinct', {
    outputSize: [3, 2],
  }),
  adaptiveAverage('adaptive average, 7x5 to 3x2', 'Each window is divided by its own size.', [2, 7, 5, 3], 'distinct', {
    outputSize: [3, 2],
  }),
  adaptiveAverage('adaptive average, 14x14 to 7x7', 'What VGG does before its dense layers.', [2, 14, 14, 64], 'relu', {
    outputSize: 7,
  }),
  lp('Lp, p 2', 'Root of the sum of squares.', [2, 28, 28, 16], 'relu'),
  lp('Lp, p 60', 'Near the maximum of magnitudes, without overflow.', [1, 6, 6, 2], 'distinct', {
    p: 60,
    poolSize: 3,
    strides: 1,
  }),
];
