/** The images that can be pooled: a digit, the synthetic photograph, a picture of the reader's, a drawing, a preset's numbers. */
import { CLASSES, DIGITS_PER_CLASS, PIXELS, SIDE } from '../shared/mnist_format';
import { photograph } from './photograph';
import type { Picture } from './picture_file';

export interface Image {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** The brightest value: two figures are legible in a small cell. */
export const BRIGHTEST = 99;

/** The first digits of MNIST, a few of each class, from beside the page. */
export async function loadDigits(base: string): Promise<Uint8Array> {
  const response = await fetch(`${base}data/digits.bin`);
  if (!response.ok) throw new Error(`The digits could not be fetched: ${response.status}.`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length !== CLASSES * DIGITS_PER_CLASS * PIXELS)
    throw new Error(`The file of digits has ${bytes.length} bytes.`);
  return bytes;
}

/** A digit of the class, scaled to size x size by area; whole numbers from 0 to {@link BRIGHTEST}. */
export function digitImage(digits: Uint8Array, digit: number, size: number): Image {
  const at = digit * DIGITS_PER_CLASS * PIXELS;
  const original = Float32Array.from(digits.subarray(at, at + PIXELS), (value) => value / 255);
  return whole(size, shrink(original, SIDE, size));
}

export function photographImage(size: number): Image {
  return whole(size, photograph(size));
}

/** The picture's middle square, scaled as a digit is. */
export function pictureImage({ brightness, side }: Picture, size: number): Image {
  return whole(size, shrink(brightness, side, size));
}

export function numbersImage(rows: ReadonlyArray<readonly number[]>): Image {
  return { height: rows.length, width: rows[0].length, values: Float32Array.from(rows.flat()) };
}

export function blankImage(size: number): Image {
  return { height: size, width: size, values: new Float32Array(size * size) };
}

function whole(size: number, brightness: Float32Array): Image {
  return { height: size, width: size, values: brightness.map((value) => Math.round(value * BRIGHTEST)) };
}

/** Each new pixel is the mean of the area that it covers. */
function shrink(image: Float32Array, side: number, size: number): Float32Array {
  const weights = Array.from({ length: size }, (_, i) => overlaps((i * side) / size, ((i + 1) * side) / size));
  const made = new Float32Array(size * size);
  weights.forEach((rows, row) =>
    weights.forEach((columns, column) => {
      let [sum, area] = [0, 0];
      for (const [r, height] of rows) {
        for (const [c, width] of columns) {
          sum += image[r * side + c] * height * width;
          area += height * width;
        }
      }
      made[row * size + column] = sum / area;
    }),
  );
  return made;
}

/** The whole pixels that [from, to) meets, and how much of each. */
function overlaps(from: number, to: number): Array<[pixel: number, share: number]> {
  const found: Array<[number, number]> = [];
  for (let pixel = Math.floor(from); pixel < to - 1e-9; pixel++) {
    found.push([pixel, Math.min(to, pixel + 1) - Math.max(from, pixel)]);
  }
  return found;
}
