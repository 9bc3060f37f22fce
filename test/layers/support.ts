/** What the layer tests share: the cpu backend, a leak check around every test, and data. */
import * as tf from '@tensorflow/tfjs';
import { memoryHandler } from './save_load';

/** Runs the tests of a file on cpu; each must leave as many tensors as it found. */
export function onCpuWithoutLeaks(): void {
  let before = 0;
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  beforeEach(() => {
    sgd();
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    const after = tf.memory().numTensors;
    if (after !== before) throw new Error(`The test left ${after - before} tensors.`);
  });
}

let optimizer: tf.SGDOptimizer | undefined;

/** One optimizer without state for all tests: it keeps its learning rate as a tensor that nothing disposes of. */
export function sgd(): tf.SGDOptimizer {
  return (optimizer ??= tf.train.sgd(0.001));
}

/** A model with these layers, the first of them of this package, trains; it is saved, and loaded predicts the same. */
export async function expectTrainsAndLoads(inputShape: Array<number | null>, layers: tf.layers.Layer[]): Promise<void> {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape, filters: 3, kernelSize: 3, kernelInitializer }),
      ...layers,
      tf.layers.dense({ units: 2, kernelInitializer }),
    ],
  });
  model.compile({ optimizer: sgd(), loss: 'meanSquaredError' });
  const [x, y] = [distinct([4, 6, 6, 1]), distinct([4, 2])];
  const before = numbers(model.getWeights()[0]);
  await model.fit(x, y, { epochs: 1, verbose: 0 });
  expect(numbers(model.getWeights()[0])).not.toEqual(before);
  const handler = memoryHandler(tf);
  await model.save(handler);
  const loaded = await tf.loadLayersModel(handler);
  const specOf = (of: tf.LayersModel) => (of.layers[1] as tf.layers.Layer & { spec: object }).spec;
  expect(specOf(loaded)).toEqual(specOf(model));
  tf.tidy(() => {
    expect(numbers(loaded.predict(x))).toEqual(numbers(model.predict(x)));
  });
  tf.dispose([x, y]);
  [model, loaded].forEach((one) => one.dispose());
}

/** Numbers without ties, negative ones among them, in a fixed, shuffled order. */
export function distinct(shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Array.from({ length: size }, (_, i) => i - Math.floor(size / 2));
  let state = 12345;
  for (let i = size - 1; i > 0; i--) {
    state = (state * 1103515245 + 12345) % 2147483648;
    const j = state % (i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
  return tf.tensor(values, shape, dtype);
}

/** The numbers of a tensor or of what a layer returns for tensors. */
export function numbers(result: unknown): number[] {
  return Array.from((result as tf.Tensor).dataSync());
}

/** What a layer returns for symbolic tensors. */
export function symbolic(result: unknown): tf.SymbolicTensor {
  return result as tf.SymbolicTensor;
}

export function symbolicPair(result: unknown): [tf.SymbolicTensor, tf.SymbolicTensor] {
  return result as [tf.SymbolicTensor, tf.SymbolicTensor];
}
