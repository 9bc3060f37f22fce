/** A kind with a reduction of its own, which only the tests have: how far the elements of each window lie apart. */
import * as tf from '@tensorflow/tfjs';
import { maxPool1d, maxPool2d, maxPool3d } from '../../src/base';
import { KINDS, type PoolingKind } from '../../src/kinds';
import { OPERATIONS } from '../../src/ops/by_kind';
import { POOLING_OPTIONS } from '../../src/options';

type Pools = (typeof OPERATIONS)[string];

const RANGE: PoolingKind = {
  name: 'range',
  label: 'range',
  layer: 'Im2ColRangePooling',
  options: POOLING_OPTIONS.max,
  windows: KINDS.find(({ name }) => name === 'max')!.windows,
  reduces: (elements) => {
    const [greatest, least] = [Math.max(...elements), Math.min(...elements)];
    const slopes = elements.map(() => 0);
    slopes[elements.indexOf(greatest)]++;
    slopes[elements.indexOf(least)]--;
    return { value: greatest - least, slopes };
  },
};

const apart =
  (pool: Pools[1]): Pools[1] =>
  (x, options) =>
    tf.add(pool(x, options), pool(tf.neg(x), options));

/** Adds the kind, with this operation; what comes back takes it away. */
export function addRangePooling(pools: Pools = { 1: apart(maxPool1d), 2: apart(maxPool2d), 3: apart(maxPool3d) }) {
  KINDS.push(RANGE);
  OPERATIONS.range = pools;
  return () => {
    KINDS.splice(KINDS.indexOf(RANGE), 1);
    delete OPERATIONS.range;
  };
}
