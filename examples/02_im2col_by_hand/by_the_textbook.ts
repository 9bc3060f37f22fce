/**
 * The textbook's pooling layer, line by line: each line of NumPy beside the line of TypeScript that does it, with what both
 * give. NumPy's values are in numpy_values.json, which numpy_values.py made; every one of them is compared.
 */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { col2im, im2col, maxPool2d } from 'tfjs-im2col-pooling';

type Values = Record<string, { shape: number[]; data: number[] }>;
const FOLDER = __dirname;
const SOURCE = readFileSync(join(FOLDER, 'by_the_textbook.ts'), 'utf8').split('\n');
const NUMPY = JSON.parse(readFileSync(join(FOLDER, 'numpy_values.json'), 'utf8')) as Values;
/** 2 pictures of 3 channels, channels first as in NumPy; pool 2x2, stride 2, pad 0. */
const OPTIONS = { poolSize: 2, strides: 2, padding: 0, dataFormat: 'channelsFirst' } as const;

export function byTheTextbook(): void {
  console.log('\n=== By the textbook: 2 pictures of 3 channels, line by line ===');
  const x = tensorOf('x') as tf.Tensor4D;
  const dout = tensorOf('dout');
  print('The input, x[batch][channel][row][column]; blocks are read downwards', 'x', x, 4);

  const col = im2col(x, OPTIONS);
  step('col = im2col(x, 2, 2, stride=2, pad=0)', 'col', col, 12, 'A row is a window: 4 taps of each channel.');
  const rows = tf.reshape(col, [-1, 4]);
  step('col = col.reshape(-1, 2 * 2)', 'rows', rows, 4, 'Now a row is one window of one channel.');
  const argMax = tf.argMax<tf.Tensor1D>(rows, 1);
  step('arg_max = np.argmax(col, axis=1)', 'arg_max', argMax, 12, ORDER);
  const out = tf.max(rows, 1);
  step('out = np.max(col, axis=1)', 'out', out, 12);
  const y = tf.transpose(tf.reshape(out, [2, 2, 2, 3]), [0, 3, 1, 2]);
  step('out = out.reshape(N, 2, 2, C).transpose(0, 3, 1, 2)', 'y', y, 2, 'Channels go back to the front.');

  print('The gradient that comes from above, dout', 'dout', dout, 2);
  const doutLast = tf.transpose(dout, [0, 2, 3, 1]);
  step('dout = dout.transpose(0, 2, 3, 1)', 'dout_last', doutLast, 3, 'In the order of arg_max.');
  const dmax = tf.mul(tf.oneHot(argMax, 4), tf.reshape(doutLast, [24, 1]));
  step('dmax[np.arange(arg_max.size), arg_max.flatten()] = dout.flatten()', 'dmax', dmax, 4, 'All else is 0.');
  const dcol = tf.reshape(dmax, [8, 12]);
  step('dcol = dmax.reshape(N * 2 * 2, -1)', 'dcol', dcol, 12, 'The shape of the im2col matrix.');
  const dx = col2im(dcol, x.shape, OPTIONS);
  step('dx = col2im(dcol, x.shape, 2, 2, stride=2, pad=0)', 'dx', dx, 4);

  const fused = maxPool2d(x, OPTIONS);
  const gradient = tf.grad((t) => tf.sum(tf.mul(maxPool2d(t as tf.Tensor4D, OPTIONS), dout)))(x);
  const same = [isNumPys('y', fused), isNumPys('dx', gradient)];
  console.log(`\nmaxPool2d and its gradient, without a matrix. Equal to NumPy's: ${same.join(', ')}`);
}

const ORDER =
  'Row r belongs to batch b, window (i, j) and channel c with\n      r = ((b * 2 + i) * 2 + j) * 3 + c: channels change fastest.';

/** Prints a step: NumPy's line, ours (the one above the call, read from this file), why, and what it gave. */
function step(numpy: string, name: string, value: tf.Tensor, columns: number, why = ''): void {
  const call = SOURCE.findIndex((line) => line.includes(`step('${numpy}'`));
  print(`NumPy ${numpy}\ntfjs  ${SOURCE[call - 1].trim()}${why && `\n      ${why}`}`, name, value, columns);
}

function print(title: string, name: string, value: tf.Tensor, columns: number): void {
  console.log(`\n${title}\n${grid(value, columns)}`);
  console.log(`  shape [${value.shape.join(', ')}], equal to NumPy's: ${isNumPys(name, value)}`);
}

function isNumPys(name: string, value: tf.Tensor): boolean {
  const { shape, data } = NUMPY[name];
  return tf.util.arraysEqual(value.shape, shape) && tf.util.arraysEqual(Array.from(value.dataSync()), data);
}

function tensorOf(name: string): tf.Tensor {
  return tf.tensor(NUMPY[name].data, NUMPY[name].shape);
}

/** A tensor as rows of numbers. Many short rows stand in three blocks, or two, to be read downwards. */
function grid(tensor: tf.Tensor, columns: number): string {
  const rows = tf.reshape(tensor, [-1, columns]).arraySync() as number[][];
  const text = rows.map((row) => row.map((value) => String(value).padStart(4)).join(''));
  const blocks = columns > 4 ? 1 : Math.min(3, Math.ceil(rows.length / 4));
  const height = Math.ceil(rows.length / blocks);
  return Array.from({ length: height }, (_, i) => `  ${text.filter((_row, at) => at % height === i).join('  |')}`).join(
    '\n',
  );
}
