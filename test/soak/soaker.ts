/** Repeats one operation on the current backend and measures. The same code runs in Node and, bundled, in the browser page. */
import * as tf from '@tensorflow/tfjs';
import { watchKernels } from '../support/run_case';
import type { Soaked } from './call';
import { type Gauges, readGauges } from './gauges';
import { prepare } from './steps';

/** After so many calls a result is read, so that a GPU's queue stays short. */
const CALLS_PER_READ = 32;

let soaked: Soaked | undefined;
let calls = 0;
let tensorsBefore = 0;

export const soaker = {
  /** Makes the inputs, calls each step once and says which kernels ran. */
  async begin(name: string): Promise<string[]> {
    tensorsBefore = tf.memory().numTensors;
    soaked = prepare(name);
    calls = 0;
    const { names, stop } = watchKernels(tf);
    try {
      await repeat(soaked, soaked.steps.length);
    } finally {
      stop();
    }
    return [...names];
  },
  async run(count: number): Promise<Gauges> {
    await repeat(soaked!, count);
    return readGauges();
  },
  /** Disposes of the inputs; the tensors that are left. */
  end(): number {
    soaked!.end();
    return tf.memory().numTensors - tensorsBefore;
  },
};
export type Soaker = typeof soaker;

async function repeat({ steps }: Soaked, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    // Of an own promise only: `await` alone would make a task of each call.
    const result = steps[calls % steps.length](calls);
    const tensors = result instanceof Promise ? await result : result;
    calls++;
    const isRead = (n % CALLS_PER_READ === 0 || n === count - 1) && tensors.length > 0;
    if (isRead) await tensors[0].data();
    tf.dispose(tensors);
  }
}
