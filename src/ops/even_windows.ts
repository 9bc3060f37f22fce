/**
 * Uneven windows laid side by side: along an axis, each adaptive window becomes `longest` elements, so that
 * ordinary pooling with that window and stride pools them. The adjoint puts gradients back.
 */
import { type Tensor, customGrad } from '@tensorflow/tfjs-core';
import { type AdaptiveAxis, forEachAdaptiveWindow } from '../adaptive';
import { runTake } from '../dispatch';
import { NOTHING } from '../slices';
import type { Implementation } from '../spec';

/** What stands where a window is shorter: its last element again, which never wins; or nothing, which adds nothing. */
export type Filling = 'last' | 'zero';

/** x with its windows laid side by side along an axis. Its gradient: each element gets those of its copies in windows. */
export function layOut(x: Tensor, axis: AdaptiveAxis, filling: Filling, implementation: Implementation): Tensor {
  const take = { axis: axis.index, to: axis.output * axis.longest, sources: () => windowsOf(axis, filling) };
  return customGrad((xInput) => ({
    value: runTake(xInput as Tensor, take, implementation),
    // What fills a window up receives nothing: the routing never names it, and it is no part of a sum.
    gradFunc: (dy) => putBack(dy, axis, implementation),
  }))(x);
}

function putBack(dy: Tensor, axis: AdaptiveAxis, implementation: Implementation): Tensor {
  const take = { axis: axis.index, to: axis.input, sources: () => copiesOf(axis) };
  return customGrad((dyInput) => ({
    value: runTake(dyInput as Tensor, take, implementation),
    gradFunc: (ddx) => layOut(ddx, axis, 'zero', implementation),
  }))(dy);
}

/** Where the elements of the windows lie. */
function windowsOf(axis: AdaptiveAxis, filling: Filling): Int32Array {
  const { output, longest } = axis;
  const sources = new Int32Array(output * longest);
  forEachAdaptiveWindow(axis, (start, length, window) => {
    const [first, filled] = [window * longest, filling === 'last' ? start + length - 1 : NOTHING];
    for (let i = 0; i < longest; i++) sources[first + i] = i < length ? start + i : filled;
  });
  return sources;
}

/** Where an element's copies lie, layer by layer: each term has those in the windows of one layer. */
function copiesOf(axis: AdaptiveAxis): Int32Array {
  const { input, longest } = axis;
  const { layerOf, count } = layersOf(axis);
  const sources = new Int32Array(count * input).fill(NOTHING);
  forEachAdaptiveWindow(axis, (start, length, window) => {
    const first = layerOf[window] * input + start;
    for (let i = 0; i < length; i++) sources[first + i] = window * longest + i;
  });
  return sources;
}

/** Windows in as few layers as can be, so that those in a layer don't overlap: each in the first that has room. */
function layersOf(axis: AdaptiveAxis): { layerOf: Int32Array; count: number } {
  const layerOf = new Int32Array(axis.output);
  /** Where the last window of each layer ends. */
  const ends: number[] = [];
  /** No layer before this one has room. */
  let first = 0;
  /** Windows end in the order in which they start: those before this one have made room. */
  let ended = 0;
  forEachAdaptiveWindow(axis, (start, length, window) => {
    for (; ended < window && ends[layerOf[ended]] <= start; ended++) first = Math.min(first, layerOf[ended]);
    while (first < ends.length && ends[first] > start) first++;
    layerOf[window] = first;
    ends[first] = start + length;
  });
  return { layerOf, count: ends.length };
}
