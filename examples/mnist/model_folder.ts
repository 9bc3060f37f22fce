/**
 * Saves a model to a folder and loads it again, with nothing but Node: model.json and weights.bin, as
 * tfjs-node's `file://` and the converter write them, so that `tf.loadLayersModel` over http reads them too.
 */
import * as tf from '@tensorflow/tfjs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MODEL = 'model.json';
const WEIGHTS = 'weights.bin';

/** An IOHandler for `model.save` and `tf.loadLayersModel`. */
export function modelFolder(folder: string): tf.io.IOHandler {
  return {
    save: async ({ weightData, weightSpecs = [], ...artifacts }) => {
      const json = { ...artifacts, weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }] };
      const weights = tf.io.CompositeArrayBuffer.join(weightData ?? []);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, MODEL), JSON.stringify(json));
      await writeFile(join(folder, WEIGHTS), new Uint8Array(weights));
      return {
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON', weightDataBytes: weights.byteLength },
      };
    },
    load: async () => {
      const json = JSON.parse(await readFile(join(folder, MODEL), 'utf8')) as tf.io.ModelJSON;
      return tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const files = await Promise.all(
          manifest.flatMap(({ paths }) => paths).map((path) => readFile(join(folder, path))),
        );
        return [manifest.flatMap(({ weights }) => weights), new Uint8Array(Buffer.concat(files)).buffer];
      });
    },
  };
}
