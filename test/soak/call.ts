/** One call of the soak. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';

/** One call; the caller disposes of what it returns. `i`: the number of the call. */
export type Step = (i: number) => tf.Tensor[] | Promise<tf.Tensor[]>;

/** An operation's steps, which the soak goes through again and again. */
export interface Soaked {
  readonly steps: readonly Step[];
  /** Disposes of the inputs. */
  end(): void;
}

export type Operation = (...args: unknown[]) => tf.Tensor | { values: tf.Tensor; argmax: tf.Tensor };

/** The package's operation of this name. */
export function operationOf(name: string): Operation {
  return (plugin as never as Record<string, Operation>)[name];
}

export function tensorsOf(result: ReturnType<Operation>): tf.Tensor[] {
  return result instanceof tf.Tensor ? [result] : [result.values, result.argmax];
}

/** A call that must throw; what it leaves then is a leak. */
export async function refused(call: () => unknown): Promise<tf.Tensor[]> {
  try {
    await call();
  } catch {
    return [];
  }
  throw new Error('a wrong call did not throw');
}
