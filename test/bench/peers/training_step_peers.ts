/**
 * `npm run bench -- --training-step --peers`: one training step of the main job (SimpleConvNet of examples/mnist, batch 100) on
 * wasm with registerWasmTrainingKernels, on tfjs-node, and in PyTorch in both of its layouts, whichever are there.
 *
 * All begin with the same weights and see the same digits; they take turns, the order reversed from round to round. A step ends
 * with the loss on the host. Every loss must be that of wasm, up to rounding. The figures are medians.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerWasmTrainingKernels } from 'tfjs-im2col-pooling/training';
import { CLASSES, SIDE, indexRange, loadMnist, toTensors } from '../../../examples/mnist/data';
import { newNetwork } from '../../../examples/mnist/networks';
import { median } from '../../../src/compare/statistics';
import { PYTHON, startWorker } from './python';

const BATCH = 100;
const WARM_UP = 5;

interface Batch {
  readonly x: Float32Array;
  readonly labels: readonly number[];
  readonly file: string;
}

interface Trainer {
  readonly title: string;
  step(batch: Batch): Promise<{ ms: number; loss: number }>;
  close(): void;
}

/** The lines, ready to be printed. */
export async function measureStepOfPeers(rounds: number): Promise<string> {
  tf.enableProdMode();
  registerWasmTrainingKernels();
  const folder = await mkdtemp(join(tmpdir(), 'bench-step-'));
  const [trainers, missing]: [Trainer[], string[]] = [[], []];
  const open = async (name: string, opened: () => Promise<Trainer>) =>
    opened().then(
      (trainer) => trainers.push(trainer),
      (error: Error) => missing.push(`${name} is not here: ${error.message.split('\n')[0]}`),
    );
  try {
    await open('wasm', () => openTfjs('wasm', 'ours, wasm, one thread'));
    await open('tfjs-node', openTfjsNode);
    const install = `; ${PYTHON} -m pip install torch`;
    await open(`PyTorch (BENCH_PYTHON names a python${install})`, () => openTorch('torch', 'channels first', folder));
    await open('PyTorch, channels last', () => openTorch('torch-last', 'channels last', folder));
    return `${[...(await rows(trainers, rounds, folder)), ...missing.map((line) => `  ${line}`)].join('\n')}\n`;
  } finally {
    trainers.forEach((trainer) => {
      trainer.close();
    });
    await rm(folder, { recursive: true });
  }
}

async function rows(trainers: readonly Trainer[], rounds: number, folder: string): Promise<string[]> {
  const digits = loadMnist(BATCH * (WARM_UP + rounds)).train;
  const times = trainers.map(() => [] as number[]);
  const losses = trainers.map(() => 0);
  for (let round = -WARM_UP; round < rounds; round++) {
    const indices = indexRange((round + WARM_UP) * BATCH, (round + WARM_UP + 1) * BATCH);
    const { x, y } = toTensors(digits, indices);
    const batch = {
      x: x.dataSync() as Float32Array,
      labels: Array.from(indices, (i) => digits.labels[i]),
      file: join(folder, 'x.f32'),
    };
    await writeFile(batch.file, batch.x);
    tf.dispose([x, y]);
    const order = trainers.map((_, i) => (round % 2 === 0 ? i : trainers.length - 1 - i));
    for (const i of order) {
      const { ms, loss } = await trainers[i].step(batch);
      losses[i] = loss;
      if (round >= 0) times[i].push(ms);
    }
    for (const [i, loss] of losses.entries())
      if (!(Math.abs(loss - losses[0]) < 0.02))
        throw new Error(`${trainers[i].title} has the loss ${loss}, ${trainers[0].title} ${losses[0]}`);
  }
  const [processor] = cpus();
  return [
    `A training step of SimpleConvNet, batch ${BATCH}, medians of ${rounds}: ${processor?.model.trim() ?? ''} (${cpus().length} cores)`,
    ...trainers.map(
      ({ title }, i) =>
        `  ${title.padEnd(46)} ${median(times[i]).toFixed(1).padStart(6)} ms, ${(median(times[i]) / median(times[0])).toFixed(2)} of ours on wasm, loss ${losses[i].toFixed(4)}`,
    ),
  ];
}

async function openTfjs(backend: 'wasm' | 'tensorflow', title: string): Promise<Trainer> {
  await tf.setBackend(backend);
  const model = newNetwork('simple', 'im2col', 1);
  return {
    title,
    async step({ x, labels }) {
      await tf.setBackend(backend);
      const image = tf.tensor4d(x, [labels.length, SIDE, SIDE, 1]);
      const y = tf.tidy(() => tf.oneHot(tf.tensor1d([...labels], 'int32'), CLASSES).toFloat());
      const start = performance.now();
      const [loss] = (await model.trainOnBatch(image, y)) as number[];
      const ms = performance.now() - start;
      tf.dispose([image, y]);
      return { ms, loss };
    },
    close: () => {
      model.dispose();
    },
  };
}

async function openTfjsNode(): Promise<Trainer> {
  const { tfjsNodePath } = await import('../../../.ci/tfjs_node.mjs');
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  require(tfjsNodePath() ?? '@tensorflow/tfjs-node');
  return openTfjs('tensorflow', 'ours, tfjs-node');
}

async function openTorch(peer: string, layout: string, folder: string): Promise<Trainer> {
  const worker = startWorker(peer);
  try {
    const { version } = await worker.ask<{ version: string }>({ what: 'version' });
    await tf.setBackend('wasm');
    const model = newNetwork('simple', 'im2col', 1);
    const weights = await Promise.all(
      model.getWeights().map(async (weight, i) => {
        const file = join(folder, `${i}.f32`);
        await writeFile(file, weight.dataSync() as Float32Array);
        return [file, weight.shape];
      }),
    );
    model.dispose();
    await worker.ask({ what: 'network', weights });
    return {
      title: `${version}, ${layout}`,
      async step({ labels, file }) {
        await worker.ask({ what: 'batch', x: file, shape: [labels.length, SIDE, SIDE, 1], labels });
        return worker.ask({ what: 'train' });
      },
      close: worker.close,
    };
  } catch (error) {
    worker.close();
    throw error;
  }
}
