/**
 * A GraphModel made here, in the format of a converted TensorFlow graph: x -> Conv2D -> Relu -> MaxPool 3x3/2 SAME ->
 * MaxPoolWithArgmax 2x2/2 VALID (its values) -> MaxPool 2x2/1 VALID -> Mean -> y. Its weights are made by a formula.
 */
import type { ModelFiles } from './run_models';

const CHANNELS = 8;
const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const list = (...values: number[]) => ({ list: { i: values.map(String) } });
const FLOAT = { type: 'DT_FLOAT' };

const node = (name: string, op: string, input: string[], attr: object = {}) => ({ name, op, input, attr });
const constant = (name: string, dtype: string, ...sizes: number[]) =>
  node(name, 'Const', [], {
    dtype: { type: dtype },
    value: { tensor: { dtype, tensorShape: { dim: sizes.map((size) => ({ size: String(size) })) } } },
  });
const window = (size: number, stride: number, padding: string) => ({
  T: FLOAT,
  ksize: list(1, size, size, 1),
  strides: list(1, stride, stride, 1),
  padding: text(padding),
  data_format: text('NHWC'),
});

export function graphModelFiles(): ModelFiles {
  const filter = Float32Array.from({ length: 9 * 3 * CHANNELS }, (_, i) => Math.sin(i * 1.7) / 4);
  const axes = Int32Array.from([1, 2]);
  return {
    modelTopology: {
      versions: { producer: 1 },
      node: [
        node('x', 'Placeholder', [], {
          dtype: FLOAT,
          shape: { shape: { dim: [-1, -1, -1, 3].map((size) => ({ size: String(size) })) } },
        }),
        constant('filter', 'DT_FLOAT', 3, 3, 3, CHANNELS),
        constant('axes', 'DT_INT32', 2),
        node('conv', 'Conv2D', ['x', 'filter'], {
          T: FLOAT,
          strides: list(1, 1, 1, 1),
          dilations: list(1, 1, 1, 1),
          padding: text('SAME'),
          data_format: text('NHWC'),
        }),
        node('relu', 'Relu', ['conv'], { T: FLOAT }),
        node('pool1', 'MaxPool', ['relu'], window(3, 2, 'SAME')),
        node('pool2', 'MaxPoolWithArgmax', ['pool1'], {
          ...window(2, 2, 'VALID'),
          include_batch_in_index: { b: false },
        }),
        node('pool3', 'MaxPool', ['pool2'], window(2, 1, 'VALID')),
        node('y', 'Mean', ['pool3', 'axes'], { T: FLOAT, Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } }),
      ],
    },
    weightSpecs: [
      { name: 'filter', shape: [3, 3, 3, CHANNELS], dtype: 'float32' },
      { name: 'axes', shape: [2], dtype: 'int32' },
    ],
    weights: Buffer.concat([Buffer.from(filter.buffer), Buffer.from(axes.buffer)]),
  };
}
