/** From a model to its copy: the values of the weights, and which of them are trained. */
import { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { childrenOf } from '../layers/nested';

type Layer = layers.Layer;
type Weight = Layer['weights'][number];
/** Copies what a configuration does not say: `trainable` of nested models and of each weight. */
export function copyTrainable(from: Layer, to: Layer): void {
  if (from.trainable !== to.trainable) to.trainable = from.trainable;
  const [fromChildren, toChildren] = [childrenOf(from), childrenOf(to)];
  fromChildren.forEach((child, i) => copyTrainable(child, toChildren[i]!));
  if (fromChildren.length > 0) return;
  // By name: the order of a layer's weights depends on what is trainable.
  const flags = new Map(from.weights.map((weight) => [weight.originalName, weight.trainable]));
  for (const weight of to.weights) weight.trainable = flags.get(weight.originalName) ?? weight.trainable;
}

/** Gives the copy the original's values. The variables are the copy's own; the data is shared until one of them is assigned. */
export function copyWeights(name: string, from: LayersModel, to: LayersModel): void {
  const [expected, got] = [from.weights.map(label), to.weights.map(label)];
  const wrong = expected.findIndex((weight, i) => weight !== got[i]);
  if (wrong >= 0 || got.length !== expected.length) {
    throw new Error(
      `${name}: expected a copy with the ${expected.length} weights of the model; got ${got.length}, ` +
        `the first that differs is ${got[wrong] ?? 'none'} in place of ${expected[wrong] ?? 'none'}.`,
    );
  }
  to.weights.forEach((weight, i) => {
    const [target, value] = [weight.read(), from.weights[i]!.read()];
    // Assigned beside `write`, which would apply the weight's constraint, and so round, once more.
    if (target instanceof Variable) target.assign(value);
    else weight.write(value);
  });
}

function label({ originalName, shape }: Weight): string {
  return `${originalName} [${shape.join(', ')}]`;
}
