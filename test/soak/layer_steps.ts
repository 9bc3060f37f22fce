/** Layers, models and the exchange of tfjs's kernels, again and again. Runs in Node and in the page. */
import * as tf from '@tensorflow/tfjs';
import { convertPooling } from '../../src/convert/index';
import * as plugin from '../../src/index';
import { allLayersModel, memoryHandler, saveLoadPredictions } from '../layers/save_load';
import { type Soaked, refused } from './call';

const nothing = () => {};

export function layerSteps(name: string): Soaked {
  // tfjs-layers keeps the last 100 orders in which layers were run, and with them their models.
  tf.env().set('TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES', 1);
  switch (name) {
    case 'layers: predict':
      return predictSteps();
    case 'layers: training step':
      return trainingSteps();
    case 'layers: save and load':
      return { steps: [() => saveLoadPredictions(tf, plugin, memoryHandler(tf)).then(() => [])], end: nothing };
    case 'convertPooling':
      return { steps: [convertThereAndBack], end: nothing };
    case 'installPoolingKernels':
      return installSteps();
    default:
      throw new Error(`no operation ${name}`);
  }
}

function predictSteps(): Soaked {
  const model = allLayersModel(tf, plugin);
  const x = tf.ones([1, 9, 9, 2]);
  const wrong = tf.ones([1, 9, 9, 5]);
  return {
    steps: [
      () => [model.predict(x) as tf.Tensor],
      () => tf.tidy(() => [tf.neg(model.predict(x) as tf.Tensor)]),
      () => refused(() => model.predict(wrong)),
    ],
    end: () => {
      model.dispose();
      tf.dispose([x, wrong]);
    },
  };
}

function trainingSteps(): Soaked {
  if (tf.getBackend() === 'wasm') plugin.registerWasmConv2DGradient();
  const { im2colMaxPooling2d, im2colAveragePooling2d, im2colLpPooling2d, im2colGlobalMaxPooling2d } = plugin;
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [16, 16, 2], filters: 4, kernelSize: 3 }),
      im2colMaxPooling2d({ poolSize: 2 }),
      im2colAveragePooling2d({ poolSize: 2, strides: 1 }),
      im2colLpPooling2d({ poolSize: 2 }),
      im2colGlobalMaxPooling2d({}),
      tf.layers.dense({ units: 2 }),
    ],
  });
  const optimizer = tf.train.sgd(0.001);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const [x, y] = [tf.ones([2, 16, 16, 2]), tf.ones([2, 2])];
  return {
    steps: [() => model.trainOnBatch(x, y).then(() => [])],
    end: () => {
      model.dispose();
      optimizer.dispose();
      tf.dispose([x, y]);
    },
  };
}

async function convertThereAndBack(): Promise<tf.Tensor[]> {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 2, kernelSize: 2 }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.globalAveragePooling2d({}),
    ],
  });
  const ours = await convertPooling(model, { to: 'im2col' });
  const back = await convertPooling(ours, { to: 'builtin' });
  const y = tf.tidy(() => ours.predict(tf.ones([1, 8, 8, 1])) as tf.Tensor);
  for (const made of [model, ours, back]) made.dispose();
  return [y];
}

function installSteps(): Soaked {
  const x = tf.randomUniform<tf.Rank.R4>([2, 9, 9, 4], -1, 1, 'float32', 1);
  const poolings: Array<(t: tf.Tensor4D) => tf.Tensor> = [
    (t) => tf.maxPool(t, 3, 2, 'same'),
    (t) => tf.avgPool(t, 3, 2, 'same'),
  ];
  return {
    steps: poolings.map((pool) => () => {
      const { uninstall } = plugin.installPoolingKernels();
      try {
        return [pool(x), tf.grad(pool as (t: tf.Tensor) => tf.Tensor)(x)];
      } finally {
        uninstall();
      }
    }),
    end: () => x.dispose(),
  };
}
