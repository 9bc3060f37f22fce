/** Ctrl-C: the first asks the training to stop after its step, the second ends the process at once. */

/** The exit status of a process that Ctrl-C stopped, by shell convention. */
export const INTERRUPTED = 130;

export interface Interrupt {
  /** Ctrl-C was pressed. */
  readonly requested: boolean;
  /** Lets a waiting signal in. Call between steps: computing blocks Node's event loop. */
  breathe(): Promise<void>;
}

export function listenForInterrupt(onRequest: () => void): Interrupt {
  let requested = false;
  const listener = () => {
    if (requested) process.exit(INTERRUPTED);
    requested = true;
    onRequest();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    get requested() {
      return requested;
    },
    breathe: () =>
      new Promise((resolve) => {
        setImmediate(resolve);
      }),
  };
}
