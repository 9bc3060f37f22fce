/** Inception V3 with trained weights, as the npm package nsfwjs carries it: a LayersModel's files, inside scripts. */
import { join } from 'node:path';

/** Its exports lead to these through asynchronous imports alone, which copy strings letter by letter under CommonJS. */
const FOLDER = join(__dirname, '..', '..', 'node_modules', 'nsfwjs', 'dist', 'models', 'inception_v3');

export interface Inception {
  /** model.json */
  readonly json: {
    readonly modelTopology: object;
    readonly weightsManifest: ReadonlyArray<{
      readonly paths: string[];
      readonly weights: Array<{ name: string; shape: number[]; dtype: 'float32' | 'int32' }>;
    }>;
  };
  readonly shards: ReadonlyArray<readonly [path: string, bytes: Buffer]>;
}

export function readInception(): Inception {
  const json = require(join(FOLDER, 'model.min.js')) as Inception['json'];
  const shards = json.weightsManifest
    .flatMap(({ paths }) => paths)
    .map((path) => [path, Buffer.from(require(join(FOLDER, `${path}.min.js`)) as string, 'base64')] as const);
  return { json, shards };
}
