/** Tensors that a gradient needs, kept by the tape without a copy. */
import { type Tensor, engine } from '@tensorflow/tfjs-core';

/**
 * Hands kept tensors to the node of the tape that made `output`: the engine disposes of what a node saved when the tape ends.
 * Its own `save` clones, which copies all elements on wasm.
 */
export function saveOnTape(output: Tensor, kept: readonly Tensor[]): void {
  const node = engine().state.activeTape.find(({ outputs }) => outputs.includes(output))!;
  (node.saved ??= []).push(...kept);
}
