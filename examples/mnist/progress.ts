/** Progress of one epoch: a bar on a terminal; elsewhere (a file, a pipe) a line for every tenth. */
import { SingleBar } from 'cli-progress';
import { mean } from './history';

export interface Progress {
  /** After each step, with that step's loss and accuracy. */
  step(loss: number, accuracy: number): void;
  /** Ends the bar. Safe to call twice. */
  end(): void;
}

/** Steps whose mean is shown: single batches of 100 jump about. */
const WINDOW = 50;

export function epochProgress(title: string, steps: number): Progress {
  const recent: { loss: number; accuracy: number }[] = [];
  const show = process.stdout.isTTY ? barOf(title, steps) : linesOf(title, steps);
  let done = 0;
  return {
    step: (loss, accuracy) => {
      recent.push({ loss, accuracy });
      if (recent.length > WINDOW) recent.shift();
      show.update(++done, {
        loss: mean(recent.map((entry) => entry.loss)).toFixed(4),
        accuracy: percent(mean(recent.map((entry) => entry.accuracy)), 1),
      });
    },
    end: () => show.end(),
  };
}

export function percent(fraction: number, digits = 2): string {
  return `${(100 * fraction).toFixed(digits)} %`;
}

interface Display {
  update(done: number, shown: { loss: string; accuracy: string }): void;
  end(): void;
}

function barOf(title: string, steps: number): Display {
  const bar = new SingleBar({
    format: `${title} [{bar}] {percentage} % | loss {loss} | accuracy {accuracy} | {eta_formatted} left`,
    stopOnComplete: true,
    gracefulExit: false, // Ctrl-C is ours
    hideCursor: true,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 24,
  });
  bar.start(steps, 0, { loss: '-', accuracy: '-' });
  return { update: (done, shown) => bar.update(done, shown), end: () => bar.stop() };
}

function linesOf(title: string, steps: number): Display {
  let tenths = 0;
  return {
    update: (done, { loss, accuracy }) => {
      const reached = Math.floor((10 * done) / steps);
      if (reached === tenths) return;
      tenths = reached;
      console.log(`${title} ${String(10 * tenths).padStart(3)} % | loss ${loss} | accuracy ${accuracy}`);
    },
    end: () => {},
  };
}
