/** Layers in layers: those of a model, a wrapper's, a cell's. */
import type { layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;
const CHILDREN = ['layers', 'layer', 'forwardLayer', 'backwardLayer', 'cell', 'cells'] as const;
type Parent = Partial<Record<(typeof CHILDREN)[number], Layer | readonly Layer[]>>;

/** The layers directly in a layer. */
export function childrenOf(layer: Layer): Layer[] {
  return CHILDREN.flatMap((key) => (layer as Parent)[key] ?? []);
}

/** A layer and all in it that are wanted, outer ones last, each once. */
export function layersIn(layer: Layer, isWanted: (layer: Layer) => boolean): Layer[] {
  const below = childrenOf(layer).flatMap((child) => layersIn(child, isWanted));
  return [...new Set(isWanted(layer) ? [...below, layer] : below)];
}
