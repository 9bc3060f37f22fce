/** Which layout a table takes at which width, and that its cells break between words only. */
import { type Column, NO_BREAK, fittedTable, wrapped } from '../../src/cli/fitted_table';
import { terminalOf } from '../../src/cli/terminal';

const { colors } = terminalOf({});
const at = (width: number) => ({ colors, width });
type Row = readonly [string, string, string];
const name: Column<Row> = { head: 'name', text: ([text]) => text };
const long: Column<Row> = { head: 'what', text: ([, text]) => text, wrapsAt: 8 };
const size: Column<Row> = { head: 'size', text: ([, , text]) => text, align: 'right' };
const ROWS: readonly Row[] = [
  ['one', 'some words more', '7'],
  ['three', '-', '1234'],
];
const LAYOUTS = [
  [name, long, size],
  [name, long],
];
const shown = (width: number, rows = ROWS) => fittedTable(LAYOUTS, [{ rows }], at(width));

test('wide: nothing breaks, numbers stand at the right, no line ends in spaces', () => {
  expect(shown(Infinity)).toEqual({
    layout: 0,
    text: 'name   what             size\n─────  ───────────────  ────\none    some words more     7\nthree  -                1234',
  });
});

test('narrower: cells break, then the next layout, then as narrow as words are', () => {
  expect(shown(25).text.split('\n').slice(2)).toEqual([
    'one    some words       7',
    '       more',
    'three  -             1234',
  ]);
  expect(shown(18)).toEqual({
    layout: 1,
    text: 'name   what\n─────  ───────────\none    some words\n       more\nthree  -',
  });
  expect(shown(3).text.split('\n').slice(2)).toEqual(['one    some', '       words', '       more', 'three  -']);
});

test('a column without news is left out; a space that does not break; wide letters take two columns', () => {
  const rows: readonly Row[] = [['層', '-', `1${NO_BREAK}%`]];
  expect(shown(Infinity, rows).text).toBe('name  size\n────  ────\n層     1 %');
});

test('titles stand between rows', () => {
  const groups = [
    { title: 'first', rows: ROWS.slice(0, 1) },
    { title: 'second', rows: ROWS.slice(1) },
  ];
  expect(
    fittedTable([[name, size]], groups, at(80))
      .text.split('\n')
      .slice(2),
  ).toEqual(['first', 'one       7', '', 'second', 'three  1234']);
});

test('paragraphs', () => {
  const text = 'words of a line that goes on for some time and then ends';
  expect(wrapped(text, at(50), '- ')).toBe('- words of a line that goes on for some time and\n  then ends');
  expect(wrapped(text, at(Infinity), '- ')).toBe(`- ${text}`);
});
