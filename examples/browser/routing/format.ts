/** Numbers as the page writes them: rounded where they end, never before, and with a true minus sign. */

/** Characters of a number in a cell, whatever the cell's size; a minus is not counted. */
const MOST = 5;
/** Digits of what must be rounded, but for whole numbers. */
const DIGITS = 3;
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
 * For a cell that has room for so many characters: three digits, or as many as fit, two if any way of writing it allows
 * that (0.056, else .056, else 6e−2), but at least the first; nothing, if not even that fits.
 */
export function fitted(value: number, room: number): string {
  if (!Number.isFinite(value) || value === 0) return special(value);
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  const most = Math.min(MOST, room - sign.length);
  const exact = precise(size);
  if (exact.length <= (Number.isInteger(value) ? most : Math.min(most, DIGITS + 1))) return sign + exact;
  const written = decimals(size);
  const ways = [...written, ...written.map(withoutZero), ...powers(size)].filter(({ text }) => text.length <= most);
  const found = ways.find(({ digits }) => digits >= 2) ?? ways.find(({ digits }) => digits >= 1);
  return found === undefined ? '' : minus(sign + found.text);
}

/** How a number can be written, and how many of its digits that gives. */
interface Way {
  readonly text: string;
  readonly digits: number;
}

/** Rounded to fewer and fewer decimals, down to the one that the number begins with. */
function decimals(size: number): Way[] {
  if (size >= LARGE) return [];
  const first = -Math.floor(Math.log10(size));
  // Hundreds have one decimal, too.
  const most = Math.max(size < 1000 ? 1 : 0, first + DIGITS - 1);
  return Array.from({ length: 1 + most - Math.max(0, first) }, (_, i) => {
    const text = size.toFixed(Math.min(most - i, 100));
    const digits = text.replace('.', '').replace(/^0+/, '').length;
    return { text: text.includes('.') ? text.replace(/\.?0+$/, '') : text, digits };
  });
}

const withoutZero = ({ text, digits }: Way): Way => ({ text: text.replace(/^0/, ''), digits });

function powers(size: number): Way[] {
  return [2, 1, 0].map((decimal) => ({ text: size.toExponential(decimal).replace('e+', 'e'), digits: decimal + 1 }));
}

function special(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value === 0 ? '0' : value > 0 ? '∞' : '−∞';
}

const minus = (text: string) => text.replace(/-/g, '−');

/** Where a cell is: `[row, column]`. */
export const place = (index: number, columns: number) => `[${Math.floor(index / columns)}, ${index % columns}]`;

export const shapeText = (height: number, width: number) => `${height} × ${width}`;
