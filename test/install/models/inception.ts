/** Inception V3 with trained weights, as nsfwjs ships it: a LayersModel's files, read from the package. */
import { dirname, join } from 'node:path';
import type { ModelFiles } from './run_models';

/** The package exports these through asynchronous imports alone, which copy strings letter by letter under CommonJS. */
const FOLDER = join(dirname(require.resolve('nsfwjs')), '..', 'models', 'inception_v3');

interface ModelJson {
  modelTopology: object;
  weightsManifest: Array<{ paths: string[]; weights: ModelFiles['weightSpecs'] }>;
}

export function inceptionFiles(): ModelFiles {
  const { modelTopology, weightsManifest } = require(join(FOLDER, 'model.min.js')) as ModelJson;
  const shards = weightsManifest
    .flatMap(({ paths }) => paths)
    .map((path) => Buffer.from(require(join(FOLDER, `${path}.min.js`)) as string, 'base64'));
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weights: Buffer.concat(shards),
  };
}
