/** `npm run bench -- --matrix`: a table per backend of what the im2col matrix costs, and the bars it is held to. */
import type { BackendName, BenchCase } from './cases';
import { firstLine } from '../../src/compare/first_line';
import { benchEachBackend } from './each_backend';
import type { Implementations, MatrixResult } from './measure_matrix';
import type { BenchOptions } from './options';
import { openRunner } from './runners';
import { type ColumnGroup, type Style, heading, list, number, table, times } from './table';

/** `implementation: 'im2col'` in multiples of `'fused'`, on backends whose memory the host sees. */
const IMPLEMENTATION_LIMIT = 60;
/** im2col and col2im in copies of their matrix, there, with windows of 3 and a stride of 1. */
const COPIES_LIMIT = 4;
const WITH_BARS: readonly BackendName[] = ['cpu', 'wasm', 'node'];

type MatrixRow = { readonly benchCase: BenchCase } & ({ readonly result: MatrixResult } | { readonly error: string });

/** The tables, ready to be printed, and the exit status: 1 where a backend that was named, or a case, fails. */
export async function benchMatrix(options: BenchOptions): Promise<{ text: string; status: number }> {
  const { blocks, status } = await benchEachBackend(options, { rowsOf, hasFailed: (row) => 'error' in row, block });
  return { text: `${blocks.join('\n\n')}\n`, status };
}

async function rowsOf(
  backend: BackendName,
  { case: cases, pairs, calls, threads }: BenchOptions,
): Promise<MatrixRow[]> {
  const runner = await openRunner(backend, threads);
  try {
    const rows: MatrixRow[] = [];
    for (const benchCase of cases) {
      const row = await runner.measure({ matrixOf: benchCase, pairs, calls }).then(
        (result) => ({ benchCase, result }),
        (error: unknown) => ({ benchCase, error: firstLine(error) }),
      );
      rows.push(row);
    }
    return rows;
  } finally {
    await runner.close();
  }
}

const COLUMNS: readonly ColumnGroup[] = [
  ['', ['case']],
  ['forward, ms', ["'im2col'", "'fused'", 'times']],
  ['training step, ms', ["'im2col'", "'fused'", 'times']],
  ['the matrix, ms', ['im2col', 'col2im', 'copy', 'im2col', 'col2im']],
];

function block(backend: BackendName, rows: readonly MatrixRow[], style: Style): string {
  const cells = rows.map((row) =>
    'error' in row ? [row.benchCase.name, `FAILED: ${row.error}`] : [row.benchCase.name, ...resultCells(row.result)],
  );
  const bars = WITH_BARS.includes(backend) ? barLines(rows) : [];
  return [heading(`${backend}: the im2col matrix`, style), table(COLUMNS, cells, style), ...list(bars, style)].join(
    '\n',
  );
}

function resultCells({ forward, training, im2col, col2im, copy }: MatrixResult): string[] {
  const both = (ms: Implementations) => [number(ms.im2col), number(ms.fused), times(quotient(ms))];
  return [
    ...both(forward),
    ...both(training),
    ...[im2col, col2im, copy].map(number),
    ...[im2col, col2im].map((ms) => times(ms / copy)),
  ];
}

function quotient({ im2col, fused }: Implementations): number {
  return im2col / fused;
}

function barLines(rows: readonly MatrixRow[]): string[] {
  const measured = rows.flatMap((row) => ('result' in row ? [row] : []));
  const ofSteps = measured.flatMap(({ result }) => [quotient(result.forward), quotient(result.training)]);
  const ofMatrix = measured
    .filter(({ benchCase }) => benchCase.window === 3 && benchCase.stride === 1)
    .flatMap(({ result: { im2col, col2im, copy } }) => [im2col / copy, col2im / copy]);
  return [
    ...barLine("'im2col' : 'fused'", IMPLEMENTATION_LIMIT, ofSteps),
    ...barLine('im2col and col2im 3/1 : a copy of the matrix', COPIES_LIMIT, ofMatrix),
  ];
}

function barLine(what: string, limit: number, figures: readonly number[]): string[] {
  if (figures.length === 0) return [];
  const worst = Math.max(...figures);
  const pass = worst <= limit;
  return [`${pass ? '✓' : '✗'} ${what}: at most ${limit}; ${pass ? 'reached' : 'MISSED'} with ${number(worst)}`];
}
