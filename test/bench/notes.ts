/** What a reader must know about a backend's rows: what ran, what failed, what is doubtful. */
import type { CaseResult, Comparison } from './measure';
import { type BackendReport, measured } from './results';
import { number } from './table';

/** Kernels that compute nothing. */
const VIEWS = ['Reshape', 'Identity', 'ExpandDims'];

type Named = ReturnType<typeof measured>[number];

export function notesOf(report: BackendReport, selfCheck: boolean): string[] {
  const rows = measured(report.rows);
  if (rows.length === 0) return [];
  return [
    ...kernelNotes(rows, 'ours', (c) => c.kernels.ours),
    ...kernelNotes(rows, 'built-in', (c) => c.kernels.builtin),
    ...grouped(rows, ({ result }) =>
      selfCheck || usesOurKernels(result) ? undefined : 'NO KERNEL OF OURS RAN: the reference path was measured',
    ),
    ...grouped(rows, ({ result: { forward, training } }) => {
      const error = forward.builtinError ?? training.builtinError;
      return error === null ? undefined : `the built-in throws: ${error}`;
    }),
    ...grouped(rows, ({ result: { forward, training } }) =>
      isDoubtful(forward) || isDoubtful(training) ? 'ratio outside its spread: the machine was not quiet' : undefined,
    ),
    ...grouped(rows, ({ result: { leaked } }) => (leaked === 0 ? undefined : `TENSORS LEAKED: ${leaked}`)),
    ...grouped(rows, ({ result }) => (result.layout === '' ? undefined : `textures: ${result.layout}`)),
    `reading one element back takes ${number(Math.max(...rows.map(({ result }) => result.readBackMs)))} ms at most`,
  ];
}

/** `forward` and training as they ran, once for all cases that agree. */
function kernelNotes(rows: readonly Named[], who: string, of: (c: Comparison) => string[]): string[] {
  const tell = (kernels: string[]) => {
    const telling = kernels.filter((name) => !VIEWS.includes(name));
    return telling.length > 6 ? `${telling.slice(0, 3).join(' + ')} + ${telling.length - 3} more` : telling.join(' + ');
  };
  return grouped(rows, ({ result: { forward, training } }) => {
    const parts = [tell(of(forward)), tell(of(training))].filter((part) => part !== '');
    return parts.length === 0 ? undefined : `${who} ran ${parts.join('; training ')}`;
  });
}

/** One line for all cases of which `f` says the same. */
function grouped(rows: readonly Named[], f: (row: Named) => string | undefined): string[] {
  const names = new Map<string, string[]>();
  for (const row of rows) {
    const text = f(row);
    if (text !== undefined) names.set(text, [...(names.get(text) ?? []), row.benchCase.name]);
  }
  return [...names].map(([text, cases]) => (cases.length === rows.length ? text : `${cases.join(', ')}: ${text}`));
}

function usesOurKernels({ forward, training }: CaseResult): boolean {
  return [forward, training].every(({ kernels }) => kernels.ours.some((name) => name.startsWith('Im2Col')));
}

/** With two groups of times (another process came and went) the ratio of medians says little. */
function isDoubtful({ ratio, spread }: Comparison): boolean {
  return ratio !== null && spread !== null && (ratio < spread[0] || ratio > spread[1]);
}
