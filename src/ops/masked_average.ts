/** Global average pooling over one axis where a mask leaves steps out, as Keras has it. */
import {
  type Tensor,
  add,
  cast,
  customGrad,
  div,
  equal,
  fill,
  notEqual,
  reshape,
  sum,
  tidy,
  tile,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type GlobalPoolSpec, globalPoolGeometry } from '../global';
import { storesHalf } from '../half_precision';
import { batchOf, sameShape, sizeOf, spatialOf } from '../layout';
import { show } from '../show';
import { toFloat } from './average_pool';
import { viewAs } from './canonical';
import { averageOfAll, sumOfAll } from './global_average_pool';

/**
 * The average of each channel over the steps whose mask is not zero, in the order of additions of all steps. A step that
 * is left out is absent, NaN or not, and gets no gradient; without any step the average is 0 / 0, NaN.
 *
 * @param x float32 or int32, [batch, length, channels] or, channels first, [batch, channels, length]
 * @param mask [batch, length], of any dtype
 * @throws Error if the mask has another shape
 */
export function averageOfUnmasked(name: string, spec: GlobalPoolSpec, x: Tensor, mask: Tensor): Tensor {
  return tidy(name, () => average1d(name, spec, x, mask));
}

function average1d(name: string, spec: GlobalPoolSpec, x: Tensor, mask: Tensor): Tensor {
  const { yShape } = globalPoolGeometry(name, spec, x.shape);
  const [batch, length] = [batchOf(spec, x.shape), sizeOf(spatialOf(spec, x.shape))];
  if (!sameShape(mask.shape, [batch, length])) {
    throw new Error(
      `${name}: expected a mask of shape ${show([batch, length])} [batch, length]; got ${show(mask.shape)}.`,
    );
  }
  // Some backends stumble over empty tensors.
  if (x.size === 0) return viewAs(toFloat(x), yShape);
  const channels = x.size / (batch * length);
  // Numbers until they have x's shape: booleans of different shapes are read out of bounds on wasm.
  const steps = add(cast(notEqual(toFloat(mask), 0), 'float32'), 0);
  const alongSteps = spec.dataFormat === 'channelsFirst' ? [1, 1, length] : [1, length, 1];
  const alongChannels = spec.dataFormat === 'channelsFirst' ? [1, channels, 1] : [1, 1, channels];
  const ofEach = tile(reshape(steps, [batch, ...alongSteps.slice(1)]), alongChannels);
  const counts = countsOf(steps, channels, yShape);

  // A sum may leave the range of 16 bit where its average does not.
  const pooled = (t: Tensor, n: Tensor) =>
    storesHalf() ? div(averageOfAll(name, spec, t), div(n, length)) : div(sumOfAll(name, spec, t), n);
  const share = (dy: Tensor, n: Tensor) => tile(reshape(div(dy, n), [batch, ...alongChannels.slice(1)]), alongSteps);
  const forward: Masked = (t, of, n) => recorded(t, of, n, () => pooled(kept(t, of), n), backward);
  const backward: Masked = (dy, of, n) => recorded(dy, of, n, () => kept(share(dy, n), of), forward);
  return forward(toFloat(x), ofEach, counts);
}

/** Linear in its first argument; the others say which steps count, and how many. */
type Masked = (t: Tensor, steps: Tensor, counts: Tensor) => Tensor;

/** A value with its gradient, for which steps and counts are saved. */
function recorded(t: Tensor, steps: Tensor, counts: Tensor, value: () => Tensor, adjoint: Masked): Tensor {
  return customGrad((_, save) => {
    (save as (tensors: Tensor[]) => void)([steps, counts]);
    return { value: value(), gradFunc: (d, saved) => adjoint(d, saved[0]!, saved[1]!) };
  })(t);
}

function kept(t: Tensor, steps: Tensor): Tensor {
  return where(notEqual(steps, 0), t, zerosLike(t));
}

/** How many steps count, of y's shape; NaN where none does, as some backends take 0 / 0 for 1. */
function countsOf(steps: Tensor, channels: number, yShape: readonly number[]): Tensor {
  const counts = tile(reshape(sum(steps, 1), [-1, 1]), [1, channels]);
  return reshape(where(equal(counts, 0), fill(counts.shape, NaN, 'float32'), counts), [...yShape]);
}
