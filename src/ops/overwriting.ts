/**
 * Routing where windows that share an element write over each other: the last one in row-major order of the outputs stays.
 * Writing, and reading what was written, are each other's gradient.
 */
import { type Tensor, equal, reshape, tensor, where, zerosLike } from '@tensorflow/tfjs-core';
import { run } from '../dispatch';
import { type AxisGeometry, type PoolGeometry, canonicalYShape } from '../geometry';
import { sizeOf } from '../layout';
import { mapTuple } from '../map_tuple';
import { scatter, withArgmaxSaved } from './routing';

/** values -> x's shape. Call inside a tidy. */
export function write(values: Tensor, argmax: Tensor, g: PoolGeometry): Tensor {
  const isShared = [g.depth, g.height, g.width].some((axis) => windowsOver(axis) > 1);
  if (!isShared) return scatter(values, argmax, g);
  return withArgmaxSaved(
    values,
    argmax,
    (t) => written(t, argmax, g),
    (dx, saved) => readWritten(dx, saved, g),
  );
}

function written(values: Tensor, argmax: Tensor, g: PoolGeometry): Tensor {
  return run('scatterArgmax', [values, argmax], { geometry: g, overlaps: 'write' })[0];
}

/** x -> what each window reads at its argmax, if it is the one that wrote there; else 0. */
function readWritten(x: Tensor, argmax: Tensor, g: PoolGeometry): Tensor {
  const read = (t: Tensor) => run('gatherArgmax', [t, argmax], { geometry: g })[0];
  return withArgmaxSaved(
    x,
    argmax,
    (t) => {
      const names = windowNames(g);
      // GPUs choose in tensors of low rank only.
      const [values, found, own] = mapTuple([read(t), read(written(names, argmax, g)), names], (each) =>
        reshape(each, [-1]),
      );
      return reshape(where(equal(found, own), values, zerosLike(values)), [...g.yShape]);
    },
    (dy, saved) => write(dy, saved, g),
  );
}

/** Small numbers above 0, which 16 bit holds, of y's shape. No two windows that share an element have the same one. */
function windowNames(g: PoolGeometry): Tensor {
  const [, planes, rows, columns] = canonicalYShape(g);
  const [depth, height, width] = mapTuple([g.depth, g.height, g.width], windowsOver);
  const names = new Float32Array(sizeOf(g.yShape));
  for (let i = 0; i < names.length; i++) {
    const output = Math.floor(i / g.channels);
    const row = Math.floor(output / columns);
    const plane = Math.floor(row / rows) % planes;
    names[i] = 1 + ((plane % depth) * height + ((row % rows) % height)) * width + ((output % columns) % width);
  }
  return tensor(names, [...g.yShape]);
}

/** How many windows of an axis may share an element. */
function windowsOver({ output, span, stride }: AxisGeometry): number {
  return Math.min(output, Math.ceil(span / stride));
}
