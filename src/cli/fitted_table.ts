/** Tables that fit a terminal: of several layouts the first one whose columns fit; cells break between words only. */
import Table from 'cli-table3';
import { Help } from 'commander';
import stringWidth from 'string-width';
import type { Terminal } from './terminal';

export interface Column<Row> {
  readonly head: string;
  readonly text: (row: Row) => string;
  readonly align?: 'right';
  /** The narrowest that the column may become by breaking its cells between words. Without, its cells are not broken. */
  readonly wrapsAt?: number;
}

/** Rows under a title; without titles there is one group. */
export interface Group<Row> {
  readonly title?: string;
  readonly rows: readonly Row[];
}

/** Shown as a space at which no line breaks. */
export const NO_BREAK = '\ue000';
const GAP = '  ';
/** What a cell shows where there is nothing to say. */
const NOTHING = '-';

/**
 * The first of the layouts that fits; where none does, the last one as narrow as its words allow. Columns in which there is
 * nothing to say are left out.
 */
export function fittedTable<Row>(
  layouts: ReadonlyArray<ReadonlyArray<Column<Row>>>,
  groups: ReadonlyArray<Group<Row>>,
  { colors, width }: Terminal,
): { text: string; layout: number } {
  const rows = groups.flatMap((group) => group.rows);
  const told = layouts.map((layout) => layout.filter(({ text }) => rows.some((row) => text(row) !== NOTHING)));
  const fits = told.findIndex((layout) => sumOf(layout.map((column) => narrowest(column, rows))) <= width);
  const layout = fits < 0 ? told.length - 1 : fits;
  const chosen = told[layout]!;
  const columns = fits < 0 ? chosen.map((column) => ({ ...column, wrapsAt: 1 })) : chosen;
  const widths = widthsOf(columns, rows, width);
  const table = new Table({
    head: columns.map(({ head }) => colors.bold(head)),
    colWidths: widths,
    colAligns: columns.map(({ align }) => align ?? 'left'),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, middle: GAP },
  });
  table.push(widths.map((size) => colors.dim('─'.repeat(size))));
  for (const [i, { title, rows: under }] of groups.entries()) {
    if (title !== undefined && i > 0) table.push([{ content: '', colSpan: columns.length }]);
    if (title !== undefined) table.push([{ content: colors.bold(title), colSpan: columns.length }]);
    table.push(...under.map((row) => columns.map(({ text }) => text(row))));
  }
  return { text: tidied(table.toString()), layout };
}

/** A paragraph after `lead`, broken between words; its further lines are set in by as much as `lead` is long. */
export function wrapped(text: string, { width }: Terminal, lead = ''): string {
  if (width === Infinity) return `${lead}${text}`;
  const lines = new Help().boxWrap(text, Math.max(1, width - lead.length));
  return `${lead}${lines.replace(/\n/g, `\n${' '.repeat(lead.length)}`)}`;
}

/** A table without lines. */
export const NO_LINES = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((name) => [name, '']),
);

function widthsOf<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[], width: number): number[] {
  const widths = columns.map((column) => widest(column, rows, (text) => [text]));
  const least = columns.map((column) => narrowest(column, rows));
  for (let excess = sumOf(widths) - width; excess > 0; excess--) {
    const room = widths.map((size, i) => (size > least[i]! ? size : 0));
    const at = room.indexOf(Math.max(...room));
    if (room[at] === 0) break;
    widths[at]!--;
  }
  return widths;
}

function narrowest<Row>(column: Column<Row>, rows: readonly Row[]): number {
  const whole = widest(column, rows, (text) => [text]);
  if (column.wrapsAt === undefined) return whole;
  return Math.max(
    widest(column, rows, (text) => text.split(' ')),
    Math.min(column.wrapsAt, whole),
  );
}

function widest<Row>({ head, text }: Column<Row>, rows: readonly Row[], parts: (text: string) => string[]): number {
  return Math.max(...[head, ...rows.map(text)].flatMap(parts).map((part) => stringWidth(part)));
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((sum, size) => sum + size, 0) + GAP.length * (widths.length - 1);
}

function tidied(text: string): string {
  return text.replace(new RegExp(NO_BREAK, 'g'), ' ').replace(/ +$/gm, '');
}
