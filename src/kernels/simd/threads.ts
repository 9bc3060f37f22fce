/**
 * Workers that run the SIMD modules on a shared memory, beside the main thread.
 *
 * The main thread takes chunks as the workers do. When none is left it waits for those that workers still have, by reading a
 * word over and over: a page's main thread must not sleep (Atomics.wait throws there). A worker that never took a chunk is not
 * waited for. One that holds a chunk for too long is given up: all workers are ended, and from then on the main thread works alone, as it
 * does where workers are forbidden (CSP) or fail.
 */
import {
  CALL_LENGTH,
  DONE,
  ENDED,
  FAILED,
  JOB,
  LEFT,
  MOST_CHUNKS,
  MODULES,
  READS,
  READY,
  SERVED,
  TAPE_LENGTH,
  WORD_BYTES,
  WORKER_PROGRAM,
  type WorkerTask,
} from './worker';

/** Most chunks take less than a millisecond. */
const PATIENCE_MS = 2000;

/** A module on all threads of a {@link Threads}. */
export interface Crew<Module> {
  /** How many threads have the module: one, until all workers that have started have it. */
  readonly count: number;
  /** A module that notes the calls in place of making them. */
  readonly recorder: Module;
  /**
   * Does all chunks, each the calls that `record` makes of {@link recorder}; in any order, at the same time. False if that has failed: what
   * was to be written is garbage then, and there are no more workers. `extraMs`: how much longer than most a chunk may take.
   */
  run<Chunk>(chunks: readonly Chunk[], record: (chunk: Chunk) => void, extraMs?: number): boolean;
}

export class Threads {
  private readonly workers: Worker[] = [];
  private readonly shared = new SharedArrayBuffer(WORD_BYTES + MOST_CHUNKS * TAPE_LENGTH * 8);
  private readonly words = new Int32Array(this.shared, 0, WORD_BYTES / 4);
  private readonly tapes = new Float64Array(this.shared, WORD_BYTES);
  private readonly functions: Array<(...args: number[]) => unknown> = [];
  private readonly crews = new Map<object, unknown>();
  /** Where the next call is noted. */
  private at = 0;

  /** Starts `count` workers, or fewer where they are refused. They are there some time after the page is idle. */
  constructor(
    private readonly memory: WebAssembly.Memory,
    count: number,
  ) {
    const url = URL.createObjectURL(new Blob([WORKER_PROGRAM], { type: 'text/javascript' }));
    try {
      for (let i = 0; i < count; i++) {
        const worker = new Worker(url);
        worker.onerror = (event) => {
          event.preventDefault();
          this.end();
        };
        this.workers.push(worker);
      }
    } catch {
      this.end();
    }
    URL.revokeObjectURL(url);
  }

  /** Loads a module, `code` linked to the memory, into the workers as well. The same crew for the same module. */
  crew<Module extends object>(code: WebAssembly.Module, module: Module): Crew<Module> {
    const known = this.crews.get(module) as Crew<Module> | undefined;
    if (known) return known;
    const { words, memory, shared } = this;
    const number = this.crews.size;
    const names = Object.keys(module) as Array<keyof Module & string>;
    const first = this.functions.length;
    this.functions.push(...names.map((name) => module[name] as (...args: number[]) => unknown));
    const note =
      (call: number) =>
      (...args: unknown[]) => {
        this.tapes[this.at] = call;
        for (let k = 0; k < args.length; k++) this.tapes[this.at + 1 + k] = Number(args[k]);
        this.at += CALL_LENGTH;
      };
    const count = () => (Atomics.load(words, READY + number) === Atomics.load(words, READY) ? this.count : 1);
    const crew: Crew<Module> = {
      get count() {
        return count();
      },
      recorder: Object.fromEntries(names.map((name, i) => [name, note(first + i)])) as unknown as Module,
      run: (chunks, record, extraMs) => this.run(chunks, record, extraMs),
    };
    this.crews.set(module, crew);
    this.post({ code, memory, shared, names });
    return crew;
  }

  private post(task: WorkerTask): void {
    try {
      for (const worker of this.workers) worker.postMessage(task);
    } catch {
      this.end();
    }
    Atomics.store(this.words, MODULES, this.crews.size);
    this.wake();
  }

  /** How many threads work: the main thread, and workers that have started. */
  get count(): number {
    return this.workers.length === 0 ? 1 : 1 + Atomics.load(this.words, READY);
  }

  /** How many chunks workers have done so far. */
  get served(): number {
    return Atomics.load(this.words, SERVED);
  }

  private run<Chunk>(chunks: readonly Chunk[], record: (chunk: Chunk) => void, extraMs = 0): boolean {
    const { words, tapes } = this;
    chunks.forEach((chunk, i) => {
      this.at = i * TAPE_LENGTH;
      record(chunk);
      tapes[this.at] = -1;
    });
    Atomics.store(words, DONE, 0);
    Atomics.store(words, LEFT, chunks.length);
    this.wake();
    let others = chunks.length;
    for (let left; (left = Atomics.sub(words, LEFT, 1)) > 0; others--) this.play((left - 1) * TAPE_LENGTH);
    if (this.waitFor(others, PATIENCE_MS + extraMs) && Atomics.load(words, FAILED) === 0) return true;
    this.end();
    return false;
  }

  private wake(): void {
    Atomics.add(this.words, JOB, 1);
    Atomics.notify(this.words, JOB);
  }

  private play(at: number): void {
    const { functions, tapes: t } = this;
    for (let call; (call = t[at]!) >= 0; at += CALL_LENGTH)
      functions[call]!(
        t[at + 1]!,
        t[at + 2]!,
        t[at + 3]!,
        t[at + 4]!,
        t[at + 5]!,
        t[at + 6]!,
        t[at + 7]!,
        t[at + 8]!,
        t[at + 9]!,
      );
  }

  /** Until workers have done so many chunks; false if they take too long. */
  private waitFor(chunks: number, patienceMs: number): boolean {
    const { words } = this;
    for (let end = 0; ;) {
      for (let i = 0; i < READS; i++) if (Atomics.load(words, DONE) >= chunks) return true;
      const now = performance.now();
      end ||= now + patienceMs;
      if (now > end) return false;
    }
  }

  /** Ends the workers, which frees the memory for collection. */
  end(): void {
    Atomics.store(this.words, ENDED, 1);
    this.wake();
    for (const worker of this.workers.splice(0)) worker.terminate();
  }
}

/** The threads of each memory. */
const started = new WeakMap<WebAssembly.Memory, Threads>();

/** The same ones for the same memory; undefined where there are no workers. */
export function threadsIn(memory: WebAssembly.Memory, count: number): Threads | undefined {
  const known = started.get(memory);
  if (known || typeof Worker === 'undefined') return known;
  const threads = new Threads(memory, count - 1);
  started.set(memory, threads);
  return threads;
}
