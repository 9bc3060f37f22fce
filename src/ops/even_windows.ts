/**
 * Uneven windows laid side by side: along an axis, each adaptive window becomes `longest` elements, so that
 * ordinary pooling with that window and stride pools them. The adjoint puts gradients back.
 */
import { type Tensor, customGrad } from '@tensorflow/tfjs-core';
import { type AdaptiveAxis, forEachAdaptiveWindow, longestWindow } from '../adaptive';
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

/** The adjoint of {@link layOut}, filled up with zeros: each element gets the sum over its copies in windows. */
export function putBack(dy: Tensor, axis: AdaptiveAxis, implementation: Implementation): Tensor {
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

/** Where an element's copies lie: term 0 has those in the first window that holds the element, and so on. */
function copiesOf(axis: AdaptiveAxis): Int32Array {
  const { input, output, longest } = axis;
  // An element is in the windows that adaptive pooling would give it the other way round.
  const sources = new Int32Array(longestWindow(output, input) * input).fill(NOTHING);
  const held = new Int32Array(input);
  forEachAdaptiveWindow(axis, (start, length, window) => {
    for (let i = 0; i < length; i++) sources[held[start + i]++ * input + start + i] = window * longest + i;
  });
  return sources;
}
