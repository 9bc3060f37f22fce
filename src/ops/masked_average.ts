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
import { poolGeometry } from '../geometry';
import { type GlobalPoolSpec, globalPoolGeometry, stagesOf } from '../global';
import { batchOf, sameShape, sizeOf, spatialOf } from '../layout';
import { poolSpec, show } from '../spec';
import { average, toFloat } from './average_pool';
import { viewAs } from './canonical';

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
  const { run, yShape } = globalPoolGeometry(name, spec, x.shape);
  const [batch, length] = [batchOf(spec, x.shape), sizeOf(spatialOf(spec, x.shape))];
  if (!sameShape(mask.shape, [batch, length])) {
    throw new Error(
      `${name}: expected a mask of shape ${show([batch, length])} [batch, length]; got ${show(mask.shape)}.`,
    );
  }
  // Some backends stumble over empty tensors.
  if (x.size === 0) return viewAs(toFloat(x), yShape);
  const channels = x.size / (batch * length);
  const isFirst = spec.dataFormat === 'channelsFirst';
  // Numbers until they have x's shape: booleans of different shapes are read out of bounds on wasm.
  const steps = add(cast(notEqual(toFloat(mask), 0), 'float32'), 0);
  const ofEach = isFirst
    ? tile(reshape(steps, [batch, 1, length]), [1, channels, 1])
    : tile(reshape(steps, [batch, length, 1]), [1, 1, channels]);
  const counts = tile(reshape(sum(steps, 1), [batch, 1]), [1, channels]);
  const sums = stagesOf(length).reduce(
    (part, window) => {
      const stage = poolSpec(name, 1, { poolSize: window, ceilMode: true, implementation: spec.implementation });
      return average(part, poolGeometry(name, stage, part.shape), 'one');
    },
    viewAs(kept(toFloat(x), ofEach), run),
  );
  // Some backends take 0 / 0 for 1.
  const none = equal(counts, 0);
  const divisors = where(none, fill(counts.shape, NaN), counts);
  return dividedBy(viewAs(sums, yShape), reshape(divisors, [...yShape]));
}

/** x where `steps` is not zero, else 0; its gradient is the same of dy. */
function kept(x: Tensor, steps: Tensor): Tensor {
  return customGrad((xInput, save) => {
    (save as (tensors: Tensor[]) => void)([steps]);
    const t = xInput as Tensor;
    return {
      value: where(notEqual(steps, 0), t, zerosLike(t)),
      gradFunc: (dy, saved) => kept(dy, saved[0]),
    };
  })(x);
}

/** x / divisors, element by element; its gradient is dy / divisors. */
function dividedBy(x: Tensor, divisors: Tensor): Tensor {
  return customGrad((xInput, save) => {
    (save as (tensors: Tensor[]) => void)([divisors]);
    return {
      value: div(xInput as Tensor, divisors),
      gradFunc: (dy, saved) => dividedBy(dy, saved[0]),
    };
  })(x);
}
