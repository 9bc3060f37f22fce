/** Numbers as the page writes them: rounded where they end, never before, and with a true minus sign. */

/** Of a number in a cell, whatever the cell's size; a minus is not counted. */
const MOST = 5;
/** From here on, and below the other, powers of ten are written out. */
const [LARGE, SMALL] = [1e7, 1e-3];

/** For a sentence: six digits, and whole numbers in full. */
export function precise(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || value === 0) return special(value);
  if (Number.isInteger(value) && size < LARGE) return minus(String(value));
  const rounded = Number(value.toPrecision(6));
  const isPlain = size >= SMALL && size < LARGE;
  return minus(isPlain ? String(rounded) : rounded.toExponential().replace('e+', 'e'));
}

/** For a cell of a table. */
export function short(value: number): string {
  return fitted(value, MOST + 1);
}

/**
 * For a cell that has room for so many characters: as many digits as fit, two if any way of writing it allows that (0.056,
 * else .056, else 6e−2), but at least the first; nothing, if not even that fits.
 */
export function fitted(value: number, room: number): string {
  if (!Number.isFinite(value) || value === 0) return special(value);
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  const most = Math.min(MOST, room - sign.length);
  const exact = precise(size);
  if (exact.length <= most) return sign + exact;
  const ways = [...decimals(size), ...decimals(size).map((way) => way.replace(/^0/, '')), ...powers(size)].filter(
    (way) => way.length <= most,
  );
  const found = ways.find((way) => digitsOf(way) >= 2) ?? ways.find((way) => digitsOf(way) >= 1);
  return found === undefined ? '' : minus(sign + found);
}

/** Rounded to fewer and fewer decimals, down to the one that the number begins with. */
function decimals(size: number): string[] {
  if (size >= LARGE) return [];
  const fewest = Math.max(0, -Math.floor(Math.log10(size)));
  return Array.from({ length: Math.max(0, MOST - fewest) }, (_, i) => size.toFixed(MOST - 1 - i)).map((way) =>
    way.includes('.') ? way.replace(/\.?0+$/, '') : way,
  );
}

const powers = (size: number) => [2, 1, 0].map((digits) => size.toExponential(digits).replace('e+', 'e'));

/** How many digits of the number itself are written. */
function digitsOf(way: string): number {
  return way.replace(/e.*/, '').replace('.', '').replace(/^0+/, '').length;
}

function special(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value === 0 ? '0' : value > 0 ? '∞' : '−∞';
}

const minus = (text: string) => text.replace(/-/g, '−');

/** Where a cell is: `[row, column]`. */
export const place = (index: number, columns: number) => `[${Math.floor(index / columns)}, ${index % columns}]`;

export const shapeText = (height: number, width: number) => `${height} × ${width}`;
