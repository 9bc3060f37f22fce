/**
 * What the layers of a kind compute: its operation (ops/by_kind.ts), and beside it what only layers do: two outputs, max
 * unpooling, and the average of the steps that a mask keeps.
 */
import { type Tensor, cast, tidy } from '@tensorflow/tfjs-core';
import type { GlobalPoolSpec } from '../global';
import type { PoolingKind } from '../kinds';
import { sizeOf } from '../layout';
import {
  adaptiveMaxPoolWithArgmax1d,
  adaptiveMaxPoolWithArgmax2d,
  adaptiveMaxPoolWithArgmax3d,
} from '../ops/adaptive_max_pool';
import { OPERATIONS } from '../ops/by_kind';
import { checkTaps, trustTaps } from '../ops/checked_taps';
import { averageOfUnmasked } from '../ops/masked_average';
import { type ValuesAndArgmax, maxPoolWithArgmax1d, maxPoolWithArgmax2d, maxPoolWithArgmax3d } from '../ops/max_pool';
import { maxUnpool1d, maxUnpool2d, maxUnpool3d } from '../ops/max_unpool';
import type { PoolSpec, SpatialRank } from '../spec';
import { unpooledShape } from '../unpooled_shape';

type Shape = ReadonlyArray<number | null>;
/** Inputs, as many as the kind has, to the output or to [values, argmax]. Errors that are not an operation's begin with `name`. */
type Compute = (inputs: readonly Tensor[], name: string) => Tensor | Tensor[];
type PoolWithArgmax = { of(x: Tensor, options: object): ValuesAndArgmax }['of'];

const WITH_ARGMAX: Readonly<Record<string, Readonly<Record<SpatialRank, PoolWithArgmax>>>> = {
  max: { 1: maxPoolWithArgmax1d, 2: maxPoolWithArgmax2d, 3: maxPoolWithArgmax3d },
  adaptiveMax: { 1: adaptiveMaxPoolWithArgmax1d, 2: adaptiveMaxPoolWithArgmax2d, 3: adaptiveMaxPoolWithArgmax3d },
};
const MAX_UNPOOL = { 1: maxUnpool1d, 2: maxUnpool2d, 3: maxUnpool3d };

/** What a layer with these arguments, complete, computes. */
export function computeOf({ name: kind }: PoolingKind, rank: SpatialRank, args: object): Compute {
  if (kind === 'unpooling') return unpooling(rank, args as UnpoolingArgs);
  const { returnArgmax, ...options } = args as { returnArgmax?: boolean };
  if (!returnArgmax) return ([x]) => OPERATIONS[kind]![rank](x!, options);
  return ([x]) => {
    const { values, argmax } = WITH_ARGMAX[kind]![rank](x!, options);
    return [values, argmax];
  };
}

/** A layer's output shape. @throws Error if its windows do not fit the shapes of its inputs */
export function outputShapeOf(kind: PoolingKind, name: string, spec: object, shapes: readonly Shape[]) {
  return kind.name === 'unpooling'
    ? unpooledShape(name, spec as PoolSpec & UnpoolingArgs, shapes[0]!, shapes[1]!)
    : kind.windows.outputShape(name, spec, shapes[0]!);
}

/** Of a kind whose 1-D layer honours a mask, [batch, length]: x to y without the steps that it leaves out. */
export function maskedOperation({ name: kind }: PoolingKind) {
  return kind === 'globalAverage'
    ? (name: string, spec: object, x: Tensor, mask: Tensor) => averageOfUnmasked(name, spec as GlobalPoolSpec, x, mask)
    : undefined;
}

type UnpoolingArgs = Omit<PoolSpec, 'rank'> & { readonly outputSize: readonly number[] | null };

function unpooling(rank: SpatialRank, { outputSize, ...options }: UnpoolingArgs): Compute {
  return (inputs, name) => {
    const [values, argmax] = [inputs[0]!, inputs[1]!];
    const xShape = unpooledShape(name, { rank, outputSize, ...options }, values.shape, argmax.shape) as number[];
    return tidy(() => MAX_UNPOOL[rank](values, tapsOf(name, argmax, sizeOf(options.poolSize)), xShape, options));
  };
}

/** tfjs casts what enters or leaves a nested model to float32; tap numbers survive that exactly. */
function tapsOf(name: string, argmax: Tensor, taps: number): Tensor {
  if (argmax.dtype !== 'float32') return argmax;
  checkTaps(name, argmax, taps);
  const cast32 = cast(argmax, 'int32');
  trustTaps(cast32, taps);
  return cast32;
}
