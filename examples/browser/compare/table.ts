/** The report as a table: a row per case, a column per backend, what deviates marked. */
import type { Agreement, CompareReport, CompareRow, Deviation } from 'tfjs-im2col-pooling';
import { element } from '../ui/dom';
import { NONE, agreementText, gradientText, shapeText, speedText, timingTitle } from './wording';

/** Elements of an input. Of smaller ones the time is the cost of a call, not that of pooling. */
const SMALLEST_TIMED = 10_000;

export function reportTable(report: CompareReport): HTMLElement {
  const names = report.backends.filter(({ missing }) => missing === null).map(({ name }) => name);
  const cases = [...new Set(report.rows.map((row) => row.case))];
  return element(
    'div',
    { class: 'report-scroll', tabindex: 0, role: 'region', 'aria-label': 'Comparison table' },
    element(
      'table',
      { class: 'report' },
      element('caption', { class: 'hidden' }, 'Ours and the built-in, per case and backend'),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'Case'),
          ...names.map((name) => element('th', { scope: 'col' }, name)),
        ),
      ),
      element(
        'tbody',
        {},
        ...cases.map((name) =>
          caseRow(
            names,
            report.rows.filter((row) => row.case === name),
          ),
        ),
      ),
    ),
  );
}

export function reportSummary({ rows }: CompareReport): string {
  const count = (...which: Deviation[]) => rows.filter(({ deviates }) => which.includes(deviates)).length;
  return `Of ${rows.length} comparisons, the built-in deviates from the contract in ${count('builtin', 'both')}, ours in ${count('ours', 'both')}.`;
}

function caseRow(names: readonly string[], rows: readonly CompareRow[]): HTMLElement {
  const [first] = rows;
  return element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row' },
      element('span', { class: 'case-name' }, first.case),
      element('span', { class: 'case-about' }, first.about),
      element('span', { class: 'case-shape' }, shapeText(first)),
    ),
    ...names.map((name) => cell(rows.find(({ backend }) => backend === name))),
  );
}

function cell(row: CompareRow | undefined): HTMLElement {
  if (!row) return element('td', {}, NONE);
  const { values, gradient, shape, times } = row;
  const isWorthTiming = shape.reduce((a, b) => a * b, 1) >= SMALLEST_TIMED;
  const speeds = [speedText(times?.forward), speedText(times?.training)].map((text) => (isWorthTiming ? text : NONE));
  return element(
    'td',
    {},
    verdict('values', values, agreementText(values)),
    gradient && verdict('gradient', gradient, gradientText(gradient)),
    speeds.some((speed) => speed !== NONE) &&
      element(
        'span',
        {
          class: 'speeds',
          title: `forward: ${timingTitle(times?.forward)}; training step: ${timingTitle(times?.training)}`,
        },
        `${speeds[0]} forward, ${speeds[1]} training`,
      ),
  );
}

const MARKS: Record<Deviation, readonly [mark: string, className: string, meaning: string]> = {
  neither: ['✓', 'good', 'both right'],
  builtin: ['≠', 'bad', 'built-in wrong'],
  ours: ['!', 'bad', 'ours wrong'],
  both: ['!', 'bad', 'both wrong'],
};

function verdict(what: string, agreement: Agreement, text: string): HTMLElement {
  const [mark, className, meaning] = MARKS[agreement.deviates];
  return element(
    'span',
    { class: `agreement ${className}`, title: agreement.builtinError ?? meaning },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    element('span', { class: 'what' }, what),
    ` ${text}`,
  );
}
