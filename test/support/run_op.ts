/**
 * Calls one operation of the package on the current backend: its result, its vector-Jacobian product,
 * and what leaked, also where it throws. Runs in Node and in the browser, as run_case.ts does.
 */
import type * as TfCore from '@tensorflow/tfjs-core';
import type * as Plugin from '../../src/base';
import { type PlainTensor, type Tf, fromPlain, leakCounter, secondDerivative, toPlain, traceKernels } from './run_case';

/** An argument: a tensor to be made, of its dtype or of one that is then cast to it, or plain data as it is. */
export type OpArgument =
  { tensor: Omit<PlainTensor, 'dtype'> & { dtype: string }; castFrom?: 'int32' | 'bool' } | { plain: unknown };

export interface OpCall {
  op: keyof typeof Plugin;
  args: OpArgument[];
  /** The gradient of the result; with it the gradient of the first argument is computed. */
  dResult?: PlainTensor;
  /** Of an operation with two results: which one. */
  part?: 'values' | 'argmax';
  /** Compute the second derivative as well. */
  second?: boolean;
  /** Run it as on a backend without kernels of ours. */
  withoutKernels?: boolean;
}

export interface OpResult {
  result: PlainTensor;
  gradient?: PlainTensor | undefined;
  /** With g the gradient of sum(y * y * dResult) / 2, the gradient of sum(g * g) / 2. */
  second?: PlainTensor | undefined;
  kernels: string[];
  backend: string;
  leaked: number;
}

type Operation = (...args: unknown[]) => TfCore.Tensor | Promise<TfCore.Tensor | Int32Array>;

type TwoResults = (...args: unknown[]) => { values: TfCore.Tensor; argmax: TfCore.Tensor };

function onePart(operation: TwoResults, part: 'values' | 'argmax'): Operation {
  return (...args) => {
    const { values, argmax } = operation(...args);
    (part === 'values' ? argmax : values).dispose();
    return part === 'values' ? values : argmax;
  };
}

export async function runOp(
  tf: Tf,
  plugin: typeof Plugin,
  { op, args, dResult, second, part, withoutKernels }: OpCall,
): Promise<OpResult> {
  const leaks = leakCounter(tf);
  const { values, dispose } = toArguments(tf, args);
  const call: Operation = part ? onePart(plugin[op] as unknown as TwoResults, part) : (plugin[op] as Operation);
  const compute = () => {
    const dy = dResult && fromPlain(tf, dResult);
    const f = (first: TfCore.Tensor) => call(first, ...values.slice(1)) as TfCore.Tensor;
    const dx = dy && tf.grad(f)(values[0] as TfCore.Tensor, dy);
    const ddx = dy && second && secondDerivative(tf, f, values[0] as TfCore.Tensor, dy);
    dy?.dispose();
    return [call(...values), dx, ddx || undefined] as const;
  };
  const [[returned, gradient, secondGradient], kernels] = traceKernels(tf, () =>
    withoutKernels ? withoutKernelsOfOurs(tf, compute) : compute(),
  );
  const awaited = await returned;
  const result =
    awaited instanceof tf.Tensor
      ? await toPlain(awaited)
      : { shape: [awaited.length], dtype: 'int32' as const, data: Array.from(awaited) };
  const plainGradient = gradient && (await toPlain(gradient));
  if (awaited instanceof tf.Tensor) awaited.dispose();
  gradient?.dispose();
  const plainSecond = secondGradient && (await toPlain(secondGradient));
  secondGradient?.dispose();
  dispose();
  return { result, gradient: plainGradient, second: plainSecond, kernels, backend: tf.getBackend(), leaked: leaks() };
}

/** Runs `f` with the current backend's stock kernels alone. */
function withoutKernelsOfOurs<T>(tf: Tf, f: () => T): T {
  const backend = tf.getBackend();
  const ours = tf.getKernelsForBackend(backend).filter(({ kernelName }) => kernelName.startsWith('Im2Col'));
  ours.forEach(({ kernelName }) => tf.unregisterKernel(kernelName, backend));
  try {
    return f();
  } finally {
    ours.forEach((kernel) => tf.registerKernel(kernel));
  }
}

/** The message of the error that a call throws ('' if it throws none), and what it left behind. */
export async function runThrowingOp(
  tf: Tf,
  plugin: typeof Plugin,
  { op, args }: OpCall,
  insideTidy: boolean,
): Promise<{ message: string; leaked: number }> {
  const { values, dispose } = toArguments(tf, args);
  const call = () => (plugin[op] as Operation)(...values);
  let outcome = { message: '', leaked: 0 };
  if (insideTidy)
    tf.tidy(() => {
      outcome = caught(tf, call);
    });
  else outcome = await caughtLater(tf, call);
  dispose();
  return outcome;
}

/** Counts inside of the caller's tidy, which would clean up what the operation should have. */
function caught(tf: Tf, call: () => unknown): { message: string; leaked: number } {
  const leaks = leakCounter(tf);
  try {
    call();
    return { message: '', leaked: leaks() };
  } catch (error) {
    return { message: (error as Error).message, leaked: leaks() };
  }
}

async function caughtLater(tf: Tf, call: () => unknown): Promise<{ message: string; leaked: number }> {
  const leaks = leakCounter(tf);
  const message = await Promise.resolve()
    .then(call)
    .then(
      () => '',
      (error: Error) => error.message,
    );
  return { message, leaked: leaks() };
}

function toArguments(tf: Tf, args: OpArgument[]): { values: unknown[]; dispose: () => void } {
  const values = args.map((arg) => {
    if ('plain' in arg) return arg.plain;
    const { castFrom, tensor } = arg;
    if (!castFrom) return fromPlain(tf, tensor as PlainTensor);
    return tf.tidy(() => tf.cast(tf.tensor(tensor.data, tensor.shape, castFrom), tensor.dtype as 'float32'));
  });
  return { values, dispose: () => tf.dispose(values.filter((value) => value instanceof tf.Tensor)) };
}
