/** A comparison for the terminal: one table per backend, and the sum of it. */
import Table from 'cli-table3';
import type { CompareReport, CompareRow } from '../compare/report';
import { agreementText, countsOf, lossText, poolingLabel, timingText, verdictText } from '../compare/row_text';
import { type Colors, DENSE_TABLE } from './colors';

export function compareTable(report: CompareReport, colors: Colors): string {
  const { versions, host, model, backends } = report;
  const title =
    `${colors.bold(`tfjs-im2col-pooling ${versions.package}`)} and the built-in of tfjs ${versions.tfjsCore}, ` +
    `${model ? `model ${model}, ` : ''}${host}`;
  const parts = backends.map(({ name, description, missing }) => {
    if (missing !== null) return `${colors.bold(name)}  ${colors.yellow(`not available: ${missing}`)}`;
    const rows = report.rows.filter(({ backend }) => backend === name);
    return `${colors.bold(name)}  ${colors.dim(description)}\n${tableOf(rows, colors)}`;
  });
  return `${[title, ...parts, summary(report, colors)].join('\n\n')}\n`;
}

function tableOf(rows: readonly CompareRow[], colors: Colors): string {
  const table = new Table({
    ...DENSE_TABLE,
    head: ['pooling', 'case', 'shape', 'values', 'gradient', 'built-in gradient', 'verdict', 'forward', 'training'].map(
      colors.bold,
    ),
    colAligns: ['left', 'left', 'left', 'left', 'left', 'left', 'left', 'right', 'right'],
  });
  rows.forEach((row) =>
    table.push([
      poolingLabel(row),
      row.case,
      row.shape.join('x'),
      agreementText(row, row.values),
      agreementText(row, row.gradient),
      lossText(row),
      colored(row, colors),
      timingText(row, 'forward'),
      timingText(row, 'training'),
    ]),
  );
  return table.toString();
}

function colored(row: CompareRow, colors: Colors): string {
  const color = { neither: colors.green, builtin: colors.yellow, ours: colors.red, both: colors.red }[row.deviates];
  return color(verdictText(row));
}

function summary({ rows }: CompareReport, colors: Colors): string {
  const { all, ours, builtin, shared } = countsOf(rows);
  return (
    `This package deviates from its contract in ${ours > 0 ? colors.red(String(ours)) : colors.green('0')} of ${all} comparisons; ` +
    `the built-in in ${builtin > 0 ? colors.yellow(String(builtin)) : '0'}${shared < all ? ` of the ${shared} in which there is one` : ''}.\n` +
    colors.dim(
      'Rounding: sums differ by no more than the order of additions and a division explain. ' +
        'Times: the median of ours, of inputs that are large enough; the factor is the time of the built-in divided by it.',
    )
  );
}
