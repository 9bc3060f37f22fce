/** Soaks operations on one backend, one after the other. */
import type { BackendName } from '../bench/cases';
import type { Gauges } from './gauges';
import { type Growth, SEGMENTS_PER_THIRD, growths, isDoubtful } from './judge';
import type { SoakOperation } from './operations';
import type { Progress } from './progress';
import { type Runner, openRunner } from './runners';

/** A row of the table. `error` says why there are no figures. */
export type Row = { operation: string } & (Figures | { error: string });

interface Figures {
  calls: number;
  /** Tensors, after the inputs are disposed of. */
  left: number;
  /** Names of the kernels that ran. */
  kernels: string[];
  /** After the first part of the calls, and after all. */
  start: Gauges;
  end: Gauges;
  /** Empty: all measures level off. */
  growths: Growth[];
  seconds: number;
}

/** Whether a row is as it should be: nothing grows, no tensor is left. */
export function isLevel(row: Row): boolean {
  return !('error' in row) && row.left === 0 && row.growths.length === 0;
}

export interface BackendReport {
  backend: BackendName;
  rows: Row[];
}

/** Where a measure that wavers seems to grow, a third is repeated up to so often: a leak goes on, noise ends. */
const MORE_THIRDS = 4;

export async function soakBackend(
  backend: BackendName,
  operations: readonly SoakOperation[],
  calls: number,
  progress: Progress,
): Promise<BackendReport> {
  const runner = await openRunner(backend);
  try {
    const rows: Row[] = [];
    for (const operation of operations) {
      progress.tell(operation.name);
      const row: Row = await soakOperation(runner, operation, calls).then(
        (figures) => ({ operation: operation.name, ...figures }),
        (error: Error) => ({ operation: operation.name, error: error.message.split('\n')[0] }),
      );
      rows.push(row);
      progress.finish(row);
    }
    return { backend, rows };
  } finally {
    await runner.close();
  }
}

async function soakOperation(runner: Runner, operation: SoakOperation, calls: number): Promise<Figures> {
  const start = performance.now();
  const kernels = await runner.begin(operation.name);
  const perSegment = Math.max(1, Math.round((calls * operation.share) / (3 * SEGMENTS_PER_THIRD)));
  const samples: Gauges[] = [];
  const third = async () => {
    for (let i = 0; i < SEGMENTS_PER_THIRD; i++) samples.push(await runner.run(perSegment));
  };
  for (let i = 0; i < 3; i++) await third();
  let found = growths(samples, perSegment, operation);
  for (let i = 0; i < MORE_THIRDS && isDoubtful(found); i++) {
    await third();
    found = growths(samples, perSegment, operation);
  }
  const left = await runner.end();
  return {
    calls: perSegment * samples.length,
    left,
    kernels,
    start: samples[0],
    end: samples.at(-1)!,
    growths: found,
    seconds: (performance.now() - start) / 1000,
  };
}
