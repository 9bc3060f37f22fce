/** A button that walks through the windows one by one, as the article's loop over the rows of the matrix does. */
import { button } from '../ui/controls';

const PACE_MS = 450;

export interface Stepper {
  readonly root: HTMLButtonElement;
  readonly isRunning: boolean;
  start(): void;
  stop(): void;
}

export interface StepperOptions {
  readonly startLabel?: string;
  readonly stopLabel?: string;
  /** Milliseconds from one step to the next. */
  readonly pace?: () => number;
}

/** `next` moves to the following window and says whether there was one; `first` moves to the first, if the last is chosen. */
export function stepper(
  first: () => void,
  next: () => boolean,
  { startLabel = 'Step through the windows', stopLabel = 'Stop', pace = () => PACE_MS }: StepperOptions = {},
): Stepper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const root = button(startLabel, () => (timer === undefined ? start() : stop()));
  function start(): void {
    root.textContent = stopLabel;
    first();
    wait();
  }
  function wait(): void {
    timer = setTimeout(() => (next() ? wait() : stop()), pace());
  }
  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    root.textContent = startLabel;
  }
  return {
    root,
    get isRunning() {
      return timer !== undefined;
    },
    start,
    stop,
  };
}
