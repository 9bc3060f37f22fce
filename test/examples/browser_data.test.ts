/** What the demo page fetches: MNIST as bytes is MNIST as the package has it, and its split never changes. */
import { createRequire } from 'node:module';
import { mnistBytes } from '../../examples/browser/build/mnist_bytes';
import { digitImage, photographImage } from '../../examples/browser/routing/images';
import { CLASSES, DIGITS_PER_CLASS, PIXELS } from '../../examples/browser/shared/mnist_format';
import { split } from '../../examples/browser/train/digits';
import { shuffled } from '../../examples/browser/train/shuffle';

const { all, few } = mnistBytes();

/** The package's own pixels, from 0 to 1 in thousandths. */
function packagePixels(digit: number): number[] {
  return (createRequire(__filename)(`mnist/src/digits/${digit}.json`) as { data: number[] }).data;
}

test("one byte per pixel loses nothing of the package's thousandths", () => {
  const data = packagePixels(4);
  const before = [0, 1, 2, 3].reduce((pixels, digit) => pixels + packagePixels(digit).length, 4 * CLASSES);
  const bytes = all.subarray(before, before + data.length);
  let different = 0;
  data.forEach((value, i) => {
    if (Math.abs(bytes[i] / 255 - value) > 0.0006) different++;
  });
  expect(different).toBe(0);
  expect(few.length).toBe(CLASSES * DIGITS_PER_CLASS * PIXELS);
  expect(few.subarray(4 * DIGITS_PER_CLASS * PIXELS, (4 * DIGITS_PER_CLASS + 1) * PIXELS)).toEqual(
    bytes.subarray(0, PIXELS),
  );
});

test('every digit is either learned from or tested on, a tenth of each class is tested on', () => {
  const { train, test: tested } = split(new Uint8Array(all));
  expect(train.count + tested.count).toBe(10_000);
  for (let digit = 0; digit < CLASSES; digit++) {
    const count = packagePixels(digit).length / PIXELS;
    expect(tested.labels.filter((label) => label === digit).length).toBe(Math.ceil(count / 10));
  }
  const key = (pixels: Uint8Array, i: number) =>
    Buffer.from(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)).toString('latin1');
  const learned = new Set(Array.from({ length: train.count }, (_, i) => key(train.pixels, i)));
  for (let i = 0; i < tested.count; i++) expect(learned.has(key(tested.pixels, i))).toBe(false);
  expect(split(new Uint8Array(all)).train.labels).toEqual(train.labels);
});

test('a file of another length is refused', () => {
  expect(() => split(all.slice(0, -1))).toThrow(/^The file of MNIST has 7840039 bytes/);
});

test('a shuffle holds every number once, and depends on its seed alone', () => {
  expect([...shuffled(500, 3)].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  expect(shuffled(500, 3)).toEqual(shuffled(500, 3));
  expect(shuffled(500, 3)).not.toEqual(shuffled(500, 4));
});

test('images are whole numbers from 0 to 99, and shrinking keeps their mean brightness', () => {
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  for (const size of [8, 10, 14, 20, 28]) {
    const { values } = digitImage(few, 3, size);
    expect(values.length).toBe(size * size);
    expect(Array.from(values).every((value) => Number.isInteger(value) && value >= 0 && value <= 99)).toBe(true);
    const original = few.subarray(3 * DIGITS_PER_CLASS * PIXELS, (3 * DIGITS_PER_CLASS + 1) * PIXELS);
    expect(mean(values)).toBeCloseTo((mean(original) / 255) * 99, 0);
  }
  expect(new Set(photographImage(28).values).size).toBeGreaterThan(30);
});
