/** Inception V3 as files: what the npm package nsfwjs carries inside scripts, unpacked into a folder as a converter writes it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface ModelJson {
  modelTopology: object;
  weightsManifest: Array<{ paths: string[]; weights: object[] }>;
}

/** Writes model.json and its six shards; returns the path of the former. */
export function unpackInception(folder: string): string {
  // Its exports name no file of a model.
  const source = join(__dirname, '..', '..', 'node_modules', 'nsfwjs', 'dist', 'models', 'inception_v3');
  mkdirSync(folder, { recursive: true });
  const json = require(join(source, 'model.min.js')) as ModelJson;
  for (const path of json.weightsManifest[0].paths) {
    writeFileSync(join(folder, path), Buffer.from(require(join(source, `${path}.min.js`)) as string, 'base64'));
  }
  // Spaced as nobody's serializer does it: what is not converted has to keep every byte.
  const path = join(folder, 'model.json');
  writeFileSync(
    path,
    `${JSON.stringify(json)
      .replace('{"modelTopology":', '{ "modelTopology" :\n ')
      .replace(/,"weightsManifest":/, ',\t"weightsManifest": ')}\n`,
  );
  return path;
}
