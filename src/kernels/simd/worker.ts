/**
 * The program of a worker that runs calls into SIMD modules, and the words by which it and the main thread agree. It is text,
 * as a bundler cannot be asked to make a file of it.
 *
 * Modules come by messages, the first one with the start. A worker that is behind with them leaves its loop, as it gets no message in it, and
 * takes no chunk: so whoever takes one has all modules that are counted on.
 *
 * A job is a number of chunks, each with a tape of calls: [function, ...arguments, ...], {@link CALL_LENGTH} numbers each, then -1. Whoever
 * takes a chunk counts LEFT down; what was there before is the chunk's number, 1 or more while some are left. So a worker that comes
 * late takes nothing, and a tape is read only by who has taken it.
 *
 * A worker that has nothing to do reads JOB over and over for {@link AWAKE_MS}, as to be woken takes as long as a small pooling; then it sleeps.
 */

/** Places in the Int32Array; the first ones lie in cache lines of their own. */
export const LEFT = 0;
export const DONE = 16;
/** Changes with each job: workers sleep on it. */
export const JOB = 32;
/** How many modules there are. */
export const MODULES = 48;
/** Not 0 once a worker has failed. */
export const FAILED = 49;
/** Not 0 once workers are to end. */
export const ENDED = 50;
/** How many chunks workers have done so far. */
export const SERVED = 51;
/** How many workers have loaded each module: so many words from here on. */
export const READY = 52;

/** Bytes of the words; the tapes follow. */
export const WORD_BYTES = 256;
/** A function and 9 arguments, the most that one has. WebAssembly ignores those that are too many. */
export const CALL_LENGTH = 10;
/** Calls in a chunk: seven are the most that a kernel of pooling takes. */
export const MOST_CALLS = 7;
export const TAPE_LENGTH = MOST_CALLS * CALL_LENGTH + 1;
export const MOST_CHUNKS = 64;

/** How long a worker that has nothing to do stays awake; tfjs's threads, which may need its core, are held up by more. */
const AWAKE_MS = 0.05;
/** How many times a word is read between two looks at the clock. */
export const READS = 1024;
/** How often a worker looks at the clock before it sleeps: some browsers let it stand still for milliseconds. */
const LOOKS = 64;

/** What the worker is sent, for each module. */
export interface WorkerTask {
  readonly code: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly shared: SharedArrayBuffer;
  /** Names of the module's functions, in the order of their numbers. */
  readonly names: readonly string[];
}

/** In the program: the arguments of the call at `at`, one by one, as an array of them would have to be made. */
function argumentsAt(tapes: string, at: string): string {
  return Array.from({ length: CALL_LENGTH - 1 }, (_, i) => `${tapes}[${at} + ${i + 1}]`).join(', ');
}

export const WORKER_PROGRAM = `let words, tapes, loaded = 0;
const functions = [];
const play = (at) => {
  for (let call; (call = tapes[at]) >= 0; at += ${CALL_LENGTH})
    functions[call](${argumentsAt('tapes', 'at')});
};
const rest = (job) => {
  const end = performance.now() + ${AWAKE_MS};
  for (let look = 0; look < ${LOOKS} && performance.now() < end; look++)
    for (let i = 0; i < ${READS}; i++) if (Atomics.load(words, ${JOB}) !== job) return;
  Atomics.wait(words, ${JOB}, job);
};
onmessage = ({ data: { code, memory, shared, names } }) => {
  const { exports } = new WebAssembly.Instance(code, { env: { memory } });
  for (const name of names) functions.push(exports[name]);
  words ??= new Int32Array(shared, 0, ${WORD_BYTES / 4});
  tapes ??= new Float64Array(shared, ${WORD_BYTES});
  Atomics.add(words, ${READY} + loaded++, 1);
  for (;;) {
    const job = Atomics.load(words, ${JOB});
    if (Atomics.load(words, ${ENDED})) return close();
    if (Atomics.load(words, ${MODULES}) !== loaded) return;
    for (let left; (left = Atomics.sub(words, ${LEFT}, 1)) > 0; ) {
      try {
        play((left - 1) * ${TAPE_LENGTH});
        Atomics.add(words, ${SERVED}, 1);
      } catch {
        Atomics.store(words, ${FAILED}, 1);
      }
      Atomics.add(words, ${DONE}, 1);
    }
    rest(job);
  }
};`;
