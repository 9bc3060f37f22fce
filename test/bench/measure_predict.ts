/**
 * `npm run bench -- --models`: predictions of a GraphModel on the current backend, without and with our kernels installed, by the method
 * of measure.ts. Runs in Node and in the page.
 */
import * as tf from '@tensorflow/tfjs';
import { median } from '../../src/compare/statistics';
import { installed } from './contestants';
import { alternate, randomTensor } from './measure';

export interface PredictRequest {
  /** A GraphModel as plain data; weights in bytes. */
  readonly predictOf: {
    readonly modelTopology: object;
    readonly weightSpecs: Array<{ name: string; shape: number[]; dtype: 'float32' | 'int32' }>;
    readonly weights: readonly number[];
  };
  /** Of its input. */
  readonly shape: readonly number[];
  readonly pairs: number;
  readonly calls: number;
  readonly limitMs: number;
}

/** Medians in milliseconds. */
export interface PredictResult {
  readonly stock: number;
  readonly ours: number;
}

export async function measurePredict({ predictOf, shape, ...often }: PredictRequest): Promise<PredictResult> {
  const { modelTopology, weightSpecs, weights } = predictOf;
  const weightData = Uint8Array.from(weights).buffer;
  const model = await tf.loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const x = randomTensor(shape, 1);
  const step = () => model.predict(x) as tf.Tensor;
  const [ours, stock] = (await alternate([{ step, enter: installed }, { step }], often)).map(median);
  model.dispose();
  x.dispose();
  return { stock, ours };
}
