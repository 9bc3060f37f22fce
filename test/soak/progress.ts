/** How far a backend is, on stderr: a line that redraws on a terminal, else one line at its end. */
import { SingleBar } from 'cli-progress';
import type { BackendName } from '../bench/cases';
import { type Row, isLevel } from './soak_backend';

export interface Progress {
  tell(operation: string): void;
  finish(row: Row): void;
  stop(): void;
}

export function startProgress(backend: BackendName, rows: number): Progress {
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(0);
  let done = 0;
  let bad = 0;
  const finish = (row: Row) => {
    done++;
    if (!isLevel(row)) bad++;
  };
  const ending = () =>
    `${backend.padEnd(6)} ${done}/${rows} operations in ${seconds()} s${bad > 0 ? `, ${bad} of them grow or fail` : ''}\n`;
  if (!process.stderr.isTTY) {
    return { tell: () => {}, finish, stop: () => process.stderr.write(ending()) };
  }
  const bar = new SingleBar({
    format: `${backend.padEnd(6)} {bar} {value}/{total}  {operation}`,
    barsize: 30,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(rows, 0, { operation: '' });
  return {
    tell: (operation) => bar.update({ operation }),
    finish: (row) => {
      finish(row);
      bar.increment();
    },
    stop: () => {
      bar.stop();
      process.stderr.write(ending());
    },
  };
}
