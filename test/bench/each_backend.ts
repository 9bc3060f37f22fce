/** A table per backend, for the benches of their own kind; one that was not named may be missing. */
import { firstLine } from '../../src/compare/first_line';
import { BACKENDS, type BackendName } from './cases';
import type { BenchOptions } from './options';
import type { Style } from './table';

/** How a bench measures its rows on a backend, which of them failed, and what it prints of them. */
interface Bench<Row> {
  rowsOf(backend: BackendName, options: BenchOptions): Promise<Row[]>;
  hasFailed(row: Row): boolean;
  block(backend: BackendName, rows: readonly Row[], style: Style): string;
}

/** The tables, ready to be printed, and the exit status: 1 where a backend that was named, or a row, fails. */
export async function benchEachBackend<Row>(
  options: BenchOptions,
  { rowsOf, hasFailed, block }: Bench<Row>,
): Promise<{ blocks: string[]; status: number }> {
  const blocks: string[] = [];
  let status = 0;
  for (const backend of options.backend ?? BACKENDS) {
    try {
      const rows = await rowsOf(backend, options);
      if (rows.some(hasFailed)) status = 1;
      blocks.push(block(backend, rows, options.markdown ? 'markdown' : 'terminal'));
    } catch (error) {
      if (options.backend) status = 1;
      blocks.push(`${backend}: NOT MEASURED: ${firstLine(error)}`);
    }
  }
  return { blocks, status };
}
