/** The report as a table: grouped by case, one line per backend, deviations marked. */
import type { Agreement, CompareReport, CompareRow, Deviation, Timing } from 'tfjs-im2col-pooling';
import { element } from '../ui/dom';
import { agreementText, gradientText, shapeText, speedText, timingTitle } from './wording';

const HEADINGS = ['Backend', 'Values', 'Gradient', 'Forward', 'Training step'];

export function reportTable(report: CompareReport): HTMLElement {
  const cases = [...new Set(report.rows.map((row) => row.case))];
  return element('div', { class: 'report-scroll', tabindex: 0, role: 'region', 'aria-label': 'Comparison table' },
    element('table', { class: 'report' },
      element('caption', { class: 'hidden' }, 'Ours and the built-in, per case and backend'),
      element('thead', {}, element('tr', {}, ...HEADINGS.map((heading) => element('th', { scope: 'col' }, heading)))),
      ...cases.map((name) => groupOf(report.rows.filter((row) => row.case === name)))));
}

export function reportSummary({ rows }: CompareReport): string {
  const wrong = rows.filter(({ deviates }) => deviates === 'builtin' || deviates === 'both').length;
  const ours = rows.filter(({ deviates }) => deviates === 'ours' || deviates === 'both').length;
  return `Of ${rows.length} comparisons, the built-in deviates from the contract in ${wrong}, ours in ${ours}.`;
}

function groupOf(rows: readonly CompareRow[]): HTMLElement {
  const [{ case: name, about }] = rows;
  return element('tbody', {},
    element('tr', { class: 'case' }, element('th', { scope: 'rowgroup', colspan: HEADINGS.length },
      element('span', { class: 'case-name' }, name), element('span', { class: 'case-shape' }, shapeText(rows[0])),
      about !== '' && element('span', { class: 'case-about' }, about))),
    ...rows.map(rowOf));
}

function rowOf(row: CompareRow): HTMLElement {
  return element('tr', {}, element('th', { scope: 'row' }, row.backend),
    verdict(row.values, agreementText(row.values)),
    row.gradient ? verdict(row.gradient, gradientText(row.gradient)) : element('td', { class: 'muted' }, gradientText(null)),
    speed(row.times?.forward), speed(row.times?.training));
}

const MARKS: Record<Deviation, readonly [mark: string, className: string]> = {
  neither: ['✓', 'good'], builtin: ['≠', 'bad'], ours: ['!', 'bad'], both: ['!', 'bad'],
};

function verdict(agreement: Agreement, text: string): HTMLElement {
  const [mark, className] = MARKS[agreement.deviates];
  return element('td', { class: className, title: agreement.builtinError }, element('span', { class: 'mark', 'aria-hidden': 'true' }, mark), text);
}

function speed(timing: Timing | null | undefined): HTMLElement {
  return element('td', { class: timing ? 'speed' : 'muted', title: timingTitle(timing) }, speedText(timing));
}
