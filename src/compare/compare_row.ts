/** One case on the current backend: ours and the built-in run, are compared with the contract, and are timed. */
import { type Tensor, dispose, grad, neg, tensor, tidy } from '@tensorflow/tfjs-core';
import { sizeOf } from '../layout';
import { show } from '../show';
import type { SpatialRank } from '../spec';
import { type Result, agreementOf, deviation, massOf } from './agreement';
import { currentPrecision } from './backends';
import type { Statement } from './contract/statement';
import { gradientValues, inputValues } from './seeded_values';
import { firstLine } from './first_line';
import { type Pooling, keptBytes, timeOf, withKernelNames } from './measure';
import { type PreparedPooling, preparePooling } from './poolings';
import type { Agreement, CompareCase, CompareRow, GradientAgreement, ReportedOptions } from './report';

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
interface Prepared extends PreparedPooling {
  readonly case: CompareCase;
  readonly rank: SpatialRank;
}

interface Forward {
  readonly result: Result;
  readonly kernels: readonly string[];
}

/** The options of a case, read. @throws Error if the shape has no rank that pooling knows, or an option is wrong */
export function prepareCase(name: string, given: CompareCase): Prepared {
  const rank = given.shape.length - 2;
  const caseName = show(given.name);
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw new Error(
      `${name}: expected the shape of case ${caseName} to be of rank 3, 4 or 5; got ${show([...given.shape])}.`,
    );
  }
  const pooling = preparePooling(`${name}, case ${caseName}`, rank, given);
  const { values = 'relu' } = given;
  const size = sizeOf(given.shape);
  if (typeof values !== 'string' && values.length !== size) {
    throw new Error(
      `${name}: expected case ${caseName} to have ${size} values for ${show([...given.shape])}; got ${values.length}.`,
    );
  }
  return { ...pooling, case: given, rank };
}

export async function compareRow(prepared: Prepared, settings: RowSettings): Promise<CompareRow> {
  const { ours, builtin } = prepared;
  const { name, about = '', pooling = 'max', shape, dtype = 'float32', options } = prepared.case;
  const x = inputTensor(prepared.case, settings);
  const tensors: Tensor[] = [x];
  try {
    const stated = prepared.stated(await x.data(), currentPrecision());
    const forward = { ours: await forwardOf(ours, x), builtin: await builtinForward(builtin, (run) => run, x) };
    const values = agreementOf(forward.ours.result, forward.builtin.result, stated.values, exists(prepared));
    const hasGradient = settings.gradient && dtype === 'float32';
    const { shape: outputShape } = stated.values;
    const dy = tensor(gradientValues(stated.values.data.length, settings.seed + 1), [...outputShape]);
    tensors.push(dy);
    const gradient = hasGradient ? await compareGradients(prepared, x, dy, stated, values) : null;
    const works = { forward: values.builtinError === undefined, gradient: gradient?.builtinError === undefined };
    return {
      case: name,
      about,
      backend: settings.backend,
      pooling,
      counterpart: typeof builtin === 'string' ? null : builtin.name,
      rank: prepared.rank,
      shape: [...shape],
      outputShape: [...outputShape],
      dtype,
      options: reported(options),
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

function exists({ builtin }: Prepared): boolean {
  return typeof builtin !== 'string';
}

/** JSON has no infinity. */
function reported(options: CompareCase['options']): ReportedOptions {
  return 'p' in options && options.p === Infinity ? { ...options, p: 'Infinity' } : { ...options };
}

/** The case's input, as an operation leaves it on the device: packed on WebGL, rounded where textures have 16 bits. */
function inputTensor(
  { values = 'relu', shape, dtype = 'float32' }: CompareCase,
  { seed, backend }: RowSettings,
): Tensor {
  const numbers = inputValues(values, sizeOf(shape), seed);
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

/** What `of` makes of the built-in, run on x. */
async function builtinForward(
  builtin: Prepared['builtin'],
  of: (run: Pooling) => Pooling,
  x: Tensor,
): Promise<Forward> {
  return typeof builtin === 'string' ? { result: { error: builtin }, kernels: [] } : forwardOf(of(builtin.run), x);
}

async function compareGradients(
  prepared: Prepared,
  x: Tensor,
  dy: Tensor,
  statement: Statement,
  { builtinError, builtinShape }: Agreement,
): Promise<GradientAgreement> {
  const gradientOf = (pooling: Pooling) => (t: Tensor) => grad(pooling)(t, dy);
  const { result: ours } = await forwardOf(gradientOf(prepared.ours), x);
  // tfjs would throw, and leak what its tape has saved.
  const reason = builtinError ?? (builtinShape && `its result has the shape [${builtinShape.join(', ')}]`);
  const builtin: Result =
    reason === undefined ? (await builtinForward(prepared.builtin, gradientOf, x)).result : { error: reason };
  const stated = statement.gradient(await dy.data());
  const mass = (result: Result) => (statement.passesMassOn ? massOf(result, stated) : null);
  return {
    ...agreementOf(ours, builtin, stated, exists(prepared)),
    mass: { ours: mass(ours), builtin: mass(builtin) },
  };
}

async function times(
  { ours, builtin }: Prepared,
  x: Tensor,
  dy: Tensor | null,
  works: { forward: boolean; gradient: boolean },
  { repeats, rest }: RowSettings,
): Promise<CompareRow['times']> {
  const rival = typeof builtin === 'string' ? null : builtin.run;
  const forward = await timeOf(() => ours(x), rival && works.forward ? () => rival(x) : null, repeats, rest);
  if (dy === null) return { forward, training: null };
  const step = (pooling: Pooling) => () => grad(pooling)(x, dy);
  return { forward, training: await timeOf(step(ours), rival && works.gradient ? step(rival) : null, repeats, rest) };
}

function kept({ ours, builtin }: Prepared, x: Tensor, builtinWorks: boolean): CompareRow['kept'] {
  const ofBuiltin = typeof builtin !== 'string' && builtinWorks ? keptBytes(builtin.run, x) : null;
  return { ours: keptBytes(ours, x), builtin: ofBuiltin };
}
