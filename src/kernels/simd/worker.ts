/**
 * The program of a worker that runs calls into the SIMD module, and the words by which it and the main thread agree. It is text,
 * as a bundler cannot be asked to make a file of it.
 *
 * A job is a number of chunks, each with a tape of calls: [function, number of arguments, ...arguments, ...]. Whoever takes a
 * chunk counts LEFT down; what was there before is the chunk's number, 1 or more while some are left. So a worker that comes
 * late takes nothing, and a tape is read only by who has taken it.
 */

/** Places in the Int32Array; the first ones lie in cache lines of their own. */
export const LEFT = 0;
export const DONE = 16;
/** Changes with each job: workers sleep on it. */
export const JOB = 32;
/** How many workers have started. */
export const READY = 48;
/** Not 0 once a worker has failed. */
export const FAILED = 49;
/** Not 0 once workers are to end. */
export const ENDED = 50;
/** How many chunks workers have done so far. */
export const SERVED = 51;

/** Bytes of the words; the tapes follow. */
export const WORD_BYTES = 256;
/** The tapes' lengths: 60 is the most that a kernel takes. */
export const TAPE_LENGTH = 64;
export const MOST_CHUNKS = 64;

/** What the worker is sent. */
export interface WorkerTask {
  readonly code: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly shared: SharedArrayBuffer;
  /** Names of the module's functions, in the order of their numbers. */
  readonly names: readonly string[];
}

export const WORKER_PROGRAM = `onmessage = ({ data: { code, memory, shared, names } }) => {
  const { exports } = new WebAssembly.Instance(code, { env: { memory } });
  const functions = names.map((name) => exports[name]);
  const words = new Int32Array(shared, 0, ${WORD_BYTES / 4}), tapes = new Float64Array(shared, ${WORD_BYTES});
  const play = (tape) => {
    for (let at = 0; tape[at] >= 0; ) {
      const call = functions[tape[at]], end = at + 2 + tape[at + 1];
      call(...tape.subarray(at + 2, end));
      at = end;
    }
  };
  Atomics.add(words, ${READY}, 1);
  for (;;) {
    const job = Atomics.load(words, ${JOB});
    if (Atomics.load(words, ${ENDED})) return close();
    for (let left; (left = Atomics.sub(words, ${LEFT}, 1)) > 0; ) {
      try {
        play(tapes.subarray((left - 1) * ${TAPE_LENGTH}, left * ${TAPE_LENGTH}));
        Atomics.add(words, ${SERVED}, 1);
      } catch {
        Atomics.store(words, ${FAILED}, 1);
      }
      Atomics.add(words, ${DONE}, 1);
    }
    Atomics.wait(words, ${JOB}, job);
  }
};`;
