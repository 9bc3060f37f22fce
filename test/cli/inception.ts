/** Inception V3 as files: unpacked into a folder as a converter writes it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInception } from '../support/inception';

/** Writes model.json and its six shards; returns the path of the former. */
export function unpackInception(folder: string): string {
  const { json, shards } = readInception();
  mkdirSync(folder, { recursive: true });
  for (const [path, bytes] of shards) writeFileSync(join(folder, path), bytes);
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
