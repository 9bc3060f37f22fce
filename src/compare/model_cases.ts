/** A model's own pooling layers as cases: their options, and what really flows into them. */
import { type Tensor, dispose, keep, tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { type PoolingKind, kindOfLayer } from '../kinds';
import { layersIn } from '../layers/nested';
import { sameShape, sizeOf } from '../layout';
import { optionNames } from '../options';
import { show } from '../show';
import { uniformValues } from './seeded_values';
import type { CompareCase } from './report';

type Layer = layers.Layer;
type Call = Layer['call'];

/**
 * Runs the model once and notes what its pooling layers get: one case per layer and shape (a layer may be shared, or run
 * once for each step of a sequence).
 */
export async function modelCases(
  name: string,
  model: LayersModel,
  inputs: Tensor | Tensor[] | undefined,
  seed: number,
): Promise<CompareCase[]> {
  const found = layersIn(model, (layer) => poolingOf(layer) !== undefined);
  if (found.length === 0)
    throw new Error(`${name}: expected a model with pooling layers; got none in '${model.name}'.`);
  const seen: Array<{ layer: Layer; x: Tensor }> = [];
  const note = (layer: Layer, x: Tensor) => {
    const isKnown = seen.some((other) => other.layer === layer && sameShape(other.x.shape, x.shape));
    if (!isKnown) seen.push({ layer, x: keep(x.clone()) });
  };
  const given = inputs === undefined ? randomInputs(name, model, seed) : inputs;
  try {
    spying(found, note, () => {
      tidy(() => {
        model.apply(given, { training: false });
      });
    });
    return await Promise.all(
      seen.map(async ({ layer, x }, i) => {
        const isRepeated = seen.slice(0, i).some((other) => other.layer === layer);
        return caseOf(layer, isRepeated ? `${layer.name} (${x.shape.join('x')})` : layer.name, x, await x.data());
      }),
    );
  } finally {
    dispose(seen.map(({ x }) => x));
    if (inputs === undefined) dispose(given);
  }
}

/** Runs `f` while `note` hears what the layers are called with. */
function spying(found: readonly Layer[], note: (layer: Layer, x: Tensor) => void, f: () => void): void {
  const own = found.map((layer) => Object.getOwnPropertyDescriptor(layer, 'call'));
  for (const layer of found) {
    const { call } = layer;
    layer.call = ((x, kwargs) => {
      note(layer, Array.isArray(x) ? x[0]! : x);
      return call.call(layer, x, kwargs);
    }) satisfies Call;
  }
  try {
    f();
  } finally {
    found.forEach((layer, i) => {
      if (own[i]) Object.defineProperty(layer, 'call', own[i]);
      else delete (layer as Partial<Layer>).call;
    });
  }
}

/** The kind that a layer pools by, if it can be compared. */
function poolingOf(layer: Layer): PoolingKind | undefined {
  const kind = kindOfLayer(layer.getClassName())?.kind;
  return kind?.reduces === undefined ? undefined : kind;
}

/** A layer's pooling and options, with what it got. */
function caseOf(layer: Layer, name: string, { shape, dtype }: Tensor, values: ArrayLike<number>): CompareCase {
  const kind = poolingOf(layer)!;
  const names = optionNames(kind.options);
  const options = Object.entries(layer.getConfig()).filter(([key]) => names.includes(key));
  return {
    name,
    about: layer.getClassName(),
    shape,
    dtype: dtype === 'int32' ? 'int32' : 'float32',
    pooling: kind.name,
    options: Object.fromEntries(options),
    values,
  } as CompareCase;
}

/** One example of numbers in [0, 1), as pictures have them. */
function randomInputs(name: string, model: LayersModel, seed: number): Tensor[] {
  return model.inputs.map(({ shape, dtype, name: input }, i) => {
    const sizes = [shape[0] ?? 1, ...shape.slice(1)];
    if (sizes.some((size) => size === null)) {
      throw new Error(
        `${name}: expected inputs for '${model.name}', whose input '${input}' has no fixed size; ` +
          `got none, for ${show(shape)}.`,
      );
    }
    const known = sizes as number[];
    return tensor(uniformValues(sizeOf(known), seed + i), known, dtype === 'int32' ? 'int32' : 'float32');
  });
}
