/** A table of a terminal or of Markdown, and how figures are written. */
import Table from 'cli-table3';
import { NO_LINES } from '../../src/cli/fitted_table';

export type Style = 'terminal' | 'markdown';

/** Columns under a common title: `['forward, ms', ['ours', 'built-in']]`. */
export type ColumnGroup = readonly [title: string, names: readonly string[]];

/** A row shorter than the columns ends in one cell that takes the rest. */
export function table(groups: readonly ColumnGroup[], rows: readonly string[][], style: Style): string {
  return style === 'markdown' ? markdownTable(groups, rows) : terminalTable(groups, rows);
}

export const heading = (text: string, style: Style) => (style === 'markdown' ? `**${text}**\n` : text);

/** Lines below a table. */
export const list = (lines: readonly string[], style: Style) => [
  ...(style === 'markdown' ? [''] : []),
  ...lines.map((line) => `${style === 'markdown' ? '- ' : '   '}${line.trim()}`),
];

/** Three digits or so, no exponent. */
export function number(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : value >= 0.1 ? 2 : 3);
}

export const times = (value: number) => `${number(value)}x`;

export function bytes(value: number): string {
  return value >= 2 ** 20 ? `${number(value / 2 ** 20)} MiB` : `${number(value / 1024)} KiB`;
}

export const percent = (share: number) => (share < 0.0005 ? '<0.1 %' : `${(share * 100).toFixed(1)} %`);

function markdownTable(groups: readonly ColumnGroup[], rows: readonly string[][]): string {
  const heads = groups.flatMap(([title, names]) => names.map((name) => (title === '' ? name : `${title}: ${name}`)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function terminalTable(groups: readonly ColumnGroup[], rows: readonly string[][]): string {
  const columns = groups.flatMap(([, names]) => names);
  const drawn = new Table({
    chars: { ...NO_LINES, middle: ' ' },
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 0 },
    colAligns: columns.map((_, i) => (i === 0 ? 'left' : 'right')),
  });
  drawn.push(groups.map(([title, names]) => ({ content: title, colSpan: names.length, hAlign: 'center' as const })));
  drawn.push([...columns]);
  for (const cells of rows) {
    const rest = columns.length - cells.length + 1;
    drawn.push([...cells.slice(0, -1), { content: cells.at(-1)!, colSpan: rest, hAlign: rest > 1 ? 'left' : 'right' }]);
  }
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
