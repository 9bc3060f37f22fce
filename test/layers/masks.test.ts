/** Rule 17: Im2ColGlobalAveragePooling1D honours a mask as Keras does; the other layers, as Keras' own, pool all. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { convertPooling } from '../../src/convert/index';
import * as plugin from '../../src/index';

/** [1, 2, 0, 0] of the weights 9, 1, 2, 3, which is [1, 2, 9, 9]. */
function embedding(args: object = {}): tf.layers.Layer {
  const weights = [tf.tensor2d([9, 1, 2, 3], [4, 1])];
  return tf.layers.embedding({ inputDim: 4, outputDim: 1, maskZero: true, inputLength: 4, weights, ...args });
}

const WORDS = [[1, 2, 0, 0]];
const predicted = (model: tf.LayersModel, x: number[][] = WORDS) =>
  tf.tidy(() => Array.from((model.predict(tf.tensor2d(x)) as tf.Tensor).dataSync()));
const sequential = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('row 5 of the faults', () => {
    expect(predicted(sequential(embedding(), plugin.im2colGlobalAveragePooling1d()))).toEqual([1.5]);
  });

  test('the built-in one pools all, and so does ours without a mask', () => {
    expect(predicted(sequential(embedding(), tf.layers.globalAveragePooling1d({})))).toEqual([5.25]);
    expect(predicted(sequential(embedding({ maskZero: false }), plugin.im2colGlobalAveragePooling1d()))).toEqual([
      5.25,
    ]);
  });

  test('all steps masked: NaN, as in Keras', () => {
    const model = sequential(embedding(), plugin.im2colGlobalAveragePooling1d());
    expect(
      predicted(model, [
        [0, 0, 0, 0],
        [3, 0, 3, 1],
      ]),
    ).toEqual([NaN, Math.fround(7 / 3)]);
  });

  test('a Masking layer, layers that hand the mask on, and two of them', () => {
    const x = tf.tensor3d([1, 2, 0, 0, 3, 4, 0, 0], [1, 4, 2]);
    const masking = tf.layers.masking({ maskValue: 0, inputShape: [4, 2] });
    const direct = sequential(masking, plugin.im2colGlobalAveragePooling1d());
    expect(Array.from((direct.predict(x) as tf.Tensor).dataSync())).toEqual([2, 3]);
    const between = [tf.layers.activation({ activation: 'linear' }), tf.layers.dropout({ rate: 0.5 })];
    const longer = sequential(
      tf.layers.masking({ inputShape: [4, 2] }),
      ...between,
      plugin.im2colGlobalAveragePooling1d(),
    );
    expect(Array.from((longer.predict(x) as tf.Tensor).dataSync())).toEqual([2, 3]);
  });

  test('a recurrent layer hands the mask on', () => {
    const lstm = () =>
      tf.layers.lstm({ units: 2, returnSequences: true, kernelInitializer: 'ones', recurrentInitializer: 'zeros' });
    const all = sequential(embedding(), lstm());
    const mean = sequential(all, plugin.im2colGlobalAveragePooling1d());
    const inOne = sequential(embedding(), lstm(), plugin.im2colGlobalAveragePooling1d());
    const [first, second] = (all.predict(tf.tensor2d(WORDS)) as tf.Tensor3D).arraySync()[0];
    const expected = first.map((value, c) => Math.fround(Math.fround(value + second[c]) / 2));
    expect(predicted(inOne)).toEqual(expected);
    expect(mean.outputShape).toEqual([null, 2]);
  });

  test.each(['valid', 'same'] as const)("a mask that a convolution ('%s') ended is none", (padding) => {
    const conv = tf.layers.conv1d({ filters: 1, kernelSize: 2, padding, kernelInitializer: 'ones' });
    const head = [embedding(), conv];
    const ours = sequential(...head, plugin.im2colGlobalAveragePooling1d());
    const [sum, count] = padding === 'valid' ? [3 + 11 + 18, 3] : [3 + 11 + 18 + 9, 4];
    expect(predicted(ours)).toEqual([Math.fround(sum / count)]);
  });

  test('the mask of another branch is none', () => {
    const [words, series] = [tf.input({ shape: [4] }), tf.input({ shape: [4, 1] })];
    const text = plugin.im2colGlobalAveragePooling1d().apply(embedding().apply(words)) as tf.SymbolicTensor;
    const mean = plugin.im2colGlobalAveragePooling1d().apply(series) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [words, series], outputs: [text, mean] });
    const outputs = model.predict([tf.tensor2d(WORDS), tf.tensor3d([1, 2, 3, 4], [1, 4, 1])]) as tf.Tensor[];
    expect(outputs.map((y) => y.dataSync()[0])).toEqual([1.5, 2.5]);
  });

  test('a mask enters a nested model', () => {
    const inner = sequential(plugin.im2colGlobalAveragePooling1d({ inputShape: [4, 1] }));
    const words = tf.input({ shape: [4] });
    const output = inner.apply(embedding().apply(words)) as tf.SymbolicTensor;
    expect(predicted(tf.model({ inputs: words, outputs: output }))).toEqual([1.5]);
  });

  test('alone, with a mask of any dtype; keepDims, channels first, int32', () => {
    const x = tf.tensor3d([1, 5, 2, 6, 30, 70], [1, 3, 2]);
    const apply = (args: object, t: tf.Tensor, mask: tf.Tensor) =>
      plugin.im2colGlobalAveragePooling1d(args).apply(t, { mask }) as tf.Tensor;
    const masks = (['bool', 'int32', 'float32'] as const).map((dtype) => tf.tensor2d([1, 1, 0], [1, 3], dtype));
    for (const mask of masks) expect(apply({}, x, mask).arraySync()).toEqual([[1.5, 5.5]]);
    const [mask] = masks;
    expect(apply({ keepDims: true }, x, mask).arraySync()).toEqual([[[1.5, 5.5]]]);
    const first = tf.transpose(x, [0, 2, 1]);
    expect(apply({ dataFormat: 'channelsFirst' }, first, mask).arraySync()).toEqual([[1.5, 5.5]]);
    expect(apply({ dataFormat: 'channelsFirst', keepDims: true }, first, mask).arraySync()).toEqual([[[1.5], [5.5]]]);
    expect(apply({ implementation: 'im2col' }, tf.cast(x, 'int32'), mask).arraySync()).toEqual([[1.5, 5.5]]);
    expect(apply({}, tf.zeros([0, 3, 2]), tf.zeros([0, 3], 'bool')).shape).toEqual([0, 2]);
  });

  test('a NaN or an infinity in a masked step is absent; in another it is there', () => {
    const layer = plugin.im2colGlobalAveragePooling1d();
    const mask = tf.tensor2d([1, 0, 1, 0], [1, 4], 'bool');
    const mean = (data: number[]) => (layer.apply(tf.tensor3d(data, [1, 4, 1]), { mask }) as tf.Tensor).dataSync()[0];
    expect(mean([1, NaN, 2, -Infinity])).toBe(1.5);
    expect(mean([1, 5, NaN, 5])).toBe(NaN);
    expect(mean([1, 5, Infinity, 5])).toBe(Infinity);
  });

  test('long runs: the additions of all steps, in their order', () => {
    const length = 5000;
    const data = Float32Array.from({ length }, (_, i) => Math.sin(i * 7919));
    const on = Uint8Array.from({ length }, (_, i) => Number(i % 3 > 0));
    const x = tf.tensor3d(data, [1, length, 1]);
    const layer = plugin.im2colGlobalAveragePooling1d();
    const masked = layer.apply(x, { mask: tf.tensor2d(on, [1, length], 'bool') }) as tf.Tensor;
    const zeroed = plugin.globalAveragePool1d(tf.mul(x, tf.tensor3d(Float32Array.from(on), [1, length, 1])));
    const count = on.reduce((a, b) => a + b, 0);
    expect(masked.dataSync()[0]).toBeCloseTo((zeroed.dataSync()[0] * length) / count, 6);
    expect((layer.apply(x, { mask: tf.ones([1, length], 'bool') }) as tf.Tensor).dataSync()).toEqual(
      plugin.globalAveragePool1d(x).dataSync(),
    );
  });

  test('gradients of the first and second order: masked steps get exactly 0', () => {
    const layer = plugin.im2colGlobalAveragePooling1d();
    const mask = tf.tensor2d([1, 1, 0, 0, 0, 0, 0, 0], [2, 4], 'bool');
    const x = tf.tensor3d([1, 2, NaN, 4, 1, 2, 3, 4], [2, 4, 1]);
    const f = (t: tf.Tensor) => layer.apply(t, { mask }) as tf.Tensor;
    expect(Array.from(tf.grad(f)(x).dataSync()).slice(0, 4)).toEqual([0.5, 0.5, 0, 0]);
    expect(Array.from(tf.grad(f)(x).dataSync()).slice(4)).toEqual([0, 0, 0, 0]);
    const one = tf.slice(x, 0, 1);
    const g = (t: tf.Tensor) => layer.apply(t, { mask: tf.slice(mask, 0, 1) }) as tf.Tensor;
    const second = tf.grad((t) => tf.sum(tf.square(tf.grad((u) => tf.square(g(u)))(t))));
    // y = (a + b) / 2; dy^2/da = y; the sum of its squares is 2 y^2, whose derivative is 2 y in each.
    expect(Array.from(second(one).dataSync())).toEqual([3, 3, 0, 0]);
  });

  test('saved, loaded and trained', async () => {
    const model = sequential(embedding(), plugin.im2colGlobalAveragePooling1d(), tf.layers.dense({ units: 1 }));
    const artifacts = await new Promise<tf.io.ModelArtifacts>((resolve) => {
      void model.save(
        tf.io.withSaveHandler((made) => (resolve(made), Promise.resolve({ modelArtifactsInfo: {} as never }))),
      );
    });
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    expect(predicted(loaded)).toEqual(predicted(model));
    // Stock tfjs has no gradient of an embedding on wasm.
    loaded.layers[0].trainable = backend === 'cpu';
    loaded.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    const weights = () => loaded.getWeights().map((t) => Array.from(t.dataSync()));
    const before = weights();
    await loaded.trainOnBatch(tf.tensor2d(WORDS), tf.tensor2d([[100]]));
    const after = weights();
    expect(after[1]).not.toEqual(before[1]);
    // Masked words, and those that are not there, are not trained.
    const embeddings = (all: number[][]) => all.find(({ length }) => length === 4)!;
    const [words, trained] = [embeddings(before), embeddings(after)];
    expect([trained[0], trained[3]]).toEqual([words[0], words[3]]);
    expect(trained[1] !== words[1] && trained[2] !== words[2]).toBe(backend === 'cpu');
  });

  test.each([
    ['Im2ColGlobalMaxPooling1D', () => plugin.im2colGlobalMaxPooling1d(), [9]],
    ['Im2ColMaxPooling1D', () => plugin.im2colMaxPooling1d(), [2, 9]],
    ['Im2ColAveragePooling1D', () => plugin.im2colAveragePooling1d(), [1.5, 9]],
    ['Im2ColLpPooling1D', () => plugin.im2colLpPooling1d({ p: 1 }), [3, 18]],
    ['Im2ColAdaptiveAveragePooling1D', () => plugin.im2colAdaptiveAveragePooling1d({ outputSize: 1 }), [5.25]],
  ])('%s ignores a mask, as the built-in layers do', (_, make, expected) => {
    expect(predicted(sequential(embedding(), make()))).toEqual(expected);
  });

  test('the mask ends there, and one of another shape is an error', () => {
    const layer = plugin.im2colGlobalAveragePooling1d();
    const x = tf.ones([1, 4, 1]);
    expect(layer.computeMask(x, tf.ones([1, 4]))).toBeNull();
    expect(() => layer.apply(x, { mask: tf.ones([1, 3]) })).toThrow(
      new Error('Im2ColGlobalAveragePooling1D: expected a mask of shape [1, 4] [batch, length]; got [1, 3].'),
    );
  });

  test('converted, the layer takes the mask that the built-in one ignores; and back', async () => {
    const builtin = sequential(embedding(), tf.layers.globalAveragePooling1d({}));
    const ours = await convertPooling(builtin, { to: 'im2col' });
    expect(predicted(ours)).toEqual([1.5]);
    expect(predicted(await convertPooling(ours, { to: 'builtin' }))).toEqual([5.25]);
  });
});
