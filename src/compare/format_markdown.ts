/** A comparison as Markdown: what ran, a table of all rows, what was missing. */
import { show } from '../show';
import type { CompareReport, CompareRow } from './report';
import { agreementText, lossText, poolingLabel, timingText, verdictText } from './row_text';

/**
 * A report as Markdown. Where nothing could be compared there is no table, but the reasons.
 *
 * @example
 * ```js
 * const report = await comparePooling({ backends: ['cpu'], repeats: 0, cases: [{ name: 'tie', shape: [1, 2, 2, 1], options: {} }] });
 * console.log(formatMarkdown(report));
 * ```
 * @throws Error unless `report` is a report
 */
export function formatMarkdown(report: CompareReport): string {
  try {
    return markdownOf(report);
  } catch {
    throw new Error(`formatMarkdown: expected report to be what comparePooling gave; got ${show(report)}.`);
  }
}

function markdownOf(report: CompareReport): string {
  const { versions, rows, backends } = report;
  const head = [
    'backend',
    'pooling',
    'case',
    'values',
    'gradient',
    'built-in gradient',
    'verdict',
    'forward',
    'training',
    'bytes kept',
  ];
  const lines = rows.map((row) => [
    row.backend,
    poolingLabel(row),
    `${row.case} [${row.shape.join(', ')}]`,
    agreementText(row, row.values),
    agreementText(row, row.gradient),
    lossText(row),
    verdictText(row),
    timingText(row, 'forward'),
    timingText(row, 'training'),
    keptText(row),
  ]);
  const table = [head, head.map((_, i) => (i >= 7 ? '---:' : '---')), ...lines].map(
    (cells) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`,
  );
  return [
    `tfjs-im2col-pooling ${versions.package} against tfjs ${versions.tfjsCore}${report.model ? `, model ${report.model}` : ''}, ${report.host}`,
    '',
    ...backends.map(
      ({ name, description, missing }) => `- ${name}: ${missing === null ? description : `not available, ${missing}`}`,
    ),
    ...(rows.length === 0 ? [] : ['', ...table]),
    '',
  ].join('\n');
}

function keptText({ kept }: CompareRow): string {
  if (!kept) return '-';
  return kept.builtin ? `${kept.ours} of ${kept.builtin}` : `${kept.ours}`;
}
