/** Progress on stderr: a bar on a terminal, a line per backend elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import type { OnProgress } from './compare_request';

export interface Progress {
  readonly tell: OnProgress;
  stop(): void;
}

export function startProgress(): Progress {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): Progress {
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
  made.start(1, 0, { label: 'starting' });
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

function lines(): Progress {
  let last = '';
  return {
    tell: (_, total, label) => {
      const [backend] = label.split(':');
      if (backend !== last && backend !== '')
        process.stderr.write(`${backend}: comparing (${total} comparisons in this run)\n`);
      last = backend;
    },
    stop: () => {},
  };
}
