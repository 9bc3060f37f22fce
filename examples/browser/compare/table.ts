/** The report as a table: a row per case, under the kind of its pooling, a column per backend, what deviates marked. */
import type { Agreement, CompareReport, CompareRow, Deviation } from 'tfjs-im2col-pooling/compare';
import { type Pooling, poolingNames, poolingTitle } from '../shared/poolings';
import { element } from '../ui/dom';
import { NONE, READING, agreementText, gradientText, shapeText, speedsText, timingTitle } from './wording';

/** `unfinished`: more rows will come. */
export function reportTable(rows: readonly CompareRow[], state: 'finished' | 'unfinished' = 'finished'): HTMLElement {
  const names = [...new Set(rows.map(({ backend }) => backend))];
  const kinds = poolingNames().filter((pooling) => rows.some((row) => row.pooling === pooling));
  return element(
    'div',
    { class: 'report-scroll', tabindex: 0, role: 'region', 'aria-label': 'Comparison table' },
    element(
      'table',
      { class: state === 'finished' ? 'report' : 'unfinished-report' },
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
      ...kinds.map((pooling) =>
        kindRows(
          pooling,
          names,
          rows.filter((row) => row.pooling === pooling),
        ),
      ),
    ),
  );
}

/** How to read the table. */
export function reading(): HTMLElement {
  return element(
    'dl',
    { class: 'reading', 'aria-label': 'How to read the table' },
    ...READING.map(([term, meaning]) => element('div', {}, element('dt', {}, term), element('dd', {}, meaning))),
  );
}

export function reportSummary({ rows }: CompareReport): string {
  const count = (...which: Deviation[]) => rows.filter(({ deviates }) => which.includes(deviates)).length;
  const alone = rows.filter(({ counterpart }) => counterpart === null).length;
  return (
    `Of ${rows.length} comparisons, the built-in deviates from the contract in ${count('builtin', 'both')}, ` +
    `ours in ${count('ours', 'both')}${alone > 0 ? `; in ${alone} there is no built-in` : ''}.`
  );
}

function kindRows(pooling: Pooling, names: readonly string[], rows: readonly CompareRow[]): HTMLElement {
  const cases = [...new Set(rows.map((row) => row.case))];
  const isAlone = rows.every(({ counterpart }) => counterpart === null);
  return element(
    'tbody',
    {},
    element(
      'tr',
      { class: 'kind' },
      element(
        'th',
        { scope: 'rowgroup', colspan: names.length + 1 },
        `${poolingTitle(pooling)} pooling`,
        isAlone && element('span', { class: 'alone' }, 'TensorFlow.js has none: ours alone is judged'),
      ),
    ),
    ...cases.map((name) =>
      caseRow(
        names,
        rows.filter((row) => row.case === name),
      ),
    ),
  );
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
  const { values, gradient, times } = row;
  const speeds = speedsText(row);
  return element(
    'td',
    {},
    verdict('values', values, agreementText(row, values)),
    gradient && verdict('gradient', gradient, gradientText(row, gradient)),
    speeds !== '' &&
      element(
        'span',
        {
          class: 'speeds',
          title: `forward: ${timingTitle(times?.forward)}; training step: ${timingTitle(times?.training)}`,
        },
        speeds,
      ),
  );
}

const MARKS: Record<Deviation, readonly [mark: string, className: string, meaning: string]> = {
  neither: ['✓', 'good', 'right'],
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
