/** One case on the current backend: ours and the built-in run, are compared with the contract, and are timed. */
import { type Tensor, dispose, grad, neg, tensor, tidy } from '@tensorflow/tfjs-core';
import { maxPool1d, maxPool2d, maxPool3d } from '../ops/max_pool';
import { type PoolSpec, poolSpec, show } from '../spec';
import { type Result, agreementOf, deviation, massOf } from './agreement';
import { firstLine } from './backends';
import { builtinPooling } from './builtin';
import { type Stated, statedGradient, statedPooling } from './contract';
import { gradientValues, inputValues } from './fill';
import { type Pooling, keptBytes, timeOf, withKernelNames } from './measure';
import type { Agreement, CompareCase, CompareRow, GradientAgreement } from './report';

const MAX_POOL = { 1: maxPool1d, 2: maxPool2d, 3: maxPool3d } as const;

/** What a row needs to know beside its case. */
export interface RowSettings {
  readonly backend: string;
  readonly gradient: boolean;
  readonly repeats: number;
  readonly seed: number;
  /** Lets the event loop run, and throws if the comparison was aborted. */
  rest(): Promise<void>;
}

/** A case with its options read. */
interface Prepared {
  readonly case: CompareCase;
  readonly spec: PoolSpec;
  readonly ours: Pooling;
  readonly builtin: Pooling;
}

interface Forward {
  readonly result: Result;
  readonly kernels: readonly string[];
}

/** The options of a case, read. @throws Error if the shape has no rank that pooling knows, or an option is wrong */
export function prepareCase(name: string, given: CompareCase): Prepared {
  const rank = given.shape.length - 2;
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw new Error(
      `${name}: expected the shape of case '${given.name}' to be of rank 3, 4 or 5; got ${show([...given.shape])}.`,
    );
  }
  const spec = poolSpec(`${name}, case '${given.name}'`, rank, given.options);
  const { values = 'relu' } = given;
  const size = given.shape.reduce((a, b) => a * b, 1);
  if (typeof values !== 'string' && values.length !== size) {
    throw new Error(
      `${name}: expected case '${given.name}' to have ${size} values for ${show([...given.shape])}; got ${values.length}.`,
    );
  }
  return {
    case: given,
    spec,
    ours: (x) => MAX_POOL[rank](x, given.options),
    builtin: (x) => builtinPooling(x, spec),
  };
}

export async function compareRow(prepared: Prepared, settings: RowSettings): Promise<CompareRow> {
  const {
    case: { name, about = '', shape, dtype = 'float32', options },
    spec,
    ours,
    builtin,
  } = prepared;
  const x = inputTensor(prepared.case, settings);
  const tensors: Tensor[] = [x];
  try {
    const stated = statedPooling(await x.data(), shape, spec);
    const forward = { ours: await forwardOf(ours, x), builtin: await forwardOf(builtin, x) };
    const values = agreementOf(forward.ours.result, forward.builtin.result, {
      shape: stated.shape,
      data: stated.values,
    });
    const hasGradient = settings.gradient && dtype === 'float32';
    const dy = tensor(gradientValues(stated.values.length, settings.seed + 1), [...stated.shape]);
    tensors.push(dy);
    const gradient = hasGradient ? await compareGradients(prepared, x, dy, stated, values) : null;
    const works = { forward: values.builtinError === undefined, gradient: gradient?.builtinError === undefined };
    return {
      case: name,
      about,
      backend: settings.backend,
      rank: spec.rank,
      shape: [...shape],
      outputShape: [...stated.shape],
      dtype,
      options,
      kernels: { ours: forward.ours.kernels, builtin: forward.builtin.kernels },
      values,
      gradient,
      deviates: deviation(
        [values, gradient].some((part) => part?.deviates === 'ours' || part?.deviates === 'both'),
        [values, gradient].some((part) => part?.deviates === 'builtin' || part?.deviates === 'both'),
      ),
      times: settings.repeats > 0 ? await times(prepared, x, hasGradient ? dy : null, works, settings) : null,
      kept: hasGradient ? kept(prepared, x, works.gradient) : null,
    };
  } finally {
    dispose(tensors);
  }
}

/** The case's input, as an operation leaves it on the device: packed on WebGL, rounded where textures have 16 bits. */
function inputTensor(
  { values = 'relu', shape, dtype = 'float32' }: CompareCase,
  { seed, backend }: RowSettings,
): Tensor {
  const numbers = inputValues(
    values,
    shape.reduce((a, b) => a * b, 1),
    seed,
  );
  const data = dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers);
  if (backend !== 'webgl') return tensor(data, [...shape], dtype);
  return tidy(() => neg(neg(tensor(data, [...shape], dtype))));
}

async function forwardOf(pooling: Pooling, x: Tensor): Promise<Forward> {
  try {
    const { result: y, kernels } = withKernelNames(() => tidy(() => pooling(x)));
    const result = { shape: y.shape, data: await y.data() };
    y.dispose();
    return { result, kernels };
  } catch (error) {
    return { result: { error: firstLine(error) }, kernels: [] };
  }
}

async function compareGradients(
  { ours, builtin }: Prepared,
  x: Tensor,
  dy: Tensor,
  stated: Stated,
  { builtinError, builtinShape }: Agreement,
): Promise<GradientAgreement> {
  const run = async (pooling: Pooling): Promise<Result> => (await forwardOf((t) => grad(pooling)(t, dy), x)).result;
  const ourResult = await run(ours);
  // tfjs would throw, and leak what its tape has saved.
  const reason = builtinError ?? (builtinShape && `its result has the shape [${builtinShape.join(', ')}]`);
  const builtinResult = reason === undefined ? await run(builtin) : { error: reason };
  const expected = statedGradient(await dy.data(), stated, x.size);
  return {
    ...agreementOf(ourResult, builtinResult, { shape: x.shape, data: expected }),
    mass: { ours: massOf(ourResult, expected), builtin: massOf(builtinResult, expected) },
  };
}

async function times(
  { ours, builtin }: Prepared,
  x: Tensor,
  dy: Tensor | null,
  works: { forward: boolean; gradient: boolean },
  { repeats, rest }: RowSettings,
): Promise<CompareRow['times']> {
  const forward = await timeOf(() => ours(x), works.forward ? () => builtin(x) : null, repeats, rest);
  if (dy === null) return { forward, training: null };
  const step = (pooling: Pooling) => () => grad(pooling)(x, dy);
  return { forward, training: await timeOf(step(ours), works.gradient ? step(builtin) : null, repeats, rest) };
}

function kept({ ours, builtin }: Prepared, x: Tensor, builtinWorks: boolean): CompareRow['kept'] {
  return { ours: keptBytes(ours, x), builtin: builtinWorks ? keptBytes(builtin, x) : null };
}
