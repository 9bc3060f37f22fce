/**
 * A model outgrows one machine: trained here for a few steps, converted, trained on by TensorFlow's distribution strategies in Keras 3,
 * and brought back. Where Python or TensorFlow cannot be had, the conversion alone is done.
 *
 *     PYTHON=venv/bin/python npx tsx examples/08_distributed/main.ts [folder]
 */
import * as tf from '@tensorflow/tfjs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import 'tfjs-im2col-pooling';
import { useBackend } from '../mnist/backend';
import { type Digits, firstDigits, indexRange, loadMnist, toTensors } from '../mnist/data';
import { newNetwork } from '../mnist/networks';
import { modelFolder } from '../mnist/model_folder';
import { predictionsIn, writeDigits, writeKerasFolder } from './folders';
import { mirrored, twoWorkers, whatIsMissing } from './python';

const OUT = process.argv[2] ?? 'out/distributed';
const [TRAIN, TEST, STEPS, BATCH] = [2048, 500, 5, 64];
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Scores of the digits, and the share of them that is right. */
function judged(model: tf.LayersModel, digits: Digits): { scores: Float32Array; accuracy: number } {
  return tf.tidy(() => {
    const { x, y } = toTensors(digits, indexRange(0, digits.count));
    const scores = model.predict(x) as tf.Tensor;
    const right = tf.mean(tf.cast(tf.equal(tf.argMax(scores, 1), tf.argMax(y, 1)), 'float32'));
    return { scores: scores.dataSync<'float32'>(), accuracy: right.dataSync()[0] };
  });
}

async function comesBack(name: string, folder: string, test: Digits, before: number): Promise<void> {
  const model = await tf.loadLayersModel(modelFolder(folder));
  const { scores, accuracy } = judged(model, test);
  const theirs = predictionsIn(folder);
  const apart = Math.max(...scores.map((score, i) => Math.abs(score - theirs[i])));
  say(
    `${name}, back in tfjs: accuracy ${accuracy.toFixed(4)} (was ${before.toFixed(4)}), predictions within ${apart.toExponential(1)} of Keras'`,
  );
  if (!(apart < 1e-4) || accuracy <= before)
    throw new Error(`${name}: expected the same predictions, and a higher accuracy.`);
  model.dispose();
}

async function main(): Promise<void> {
  await useBackend('wasm');
  const all = loadMnist(TRAIN);
  const [train, test] = [all.train, firstDigits(all.test, TEST)];
  const model = newNetwork('simple', 'im2col', 1);
  for (let step = 0; step < STEPS; step++) {
    const { x, y } = toTensors(train, indexRange(step * BATCH, (step + 1) * BATCH));
    const [loss] = (await model.trainOnBatch(x, y)) as number[];
    say(`tfjs, step ${step + 1} of ${STEPS}: loss ${loss.toFixed(3)}`);
    tf.dispose([x, y]);
  }
  const { accuracy } = judged(model, test);
  const [tfjsFolder, kerasFolder, data] = ['tfjs', 'keras', 'digits.npz'].map((name) => join(OUT, name));
  mkdirSync(OUT, { recursive: true });
  await model.save(modelFolder(tfjsFolder));
  writeKerasFolder(model, kerasFolder);
  say(`accuracy ${accuracy.toFixed(4)}; converted to ${kerasFolder}`);
  const missing = whatIsMissing();
  if (missing !== null) {
    say(missing);
    return;
  }
  writeDigits(train, test, data);
  await mirrored([kerasFolder, tfjsFolder, data, join(OUT, 'mirrored')]);
  await comesBack('MirroredStrategy', join(OUT, 'mirrored'), test, accuracy);
  await twoWorkers([kerasFolder, tfjsFolder, data, join(OUT, 'two_workers')]);
  await comesBack('MultiWorkerMirroredStrategy', join(OUT, 'two_workers'), test, accuracy);
}

void main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
