/** MaxUnpooling: the shape it restores, its inputs, and encoders with decoders. */
import * as tf from '@tensorflow/tfjs';
import {
  Im2ColMaxPooling2D,
  im2colMaxPooling1d,
  im2colMaxPooling2d,
  im2colMaxPooling3d,
  maxUnpool2d,
  maxUnpooling1d,
  maxUnpooling2d,
  maxUnpooling3d,
} from '../../src/index';
import { distinct, numbers, onCpuWithoutLeaks, sgd, symbolic, symbolicPair } from './support';

onCpuWithoutLeaks();

/** The shape restored from values of `shape`. */
function restored(args: object, shape: Array<number | null>): unknown {
  return maxUnpooling2d(args).computeOutputShape([shape, shape]);
}

describe('computeOutputShape', () => {
  test.each([
    [{ poolSize: 2 }, [null, 3, 3, 2], [null, 6, 6, 2]],
    [{ poolSize: 3, strides: 2 }, [4, 2, 3, 2], [4, 5, 7, 2]],
    [{ poolSize: 3, strides: 2, padding: 1 }, [4, 2, 3, 2], [4, 3, 5, 2]],
    [{ poolSize: 3, strides: 2, padding: 'same' }, [4, 2, 3, 2], [4, 4, 6, 2]],
    [{ poolSize: 2, dilationRate: 3, strides: 1 }, [4, 2, 3, 2], [4, 5, 6, 2]],
    [{ poolSize: 2, strides: 3, ceilMode: true }, [4, 2, 3, 2], [4, 5, 8, 2]],
    [{ poolSize: 2, dataFormat: 'channelsFirst' }, [4, 2, 3, 3], [4, 2, 6, 6]],
    [{ poolSize: 2, outputSize: [7, 6] }, [4, 3, 3, 2], [4, 7, 6, 2]],
    [{ poolSize: 3, strides: 2, padding: 'same', outputSize: 5 }, [4, 3, 3, 2], [4, 5, 5, 2]],
    [{ poolSize: 2 }, [null, null, 3, null], [null, null, 6, null]],
    [{ poolSize: 2, outputSize: 7 }, [null, null, 3, null], [null, 7, 7, null]],
  ])('%j of %j is %j', (args, shape, expected) => {
    expect(restored(args, shape)).toEqual(expected);
  });

  test.each([1, 2, 3])('the default is a size that pooling brings back (strides %i)', (strides) => {
    for (const padding of [
      'valid',
      'same',
      1,
      [
        [0, 1],
        [1, 0],
      ],
    ]) {
      for (const ceilMode of [false, true]) {
        const options = { poolSize: 3, strides, padding, ceilMode } as object;
        const pooled = im2colMaxPooling2d(options).computeOutputShape(restored(options, [1, 4, 5, 1]) as number[]);
        expect({ options, pooled }).toEqual({ options, pooled: [1, 4, 5, 1] });
      }
    }
  });

  test("rejects an outputSize that pooling does not turn into the values' size", () => {
    expect(() => restored({ poolSize: 2, outputSize: 8 }, [null, 3, 3, 2])).toThrow(
      "MaxUnpooling2D: expected an outputSize that max pooling with these options turns into the values' " +
        'spatial size [3, 3]; got [8, 8], which gives [4, 4].',
    );
    expect(() => restored({ poolSize: 4, outputSize: 3 }, [null, 1, 1, 2])).toThrow(
      'MaxUnpooling2D with outputSize [3, 3]: expected at least one window to fit into the height',
    );
  });

  test('rejects values for which no default size exists', () => {
    // One window on an input of size 0 would be padding alone.
    expect(() => restored({ poolSize: 2, padding: 1 }, [1, 1, 1, 1])).toThrow(
      'MaxUnpooling2D with its default output size:',
    );
  });

  test('wants two inputs of the same shape', () => {
    const layer = maxUnpooling2d();
    expect(() => layer.computeOutputShape([null, 3, 3, 2])).toThrow(
      'MaxUnpooling2D: expected 2 inputs [values, argmax]; got 1.',
    );
    expect(() =>
      layer.computeOutputShape([
        [null, 3, 3, 2],
        [null, 3, 4, 2],
      ]),
    ).toThrow('MaxUnpooling2D: expected values and argmax of the same shape; got [null, 3, 3, 2] and [null, 3, 4, 2].');
    expect(() => layer.apply(tf.input({ shape: [3, 3, 2] }))).toThrow(/expected 2 inputs \[values, argmax\]; got 1/);
  });
});

describe('call', () => {
  test.each([
    ['1D', im2colMaxPooling1d, maxUnpooling1d, [2, 6, 3]],
    ['2D', im2colMaxPooling2d, maxUnpooling2d, [2, 6, 4, 3]],
    ['3D', im2colMaxPooling3d, maxUnpooling3d, [2, 2, 4, 6, 3]],
  ] as const)('%s: maxima stand where they stood, zeros elsewhere', (_, pooling, unpooling, shape) => {
    tf.tidy(() => {
      const x = distinct([...shape]);
      const pooled = pooling({ returnArgmax: true }).apply(x) as tf.Tensor[];
      const maxima = new Set(numbers(pooled[0]));
      expect(numbers(unpooling().apply(pooled))).toEqual(numbers(x).map((value) => (maxima.has(value) ? value : 0)));
    });
  });

  test('computes what the operation computes, overlaps and channels first included', () => {
    tf.tidy(() => {
      const options = { poolSize: 3, strides: 2, padding: 'same', dataFormat: 'channelsFirst' } as const;
      const pooled = im2colMaxPooling2d({ ...options, returnArgmax: true }).apply(
        distinct([2, 3, 5, 5]),
      ) as tf.Tensor[];
      expect(numbers(maxUnpooling2d({ ...options, outputSize: 5 }).apply(pooled))).toEqual(
        numbers(maxUnpool2d(pooled[0], pooled[1], [2, 3, 5, 5], options)),
      );
    });
  });

  test('takes an argmax that tfjs has cast to float32, and no other dtype', () => {
    tf.tidy(() => {
      const [values, argmax] = im2colMaxPooling2d({ returnArgmax: true }).apply(distinct([1, 4, 4, 2])) as tf.Tensor[];
      const layer = maxUnpooling2d();
      expect(numbers(layer.apply([values, argmax.toFloat()]))).toEqual(numbers(layer.apply([values, argmax])));
      expect(() => layer.apply([values, argmax.toBool()])).toThrow('expected argmax of dtype int32; got bool');
    });
  });

  test('allocates its output and nothing else', () => {
    const [values, argmax] = [tf.ones([1, 2, 2, 1]), tf.zeros([1, 2, 2, 1])];
    const before = tf.memory().numTensors;
    const y = maxUnpooling2d().apply([values, argmax]) as tf.Tensor;
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([values, argmax, y]);
  });
});

describe('encoder and decoder in one functional model', () => {
  /** conv -> pool -> conv -> unpool with the pool's argmax -> conv: SegNet in small. */
  function segNet(side: number | null): tf.LayersModel {
    const conv = (filters: number) =>
      tf.layers.conv2d({
        filters,
        kernelSize: 3,
        padding: 'same',
        kernelInitializer: tf.initializers.glorotUniform({ seed: filters }),
      });
    const x = tf.input({ shape: [side, side, 1] });
    const [values, argmax] = symbolicPair(im2colMaxPooling2d({ returnArgmax: true }).apply(conv(4).apply(x)));
    const code = symbolic(conv(4).apply(values));
    const y = symbolic(conv(1).apply(maxUnpooling2d().apply([code, argmax])));
    return tf.model({ inputs: x, outputs: y });
  }

  test('predicts, with sizes known or unknown when it was built', () => {
    const [known, unknown] = [segNet(4), segNet(null)];
    expect([known.outputShape, unknown.outputShape]).toEqual([
      [null, 4, 4, 1],
      [null, null, null, 1],
    ]);
    tf.tidy(() => {
      expect(numbers(unknown.predict(distinct([2, 4, 4, 1])))).toEqual(numbers(known.predict(distinct([2, 4, 4, 1]))));
    });
    [known, unknown].forEach((model) => model.dispose());
  });

  test('learns: the loss falls and every weight moves', async () => {
    const model = segNet(4);
    model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
    const before = model.getWeights().map((weight) => numbers(weight));
    const x = tf.tidy(() => distinct([4, 4, 4, 1]).div(32));
    const { history } = await model.fit(x, x, { epochs: 5, batchSize: 4, verbose: 0 });
    const after = model.getWeights().map((weight) => numbers(weight));
    expect(history.loss[4]).toBeLessThan(history.loss[0] as number);
    after.forEach((weight, i) => expect(weight).not.toEqual(before[i]));
    x.dispose();
    model.dispose();
  });

  test('works with encoder and decoder as models of their own', () => {
    const x = tf.input({ shape: [4, 4, 2] });
    const pool = new Im2ColMaxPooling2D({ returnArgmax: true });
    const encoder = tf.model({ inputs: x, outputs: symbolicPair(pool.apply(x)) });
    const code = [tf.input({ shape: [2, 2, 2] }), tf.input({ shape: [2, 2, 2] })];
    const decoder = tf.model({ inputs: code, outputs: symbolic(maxUnpooling2d().apply(code)) });
    const whole = tf.model({ inputs: x, outputs: symbolic(decoder.apply(symbolicPair(encoder.apply(x)))) });
    tf.tidy(() => {
      const data = distinct([2, 4, 4, 2]);
      const pooled = pool.apply(data) as tf.Tensor[];
      expect(numbers(whole.predict(data))).toEqual(numbers(maxUnpool2d(pooled[0], pooled[1], data.shape)));
    });
    whole.dispose();
  });

  test('is saved and loaded with its two-output layer', async () => {
    const model = segNet(4);
    const again = await tf.models.modelFromJSON(JSON.parse(JSON.stringify(model.toJSON(null, false))));
    again.setWeights(model.getWeights());
    tf.tidy(() => {
      const x = distinct([2, 4, 4, 1]);
      expect(numbers(again.predict(x))).toEqual(numbers(model.predict(x)));
    });
    [model, again].forEach((one) => one.dispose());
  });
});
