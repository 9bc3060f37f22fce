/**
 * Measures one case on the current backend. The same code runs in Node and, bundled, in the browser page.
 *
 * Method. Ours and the built-in run alternately on the same tensors (A B, B A, A B, ...), so that a drift of the machine
 * hits both; in the forward pass a copy of the same bytes follows each pair. One run is timed from the call (or the first
 * of `calls`; then it is their mean) to the arrival of one element of its result, read back on the host, which finishes all
 * that was queued on a GPU. Nothing is timed inside tf.tidy, which would walk any typed array that its function returns.
 * Figures are medians, the ratio is the ratio of medians, its spread the quartiles of the ratios of single pairs. Runs
 * before that compile shaders and code: three pairs at least, and more for a while where runs are short, as JavaScript
 * is compiled well only after some thousand calls, which any training has: 3 seconds before 15 pairs.
 *
 * Check of the method: `npm run bench -- --self-check` puts the built-in in our place and leaves all else alone. Every
 * ratio is then 1 as far as the machine is quiet: 0.97 to 1.02 on all five backends on two shared cores (15 pairs).
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type BenchCase, shapeOf } from './cases';
import {
  type Contestant,
  type ContestantName,
  type Pool,
  type Step,
  contestant,
  copyStep,
  entered,
} from './contestants';
import { kernelNames, keptBytes, layout, shareThatDiffers } from './inspect';
import { median, quantile } from '../../src/compare/statistics';

export interface MeasureRequest {
  benchCase: BenchCase;
  pairs: number;
  /** How often a run calls its operation before it reads the one element back. */
  calls: number;
  /** Who is "ours". */
  contender: ContestantName;
  /** No pair begins later than that after the first, but for {@link LEAST_PAIRS}; undefined for no limit. */
  limitMs?: number;
  /** Before each run, in which the threads of whoever ran before fall asleep: there may be fewer cores than all of them. */
  pauseMs?: number;
}

type Often = Pick<MeasureRequest, 'pairs' | 'calls' | 'limitMs' | 'pauseMs'>;

/** Medians in milliseconds; null where there is no figure. */
export interface Comparison {
  ours: number;
  builtin: number | null;
  /** builtin / ours: above 1, ours is faster. */
  ratio: number | null;
  /** First and third quartile of the ratios of single pairs. */
  spread: [number, number] | null;
  /** Why the built-in cannot run this. */
  builtinError: string | null;
  /** The share of elements in which the built-in's result is another one than ours. */
  differs: number | null;
  kernels: { ours: string[]; builtin: string[] };
  samples: { ours: number[]; builtin: number[] };
}

export interface CaseResult {
  forward: Comparison;
  training: Comparison;
  /** The copy floor: its median in milliseconds, and our forward in multiples of it. */
  copy: { ms: number; ratio: number };
  /** Bytes that the tape holds between forward and backward. */
  kept: { ours: number; builtin: number | null };
  /** How x and dy lie on the device. */
  layout: string;
  /** Reading one element of a finished tensor, part of every figure. */
  readBackMs: number;
  /** Tensors left behind. */
  leaked: number;
}

const WARM_UP_PAIRS = 3;
const WARM_UP_MS_PER_PAIR = 200;
const LEAST_PAIRS = 3;

export async function measureCase({ benchCase, contender, ...often }: MeasureRequest): Promise<CaseResult> {
  const before = tf.memory().numTensors;
  const builtin = contestant('builtin', benchCase);
  const ours = contestant(contender, benchCase);
  const x = randomTensor(shapeOf(benchCase), 1);
  const y = entered(ours, () => ours.pool(x))()!;
  const dy = tf.tidy(() => tf.sub(randomTensor(y.shape, 2), 0.25));
  for (const tensor of [x, y, dy]) await finish(tensor);

  const copy = copyStep(x, y);
  const { comparison: forward, copyMs } = await compare((pool) => () => pool(x), ours, builtin, often, copy.step);
  const { comparison: training } = await compare((pool) => () => tf.grad(pool)(x, dy), ours, builtin, often);
  const readBackMs = await timeOfReading(x, often.pairs);
  const result: CaseResult = {
    forward,
    training,
    copy: { ms: copyMs, ratio: forward.ours / copyMs },
    kept: { ours: bytesKept(ours, x), builtin: training.builtinError === null ? bytesKept(builtin, x) : null },
    layout: layout({ x, dy }),
    readBackMs,
    leaked: 0,
  };
  copy.dispose();
  tf.dispose([x, y, dy]);
  result.leaked = tf.memory().numTensors - before;
  return result;
}

function bytesKept(who: Contestant, x: tf.Tensor): number {
  const leave = who.enter();
  try {
    return keptBytes(who.pool, x);
  } finally {
    leave();
  }
}

async function compare(
  stepOf: (pool: Pool) => Step,
  ours: Contestant,
  builtin: Contestant,
  often: Often,
  copy?: Step,
): Promise<{ comparison: Comparison; copyMs: number }> {
  const steps = { ours: stepOf(ours.pool), builtin: stepOf(builtin.pool) };
  const oursKernels = await kernelNames(entered(ours, steps.ours));
  let builtinKernels: string[] = [];
  let builtinError: string | null = null;
  let differs: number | null = null;
  try {
    builtinKernels = await kernelNames(steps.builtin);
    differs = await shareThatDiffers(entered(ours, steps.ours), steps.builtin);
  } catch (error) {
    builtinError = String((error as Error).message ?? error).split('\n')[0];
  }
  const runs = await alternate(
    [
      { step: steps.ours, enter: ours.enter },
      { step: builtinError === null ? steps.builtin : undefined },
      { step: copy },
    ],
    often,
  );
  const [ourMs, builtinMs, copyMs] = runs;
  const ratios = builtinMs.map((ms, i) => ms / ourMs[i]);
  const hasBuiltin = builtinError === null;
  const comparison: Comparison = {
    ours: median(ourMs),
    builtin: hasBuiltin ? median(builtinMs) : null,
    ratio: hasBuiltin ? median(builtinMs) / median(ourMs) : null,
    spread: hasBuiltin ? [quantile(ratios, 0.25), quantile(ratios, 0.75)] : null,
    builtinError,
    differs,
    kernels: { ours: oursKernels, builtin: builtinKernels },
    samples: { ours: ourMs, builtin: builtinMs },
  };
  return { comparison, copyMs: copyMs.length > 0 ? median(copyMs) : 0 };
}

/** Times of each run, in rounds; the first two change places in every other round. */
export async function alternate(
  runs: Array<{ step?: Step | undefined; enter?: Contestant['enter'] }>,
  { pairs, calls, limitMs = Infinity, pauseMs = 0 }: Often,
): Promise<number[][]> {
  const samples: number[][] = runs.map(() => []);
  const [first, second, ...others] = runs.map((_, i) => i);
  const round = async (number: number) => {
    const times: number[] = [];
    for (const i of number % 2 === 0 ? [first, second, ...others] : [second, first, ...others]) {
      const { step, enter } = runs[i];
      if (step === undefined) continue;
      const leave = enter?.();
      for (const end = performance.now() + pauseMs; performance.now() < end;);
      times[i] = await timeOf(step, calls);
      leave?.();
    }
    return times;
  };
  const start = performance.now();
  const warm = start + WARM_UP_MS_PER_PAIR * pairs;
  const isOver = () => performance.now() > start + limitMs;
  for (let number = 0; number < WARM_UP_PAIRS || performance.now() < warm; number++) {
    await round(number);
    if (isOver()) break;
  }
  for (let pair = 0; pair < pairs && (pair < LEAST_PAIRS || !isOver()); pair++) {
    (await round(pair)).forEach((ms, i) => samples[i].push(ms));
  }
  return samples;
}

/** Milliseconds of one of `calls` steps, until one element of the last result has been read back. */
async function timeOf(step: Step, calls: number): Promise<number> {
  const start = performance.now();
  for (let i = 1; i < calls; i++) step()?.dispose();
  const result = step();
  if (result !== undefined) await finish(result);
  const ms = performance.now() - start;
  result?.dispose();
  return ms / calls;
}

async function timeOfReading(tensor: tf.Tensor, times: number): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await finish(tensor);
    samples.push(performance.now() - start);
  }
  return median(samples);
}

/** Waits until the tensor is computed, by reading one element of it. */
export async function finish(tensor: tf.Tensor): Promise<void> {
  // tf.slice on wasm begins with a copy of the whole tensor, which would be measured with it.
  if (tf.getBackend() === 'wasm') {
    (tf.backend() as BackendWasm).readSync(tensor.dataId, 0, 1);
    return;
  }
  const one = tf.slice(
    tensor,
    tensor.shape.map(() => 0),
    tensor.shape.map(() => 1),
  );
  // WebGPU reads asynchronously only; WebGL's asynchronous read would add the delays of its polling.
  if (tf.getBackend() === 'webgpu') await one.data();
  else one.dataSync();
  one.dispose();
}

/**
 * The positive half of uniform numbers in [-1, 1), the rest 0: what a ReLU hands to a pooling, ties among zeros included.
 * As the result of an operation it lies on the device as an operation leaves it (WebGL: packed).
 */
export function randomTensor(shape: readonly number[], seed: number): tf.Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  let state = seed;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    values[i] = state / 2 ** 31 - 1;
  }
  return tf.tidy(() => tf.relu(tf.tensor(values, [...shape])));
}
