/**
 * 06, save and load everywhere: one model with this package's layers goes through every storage that tfjs has, and comes
 * back with the same predictions, bit for bit: memory, a folder, http, another process, tfjs-node's file://, and in a
 * real browser localStorage, IndexedDB and downloaded files. Run: npx tsx examples/06_save_and_load/main.ts
 */
import * as tf from '@tensorflow/tfjs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modelFolder } from '../mnist/model_folder';
import { loadInAnotherProcess } from './another_process';
import { pageFiles, throughBrowser } from './browser';
import { exampleModel, predict } from './model';

const folder = process.argv[2] ?? 'out/save_and_load';

async function main(): Promise<void> {
  tf.enableProdMode(); // keeps tfjs's greeting off the terminal
  const model = exampleModel();
  const expected = predict(model);
  console.log(
    `A model of the layers ${model.layers.map((layer) => layer.getClassName()).join(', ')}\npredicts ${expected.join(', ')}\n`,
  );
  const check = (storage: string, predicted: readonly number[]) => {
    const same = predicted.length === expected.length && predicted.every((value, i) => value === expected[i]);
    console.log(
      `${storage.padEnd(36)} ${same ? 'the same predictions, bit for bit' : `OTHER PREDICTIONS: ${predicted.join(', ')}`}`,
    );
    if (!same) process.exitCode = 1;
  };

  check('memory', await throughMemory(model));
  await model.save(modelFolder(folder));
  check(`a folder (${folder})`, await loaded(modelFolder(folder)));
  const [server, url] = await serve(folder, await pageFiles());
  check('http', await loaded(`${url}model.json`));
  check('another process, over http', await loadInAnotherProcess(`${url}model.json`, 'with'));
  const file = pathToFileURL(join(folder, 'model.json')).href;
  await report("tfjs-node's file://", () => loadInAnotherProcess(file, 'tfjs-node'), check);
  for (const storage of ['localstorage://model', 'indexeddb://model', 'downloads://model']) {
    await report(`Chromium, ${storage}`, () => throughBrowser(url, storage), check);
  }
  await loadInAnotherProcess(`${url}model.json`, 'without').then(
    () => {
      throw new Error('A process without this package should not have been able to load the model.');
    },
    ({ message }: Error) => console.log(`\nA process that does not import this package gets:\n  ${message}`),
  );
  server.close();
}

/** What a storage gives back, or why it cannot be had here. */
async function report(
  storage: string,
  load: () => Promise<number[]>,
  check: (storage: string, predicted: number[]) => void,
): Promise<void> {
  try {
    check(storage, await load());
  } catch (error) {
    console.log(`${storage.padEnd(36)} ${(error as Error).message}`);
  }
}

async function throughMemory(model: tf.LayersModel): Promise<number[]> {
  let kept: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      kept = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    }),
  );
  return loaded(tf.io.fromMemory(kept as tf.io.ModelArtifacts));
}

async function loaded(source: string | tf.io.IOHandler): Promise<number[]> {
  return predict(await tf.loadLayersModel(source));
}

/** Serves a folder on this machine, and files that are nowhere on the disk. */
async function serve(root: string, files: Record<string, string>) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-type', pathname === '/' ? 'text/html' : 'application/octet-stream');
    if (pathname in files) response.end(files[pathname]);
    else
      readFile(join(root, pathname)).then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`] as const;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
