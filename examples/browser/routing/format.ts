/** Numbers as the page writes them: short, with a true minus sign. */

/** For a cell: at most about four characters. */
export function short(value: number): string {
  return minus(plain(value, 2));
}

/** For a sentence. */
export function precise(value: number): string {
  return minus(plain(value, 6));
}

function plain(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e4) return String(value === 0 ? 0 : value);
  if (size >= 1e4 || size < 1e-3) return value.toExponential(digits > 2 ? 2 : 0).replace('e+', 'e');
  return String(Number(value.toPrecision(digits)));
}

const minus = (text: string) => text.replace(/-/g, '−');

/** Where a cell is: `[row, column]`. */
export const place = (index: number, columns: number) => `[${Math.floor(index / columns)}, ${index % columns}]`;

export const shapeText = (height: number, width: number) => `${height} × ${width}`;
