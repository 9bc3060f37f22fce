/** Numbers as a reader types or pastes them: a line per row, an empty line before each further channel. */
import { quoted } from '../ui/address';
import { type Image, numbersImage } from './images';

const MOST = { side: 16, channels: 4, letters: 40_000 } as const;
const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, infinity: Infinity, '∞': Infinity };
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @throws Error that says what is wrong, and where */
export function parseNumbers(text: string): Image[] {
  if (text.length > MOST.letters) throw new Error(`This is too long: ${MOST.letters} letters are taken.`);
  const blocks = text
    .split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/)
    .map((block) => block.split(/\r?\n/).filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0);
  if (blocks.length === 0) throw new Error('There are no numbers yet.');
  if (blocks.length > MOST.channels)
    throw new Error(`There are ${blocks.length} channels; at most ${MOST.channels} are taken.`);
  const images = blocks.map((lines, i) => channelOf(lines, blocks.length > 1 ? `channel ${i + 1}, ` : ''));
  const [first] = images;
  images.forEach(({ height, width }, i) => {
    if (height !== first.height || width !== first.width)
      throw new Error(`Channel ${i + 1} is ${height} × ${width}, the first one ${first.height} × ${first.width}.`);
  });
  return images;
}

function channelOf(lines: readonly string[], where: string): Image {
  if (lines.length > MOST.side) throw new Error(`There are ${lines.length} rows; at most ${MOST.side} are taken.`);
  const rows = lines.map((line, row) =>
    entriesOf(line).map((entry, i) => numberOf(entry, `${where}row ${row + 1}, number ${i + 1}`)),
  );
  rows.forEach(({ length }, row) => {
    if (length > MOST.side)
      throw new Error(`In ${where}row ${row + 1} the count of numbers is ${length}; at most ${MOST.side} are taken.`);
    if (length !== rows[0].length)
      throw new Error(`In ${where}row ${row + 1} the count of numbers is ${length}, in row 1 it is ${rows[0].length}.`);
  });
  return numbersImage(rows);
}

/** Between commas, semicolons or tabs stands one entry, which may be missing; blanks alone part entries, too. */
function entriesOf(line: string): string[] {
  return line
    .trim()
    .replace(/[,;]$/, '')
    .split(/ *[,;\t] *| +/);
}

function numberOf(entry: string, where: string): number {
  if (entry === '') throw new Error(`In ${where} is missing.`);
  const text = entry.replace(/[−–]/g, '-');
  const [, sign, rest] = /^([+-]?)(.*)$/s.exec(text)!;
  const known = Object.entries(SPECIAL).find(([name]) => name === rest.toLowerCase());
  if (!known && !PLAIN.test(text))
    throw new Error(
      `In ${where}, ${quoted(entry)}, is no number. Expected one such as 7, -2.5, 1e3, NaN, Infinity or -0.`,
    );
  const value = known ? (sign === '-' ? -known[1] : known[1]) : Number(text);
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value)))
    throw new Error(`In ${where}, ${quoted(entry)}, is too large for float32, which ends at 3.4e38.`);
  return value;
}

/** As it can be typed. */
export function textOf(channels: readonly Image[]): string {
  return joined(channels, '\n\n', '\n', ' ');
}

/** As a link has it. */
export function codeOf(channels: readonly Image[]): string {
  return joined(channels, '|', ';', ',');
}

/** @throws Error as {@link parseNumbers} */
export function parseCode(code: string): Image[] {
  return parseNumbers(code.replace(/\|/g, '\n\n').replace(/;/g, '\n'));
}

function joined(channels: readonly Image[], betweenChannels: string, betweenRows: string, between: string): string {
  return channels
    .map(({ height, width, values }) =>
      Array.from({ length: height }, (_, row) =>
        Array.from(values.subarray(row * width, (row + 1) * width), write).join(between),
      ).join(betweenRows),
    )
    .join(betweenChannels);
}

/** The shortest digits that are this number in float32, as it is kept. */
function write(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const digits = [1, 2, 3, 4, 5, 6, 7, 8].find((count) => Math.fround(Number(value.toPrecision(count))) === value);
  return digits === undefined ? String(value) : String(Number(value.toPrecision(digits)));
}
