/**
 * One training step of the main job on the current backend, wasm, with the kernels of registerWasmTrainingKernels and without
 * them. The same code runs in Node and, bundled, in the browser page.
 *
 * Method. Three networks that begin alike (SimpleConvNet of examples/mnist, batch 100) take their steps in turn on the same
 * digits, the order reversed from round to round, so that a drift of the machine hits all. One figure is the time of
 * trainOnBatch, which reads the loss back. Threads of the contestant before fall asleep first.
 */
import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { registerWasmConv2DGradient } from 'tfjs-im2col-pooling';
import { registerWasmTrainingKernels } from 'tfjs-im2col-pooling/training';
import { CLASSES, PIXELS, SIDE } from '../../examples/mnist/digit_format';
import { type PoolingKind, newNetwork } from '../../examples/mnist/networks';
import { memoryOf, threadCountOf, threadsOf } from '../../src/kernels/simd/wasm_backend';
import { trainingCode, trainingModule } from '../../src/training/module';

export const BATCH = 100;
export const WARM_UP = 5;
const PAUSE_MS = 2;

export interface StepRequest {
  /** Of {@link WARM_UP} rounds more than are measured: [round, image, pixel] as bytes in base64, and [round, image]. */
  readonly stepPixels: string;
  readonly labels: readonly number[];
}

export interface StepResult {
  readonly title: string;
  readonly times: number[];
  readonly loss: number;
}

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

export async function measureTrainingStep({ stepPixels, labels }: StepRequest): Promise<StepResult[]> {
  tf.enableProdMode();
  registerWasmConv2DGradient();
  const runs = CONTESTANTS.map((contestant) => ({
    ...contestant,
    model: newNetwork('simple', contestant.pooling, 1),
    times: [] as number[],
    loss: NaN,
  }));
  const pixels = Uint8Array.from(atob(stepPixels), (character) => character.charCodeAt(0));
  for (let round = 0; round < labels.length / BATCH; round++) {
    const { x, y } = batchOf(pixels, labels, round);
    if (round === WARM_UP) await untilThreadsAreThere();
    for (const run of round % 2 === 0 ? runs : [...runs].reverse()) {
      const kernels = run.hasTrainingKernels ? registerWasmTrainingKernels() : undefined;
      await pause();
      const start = performance.now();
      const [loss] = (await run.model.trainOnBatch(x, y)) as number[];
      if (round >= WARM_UP) run.times.push(performance.now() - start);
      kernels?.unregister();
      run.loss = loss;
    }
    tf.dispose([x, y]);
  }
  return runs.map(({ title, times, loss }) => ({ title, times, loss }));
}

/** As the example makes them of bytes. */
function batchOf(pixels: Uint8Array, labels: readonly number[], round: number): { x: tf.Tensor4D; y: tf.Tensor2D } {
  const bytes = pixels.subarray(round * BATCH * PIXELS, (round + 1) * BATCH * PIXELS);
  const x = tf.tensor4d(
    Float32Array.from(bytes, (byte) => byte / 255),
    [BATCH, SIDE, SIDE, 1],
  );
  const y = new Float32Array(BATCH * CLASSES);
  for (let i = 0; i < BATCH; i++) y[i * CLASSES + labels[round * BATCH + i]] = 1;
  return { x, y: tf.tensor2d(y, [BATCH, CLASSES]) };
}

/** Workers that come later would be in some of the figures. */
async function untilThreadsAreThere(): Promise<void> {
  const backend = tf.backend() as BackendWasm;
  const memory = memoryOf(backend)!;
  const crew = threadsOf(backend, memory)?.crew(trainingCode(memory)!, trainingModule(memory)!);
  while (crew && crew.count < threadCountOf(backend)) await pause();
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}
