/** Arguments and configuration of the layers, without running them. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { onCpuWithoutLeaks } from './support';

onCpuWithoutLeaks();

const POOLING = [
  ['Im2ColMaxPooling1D', plugin.Im2ColMaxPooling1D, plugin.im2colMaxPooling1d, 1],
  ['Im2ColMaxPooling2D', plugin.Im2ColMaxPooling2D, plugin.im2colMaxPooling2d, 2],
  ['Im2ColMaxPooling3D', plugin.Im2ColMaxPooling3D, plugin.im2colMaxPooling3d, 3],
] as const;
const UNPOOLING = [
  ['MaxUnpooling1D', plugin.MaxUnpooling1D, plugin.maxUnpooling1d, 1],
  ['MaxUnpooling2D', plugin.MaxUnpooling2D, plugin.maxUnpooling2d, 2],
  ['MaxUnpooling3D', plugin.MaxUnpooling3D, plugin.maxUnpooling3d, 3],
] as const;
const ALL = [...POOLING, ...UNPOOLING];

describe.each(ALL)('%s', (name, LayerClass, factory, rank) => {
  test('is a tf.layers.Layer with that class name, made by class or factory', () => {
    expect(LayerClass.className).toBe(name);
    expect(new LayerClass()).toBeInstanceOf(tf.layers.Layer);
    expect(factory()).toBeInstanceOf(LayerClass);
    expect(factory({ name: 'mine' }).name).toBe('mine');
  });

  test('fills in every default', () => {
    expect(factory().spec).toMatchObject({
      poolSize: new Array(rank).fill(2),
      strides: new Array(rank).fill(2),
      padding: 'valid',
      dilationRate: new Array(rank).fill(1),
      ceilMode: false,
      dataFormat: 'channelsLast',
    });
  });

  test('takes every ordinary layer argument', () => {
    const shape = [...new Array(rank).fill(4), 3];
    const layer = factory({
      name: 'pool',
      trainable: false,
      inputShape: shape,
      batchSize: 5,
      dtype: 'int32',
      inputDType: 'int32',
      updatable: true,
      weights: [],
    });
    expect(layer).toMatchObject({ name: 'pool', trainable: false, batchInputShape: [5, ...shape], dtype: 'int32' });
    expect(factory({ batchInputShape: [null, ...shape] }).batchInputShape).toEqual([null, ...shape]);
  });

  test('rejects an unknown argument by name', () => {
    expect(() => factory({ poolsize: 3 } as object)).toThrow(
      `${name}: unknown option 'poolsize'; expected one of poolSize,`,
    );
    expect(() => factory({ pool_size: 3 } as object)).toThrow(`${name}: unknown option 'pool_size'`);
  });

  test('rejects wrong options at construction, naming itself', () => {
    expect(() => factory({ strides: 0 })).toThrow(`${name}: expected strides to be a positive integer`);
    expect(() => factory({ poolSize: [2, 2, 2, 2] as readonly number[] })).toThrow(`${name}: expected poolSize`);
    expect(() => factory({ padding: 'SAME' } as object)).toThrow(`${name}: expected padding to be 'valid', 'same'`);
  });

  test('does not change the arguments that it was given', () => {
    const args = Object.freeze({ poolSize: 3 });
    expect(factory(args).spec.poolSize).toEqual(new Array(rank).fill(3));
  });

  test('wants inputs of rank spatial + 2', () => {
    expect(factory().inputSpec.every((spec) => spec.ndim === rank + 2)).toBe(true);
  });

  test('what is no tensor of its rank is an error that names the layer and the input', () => {
    const layer = factory();
    const x = tf.zeros([1, ...new Array<number>(rank).fill(2), 1]);
    const flat = tf.zeros([2, 2]);
    const disposed = tf.zeros(x.shape);
    disposed.dispose();
    const inputs = layer.inputSpec.length;
    const apply = (input: unknown) => () => layer.apply((inputs === 1 ? input : [x, input]) as tf.Tensor);
    const argument = inputs === 1 ? 'x' : 'argmax';
    for (const [input, got] of [
      [undefined, 'undefined'],
      [null, 'null'],
      ['x', "'x'"],
      [[[1]], '[[1]]'],
    ].slice(0, inputs === 1 ? 3 : 4))
      expect(apply(input)).toThrow(`${name}: expected ${argument} to be a tensor; got ${got as string}.`);
    expect(apply(disposed)).toThrow(`${name}: expected ${argument} to be a tensor; got one that is disposed.`);
    expect(apply(flat)).toThrow(`${name}: expected ${argument} of rank ${rank + 2} [batch, `);
    expect(apply(flat)).toThrow('; got rank 2 [2, 2].');
    for (const shape of [undefined, null, 'x', 4])
      expect(() => layer.computeOutputShape((inputs === 1 ? shape : [x.shape, shape]) as number[])).toThrow(
        `${name}: expected`,
      );
    tf.dispose([x, flat]);
  });

  test('its configuration, through JSON, makes the same layer', () => {
    const layer = factory({
      name: 'pool',
      trainable: false,
      poolSize: 3,
      strides: 2,
      padding: new Array(rank).fill([1, 0]),
      dilationRate: 2,
      ceilMode: true,
      dataFormat: 'channelsFirst',
      nan: 'ignore',
      implementation: 'im2col',
    });
    const config = JSON.parse(JSON.stringify(layer.getConfig())) as tf.serialization.ConfigDict;
    const again = LayerClass.fromConfig<plugin.Im2ColMaxPooling2D | plugin.MaxUnpooling2D>(LayerClass, config);
    expect(again.spec).toEqual(layer.spec);
    expect(again.getConfig()).toEqual(config);
    expect(again.name).toBe('pool');
    expect(again.trainable).toBe(false);
  });

  test('is registered under its class name', () => {
    const map = tf.serialization.SerializationMap.getMap().classNameMap;
    expect(map[name][0]).toBe(LayerClass);
  });
});

test.each(POOLING)('%s keeps returnArgmax in its configuration, and wants a boolean', (name, LayerClass, factory) => {
  const config = factory({ returnArgmax: true }).getConfig();
  expect(config.returnArgmax).toBe(true);
  expect(LayerClass.fromConfig<plugin.Im2ColMaxPooling2D>(LayerClass, config).returnArgmax).toBe(true);
  expect(() => factory({ returnArgmax: 1 } as object)).toThrow(
    `${name}: expected returnArgmax to be true or false; got 1.`,
  );
});

test.each(UNPOOLING)(
  '%s keeps outputSize in its configuration, and wants positive integers',
  (name, LayerClass, factory, rank) => {
    const config = factory({ outputSize: 7 }).getConfig();
    expect(config.outputSize).toEqual(new Array(rank).fill(7));
    expect(LayerClass.fromConfig<plugin.MaxUnpooling2D>(LayerClass, config).outputSize).toEqual(
      new Array(rank).fill(7),
    );
    expect(factory({ outputSize: null }).getConfig().outputSize).toBeNull();
    expect(() => factory({ outputSize: 0 })).toThrow(`${name}: expected outputSize to be a positive integer`);
    expect(() => factory({ outputSize: [1, 2, 3, 4] as readonly number[] })).toThrow(`${name}: expected outputSize`);
  },
);

test('a configuration without our own options, as MaxPooling2D has it, is enough', () => {
  const config = tf.layers.maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' }).getConfig();
  const layer = plugin.Im2ColMaxPooling2D.fromConfig<plugin.Im2ColMaxPooling2D>(plugin.Im2ColMaxPooling2D, config);
  expect(layer.spec).toMatchObject({ poolSize: [3, 2], strides: [2, 1], padding: 'same', dataFormat: 'channelsLast' });
});

test('exported names serve as types', () => {
  const layer: plugin.Im2ColMaxPooling2D = plugin.im2colMaxPooling2d();
  const other: plugin.MaxUnpooling3D = plugin.maxUnpooling3d({ outputSize: 3 });
  expect([layer.returnArgmax, other.outputSize]).toEqual([false, [3, 3, 3]]);
});

test('the classes can be extended', () => {
  class Quarter extends plugin.Im2ColMaxPooling2D {
    static override readonly className = 'Quarter';
    constructor(args: plugin.PoolingLayerArgs<'max'> = {}) {
      super({ ...args, poolSize: 4 });
    }
  }
  expect(new Quarter().computeOutputShape([null, 8, 8, 1])).toEqual([null, 2, 2, 1]);
  expect(() => new Quarter({ strides: -1 })).toThrow('Quarter: expected strides');
});
