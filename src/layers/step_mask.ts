/**
 * Which mask belongs to a layer's input. tfjs hands masks on in one object of keyword arguments, and leaves there the mask
 * of an earlier layer, also of another branch; so the layers before tell whether a mask can have come along at all.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SymbolicTensor, layers } from '@tensorflow/tfjs-layers';

/** Further arguments of `call` and `apply`. */
export type Kwargs = Parameters<layers.Layer['call']>[1];

/** The layers of tfjs that make masks; the others that support masking pass on what they got. */
const MAKERS: readonly string[] = ['Embedding', 'Masking'];

/**
 * The mask of a layer's input; undefined if it has none.
 *
 * @param isNested whether the layer's model is part of another one, whose masks come in by the input layers
 */
export function stepMask(layer: layers.Layer, kwargs: Kwargs | undefined, isNested: boolean): Tensor | undefined {
  const given = (kwargs as { mask?: Tensor | Tensor[] | null } | undefined)?.mask;
  const mask = Array.isArray(given) ? given[0] : given;
  if (mask == null) return undefined;
  const inputs = layer.inboundNodes.flatMap((node) => node.inputTensors);
  // A layer that is in no model is given its mask by whoever calls it.
  const isItsOwn = inputs.length === 0 || inputs.some((input) => carriesMask(input, isNested, new Set()));
  return isItsOwn ? mask : undefined;
}

function carriesMask(tensor: SymbolicTensor, isNested: boolean, seen: Set<SymbolicTensor>): boolean {
  if (seen.has(tensor)) return false;
  seen.add(tensor);
  const { sourceLayer, inputs } = tensor;
  const name = sourceLayer.getClassName();
  if (name === 'InputLayer') return isNested;
  if (!sourceLayer.supportsMasking) return false;
  return MAKERS.includes(name) || inputs.some((input) => carriesMask(input, isNested, seen));
}
