/** A button that walks through the windows one by one, as the article's loop over the rows of the matrix does. */
import { button } from '../ui/controls';

const PACE_MS = 450;

export interface Stepper {
  readonly root: HTMLButtonElement;
  stop(): void;
}

/** `next` moves to the following window and says whether there was one; `first` moves to the first, if the last is chosen. */
export function stepper(first: () => void, next: () => boolean): Stepper {
  let timer: ReturnType<typeof setInterval> | undefined;
  const root = button('Step through the windows', () => (timer === undefined ? start() : stop()));
  function start(): void {
    root.textContent = 'Stop';
    first();
    timer = setInterval(() => {
      if (!next()) stop();
    }, PACE_MS);
  }
  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    root.textContent = 'Step through the windows';
  }
  return { root, stop };
}
