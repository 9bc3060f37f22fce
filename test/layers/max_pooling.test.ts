/** Im2ColMaxPooling: inputs, shapes and outputs beyond what the built-in layers have. */
import * as tf from '@tensorflow/tfjs';
import {
  im2colMaxPooling1d,
  im2colMaxPooling2d,
  im2colMaxPooling3d,
  maxPool2d,
  maxPoolWithArgmax2d,
} from '../../src/index';
import { distinct, numbers, onCpuWithoutLeaks, symbolicPair } from './support';

onCpuWithoutLeaks();

describe('computeOutputShape', () => {
  test('keeps unknown sizes unknown', () => {
    expect(im2colMaxPooling1d().computeOutputShape([null, null, 3])).toEqual([null, null, 3]);
    expect(im2colMaxPooling2d({ dataFormat: 'channelsFirst' }).computeOutputShape([null, 3, null, 7])).toEqual([
      null,
      3,
      null,
      3,
    ]);
    expect(im2colMaxPooling3d().computeOutputShape([2, 4, null, 6, null])).toEqual([2, 2, null, 3, null]);
  });

  test('knows dilation, ceil mode and explicit padding', () => {
    expect(im2colMaxPooling2d({ dilationRate: 2, strides: 1 }).computeOutputShape([null, 6, 6, 1])).toEqual([
      null,
      4,
      4,
      1,
    ]);
    expect(im2colMaxPooling2d({ ceilMode: true }).computeOutputShape([null, 5, 5, 1])).toEqual([null, 3, 3, 1]);
    expect(
      im2colMaxPooling2d({
        padding: [
          [1, 0],
          [0, 0],
        ],
      }).computeOutputShape([null, 5, 5, 1]),
    ).toEqual([null, 3, 2, 1]);
  });

  test('gives two shapes with returnArgmax', () => {
    const shapes = im2colMaxPooling2d({ returnArgmax: true }).computeOutputShape([null, 4, 4, 1]);
    expect(shapes).toEqual([
      [null, 2, 2, 1],
      [null, 2, 2, 1],
    ]);
  });

  test('rejects a window that does not fit, a wrong rank and two shapes', () => {
    expect(() => im2colMaxPooling2d({ poolSize: 5 }).computeOutputShape([null, 4, 6, 1])).toThrow(
      'Im2ColMaxPooling2D: expected at least one window to fit into the height',
    );
    expect(() => im2colMaxPooling2d().computeOutputShape([null, 4, 1])).toThrow(
      'Im2ColMaxPooling2D: expected an input shape of rank 4',
    );
    expect(() =>
      im2colMaxPooling2d().computeOutputShape([
        [null, 4, 4, 1],
        [null, 4, 4, 1],
      ]),
    ).toThrow('Im2ColMaxPooling2D: expected exactly one input; got 2.');
  });
});

describe('call', () => {
  test('takes a tensor or a list of one', () => {
    tf.tidy(() => {
      const x = distinct([1, 4, 4, 1]);
      const layer = im2colMaxPooling2d();
      expect(numbers(layer.call([x], {}))).toEqual(numbers(layer.call(x, {})));
    });
  });

  test('rejects two tensors', () => {
    tf.tidy(() => {
      const x = distinct([1, 4, 4, 1]);
      expect(() => im2colMaxPooling2d().call([x, x], {})).toThrow(
        'Im2ColMaxPooling2D: expected exactly one input; got 2.',
      );
      expect(() => im2colMaxPooling2d().apply([x, x])).toThrow(/expected exactly one input; got 2/);
    });
  });

  test('allocates its output and nothing else', () => {
    const x = distinct([1, 4, 4, 1]);
    const before = tf.memory().numTensors;
    const y = im2colMaxPooling2d().apply(x) as tf.Tensor;
    expect(tf.memory().numTensors).toBe(before + 1);
    const both = im2colMaxPooling2d({ returnArgmax: true }).apply(x) as tf.Tensor[];
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([x, y, ...both]);
  });

  test.each([
    { dilationRate: 2, strides: 2, ceilMode: true },
    {
      padding: [
        [1, 0],
        [0, 1],
      ],
    },
    { implementation: 'im2col' as const },
  ])('computes what the operation computes: %j', (options) => {
    tf.tidy(() => {
      const x = distinct([2, 6, 5, 3]);
      expect(numbers(im2colMaxPooling2d(options).apply(x))).toEqual(numbers(maxPool2d(x, options)));
    });
  });

  test('follows the NaN rule', () => {
    tf.tidy(() => {
      const x = tf.tensor4d([NaN, 1, 2, 3], [1, 2, 2, 1]);
      expect(numbers(im2colMaxPooling2d().apply(x))).toEqual([NaN]);
      expect(numbers(im2colMaxPooling2d({ nan: 'ignore' }).apply(x))).toEqual([3]);
    });
  });

  test('pools int32 as int32, and batch 0', () => {
    tf.tidy(() => {
      expect((im2colMaxPooling2d().apply(distinct([1, 2, 2, 1], 'int32')) as tf.Tensor).dtype).toBe('int32');
      expect((im2colMaxPooling2d().apply(tf.zeros([0, 4, 4, 2])) as tf.Tensor).shape).toEqual([0, 2, 2, 2]);
    });
  });

  test('calls the hook that tfjs tests layers with', () => {
    const seen: unknown[] = [];
    const layer = im2colMaxPooling2d();
    layer.setCallHook((inputs) => {
      seen.push(inputs);
    });
    tf.tidy(() => {
      layer.apply(distinct([1, 2, 2, 1]));
    });
    expect(seen).toHaveLength(1);
  });
});

describe('returnArgmax', () => {
  test('gives values and int32 tap numbers', () => {
    tf.tidy(() => {
      const x = distinct([2, 4, 4, 3]);
      const [values, argmax] = im2colMaxPooling2d({ returnArgmax: true }).apply(x) as tf.Tensor[];
      const expected = maxPoolWithArgmax2d(x);
      expect(numbers(values)).toEqual(numbers(expected.values));
      expect(numbers(argmax)).toEqual(numbers(expected.argmax));
      expect(argmax.dtype).toBe('int32');
    });
  });

  test('its symbolic argmax is int32, so that tfjs does not cast it', () => {
    const outputs = symbolicPair(im2colMaxPooling2d({ returnArgmax: true }).apply(tf.input({ shape: [4, 4, 1] })));
    expect(outputs.map((output) => output.dtype)).toEqual(['float32', 'int32']);
    expect(outputs.map((output) => output.shape)).toEqual([
      [null, 2, 2, 1],
      [null, 2, 2, 1],
    ]);
  });

  test('does not go into a sequential model', () => {
    const layer = im2colMaxPooling2d({ returnArgmax: true, inputShape: [4, 4, 1] });
    expect(() => tf.sequential({ layers: [layer] })).toThrow(/single output/);
  });
});
