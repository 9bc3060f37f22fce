/**
 * GLSL integers whose range is known when the text is written, so that a bound which always holds costs
 * no test and a tap that never is real costs nothing. And loops over them, unrolled or not.
 */

/** A GLSL expression and the least and greatest value that it can have. */
export interface Int {
  readonly text: string;
  readonly min: number;
  readonly max: number;
}

/** A variable with values from `min` to `max`. */
export function variable(text: string, min: number, max: number): Int {
  return min === max ? { text: `${min}`, min, max } : { text, min, max };
}

/** `a * factor + offset` */
export function linear(a: Int, factor: number, offset = 0): Int {
  const ends = [a.min * factor + offset, a.max * factor + offset];
  const scaled = factor === 1 ? a.text : `${a.text} * ${factor}`;
  const text = offset === 0 ? scaled : `(${scaled} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)})`;
  return variable(text, Math.min(...ends), Math.max(...ends));
}

export function sum(a: Int, b: Int): Int {
  if (a.min === a.max) return linear(b, 1, a.min);
  if (b.min === b.max) return linear(a, 1, b.min);
  return { text: `(${a.text} + ${b.text})`, min: a.min + b.min, max: a.max + b.max };
}

/** What must be tested: nothing, some conditions, or it can never be. */
export type Tests = readonly string[] | 'never';

/** The tests that `0 <= a < end` needs. `endText` is GLSL for `end`. */
export function testsOfRange(a: Int, end: number, endText = `${end}`): Tests {
  if (a.max < 0 || a.min >= end) return 'never';
  return [...(a.min < 0 ? [`${a.text} >= 0`] : []), ...(a.max >= end ? [`${a.text} < ${endText}`] : [])];
}

export function allOf(a: Tests, b: Tests): Tests {
  return a === 'never' || b === 'never' ? 'never' : [...a, ...b];
}

/** A GLSL condition. */
export function conditionText(tests: Tests): string {
  return tests === 'never' ? 'false' : tests.join(' && ') || 'true';
}

/** `body` if all tests hold. */
export function guarded(tests: Tests, body: string): string {
  if (tests === 'never') return '';
  return tests.length === 0 ? `{\n${body}\n}` : `if (${conditionText(tests)}) {\n${body}\n}`;
}

/** GLSL for the number as a float. */
export function floatText(a: Int): string {
  return a.min === a.max ? `${a.min}.0` : `float(${a.text})`;
}

/** More taps of a window, or windows over an element, become loops: programs that are too long compile slowly, or not at all. */
export const WRITTEN_OUT = 9;
/** So many of them along an axis are one turn of a loop. */
export const CHUNK = 8;

/**
 * `body` for chunk 0, 1, ... of `count` numbers, `size` of which are in a chunk; the last may have fewer.
 * One chunk is written out, more are a loop and what remains.
 */
export function inChunks(
  name: string,
  count: number,
  size: number,
  order: 'ascending' | 'descending',
  body: (chunk: Int, size: number) => string,
): string {
  const whole = count <= size ? 0 : Math.floor(count / size);
  const rest = count - whole * size;
  const header =
    order === 'ascending'
      ? `for (int ${name} = 0; ${name} < ${whole}; ${name}++)`
      : `for (int ${name} = ${whole - 1}; ${name} >= 0; ${name}--)`;
  const loop = whole === 0 ? '' : `${header} {\n${body({ text: name, min: 0, max: whole - 1 }, size)}\n}\n`;
  const last = rest === 0 ? '' : `{\n${body(variable('', whole, whole), rest)}\n}\n`;
  return order === 'ascending' ? loop + last : last + loop;
}

/** `body` for each of the numbers 0 to count - 1: written out, or in a loop. */
export function each(
  name: string,
  count: number,
  writtenOut: boolean,
  order: 'ascending' | 'descending',
  body: (k: Int) => string,
): string {
  const size = writtenOut ? count : 1;
  return inChunks(name, count, size, order, (chunk, length) => {
    const numbers = Array.from({ length }, (_, i) => linear(chunk, size, order === 'ascending' ? i : length - 1 - i));
    return numbers.map((k) => `{\n${body(k)}\n}`).join('\n');
  });
}
