/** MNIST as build/mnist_bytes.ts packed it, split once and for all: every tenth digit of a class is for testing. */
import { type Tensor2D, type Tensor4D, tensor2d, tensor4d } from '@tensorflow/tfjs-core';
import { CLASSES, PIXELS, SIDE } from '../shared/mnist_format';
import { shuffled } from './shuffle';

/** Some digits, pixels from 0 (paper) to 255 (ink). */
export interface Digits {
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

const TEST_EVERY = 10;
/** The split mixes the classes with this seed, so that it is the same for everybody. */
const SPLIT_SEED = 1;

export async function fetchDigits(base: string): Promise<{ train: Digits; test: Digits }> {
  const response = await fetch(`${base}data/mnist.bin`);
  if (!response.ok) throw new Error(`MNIST could not be fetched: ${response.status} ${response.statusText}`);
  return split(new Uint8Array(await response.arrayBuffer()));
}

export function split(file: Uint8Array): { train: Digits; test: Digits } {
  const counts = new Uint32Array(file.slice(0, 4 * CLASSES).buffer);
  const total = counts.reduce((a, b) => a + b, 0);
  if (file.length !== 4 * CLASSES + total * PIXELS)
    throw new Error(`The file of MNIST has ${file.length} bytes, which is not what its header says.`);
  const train: Array<[index: number, label: number]> = [];
  const test: typeof train = [];
  let index = 0;
  counts.forEach((count, label) => {
    for (let i = 0; i < count; i++) (i % TEST_EVERY === 0 ? test : train).push([index++, label]);
  });
  const pixels = file.subarray(4 * CLASSES);
  return { train: gather(pixels, train), test: gather(pixels, test) };
}

/** Digits as the network wants them: x [n, 28, 28, 1] from 0 to 1, and y [n, 10] one-hot. */
export function toTensors({ pixels, labels }: Digits, indices: ArrayLike<number>): { x: Tensor4D; y: Tensor2D } {
  const n = indices.length;
  const x = new Float32Array(n * PIXELS);
  const y = new Float32Array(n * CLASSES);
  for (let i = 0; i < n; i++) {
    const from = indices[i] * PIXELS;
    for (let p = 0; p < PIXELS; p++) x[i * PIXELS + p] = pixels[from + p] / 255;
    y[i * CLASSES + labels[indices[i]]] = 1;
  }
  return { x: tensor4d(x, [n, SIDE, SIDE, 1]), y: tensor2d(y, [n, CLASSES]) };
}

function gather(pixels: Uint8Array, list: ReadonlyArray<[index: number, label: number]>): Digits {
  const made = new Uint8Array(list.length * PIXELS);
  const labels = new Uint8Array(list.length);
  shuffled(list.length, SPLIT_SEED).forEach((from, to) => {
    const [index, label] = list[from];
    made.set(pixels.subarray(index * PIXELS, (index + 1) * PIXELS), to * PIXELS);
    labels[to] = label;
  });
  return { count: list.length, pixels: made, labels };
}
