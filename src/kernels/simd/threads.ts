/**
 * Workers that run the SIMD module on a shared memory, beside the main thread.
 *
 * The main thread takes chunks as the workers do. When none is left it waits for those that workers still have, by reading a
 * word over and over: a page's main thread must not sleep (Atomics.wait throws there). A worker that never took a chunk is not
 * waited for. One that holds a chunk for {@link PATIENCE_MS} is given up: all workers are ended, and from then on the main thread works alone, as it
 * does where workers are forbidden (CSP) or fail.
 */
import { type PoolModule, poolCode, poolModule } from './module';
import {
  CALL_LENGTH,
  DONE,
  ENDED,
  FAILED,
  JOB,
  LEFT,
  MOST_CHUNKS,
  READS,
  READY,
  SERVED,
  TAPE_LENGTH,
  WORD_BYTES,
  WORKER_PROGRAM,
  type WorkerTask,
} from './worker';

/** A chunk takes less than a millisecond. */
const PATIENCE_MS = 2000;

export class Threads {
  private readonly workers: Worker[] = [];
  private readonly shared = new SharedArrayBuffer(WORD_BYTES + MOST_CHUNKS * TAPE_LENGTH * 8);
  private readonly words = new Int32Array(this.shared, 0, WORD_BYTES / 4);
  private readonly tapes = new Float64Array(this.shared, WORD_BYTES);
  private readonly functions: Array<(...args: number[]) => unknown>;
  /** Where the next call is noted. */
  private at = 0;
  /** A module that notes the calls in place of making them. */
  readonly recorder: PoolModule;

  /** Starts `count` workers, or fewer where they are refused. They are there some time after the page is idle. */
  constructor(memory: WebAssembly.Memory, module: PoolModule, count: number) {
    const names = Object.keys(module) as Array<keyof PoolModule>;
    this.functions = names.map((name) => module[name] as (...args: number[]) => unknown);
    this.recorder = Object.fromEntries(
      names.map((name, i) => [
        name,
        (...args: unknown[]) => {
          this.tapes[this.at] = i;
          for (let k = 0; k < args.length; k++) this.tapes[this.at + 1 + k] = Number(args[k]);
          this.at += CALL_LENGTH;
        },
      ]),
    ) as unknown as PoolModule;
    const code = poolCode(memory);
    if (code) this.start({ code, memory, shared: this.shared, names }, count);
  }

  private start(task: WorkerTask, count: number): void {
    const url = URL.createObjectURL(new Blob([WORKER_PROGRAM], { type: 'text/javascript' }));
    try {
      for (let i = 0; i < count; i++) {
        const worker = new Worker(url);
        worker.onerror = (event) => {
          event.preventDefault();
          this.end();
        };
        worker.postMessage(task);
        this.workers.push(worker);
      }
    } catch {
      this.end();
    }
    URL.revokeObjectURL(url);
  }

  /** How many threads work: the main thread, and workers that have started. */
  get count(): number {
    return this.workers.length === 0 ? 1 : 1 + Atomics.load(this.words, READY);
  }

  /** How many chunks workers have done so far. */
  get served(): number {
    return Atomics.load(this.words, SERVED);
  }

  /**
   * Does all chunks, each the calls that `record` makes of {@link recorder}; in any order, at the same time. False if that has failed: what
   * was to be written is garbage then, and there are no more workers.
   */
  run<Chunk>(chunks: readonly Chunk[], record: (chunk: Chunk) => void): boolean {
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
    if (this.waitFor(others) && Atomics.load(words, FAILED) === 0) return true;
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
  private waitFor(chunks: number): boolean {
    const { words } = this;
    for (let end = 0; ;) {
      for (let i = 0; i < READS; i++) if (Atomics.load(words, DONE) >= chunks) return true;
      const now = performance.now();
      end ||= now + PATIENCE_MS;
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

/** The same ones for the same memory; undefined where workers or the module cannot be had. */
export function threadsIn(memory: WebAssembly.Memory, count: number): Threads | undefined {
  const known = started.get(memory);
  if (known) return known;
  const module = poolModule(memory);
  if (!module || typeof Worker === 'undefined') return undefined;
  const threads = new Threads(memory, module, count - 1);
  started.set(memory, threads);
  return threads;
}
