/** What the demo page fetches: MNIST as bytes is MNIST as the package has it, and its split never changes. */
import { createRequire } from 'node:module';
import { mnistBytes } from '../../examples/browser/build/mnist_bytes';
import { fitted, precise } from '../../examples/browser/routing/format';
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

test('a number has as many digits as there is room for, and is rounded where they end', () => {
  const written = (value: number) => [6, 4, 3].map((room) => fitted(value, room));
  expect(written(123)).toEqual(['123', '123', '123']);
  expect(written(123.46)).toEqual(['123.5', '123', '123']);
  expect(written(-4321)).toEqual(['−4321', '−4e3', '']);
  expect(written(2 / 3)).toEqual(['0.667', '0.67', '.67']);
  expect(written(0.05555)).toEqual(['0.056', '.056', '.06']);
  expect(written(-0.0043)).toEqual(['−.0043', '', '']);
  expect(written(0.9996)).toEqual(['1', '1', '1']);
  expect(written(-Infinity)).toEqual(['−∞', '−∞', '−∞']);
  for (let i = 1; i < 2000; i++) {
    const value = Math.sin(i) * 10 ** ((i % 13) - 6);
    for (const room of [3, 4, 5, 6]) {
      const text = fitted(value, room);
      expect(text.length).toBeLessThanOrEqual(room);
      const digits = text.replace('−', '').replace(/e.*/, '').replace('.', '').replace(/^0+/, '').length;
      const shown = Number(text.replace(/−/g, '-'));
      if (text !== '') expect(Math.abs(shown / value - 1)).toBeLessThanOrEqual(0.5 * 10 ** (1 - digits) + 1e-9);
    }
  }
  expect([precise(307720), precise(12345.678), precise(1 / 3), precise(-1e20)]).toEqual([
    '307720',
    '12345.7',
    '0.333333',
    '−1e20',
  ]);
});
