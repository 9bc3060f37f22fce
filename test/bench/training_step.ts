/**
 * `npm run bench -- --training-step`: one training step of the main job on wasm, with the kernels of
 * registerWasmTrainingKernels and without them.
 *
 * Method. Three networks that begin alike (SimpleConvNet of examples/mnist, batch 100) take their steps in turn on the same
 * digits, the order reversed from round to round, so that a drift of the machine hits all. One figure is the time of
 * trainOnBatch, which reads the loss back; the figures printed are medians. All must reach the same loss, up to rounding.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { registerWasmConv2DGradient } from 'tfjs-im2col-pooling';
import { registerWasmTrainingKernels } from 'tfjs-im2col-pooling/training';
import { indexRange, loadMnist, toTensors } from '../../examples/mnist/data';
import { type PoolingKind, newNetwork } from '../../examples/mnist/networks';
import { median, quantile } from '../../src/compare/statistics';

const BATCH = 100;
const WARM_UP = 5;

interface Contestant {
  readonly title: string;
  readonly pooling: PoolingKind;
  readonly hasTrainingKernels: boolean;
}

const CONTESTANTS: readonly Contestant[] = [
  { title: 'built-in pooling, registerWasmConv2DGradient', pooling: 'builtin', hasTrainingKernels: false },
  { title: 'im2col pooling, registerWasmConv2DGradient', pooling: 'im2col', hasTrainingKernels: false },
  { title: 'im2col pooling, registerWasmTrainingKernels', pooling: 'im2col', hasTrainingKernels: true },
];

/** The table, ready to be printed. */
export async function measureTrainingStep(rounds: number, peers = false): Promise<string> {
  if (peers) return (await import('./peers/training_step_peers')).measureStepOfPeers(rounds);
  tf.enableProdMode();
  registerWasmConv2DGradient();
  await tf.setBackend('wasm');
  const runs = CONTESTANTS.map((contestant) => ({
    contestant,
    model: newNetwork('simple', contestant.pooling, 1),
    times: [] as number[],
    losses: [] as number[],
  }));
  const digits = loadMnist(BATCH * (WARM_UP + rounds)).train;
  for (let round = 0; round < WARM_UP + rounds; round++) {
    const { x, y } = toTensors(digits, indexRange(round * BATCH, (round + 1) * BATCH));
    for (const { contestant, model, times, losses } of round % 2 === 0 ? runs : [...runs].reverse()) {
      const kernels = contestant.hasTrainingKernels ? registerWasmTrainingKernels() : undefined;
      const start = performance.now();
      const [loss] = (await model.trainOnBatch(x, y)) as number[];
      if (round >= WARM_UP) times.push(performance.now() - start);
      kernels?.unregister();
      losses.push(loss);
    }
    tf.dispose([x, y]);
  }
  const last = runs[runs.length - 1];
  const lines = runs.map(({ contestant, times, losses }) => {
    const ratios = times.map((ms, i) => ms / last.times[i]);
    const spread = [0.25, 0.75].map((q) => quantile(ratios, q).toFixed(2)).join(' to ');
    return (
      `  ${contestant.title.padEnd(46)} ${median(times).toFixed(1).padStart(6)} ms, ` +
      `${(median(times) / median(last.times)).toFixed(2)} of the last (quartiles ${spread}), loss ${losses[losses.length - 1].toFixed(5)}`
    );
  });
  return `A training step of SimpleConvNet on wasm, batch ${BATCH}, medians of ${rounds}:\n${lines.join('\n')}\n`;
}
