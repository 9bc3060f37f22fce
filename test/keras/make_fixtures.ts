/** Writes test/golden/keras.json and keras.bin: `npx tsx test/keras/make_fixtures.ts`. */
import * as tf from '@tensorflow/tfjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toKerasModel } from '../../src/keras';
import { Arrays, artifactsOf, layerFixture, modelFixture } from './fixtures';
import { MODELS } from './models';

const FOLDER = join(__dirname, '..', 'golden');
const LAYERS = 200;

async function main() {
  await tf.setBackend('cpu');
  const arrays = new Arrays();
  const models = [];
  for (const [name, { builtin }] of Object.entries(MODELS)) {
    const { model, artifacts } = await artifactsOf(name);
    const topology = artifacts.modelTopology as object;
    const weights = (artifacts.weightSpecs ?? []).map((spec) => {
      const weight = model.weights.find(({ originalName }) => originalName === spec.name)!;
      return { name: spec.name, array: arrays.of(weight.read()) };
    });
    models.push({
      ...(await modelFixture(name, model, arrays)),
      topology,
      weights,
      keras: toKerasModel(topology, { pooling: 'im2col' }),
      stock: builtin ? toKerasModel(topology, { pooling: 'builtin' }) : null,
    });
  }
  const layers = Array.from({ length: LAYERS }, (_, i) => layerFixture(i, arrays));
  writeFileSync(join(FOLDER, 'keras.bin'), arrays.bytes());
  writeFileSync(join(FOLDER, 'keras.json'), `${JSON.stringify({ models, layers })}\n`);
  process.stdout.write(`${models.length} models, ${layers.length} layers, ${arrays.bytes().length} bytes\n`);
}

void main();
