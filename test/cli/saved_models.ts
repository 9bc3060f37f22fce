/** Saved models for the command: one that is trained here, and programs that load what the command wrote. */
import * as tf from '@tensorflow/tfjs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Trains a small convolutional network on two kinds of stripes and saves it as tfjs does, the weights in two files. */
export async function trainAndSave(folder: string): Promise<{ accuracy: number }> {
  await tf.setBackend('cpu');
  const model = tf.sequential({
    name: 'stripes',
    layers: [
      tf.layers.conv2d({
        inputShape: [9, 9, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
      }),
      tf.layers.maxPooling2d({ poolSize: 2, name: 'pool_one' }),
      tf.layers.flatten(),
      tf.layers.dense({
        units: 2,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { x, y } = stripes(64);
  const { history } = await model.fit(x, y, { epochs: 6, batchSize: 16, shuffle: false, verbose: 0 });
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      write(folder, artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
  tf.dispose([x, y]);
  return { accuracy: history.acc[5] as number };
}

/** Any topology with its weights, in two files. */
export function write(folder: string, { modelTopology, weightSpecs, weightData }: tf.io.ModelArtifacts): void {
  mkdirSync(join(folder, 'weights'), { recursive: true });
  const bytes = Buffer.from(weightData as ArrayBuffer);
  const half = bytes.length >> 1;
  const paths = ['weights/one.bin', 'weights/two.bin'];
  writeFileSync(join(folder, paths[0]), bytes.subarray(0, half));
  writeFileSync(join(folder, paths[1]), bytes.subarray(half));
  writeFileSync(
    join(folder, 'model.json'),
    JSON.stringify({
      format: 'layers-model',
      generatedBy: 'a test',
      modelTopology,
      weightsManifest: [{ paths, weights: weightSpecs }],
      signature: { 'kept as it is': 1.0 },
    }),
  );
}

/** A program that prints the predictions of a saved model on wasm, after `before`. */
export function predicting(folder: string, before: string): string {
  return `
    const tf = require('@tensorflow/tfjs');
    require('@tensorflow/tfjs-backend-wasm');
    ${before}
    const { readFileSync } = require('node:fs');
    const read = (file) => readFileSync(${JSON.stringify(folder)} + '/' + file);
    (async () => {
      await tf.setBackend('wasm');
      const { modelTopology, weightsManifest: [{ paths, weights }] } = JSON.parse(read('model.json'));
      const bytes = Buffer.concat(paths.map(read));
      const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
      const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }));
      const shape = [2, ...model.inputs[0].shape.slice(1)];
      const x = tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7919 % 1000) / 1000), shape);
      const classes = model.layers.map((layer) => layer.getClassName()).filter((name) => name.includes('Pooling'));
      console.log(JSON.stringify({ predictions: Array.from(model.predict(x).dataSync()), classes }));
    })().catch((error) => { console.error(error.message); process.exitCode = 1; });`;
}

function stripes(count: number) {
  const isAcross = (i: number) => i % 2 === 0;
  const x = tf.tensor4d(
    Float32Array.from({ length: count * 81 }, (_, at) => {
      const [i, row, column] = [Math.floor(at / 81), Math.floor((at % 81) / 9), at % 9];
      return ((isAcross(i) ? row : column) + Math.floor(i / 2)) % 3 === 0 ? 1 : 0;
    }),
    [count, 9, 9, 1],
  );
  const y = tf.tensor2d(Array.from({ length: count }, (_, i) => (isAcross(i) ? [1, 0] : [0, 1])));
  return { x, y };
}
