/**
 * The copy of TensorFlow.js that layers are made for.
 *
 * Two copies in one process share the engine, and so tensors and kernels; but each has its own Layer
 * and SymbolicTensor classes and its own list of registered classes. A layer works with one copy, its
 * host.
 */
import { Tensor, serialization } from '@tensorflow/tfjs-core';
import { InputSpec, SymbolicTensor, layers } from '@tensorflow/tfjs-layers';
import { type Layout, checkLayerRank } from '../layout';
import { isArray, isReadable, show } from '../show';

/** What is needed of a copy of tfjs; `tf` itself has it. Loose, so that any 4.x copy's types fit. */
export interface TfjsCopy {
  readonly layers: { readonly Layer: abstract new (...args: never[]) => object };
  readonly InputSpec: new (...args: never[]) => object;
  readonly SymbolicTensor: new (...args: never[]) => object;
  readonly serialization: {
    /** tf.serialization.registerClass */
    registerClass(layerClass: never): unknown;
  };
}

/** A TfjsCopy with the types of the copy that this package imports. */
export interface Host extends TfjsCopy {
  readonly layers: { readonly Layer: typeof layers.Layer };
  readonly InputSpec: typeof InputSpec;
  readonly SymbolicTensor: typeof SymbolicTensor;
  readonly serialization: Pick<typeof serialization, 'registerClass'>;
}

/** The copy that this package itself imports. */
export const DEFAULT_HOST: Host = { layers, InputSpec, SymbolicTensor, serialization };

/** @throws Error if `tf` is not a copy of tfjs with its layers */
export function hostOf(name: string, tf: TfjsCopy): Host {
  const complete =
    isReadable(tf) &&
    typeof tf?.layers?.Layer === 'function' &&
    typeof tf.InputSpec === 'function' &&
    typeof tf.SymbolicTensor === 'function' &&
    typeof tf.serialization?.registerClass === 'function';
  if (!complete) {
    throw new Error(
      `${name}: expected TensorFlow.js with its layers (tf.layers, tf.InputSpec, ` +
        `tf.SymbolicTensor, tf.serialization); got ${show(tf)}.`,
    );
  }
  return tf as Host;
}

/** Throws unless a layer's inputs are tensors, symbolic or not, of its rank. tfjs's own error for what is no tensor says nothing of it. */
export function checkInputs(
  name: string,
  host: Host,
  layout: Layout,
  inputNames: readonly string[],
  inputs: readonly unknown[],
): void {
  inputNames.forEach((argument, i) => {
    const input = inputs[i];
    const isInput = isReadable(input) && (input instanceof Tensor || input instanceof host.SymbolicTensor);
    if (!isInput) throw new Error(`${name}: expected ${argument} to be a tensor; got ${show(input)}.`);
    if (input instanceof Tensor && input.isDisposed)
      throw new Error(`${name}: expected ${argument} to be a tensor; got one that is disposed.`);
    checkLayerRank(name, layout, (input as Tensor).shape, argument);
  });
}

/** Throws if one of a layer's inputs is a symbolic tensor of another copy than `host`. */
export function checkSymbolicInputs(name: string, host: Host, inputs: unknown): void {
  for (const input of isArray(inputs) ? inputs : [inputs]) {
    if (looksSymbolic(input) && !(input instanceof host.SymbolicTensor)) {
      throw new Error(
        `${name}: expected a symbolic tensor of the TensorFlow.js that this layer was made for; ` +
          `got one of another copy. Two copies of @tensorflow/tfjs-layers are loaded. Call registerIm2ColLayers(tf) ` +
          `with the tf that builds the model, and use the layers that it returns; or load only one copy.`,
      );
    }
  }
}

function looksSymbolic(input: unknown): boolean {
  return (
    typeof input === 'object' &&
    input !== null &&
    isReadable(input) &&
    !(input instanceof Tensor) &&
    'sourceLayer' in input &&
    'nodeIndex' in input &&
    'shape' in input
  );
}
