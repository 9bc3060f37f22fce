/** Predictions of a finished model without and with our kernels installed, and their times. Runs in Node and in the page. */
import type * as Tfjs from '@tensorflow/tfjs';
import type * as Plugin from '../../../src/base';
import { type PlainTensor, leakCounter, toPlain, traceKernels } from '../../support/run_case';

/** A model's files, as plain data. */
export interface ModelFiles {
  modelTopology: object;
  weightSpecs: Array<{ name: string; shape: number[]; dtype: 'float32' | 'int32' }>;
  weights: Buffer;
}

export interface ModelRequest {
  kind: 'layers' | 'graph';
  /** Of a square image. */
  size: number;
  /** Of a LayersModel: the layer to stop at. */
  upTo?: string;
  /** Timed predictions without and with, alternately; before them, one of each is not timed. */
  pairs: number;
}

interface Prediction {
  outputs: PlainTensor;
  /** Names of the pooling kernels that ran. */
  kernels: string[];
  /** Median, in milliseconds; NaN for no pairs. */
  ms: number;
}

export interface ModelResult {
  without: Prediction;
  with: Prediction;
  leaked: number;
}

/** `source`: a URL or a handler that gives the model. */
export async function predictTwice(
  tf: typeof Tfjs,
  plugin: typeof Plugin,
  source: string | Tfjs.io.IOHandler,
  { kind, size, upTo, pairs }: ModelRequest,
): Promise<ModelResult> {
  const model =
    kind === 'graph' ? await tf.loadGraphModel(source) : upToLayer(tf, await tf.loadLayersModel(source), upTo);
  const x = image(tf, size);
  const leaks = leakCounter(tf);
  const predict = () => tf.tidy(() => model.predict(x) as Tfjs.Tensor);
  const results = [await traced(tf, predict), await installed(plugin, () => traced(tf, predict))];
  const times: number[][] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    times[0].push(await timed(predict));
    times[1].push(await installed(plugin, () => timed(predict)));
  }
  const leaked = leaks();
  x.dispose();
  model.dispose();
  const [without, withOurs] = results.map((result, i) => ({
    ...result,
    ms: times[i].sort((a, b) => a - b)[pairs >> 1] ?? NaN,
  }));
  return { without, with: withOurs, leaked };
}

function upToLayer(tf: typeof Tfjs, model: Tfjs.LayersModel, name?: string): Tfjs.LayersModel {
  if (name === undefined) return model;
  return tf.model({ inputs: model.inputs, outputs: model.getLayer(name).output as Tfjs.SymbolicTensor });
}

/** Smooth and not symmetric, in [0, 1]. */
function image(tf: typeof Tfjs, size: number): Tfjs.Tensor {
  const values = Float32Array.from(
    { length: size * size * 3 },
    (_, i) => 0.5 + 0.5 * Math.sin(i * 0.013) * Math.cos((i / size) * 0.031),
  );
  return tf.tensor(values, [1, size, size, 3]);
}

async function installed<T>(plugin: typeof Plugin, f: () => Promise<T>): Promise<T> {
  const { uninstall } = plugin.installPoolingKernels();
  try {
    return await f();
  } finally {
    uninstall();
  }
}

async function traced(tf: typeof Tfjs, predict: () => Tfjs.Tensor): Promise<Omit<Prediction, 'ms'>> {
  const [y, kernels] = traceKernels(tf, predict);
  const outputs = await toPlain(y);
  y.dispose();
  return { outputs, kernels: kernels.filter((name) => /^(MaxPool|AvgPool|Im2Col)/.test(name)).sort() };
}

async function timed(predict: () => Tfjs.Tensor): Promise<number> {
  const start = performance.now();
  const y = predict();
  await y.data();
  y.dispose();
  return performance.now() - start;
}
