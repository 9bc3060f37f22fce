/** Saved and loaded where a real browser and tfjs-node keep models: the same predictions, bit for bit. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { openPage } from '../support/browser';
import { describeDevice } from '../support/devices';
import { saveLoadPredictions } from './save_load';

/** Fifteen numbers that are not all alike, and the same twice. */
function expectSame(saved: ArrayLike<number>, loaded: ArrayLike<number>): void {
  expect(saved).toHaveLength(15);
  expect(new Set(Array.from(saved)).size).toBeGreaterThan(1);
  expect(Array.from(loaded)).toEqual(Array.from(saved));
}

for (const key of ['cpuBrowser', 'wasmBrowser', 'webgl', 'webgpu'] as const) {
  describeDevice(key, 'save and load', (device) => {
    test.each(['localstorage://im2col', 'indexeddb://im2col'])('%s', async (url) => {
      const { saved, loaded } = await device().page!.call(async (p, storage) => {
        const both = await p.saveLoadPredictions(storage);
        return { saved: Array.from(both.saved), loaded: Array.from(both.loaded) };
      }, url);
      expectSame(saved, loaded);
    });
  });
}

describeDevice('cpuBrowser', 'save and load over http', () => {
  test('a model folder on a web server', async () => {
    const files: Record<string, string | Buffer> = {};
    const page = await openPage(files);
    try {
      await page.call((p) => p.useBackend('cpu'), null);
      const { json, weights, predictions } = await page.call((p) => p.modelFiles(), null);
      files['/model/model.json'] = json;
      files['/model/weights.bin'] = Buffer.from(weights);
      expectSame(predictions, await page.call((p, url) => p.predictionsOf(url), `${page.url}model/model.json`));
    } finally {
      await page.close();
    }
  });
});

describeDevice('node', 'save and load', () => {
  test('file://', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'im2col-model-'));
    try {
      const { saved, loaded } = await saveLoadPredictions(
        tf,
        plugin,
        `file://${folder}`,
        `file://${folder}/model.json`,
      );
      expectSame(saved, loaded);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
