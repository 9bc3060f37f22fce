/** Runs an asynchronous job for the newest argument only: while one runs, later calls replace each other. */
export function latest<A>(job: (argument: A) => Promise<void>): (argument: A) => void {
  let running = false;
  let waiting: { argument: A } | undefined;
  const run = async (argument: A): Promise<void> => {
    running = true;
    try {
      await job(argument);
    } finally {
      running = false;
      const next = waiting;
      waiting = undefined;
      if (next) void run(next.argument);
    }
  };
  return (argument) => {
    if (running) waiting = { argument };
    else void run(argument);
  };
}
