/**
 * A second copy of tfjs in one process: it shares the engine, but neither the Layer and SymbolicTensor
 * classes nor the list of registered layers.
 */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { allLayersModel, memoryHandler, saveLoadPredictions } from './save_load';
import { distinct, numbers, onCpuWithoutLeaks, sgd } from './support';

onCpuWithoutLeaks();

type Copy = typeof import('@tensorflow/tfjs-core') & typeof import('@tensorflow/tfjs-layers');
const NAMES = [
  'Im2ColMaxPooling1D',
  'Im2ColMaxPooling2D',
  'Im2ColMaxPooling3D',
  'MaxUnpooling1D',
  'MaxUnpooling2D',
  'MaxUnpooling3D',
  'Im2ColGlobalMaxPooling1D',
  'Im2ColGlobalMaxPooling2D',
  'Im2ColGlobalMaxPooling3D',
  'Im2ColAveragePooling1D',
  'Im2ColAveragePooling2D',
  'Im2ColAveragePooling3D',
  'Im2ColGlobalAveragePooling2D',
  'Im2ColAdaptiveMaxPooling1D',
  'Im2ColAdaptiveAveragePooling3D',
  'Im2ColLpPooling2D',
] as const;

/** Core and layers alone: the backends of the first copy serve the second. */
function secondCopy(): Copy {
  let copy: Copy | undefined;
  const { warn } = console;
  console.warn = (message: string) => {
    if (!/^Platform node has already been set/.test(message)) warn(message);
  };
  jest.isolateModules(() => {
    copy = { ...require('@tensorflow/tfjs-core'), ...require('@tensorflow/tfjs-layers') } as Copy;
  });
  console.warn = warn;
  return copy!;
}

const registered = (copy: Pick<Copy, 'serialization'>) => copy.serialization.SerializationMap.getMap().classNameMap;

async function savedModel(): Promise<tf.io.IOHandler> {
  const handler = memoryHandler(tf);
  await tf.sequential({ layers: [plugin.im2colMaxPooling2d({ inputShape: [4, 4, 1] })] }).save(handler);
  return handler;
}

async function weightsAfterFit(
  copy: Pick<Copy, 'sequential' | 'layers' | 'initializers'>,
  { im2colMaxPooling2d }: Pick<typeof plugin, 'im2colMaxPooling2d'>,
  optimizer: tf.SGDOptimizer,
): Promise<number[][]> {
  const kernelInitializer = copy.initializers.glorotUniform({ seed: 5 });
  const model = copy.sequential({
    layers: [
      copy.layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 1, kernelInitializer }),
      im2colMaxPooling2d(),
      copy.layers.flatten(),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const [x, y] = [distinct([2, 4, 4, 1]), distinct([2, 8])];
  await model.fit(x, y, { epochs: 2, verbose: 0 });
  const weights = model.getWeights().map(numbers);
  tf.dispose([x, y]);
  model.dispose();
  return weights;
}

test('the copies are what this file takes them for', () => {
  const copy = secondCopy();
  expect(copy.layers.Layer).not.toBe(tf.layers.Layer);
  expect(copy.SymbolicTensor).not.toBe(tf.SymbolicTensor);
  expect(copy.engine()).toBe(tf.engine());
});

describe('without registration', () => {
  let copy: Copy;
  beforeAll(() => {
    copy = secondCopy();
  });

  test('loading fails with tfjs\'s "Unknown layer"', async () => {
    const loading = copy.loadLayersModel(await savedModel());
    await expect(loading).rejects.toThrow(
      'Unknown layer: Im2ColMaxPooling2D. This may be due to one of the following reasons:',
    );
    await expect(loading).rejects.toThrow('is not registered properly with tf.serialization.registerClass()');
  });

  test.each([
    ['a functional model', () => plugin.im2colMaxPooling2d().apply(copy.input({ shape: [4, 4, 1] }))],
    [
      'a list of inputs',
      () => plugin.maxUnpooling2d().apply([copy.input({ shape: [4, 4, 1] }), copy.input({ shape: [4, 4, 1] })]),
    ],
    ['a sequential model', () => copy.sequential({ layers: [plugin.im2colMaxPooling2d({ inputShape: [4, 4, 1] })] })],
  ])('%s gets an error that tells the cause and the cure', (_, build) => {
    expect(build).toThrow(/^(Im2ColMaxPooling|MaxUnpooling)2D: expected a symbolic tensor of the TensorFlow\.js/);
    expect(build).toThrow(/Two copies of @tensorflow\/tfjs-layers are loaded\. Call registerIm2ColLayers\(tf\)/);
  });
});

describe('registerIm2ColLayers', () => {
  let copy: Copy;
  let optimizer: tf.SGDOptimizer;
  beforeAll(() => {
    copy = secondCopy();
    optimizer = copy.train.sgd(0.001);
  });

  test('of the default copy gives the exported classes, again and again', () => {
    for (const made of [
      plugin.registerIm2ColLayers(),
      plugin.registerIm2ColLayers(tf),
      plugin.registerIm2ColLayers(tf),
    ]) {
      for (const name of NAMES) {
        expect(made[name]).toBe(plugin[name]);
        expect(registered(tf)[name][0]).toBe(plugin[name]);
      }
    }
  });

  test('of a second copy gives classes of that copy, again and again', () => {
    const [made, again] = [plugin.registerIm2ColLayers(copy), plugin.registerIm2ColLayers(copy)];
    for (const name of NAMES) {
      expect(again[name]).toBe(made[name]);
      expect(registered(copy)[name][0]).toBe(made[name]);
      expect(registered(tf)[name][0]).toBe(plugin[name]);
    }
    expect(made.im2colMaxPooling2d()).toBeInstanceOf(copy.layers.Layer);
    expect(made.im2colMaxPooling2d()).not.toBeInstanceOf(tf.layers.Layer);
  });

  test('lets the second copy load what the first saved, with the same predictions', async () => {
    plugin.registerIm2ColLayers(copy);
    const model = await copy.loadLayersModel(await savedModel());
    tf.tidy(() => {
      const x = distinct([2, 4, 4, 1]);
      expect(numbers(model.predict(x))).toEqual(numbers(plugin.im2colMaxPooling2d().apply(x)));
    });
  });

  test('lets the second copy build, save and load a model with every layer', async () => {
    const made = plugin.registerIm2ColLayers(copy);
    const { saved, loaded } = await saveLoadPredictions(copy, made, memoryHandler(copy));
    expect(loaded).toEqual(saved);
  });

  test('lets the second copy train as the first does', async () => {
    const made = plugin.registerIm2ColLayers(copy);
    const [first, second] = [await weightsAfterFit(tf, plugin, sgd()), await weightsAfterFit(copy, made, optimizer)];
    expect(second).toEqual(first);
  });

  test('leaves the first copy as it was', () => {
    plugin.registerIm2ColLayers(copy);
    const model = allLayersModel(tf, plugin);
    expect(model.outputShape).toEqual([null, 5]);
    model.dispose();
  });

  test('says what it wants when it gets something else', () => {
    expect(() => plugin.registerIm2ColLayers({ layers: {} } as never)).toThrow(
      'registerIm2ColLayers: expected TensorFlow.js with its layers (tf.layers, tf.InputSpec, tf.SymbolicTensor, ' +
        'tf.serialization); got an object (Object).',
    );
    expect(() => plugin.registerIm2ColLayers(null as never)).toThrow('got null');
  });
});
