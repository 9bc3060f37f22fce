/** How far a run is, on stderr: a bar on a terminal, else a line for every row. stdout is the report's alone. */
import { SingleBar } from 'cli-progress';
import type { BackendName } from './cases';
import type { Row } from './results';
import { number, times } from './table';

export interface Progress {
  /** What is going on now. */
  tell(what: string): void;
  finish(backend: BackendName, row: Row): void;
  /** Rows that will not come. */
  skip(rows: number, why: string): void;
  stop(): void;
}

export function startProgress(rows: number): Progress {
  return process.stderr.isTTY ? progressBar(rows) : progressLines(rows);
}

function progressBar(rows: number): Progress {
  const bar = new SingleBar({
    format: ' {bar} {value}/{total}  {what}',
    barsize: 30,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(rows, 0, { what: '' });
  return {
    tell: (what) => {
      bar.update({ what });
    },
    finish: () => {
      bar.increment();
    },
    skip: (count, why) => {
      bar.increment(count, { what: why });
    },
    stop: () => {
      bar.stop();
    },
  };
}

function progressLines(rows: number): Progress {
  let done = 0;
  const line = (text: string) => {
    process.stderr.write(`[${done}/${rows}] ${text}\n`);
  };
  return {
    tell: () => {},
    finish: (backend, row) => {
      done++;
      line(`${backend} ${row.benchCase.name}: ${describe(row)}`);
    },
    skip: (count, why) => {
      done += count;
      line(why);
    },
    stop: () => {},
  };
}

function describe(row: Row): string {
  if ('error' in row) return `failed: ${row.error}`;
  const [forward, training] = [row.result.forward, row.result.training].map(
    ({ ours, ratio }) => `${number(ours)} ms${ratio === null ? '' : ` (${times(ratio)})`}`,
  );
  return `forward ${forward}, training ${training}`;
}
