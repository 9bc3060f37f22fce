/**
 * Order and choice of denormal numbers on node, for the reference path. TensorFlow takes denormal numbers for 0 in every
 * comparison and every sum, and its `argMax` takes -Infinity for the lowest number. Its operations on int32 are exact, and
 * `gather` moves bits.
 */
import {
  type Tensor,
  add,
  engine,
  gather,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  range,
  reshape,
  scalar,
  tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';

function isTensorFlow(): boolean {
  return engine().backendName === 'tensorflow';
}

/** Numbers with the order of x, NaN anywhere: x itself, or on node the bits of float32 as int32. */
export function inExactOrder(x: Tensor): Tensor {
  if (x.dtype !== 'float32' || !isTensorFlow()) return x;
  const values = x.dataSync<'float32'>();
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  // The magnitude's bits; negative numbers count down from 0, so that -0 is 0.
  const order = Int32Array.from(bits, (word) => (word < 0 ? -(word & 0x7fffffff) : word));
  return tensor(order, x.shape, 'int32');
}

/** Element `taps` of each of the [rows, taps], 0 where there is none, on node; undefined elsewhere. */
export function elementOfEachRow(rows: Tensor, taps: Tensor): Tensor | undefined {
  if (!isTensorFlow()) return undefined;
  const [count, length] = rows.shape as [number, number];
  const tap = reshape(taps, [count]);
  const isThere = logicalAnd(greaterEqual(tap, 0), less(tap, length));
  const first = mul(range(0, count, 1, 'int32'), scalar(length, 'int32'));
  const element = gather(reshape(rows, [count * length]), add(first, where(isThere, tap, zerosLike(tap))));
  return where(isThere, element, zerosLike(element));
}
