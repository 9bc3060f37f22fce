/**
 * Inception V3 with real weights, from the npm package `nsfwjs`: a classifier of 318 layers, among them four
 * MaxPooling2D of odd sizes and ten AveragePooling2D. The package carries model and weights, so nothing is downloaded.
 */
import * as tf from '@tensorflow/tfjs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Pictures are SIDE x SIDE pixels of three colours from 0 to 1. */
export const SIDE = 299;

const SHARDS = 6;

/** Takes a second or two. The package's own loader copies the weights' text letter by letter, for half a minute. */
export async function loadInception(): Promise<tf.LayersModel> {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('nsfwjs')), '..', 'models', 'inception_v3');
  const { modelTopology, weightsManifest } = require(join(folder, 'model.min.js')) as tf.io.ModelJSON;
  const weights = Buffer.concat(
    Array.from({ length: SHARDS }, (_, i) =>
      Buffer.from(require(join(folder, `group1-shard${i + 1}of${SHARDS}.min.js`)) as string, 'base64'),
    ),
  );
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: withoutRandomWeights(modelTopology as object),
      weightSpecs: weightsManifest.flatMap((group) => group.weights),
      weightData: new Uint8Array(weights).buffer,
    }),
  );
}

/** tfjs would draw 22 million random weights before it reads the real ones. */
function withoutRandomWeights(topology: object): object {
  return JSON.parse(
    JSON.stringify(topology, (key, value: unknown) =>
      key === 'kernel_initializer' ? { class_name: 'Zeros', config: {} } : value,
    ),
  ) as object;
}
