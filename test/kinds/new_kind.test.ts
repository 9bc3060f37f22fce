/** What one entry of the table of kinds and one operation make: layers, saving, conversion, comparison, `inspect`, the page's list. */
import * as tf from '@tensorflow/tfjs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasOption, isWindowed, poolingNames, poolingTitle } from '../../examples/browser/shared/poolings';
import { inspectCommand } from '../../src/cli/inspect_command';
import { comparePooling, formatMarkdown } from '../../src/compare/index';
import { convertPooling, convertPoolingTopology } from '../../src/convert/index';
import { maxPool1d, maxPool2d, maxPool3d, registerIm2ColLayers } from '../../src/index';
import { memoryHandler } from '../layers/save_load';
import { distinct, numbers, onCpuWithoutLeaks } from '../layers/support';
import { addRangePooling } from './range_pooling';
import { addSumPooling } from './sum_pooling';

onCpuWithoutLeaks();

type Factory = (args?: object) => tf.layers.Layer;
let removeSumPooling: () => void;
let made: Readonly<Record<string, Factory>>;
beforeAll(() => {
  removeSumPooling = addSumPooling();
  made = registerIm2ColLayers() as object as typeof made;
});
afterAll(() => removeSumPooling());

/** What a library beside TensorFlow.js might have: the counterpart that the entry names. */
class SumPooling2D extends tf.layers.Layer {
  static readonly className = 'SumPooling2D';
  constructor(private readonly args: { poolSize?: number[] } = {}) {
    super(args as object);
  }
  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [height, width] = this.args.poolSize ?? [2, 2];
    return tf.tidy(() =>
      tf.mul(tf.avgPool(([x].flat() as tf.Tensor4D[])[0], [height, width], [height, width], 'valid'), height * width),
    );
  }
  override computeOutputShape([batch, height, width, channels]: number[]): number[] {
    const [h, w] = this.args.poolSize ?? [2, 2];
    return [
      batch,
      height === null ? null! : Math.floor(height / h),
      width === null ? null! : Math.floor(width / w),
      channels,
    ];
  }
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), poolSize: this.args.poolSize ?? [2, 2] };
  }
}
tf.serialization.registerClass(SumPooling2D);

const SHAPE = [1, 4, 8, 2];
const modelOf = (layer: tf.layers.Layer) =>
  tf.sequential({
    layers: [tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', inputShape: SHAPE.slice(1) }), layer],
  });
const predictionsOf = (model: tf.LayersModel) => tf.tidy(() => numbers(model.predict(distinct(SHAPE)) as tf.Tensor));

test('layers of every rank, with the errors and the configuration of a layer', () => {
  tf.tidy(() => {
    const x = tf.tensor3d([1, 4, 3, 2], [1, 4, 1]);
    expect(numbers(made.im2colSumPooling1d().apply(x))).toEqual([5, 5]);
    expect(numbers(made.im2colSumPooling3d({ poolSize: 2 }).apply(tf.ones([1, 2, 2, 2, 1])))).toEqual([8]);
  });
  const layer = made.im2colSumPooling2d({ poolSize: [1, 2], name: 'sum' });
  expect(layer.getClassName()).toBe('Im2ColSumPooling2D');
  expect(layer.computeOutputShape([null, 4, 6, 2])).toEqual([null, 4, 3, 2]);
  expect(layer.getConfig()).toMatchObject({ name: 'sum', poolSize: [1, 2], strides: [1, 2], ceilMode: false });
  expect(() => made.im2colSumPooling2d({ size: 2 })).toThrow("Im2ColSumPooling2D: unknown option 'size'");
  expect(() => made.im2colSumPooling2d({ strides: 0 })).toThrow('Im2ColSumPooling2D: expected strides to be');
});

test('a model is saved, loaded and trained', async () => {
  const model = modelOf(made.im2colSumPooling2d({ poolSize: [2, 4] }));
  const handler = memoryHandler(tf);
  await model.save(handler);
  const loaded = await tf.loadLayersModel(handler);
  expect(predictionsOf(loaded)).toEqual(predictionsOf(model));
  const before = numbers(model.getWeights()[0]);
  const [x, y] = [distinct(SHAPE), tf.zeros([1, 2, 2, 2])];
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.fit(x, y, { verbose: 0 });
  expect(numbers(model.getWeights()[0])).not.toEqual(before);
  tf.dispose([x, y]);
  model.optimizer.dispose();
  [model, loaded].forEach((each) => each.dispose());
});

test('convertPooling exchanges it, both ways', async () => {
  const theirs = modelOf(new SumPooling2D({ poolSize: [2, 4] }));
  const ours = await convertPooling(theirs, { to: 'im2col' });
  expect(ours.layers[1].getClassName()).toBe('Im2ColSumPooling2D');
  const back = await convertPooling(ours, { to: 'builtin' });
  expect(back.layers[1].getClassName()).toBe('SumPooling2D');
  // The built-in adds up in double precision.
  expect(predictionsOf(ours)).toEqual(predictionsOf(theirs).map((sum) => expect.closeTo(sum, 4) as number));
  expect(predictionsOf(back)).toEqual(predictionsOf(theirs));
  [theirs, ours, back].forEach((model) => model.dispose());
  const dilated = modelOf(made.im2colSumPooling2d({ name: 'p', strides: 1, dilationRate: 2, padding: 'same' }));
  expect(() => convertPoolingTopology(dilated.toJSON(null, false) as object, { to: 'builtin' })).toThrow(
    "got layer 'p' (Im2ColSumPooling2D): tf.layers has no dilationRate (here [2, 2]).",
  );
  dilated.dispose();
});

test('comparePooling judges it, in cases and in models', async () => {
  const options = { poolSize: 3, strides: 2, padding: 1, ceilMode: true };
  const model = modelOf(made.im2colSumPooling2d({ name: 'pool', poolSize: [2, 4] }));
  const report = await comparePooling({
    model,
    cases: [{ name: 'sum', pooling: 'sum', shape: [2, 6, 6, 3], values: 'distinct', options } as never],
    backends: ['cpu'],
    repeats: 0,
  });
  expect(report.rows.map((row) => [row.case, row.pooling as string, row.deviates, row.values.builtinError])).toEqual([
    ['pool', 'sum', 'neither', 'TensorFlow.js has no sum pooling'],
    ['sum', 'sum', 'neither', 'TensorFlow.js has no sum pooling'],
  ]);
  expect(report.rows[1].outputShape).toEqual([2, 4, 4, 3]);
  expect(report.rows[1].gradient!.mass.ours).not.toBeNull();
  expect(formatMarkdown(report)).toContain('sum');
  model.dispose();
});

test('comparePooling judges a kind by the reduction that its entry states', async () => {
  const options = { poolSize: 3, strides: 2, padding: 1, ceilMode: true };
  const cases = [
    { name: 'first', pooling: 'range', shape: [2, 3, 6, 6], options: { ...options, dataFormat: 'channelsFirst' } },
    { name: '1-D', pooling: 'range', shape: [2, 9, 3], options },
  ];
  const deviationsOf = async () => {
    const { rows } = await comparePooling({ cases: cases as never, backends: ['cpu'], repeats: 0 });
    return rows.map(({ deviates, gradient }) => [deviates, gradient!.deviates]);
  };
  const remove = addRangePooling();
  expect(await deviationsOf()).toEqual([
    ['neither', 'neither'],
    ['neither', 'neither'],
  ]);
  remove();
  const removeWrong = addRangePooling({ 1: maxPool1d, 2: maxPool2d, 3: maxPool3d });
  expect((await deviationsOf()).flat()).toEqual(new Array(4).fill('ours'));
  removeWrong();
});

test('inspect lists it', async () => {
  const model = modelOf(made.im2colSumPooling2d({ name: 'pool', poolSize: [2, 4] }));
  const folder = mkdtempSync(join(tmpdir(), 'kinds-'));
  const file = join(folder, 'model.json');
  writeFileSync(file, JSON.stringify({ modelTopology: model.toJSON(null, false) }));
  model.dispose();
  const { layers } = JSON.parse(await inspectCommand(file, true, {} as never));
  expect(layers).toMatchObject([
    { name: 'pool', class: 'Im2ColSumPooling2D', options: { poolSize: [2, 4], ceilMode: false } },
  ]);
  rmSync(folder, { recursive: true });
});

test("it is in the page's list, with the controls of its options", () => {
  const sum = poolingNames().find((name) => poolingTitle(name) === 'sum')!;
  expect(isWindowed(sum)).toBe(true);
  expect(['poolSize', 'padding', 'nan', 'p', 'countIncludePad'].filter((option) => hasOption(sum, option))).toEqual([
    'poolSize',
    'padding',
  ]);
});
