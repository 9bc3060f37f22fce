/** Progress of a whole run on stderr: one bar on a terminal, a line per backend elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import type { OnProgress } from './compare_request';

export interface Progress {
  /** The next part of the run, which takes so many of the backends: what hears of its rows. */
  part(backends: number, label: string): OnProgress;
  stop(): void;
}

interface Shown {
  /** Hears of the whole run. */
  readonly tell: OnProgress;
  stop(): void;
}

/** @param backends how many are compared in the whole run; each is taken to have as many rows as those before */
export function startProgress(backends: number): Progress {
  const { tell, stop } = process.stderr.isTTY ? bar() : lines();
  let left = backends;
  let before = 0;
  let now = { done: 0, total: 0 };
  return {
    part(count, label) {
      left -= count;
      before += now.total;
      const rest = left;
      tell(before, before + Math.max(1, now.total), label);
      return (done, total, row) => {
        now = { done, total };
        tell(before + done, before + total + Math.round((total / count) * rest), row);
      };
    },
    stop,
  };
}

function bar(): Shown {
  const made = new SingleBar(
    {
      format: ' {bar} {value}/{total} {label}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 24,
    },
    Presets.shades_classic,
  );
  made.start(1, 0, { label: '' });
  return {
    tell: (done, total, label) => {
      made.setTotal(total);
      made.update(done, { label });
    },
    stop: () => {
      made.stop();
    },
  };
}

function lines(): Shown {
  let last = '';
  return {
    tell: (_, total, label) => {
      const [backend = '', row] = label.split(':');
      if (row !== undefined && backend !== last)
        process.stderr.write(`${backend}: comparing (${total} comparisons in this run)\n`);
      last = row === undefined ? last : backend;
    },
    stop: () => {},
  };
}
