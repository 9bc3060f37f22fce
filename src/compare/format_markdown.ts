/** A comparison as Markdown: what ran, a table of all rows, what was missing. */
import type { CompareReport, CompareRow, Deviation } from './report';

/** How tables call it. */
export const VERDICTS: Record<Deviation, string> = {
  neither: 'both right',
  builtin: 'built-in wrong',
  ours: 'OURS WRONG',
  both: 'BOTH WRONG',
};

/**
 * A report as Markdown.
 *
 * @example
 * ```js
 * const report = await comparePooling({ backends: ['cpu'], repeats: 0, cases: [{ name: 'tie', shape: [1, 2, 2, 1], options: {} }] });
 * console.log(formatMarkdown(report));
 * ```
 */
export function formatMarkdown(report: CompareReport): string {
  const { versions, rows, backends } = report;
  const head = [
    'backend',
    'case',
    'values',
    'gradient',
    'built-in loses',
    'verdict',
    'forward',
    'training',
    'bytes kept',
  ];
  const lines = rows.map((row) => [
    row.backend,
    `${row.case} [${row.shape.join(', ')}]`,
    agreementText(row.values),
    row.gradient ? agreementText(row.gradient) : '-',
    lossText(row),
    VERDICTS[row.deviates],
    timingText(row, 'forward'),
    timingText(row, 'training'),
    keptText(row),
  ]);
  const table = [head, head.map((_, i) => (i >= 6 ? '---:' : '---')), ...lines].map(
    (cells) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`,
  );
  return [
    `tfjs-im2col-pooling ${versions.package} against tfjs ${versions.tfjsCore}${report.model ? `, model ${report.model}` : ''}, ${report.host}`,
    '',
    ...backends.map(
      ({ name, description, missing }) => `- ${name}: ${missing === null ? description : `not available, ${missing}`}`,
    ),
    '',
    ...table,
    '',
  ].join('\n');
}

/** How ours and the built-in agree. */
export function agreementText({
  equal,
  elements,
  differing,
  builtinError,
  oursError,
  builtinShape,
}: CompareRow['values']): string {
  if (oursError !== undefined) return 'ours throws';
  if (builtinError !== undefined) return 'built-in throws';
  if (builtinShape !== undefined) return `built-in gives [${builtinShape.join(', ')}]`;
  return equal ? 'equal' : `${differing} of ${elements} differ`;
}

/** What becomes of the gradient in the built-in. */
export function lossText({ gradient }: CompareRow): string {
  const mass = gradient?.mass.builtin;
  if (!mass) return '-';
  const parts = (
    [
      ['lost', mass.lost],
      ['misplaced', mass.misplaced],
      ['invented', mass.invented],
    ] as const
  )
    .filter(([, share]) => share > 0)
    .map(([what, share]) => `${percent(share)} ${what}`);
  return parts.join(', ') || 'nothing';
}

/** Whether a row's times tell of pooling: with fewer elements they tell of the cost of any call. */
export function isTimed({ shape, times }: CompareRow): boolean {
  return times !== null && shape.reduce((a, b) => a * b, 1) >= 10_000;
}

/** Ours in milliseconds, and how many times faster. */
export function timingText(row: CompareRow, which: 'forward' | 'training'): string {
  const timing = row.times?.[which];
  if (!timing || !isTimed(row)) return '-';
  return `${milliseconds(timing.ours)}${timing.ratio === null ? '' : `, ${ratioText(timing.ratio)}`}`;
}

export function ratioText(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(ratio >= 1 ? 1 : 2)}x`;
}

export function milliseconds(ms: number): string {
  return `${ms >= 100 ? Math.round(ms) : ms.toPrecision(2)} ms`;
}

function keptText({ kept }: CompareRow): string {
  if (!kept) return '-';
  return kept.builtin ? `${kept.ours} of ${kept.builtin}` : `${kept.ours}`;
}

function percent(share: number): string {
  return `${share >= 0.1 ? Math.round(share * 100) : (share * 100).toPrecision(2)} %`;
}
