/** What tfjs computes, written down for the tests in Python: models with their gradients, and single layers. */
import * as tf from '@tensorflow/tfjs';
import { convertPooling } from '../../src/convert';
import * as pooling from '../../src/index';
import { MODELS } from './models';

/** Arrays in one file, each with its place. */
export class Arrays {
  private readonly parts: Buffer[] = [];
  private length = 0;

  add(values: Float32Array | Int32Array, shape: readonly number[]) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const at = this.length;
    this.parts.push(Buffer.from(bytes));
    this.length += bytes.length;
    return { dtype: values instanceof Int32Array ? 'int32' : 'float32', shape, at };
  }

  of(tensor: tf.Tensor) {
    return this.add(tensor.dataSync<'float32'>(), tensor.shape);
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Random numbers from a seed: xorshift. */
function randomFrom(seed: number) {
  let state = seed | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  /** Eighths, of which there are few: ties, and sums that are exact in any order. */
  const eighths = (size: number) => Float32Array.from({ length: size }, () => (below(25) - 12) / 8);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  return { next, below, eighths, pick };
}
type Random = ReturnType<typeof randomFrom>;

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** A model's artifacts, with weights of our own in place of random ones. */
export async function artifactsOf(name: string): Promise<{ model: tf.LayersModel; artifacts: tf.io.ModelArtifacts }> {
  const model = MODELS[name].make();
  const random = randomFrom(7);
  for (const weight of model.weights) {
    const values = random.eighths(sizeOf(weight.shape as number[])).map((value) => value / 4);
    // A variance is positive.
    const positive = weight.originalName.endsWith('moving_variance')
      ? values.map((value) => 1 + Math.abs(value))
      : values;
    weight.write(tf.tensor(positive, weight.shape as number[]));
  }
  let artifacts: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return { model, artifacts };
}

const named = (name: string) => name.split('/').slice(-2).join('/');

/** Inputs, outputs, and the gradients of `sum(y * c)` by the inputs and by the weights. */
export async function modelFixture(name: string, original: tf.LayersModel, arrays: Arrays) {
  // The built-in poolings of tfjs give some gradients to the wrong elements.
  const model = await convertPooling(original, { to: 'im2col' });
  const random = randomFrom(11);
  const { tokens, isInputGradientWrong } = MODELS[name];
  const xs = model.inputs.map(({ shape }) => {
    const sizes = [2, ...shape.slice(1)] as number[];
    const values = tokens
      ? Float32Array.from({ length: sizeOf(sizes) }, () => random.below(tokens))
      : random.eighths(sizeOf(sizes));
    return tf.tensor(values, sizes);
  });
  const run = (inputs: tf.Tensor[]) => {
    const y = model.apply(inputs.length === 1 ? inputs[0] : inputs, { training: false });
    return Array.isArray(y) ? (y as tf.Tensor[]) : [y as tf.Tensor];
  };
  const ys = run(xs);
  const cs = ys.map((y) => tf.tensor(random.eighths(y.size), y.shape));
  const loss = (inputs: tf.Tensor[]) =>
    run(inputs)
      .map((y, i) => tf.sum(tf.mul(y, cs[i])))
      .reduce((a, b) => tf.add(a, b)) as tf.Scalar;
  const { grads } = tf.variableGrads(() => loss(xs));
  const dxs = tokens || isInputGradientWrong ? [] : tf.grads((...inputs: tf.Tensor[]) => loss(inputs))(xs);
  // Weights by the names in the manifest: variables may have others.
  const gradients = model.trainableWeights.map((weight) => ({
    name: named(weight.originalName),
    array: arrays.of(grads[weight.name] ?? grads[(weight.read() as tf.Variable).name]),
  }));
  const all = (tensors: tf.Tensor[]) => tensors.map((tensor) => arrays.of(tensor));
  return { name, xs: all(xs), ys: all(ys), cs: all(cs), dxs: all(dxs), gradients };
}

type Make = (random: Random, rank: 1 | 2 | 3) => object;
const sizes = (random: Random, rank: number, most: number, least = 1) =>
  Array.from({ length: rank }, () => least + random.below(most - least + 1));
/** Windows of which each holds an element. */
const windows: Make = (random, rank) => {
  const poolSize = sizes(random, rank, 3);
  const padding = random.pick<unknown>([
    'valid',
    'same',
    poolSize.map((size) => random.below(size)),
    poolSize.map((size) => [random.below(size), random.below(size)]),
  ]);
  const isPadded = padding !== 'valid' && padding !== 'same';
  return {
    poolSize,
    strides: sizes(random, rank, 3),
    padding,
    // A window between paddings might hold nothing.
    dilationRate: isPadded ? 1 : sizes(random, rank, 2),
    ceilMode: random.below(2) === 1,
  };
};
const KINDS: Readonly<Record<string, Make>> = {
  MaxPooling: (random, rank) => ({
    ...windows(random, rank),
    nan: random.pick(['propagate', 'ignore']),
    returnArgmax: random.below(2) === 1,
  }),
  AveragePooling: (random, rank) => ({
    ...windows(random, rank),
    countIncludePad: random.below(2) === 1,
    divisorOverride: random.pick([null, null, 3]),
  }),
  LpPooling: (random, rank) => ({
    ...windows(random, rank),
    p: random.pick([1, 2, 3, 4, Infinity]),
    absolute: random.below(2) === 1,
  }),
  GlobalMaxPooling: (random) => ({ keepDims: random.below(2) === 1, nan: random.pick(['propagate', 'ignore']) }),
  GlobalAveragePooling: (random) => ({ keepDims: random.below(2) === 1 }),
  AdaptiveMaxPooling: (random, rank) => ({
    outputSize: sizes(random, rank, 3),
    nan: random.pick(['propagate', 'ignore']),
    returnArgmax: random.below(2) === 1,
  }),
  AdaptiveAveragePooling: (random, rank) => ({ outputSize: sizes(random, rank, 3) }),
  Unpooling: windows,
};

/** One layer on one input: its configuration as files have it, x, y, dy and dx. Some inputs hold NaN and infinities. */
export function layerFixture(index: number, arrays: Arrays): ReturnType<typeof drawn> {
  // A window without a real element is refused: another draw.
  for (let attempt = 0; ; attempt++) {
    try {
      return drawn(index, randomFrom(1000 + 7919 * index + 104_729 * attempt), arrays);
    } catch (error) {
      if (!/real element|at least one window/.test((error as Error).message) || attempt > 20) throw error;
    }
  }
}

function drawn(index: number, random: Random, arrays: Arrays) {
  for (let i = 0; i < 8; i++) random.next();
  const names = Object.keys(KINDS);
  const kind = names[index % names.length];
  const rank = (1 + (Math.floor(index / names.length) % 3)) as 1 | 2 | 3;
  const dataFormat = random.pick(['channelsLast', 'channelsFirst'] as const);
  const spatial = sizes(random, rank, rank === 3 ? 5 : 7, 4);
  const shape = dataFormat === 'channelsLast' ? [2, ...spatial, 2] : [2, 2, ...spatial];
  const options = { ...KINDS[kind](random, rank), dataFormat };
  const values = random.eighths(sizeOf(shape));
  const odd = index % 5 === 4 ? [NaN, Infinity, -Infinity] : [];
  if (odd.length > 0 && /Max/.test(kind)) for (let i = 0; i < values.length; i += 3) values[i] = random.pick(odd);
  const x = tf.tensor(values, shape);
  if (kind === 'Unpooling') return unpooling(rank, options, x, arrays, random);
  const layer = make(`im2col${kind}${rank}d`, options);
  const isMax = 'returnArgmax' in options && options.returnArgmax === true;
  const outputs = layer.apply(x) as tf.Tensor | tf.Tensor[];
  const [y, argmax] = isMax ? (outputs as tf.Tensor[]) : [outputs as tf.Tensor];
  const dy = tf.tensor(random.eighths(y.size), y.shape);
  const first = (t: tf.Tensor) => (isMax ? (layer.apply(t) as tf.Tensor[])[0] : (layer.apply(t) as tf.Tensor));
  const dx = tf.grad((t) => first(t))(x, dy);
  return {
    ...saved(layer),
    xs: [arrays.of(x)],
    ys: [y, ...(argmax ? [argmax] : [])].map((one) => arrays.of(one)),
    dy: arrays.of(dy),
    dx: arrays.of(dx),
  };
}

function unpooling(rank: 1 | 2 | 3, options: object, x: tf.Tensor, arrays: Arrays, random: Random) {
  const pool = make(`im2colMaxPooling${rank}d`, { ...options, returnArgmax: true });
  const [values, argmax] = pool.apply(x) as tf.Tensor[];
  const isFirst = 'dataFormat' in options && options.dataFormat === 'channelsFirst';
  const outputSize = isFirst ? x.shape.slice(2) : x.shape.slice(1, -1);
  const layer = make(`maxUnpooling${rank}d`, { ...options, outputSize, overlaps: random.pick(['add', 'write']) });
  const y = layer.apply([values, argmax]) as tf.Tensor;
  const dy = tf.tensor(random.eighths(y.size), y.shape);
  const dx = tf.grad((t) => layer.apply([t, argmax]) as tf.Tensor)(values, dy);
  return {
    ...saved(layer),
    xs: [values, argmax].map((one) => arrays.of(one)),
    ys: [arrays.of(y)],
    dy: arrays.of(dy),
    dx: arrays.of(dx),
  };
}

function make(factory: string, options: object): tf.layers.Layer {
  return (pooling as unknown as Record<string, (options: object) => tf.layers.Layer>)[factory](options);
}

/** Class name and configuration as a file has them. */
function saved(layer: tf.layers.Layer) {
  return { class_name: layer.getClassName(), config: snake(layer.getConfig()) };
}

/** As tfjs writes configurations to files. */
function snake(value: unknown): unknown {
  if (value === Infinity) return 'infinity';
  if (typeof value === 'string')
    return value === 'channelsLast' || value === 'channelsFirst'
      ? value.replace(/[A-Z]/, (c) => `_${c.toLowerCase()}`)
      : value;
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), snake(inner)]),
  );
}
