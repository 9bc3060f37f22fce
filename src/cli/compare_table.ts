/** A comparison for the terminal: the sum of it, then a table per backend. */
import type { CompareBackend, CompareReport, CompareRow } from '../compare/report';
import {
  agreementText,
  countsOf,
  fatesText,
  isTimed,
  lossText,
  oursDeviates,
  poolingLabel,
  ratioText,
  timingText,
  verdictText,
} from '../compare/row_text';
import { geometricMean } from '../compare/statistics';
import { mapTuple } from '../map_tuple';
import { type Column, NO_BREAK, fittedTable, wrapped } from './fitted_table';
import type { Colors, Terminal } from './terminal';

export function compareTable(report: CompareReport, terminal: Terminal): string {
  const { colors } = terminal;
  const present = report.backends.filter(({ missing }) => missing === null);
  const tables = present.map(({ name, description }) => ({
    title: wrapped(`${colors.bold(name)}: ${description}`, terminal),
    ...tableOf(rowsOf(report, name), terminal),
  }));
  const narrowest = Math.max(...tables.map(({ layout }) => layout));
  return `${[
    heading(report, terminal),
    summaryTable(report, terminal),
    ...tables.map(({ title, text }) => `${title}\n${text}`),
    notes(report, narrowest, terminal),
  ].join('\n\n')}\n`;
}

function rowsOf({ rows }: CompareReport, backend: string): CompareRow[] {
  return rows.filter((row) => row.backend === backend);
}

function heading({ versions, host, model, rows }: CompareReport, terminal: Terminal): string {
  const { colors } = terminal;
  const { all, ours, builtin, shared } = countsOf(rows);
  const inSome = shared < all ? ` of the ${shared} in which there is one` : '';
  return [
    `${colors.bold(`tfjs-im2col-pooling ${versions.package}`)} and the built-in pooling of tfjs ${versions.tfjsCore}`,
    `${model ? `model ${model}, ` : ''}${host}`,
    '',
    `This package deviates from its contract in ${counted(ours, colors.red)} of ${all} comparisons; ` +
      `the built-in in ${counted(builtin, colors.yellow)}${inSome}.`,
  ]
    .map((line) => wrapped(line, terminal))
    .join('\n');
}

function counted(count: number, color: (text: string) => string): string {
  return count > 0 ? color(String(count)) : '0';
}

function summaryTable(report: CompareReport, terminal: Terminal): string {
  const { colors } = terminal;
  const within = (text: (rows: CompareRow[]) => string) => (backend: CompareBackend) =>
    text(rowsOf(report, backend.name));
  const mean = (which: 'forward' | 'training') =>
    within((rows) => {
      const ratio = geometricMean(rows.filter(isTimed).flatMap(({ times }) => times?.[which]?.ratio ?? []));
      return ratio === undefined ? '-' : ratioText(ratio);
    });
  const columns: Array<Column<CompareBackend>> = [
    { head: 'backend', text: ({ name }) => name },
    {
      head: 'ours wrong',
      text: within((rows) => `${counted(countsOf(rows).ours, colors.red)} of ${rows.length}`),
      align: 'right',
    },
    {
      head: 'built-in wrong',
      text: within((rows) => `${counted(countsOf(rows).builtin, colors.yellow)} of ${countsOf(rows).shared}`),
      align: 'right',
    },
    { head: 'forward', text: mean('forward'), align: 'right' },
    { head: 'training', text: mean('training'), align: 'right' },
  ];
  const [present, missing] = mapTuple([true, false], (wanted) =>
    report.backends.filter((backend) => (backend.missing === null) === wanted),
  );
  const reasons = missing.map(({ name, missing: why }) =>
    colors.yellow(wrapped(`${name} is not available: ${why}`, terminal)),
  );
  return [fittedTable([columns], [{ rows: present }], terminal).text, ...reasons].join('\n');
}

function tableOf(rows: readonly CompareRow[], terminal: Terminal): { text: string; layout: number } {
  const groups = [...new Set(rows.map(poolingLabel))].map((label) => ({
    title: `${label} pooling`,
    rows: rows.filter((row) => poolingLabel(row) === label),
  }));
  return fittedTable(layoutsOf(terminal.colors), groups, terminal);
}

/** From wide to narrow. */
function layoutsOf(colors: Colors): Array<Array<Column<CompareRow>>> {
  const name = { head: 'case', text: (row: CompareRow) => row.case };
  const shape = { head: 'shape', text: (row: CompareRow) => row.shape.join('x') };
  const outcome = { head: 'the built-in', text: (row: CompareRow) => outcomeText(row, colors), wrapsAt: 26 };
  const timings = (text: (row: CompareRow, which: 'forward' | 'training') => string) =>
    (['forward', 'training'] as const).map((which) => ({
      head: which,
      text: (row: CompareRow) => text(row, which),
      align: 'right' as const,
    }));
  const ratio = (row: CompareRow, which: 'forward' | 'training') => timingText(row, which).split(', ')[1] ?? '-';
  return [
    [
      name,
      shape,
      { head: 'values', text: (row) => agreementText(row, row.values) },
      { head: 'gradient', text: (row) => agreementText(row, row.gradient) },
      { head: 'built-in gradient', text: lossText },
      { head: 'verdict', text: (row) => colored(row, verdictText(row), colors) },
      ...timings(timingText),
    ],
    [name, shape, outcome, ...timings(timingText)],
    [name, outcome, ...timings(ratio)],
    [name, outcome],
  ];
}

function colored({ deviates }: CompareRow, text: string, colors: Colors): string {
  const color = { neither: colors.green, builtin: colors.yellow, ours: colors.red, both: colors.red }[deviates];
  return color(text);
}

/** What several columns say where there is room for them, in one. */
function outcomeText(row: CompareRow, colors: Colors): string {
  if (row.counterpart === null && !oursDeviates(row)) return 'none';
  const right = (text: string) => ['equal', 'rounding', '-'].includes(text);
  const [values, gradient] = [agreementText(row, row.values), agreementText(row, row.gradient)];
  const what = right(gradient) ? '' : `gradient: ${fatesText(row) || gradient}`;
  const faults = [right(values) ? '' : `values: ${values}`, what].filter(Boolean);
  // A built-in of another shape or none has no gradient either.
  const told = values.startsWith('built-in') ? values.replace('built-in ', '') : faults.join('; ') || 'right';
  const text = oursDeviates(row) ? `${verdictText(row)}: ${told}` : told;
  return colored(row, text.replace(/ %/g, `${NO_BREAK}%`), colors);
}

/** What the tables' words mean, and what a narrow terminal does not show. */
function notes(report: CompareReport, narrowest: number, terminal: Terminal): string {
  const lost = ['', 'counts', 'shapes and milliseconds', 'shapes and times'][narrowest];
  const isRounded = narrowest === 0 && report.rows.some(({ values }) => values.rounding > 0);
  return [
    isRounded && 'Rounding: sums differ by no more than the order of additions and a division explain.',
    report.rows.some(isTimed) &&
      `Times are medians, of inputs of 10,000 elements or more; 2x: the built-in takes twice as long as ours. A backend's are geometric means.`,
    lost && `${terminal.width} columns have no room for ${lost}: --json, --markdown and --html have them.`,
  ]
    .filter((line) => line !== false && line !== '')
    .map((line) => terminal.colors.dim(wrapped(String(line), terminal)))
    .join('\n');
}
