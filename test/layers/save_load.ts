/** Save a model with all layers of this package, load it, predict with both: for any storage and any backend. */
import type * as tfjs from '@tensorflow/tfjs';
import type * as pluginModule from '../../src/index';

type Tf = Pick<typeof tfjs, 'input' | 'initializers' | 'layers' | 'loadLayersModel' | 'model' | 'range' | 'tidy'>;
type Plugin = Pick<
  typeof pluginModule,
  | 'im2colMaxPooling1d'
  | 'im2colMaxPooling2d'
  | 'im2colMaxPooling3d'
  | 'maxUnpooling1d'
  | 'maxUnpooling2d'
  | 'maxUnpooling3d'
  | 'im2colGlobalMaxPooling1d'
  | 'im2colGlobalMaxPooling2d'
  | 'im2colGlobalMaxPooling3d'
  | 'im2colAveragePooling1d'
  | 'im2colAveragePooling2d'
  | 'im2colAveragePooling3d'
>;

/** Predictions of the model that was saved, and of the one that was loaded. */
export interface SavedAndLoaded {
  saved: Float32Array;
  loaded: Float32Array;
}

/**
 * @param tf the copy of TensorFlow.js to use, on its current backend
 * @param plugin this package, or what `registerIm2ColLayers(tf)` returned
 * @param handlerUrlOrIOHandler where to save: 'localstorage://m', 'indexeddb://m', 'file:///dir', an IOHandler
 * @param loadFrom where to load from, if that has another name: 'file:///dir/model.json'
 */
export async function saveLoadPredictions(
  tf: Tf,
  plugin: Plugin,
  handlerUrlOrIOHandler: string | tfjs.io.IOHandler,
  loadFrom: string | tfjs.io.IOHandler = handlerUrlOrIOHandler,
): Promise<SavedAndLoaded> {
  const model = allLayersModel(tf, plugin);
  try {
    await model.save(handlerUrlOrIOHandler);
    const again = await tf.loadLayersModel(loadFrom);
    try {
      return { saved: await predictions(tf, model), loaded: await predictions(tf, again) };
    } finally {
      again.dispose();
    }
  } finally {
    model.dispose();
  }
}

/** The files that a web server would have of the model, and what it predicts. */
export async function modelFiles(tf: Tf & Pick<typeof tfjs, 'io'>, plugin: Plugin) {
  const model = allLayersModel(tf, plugin);
  let kept: tfjs.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      kept = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const { modelTopology, weightSpecs, weightData } = kept!;
  const predicted = await predictions(tf, model);
  model.dispose();
  return {
    json: JSON.stringify({ modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }),
    weights: Array.from(new Uint8Array(weightData as ArrayBuffer)),
    predictions: Array.from(predicted),
  };
}

/** What the model stored at `url` predicts. */
export async function predictionsOf(tf: Tf, url: string): Promise<number[]> {
  const model = await tf.loadLayersModel(url);
  const predicted = await predictions(tf, model);
  model.dispose();
  return Array.from(predicted);
}

/** Keeps a model in memory as the storages do: its topology as JSON text. */
export function memoryHandler(tf: Pick<typeof tfjs, 'io'>): tfjs.io.IOHandler {
  let kept: tfjs.io.ModelArtifacts | undefined;
  const saver = tf.io.withSaveHandler(async (artifacts) => {
    kept = { ...artifacts, modelTopology: JSON.parse(JSON.stringify(artifacts.modelTopology)) };
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  return { save: (artifacts) => saver.save!(artifacts), load: async () => tf.io.fromMemory(kept!).load!() };
}

/** Each layer, with options other than the defaults, between layers with weights. */
export function allLayersModel(tf: Tf, plugin: Plugin): tfjs.LayersModel {
  const kernelInitializer = () => tf.initializers.glorotUniform({ seed: 11 });
  const one = (output: unknown) => output as tfjs.SymbolicTensor;
  const two = (output: unknown) => output as tfjs.SymbolicTensor[];
  const x = tf.input({ shape: [9, 9, 2] });
  let y = one(tf.layers.conv2d({ filters: 4, kernelSize: 2, kernelInitializer: kernelInitializer() }).apply(x));
  const options2d = {
    poolSize: 3,
    strides: 2,
    padding: [
      [1, 0],
      [0, 1],
    ],
    name: 'pool_2d',
  };
  y = one(
    plugin
      .maxUnpooling2d({ ...options2d, name: 'unpool_2d', outputSize: 8, overlaps: 'write' })
      .apply(two(plugin.im2colMaxPooling2d({ ...options2d, returnArgmax: true }).apply(y))),
  );
  y = one(tf.layers.reshape({ targetShape: [4, 4, 4, 4] }).apply(y));
  const options3d = { poolSize: 2, padding: 'same', dataFormat: 'channelsFirst' } as const;
  y = one(
    plugin
      .maxUnpooling3d(options3d)
      .apply(two(plugin.im2colMaxPooling3d({ ...options3d, returnArgmax: true }).apply(y))),
  );
  y = one(tf.layers.reshape({ targetShape: [64, 4] }).apply(y));
  const options1d = { poolSize: 2, dilationRate: 2, nan: 'ignore' } as const;
  y = one(
    plugin
      .maxUnpooling1d({ ...options1d, outputSize: 64 })
      .apply(two(plugin.im2colMaxPooling1d({ ...options1d, returnArgmax: true }).apply(y))),
  );
  y = one(plugin.im2colMaxPooling1d({ poolSize: 3, ceilMode: true, implementation: 'im2col' }).apply(y));
  y = one(tf.layers.concatenate().apply([one(tf.layers.flatten().apply(y)), siblings(tf, plugin, y)]));
  y = one(tf.layers.dense({ units: 5, kernelInitializer: kernelInitializer() }).apply(y));
  return tf.model({ inputs: x, outputs: y });
}

/** The layers besides max pooling on [batch, length, channels] and what becomes of it with more axes. */
function siblings(tf: Tf, plugin: Plugin, y: tfjs.SymbolicTensor): tfjs.SymbolicTensor {
  const one = (output: unknown) => output as tfjs.SymbolicTensor;
  const [length, channels] = y.shape.slice(1) as number[];
  const in2d = one(tf.layers.reshape({ targetShape: [length, 1, channels] }).apply(y));
  const in3d = one(tf.layers.reshape({ targetShape: [channels, length, 1, 1] }).apply(y));
  return one(
    tf.layers
      .concatenate()
      .apply([
        one(plugin.im2colGlobalMaxPooling1d({ nan: 'ignore' }).apply(y)),
        one(tf.layers.flatten().apply(one(plugin.im2colGlobalMaxPooling2d({ keepDims: true }).apply(in2d)))),
        one(plugin.im2colGlobalMaxPooling3d({ dataFormat: 'channelsFirst' }).apply(in3d)),
        ...[
          plugin
            .im2colAveragePooling1d({ poolSize: 3, ceilMode: true, countIncludePad: true, divisorOverride: 4 })
            .apply(y),
          plugin.im2colAveragePooling2d({ poolSize: [2, 1], strides: 1, padding: 'same' }).apply(in2d),
          plugin.im2colAveragePooling3d({ poolSize: [2, 1, 1], dataFormat: 'channelsFirst' }).apply(in3d),
        ].map((output) => one(tf.layers.flatten().apply(one(output)))),
      ]),
  );
}

async function predictions(tf: Tf, model: tfjs.LayersModel): Promise<Float32Array> {
  const y = tf.tidy(
    () =>
      model.predict(
        tf
          .range(0, 3 * 9 * 9 * 2)
          .sin()
          .reshape([3, 9, 9, 2]),
      ) as tfjs.Tensor,
  );
  const values = Float32Array.from(await y.data());
  y.dispose();
  return values;
}
