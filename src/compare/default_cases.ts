/**
 * The cases that comparePooling has by itself: one for each known defect of the built-in, and some of
 * ordinary size. Data alone.
 */
import type { CompareCase } from './report';

/** In the order of the report. */
export const DEFAULT_CASES: readonly CompareCase[] = [
  { name: 'tie', shape: [1, 2, 2, 1], options: {}, values: [1, 1, 1, 1], about: 'Of equal maxima the first wins.' },
  { name: 'zeros', shape: [1, 4, 4, 1], options: {}, values: new Array<number>(16).fill(0), about: 'After a ReLU: four windows, four gradients.' },
  { name: 'negatives', shape: [2, 8, 8, 4], options: {}, values: 'negative', about: 'Every maximum is below zero.' },
  { name: 'NaN', shape: [1, 2, 2, 1], options: {}, values: [1, NaN, 2, 3], about: 'NaN propagates.' },
  { name: 'NaN ignored', shape: [1, 2, 2, 1], options: { nan: 'ignore' }, values: [1, NaN, 2, 3], about: 'NaN loses, as tf.maxPool documents.' },
  { name: '-Infinity', shape: [1, 2, 2, 1], options: {}, values: new Array<number>(4).fill(-Infinity), about: 'A window of nothing but -Infinity.' },
  { name: 'Infinity', shape: [1, 2, 2, 1], options: {}, values: [1, Infinity, 2, 3], about: 'The gradient belongs to the infinity.' },
  { name: '-1e30', shape: [1, 2, 2, 1], options: {}, values: new Array<number>(4).fill(-1e30), about: 'Below what some take for the least number.' },
  { name: 'int32', shape: [1, 4, 4, 1], options: {}, dtype: 'int32', values: Array.from({ length: 16 }, (_, i) => ((i * 7) % 16) - 8), about: 'Integers, some of them negative.' },
  { name: 'padding 1', shape: [1, 5, 5, 2], options: { poolSize: 3, strides: 2, padding: 1 }, values: 'negative', about: 'Padding never wins.' },
  { name: 'padding, 2x3 window', shape: [1, 6, 8, 2], options: { poolSize: [2, 3], strides: 1, padding: 1 }, values: 'distinct', about: 'Padding with a window that is not square.' },
  { name: 'padding per side', shape: [1, 6, 6, 2], options: { poolSize: 3, strides: 2, padding: [[0, 1], [1, 0]] }, values: 'negative', about: 'Each side its own padding.' },
  { name: 'ceil', shape: [1, 5, 5, 1], options: { ceilMode: true }, values: 'distinct', about: 'The last, partial windows are kept: 9 windows.' },
  { name: 'dilation, same', shape: [1, 7, 7, 2], options: { strides: 1, padding: 'same', dilationRate: 2 }, values: 'negative', about: 'A dilated window at the border.' },
  { name: 'dilation, padding', shape: [1, 7, 7, 2], options: { strides: 1, padding: 1, dilationRate: 2 }, values: 'distinct', about: 'A dilated window with padding.' },
  { name: 'dilation, stride', shape: [1, 9, 9, 2], options: { poolSize: 3, strides: 2, dilationRate: 2 }, values: 'distinct', about: 'A dilated window that steps by two.' },
  { name: 'channels first', shape: [2, 3, 8, 8], options: { dataFormat: 'channelsFirst' }, values: 'distinct', about: 'The other data format.' },
  { name: '1-D', shape: [2, 64, 8], options: { poolSize: 4 }, values: 'relu', about: 'Sequences.' },
  { name: '3-D negatives', shape: [1, 4, 4, 4, 2], options: {}, values: 'negative', about: 'Volumes below zero.' },
  { name: '3-D zeros', shape: [1, 2, 2, 2, 1], options: {}, values: new Array<number>(8).fill(0), about: 'A tie in a volume.' },
  { name: '3-D, 2x2x1 window', shape: [1, 4, 4, 4, 1], options: { poolSize: [2, 2, 1] }, values: 'distinct', about: 'A flat window in a volume.' },
  { name: 'overlapping 3/1 same', shape: [2, 28, 28, 16], options: { poolSize: 3, strides: 1, padding: 'same' }, values: 'relu', about: 'Windows that share elements.' },
  { name: 'ordinary 2/2', shape: [4, 56, 56, 32], options: {}, values: 'relu', about: 'What most networks do, after a ReLU.' },
  { name: 'ordinary 3/2', shape: [4, 57, 57, 32], options: { poolSize: 3, strides: 2 }, values: 'relu', about: 'What ResNet and Inception do, after a ReLU.' },
];
