/** The calls that are repeated: for each operation, a list that the soak goes through again and again. Runs in Node and in the page. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../src/index';
import { secondDerivative } from '../support/run_case';
import { type Operation, type Soaked, type Step, operationOf, refused, tensorsOf } from './call';
import { LEAK_STEPS } from './leaks';
import { layerSteps } from './layer_steps';
import {
  COLUMNS,
  INDICES,
  type Options,
  POOLINGS,
  ROUTINGS,
  ROUTING_OPTIONS,
  type Rank,
  SIZES_VARY,
} from './operations';
import { sizedStep } from './sized_steps';

/** The steps of an operation, with their inputs made. */
export function prepare(name: string): Soaked {
  const inputs: tf.Tensor[] = [];
  const end = () => tf.dispose(inputs);
  if (name in LEAK_STEPS) return { steps: [LEAK_STEPS[name]], end };
  if (name.endsWith(SIZES_VARY)) return { steps: [sizedStep(name.slice(0, -SIZES_VARY.length))], end };
  if (INDICES.some((conversion) => conversion === name)) return { steps: indexSteps(name, inputs), end };
  const pooling = POOLINGS.find((p) => [1, 2, 3].some((rank) => name === `${p.name}${rank}d`));
  if (pooling) return { steps: poolingSteps(name, pooling.options, inputs), end };
  if ([...ROUTINGS, ...COLUMNS].some((routing) => routing === name)) return { steps: routingSteps(name, inputs), end };
  return layerSteps(name);
}

const FORMATS = ['channelsLast', 'channelsFirst'] as const;
const SPATIAL: Record<Rank, number[]> = { 1: [20], 2: [5, 6], 3: [3, 4, 4] };

function shapeOf(rank: Rank, format: (typeof FORMATS)[number]): number[] {
  return format === 'channelsLast' ? [2, ...SPATIAL[rank], 2] : [2, 2, ...SPATIAL[rank]];
}

/** A tensor of numbers in [-1, 1), which belongs to `inputs`. */
function random(shape: number[], inputs: tf.Tensor[], seed = 1): tf.Tensor {
  const x = tf.randomUniform(shape, -1, 1, 'float32', seed);
  inputs.push(x);
  return x;
}

function rankOf(name: string): Rank {
  const digit = /([123])d$/.exec(name)?.[1];
  return digit === undefined ? 2 : (Number(digit) as Rank);
}

function poolingSteps(name: string, optionsList: readonly Options[], inputs: tf.Tensor[]): Step[] {
  const pool = operationOf(name);
  const rank = rankOf(name);
  const x = random(shapeOf(rank, 'channelsLast'), inputs);
  const integers = tf.tidy(() => tf.cast(tf.mul(x, 100), 'int32'));
  inputs.push(integers);
  const byFormat = FORMATS.flatMap((dataFormat) => {
    const input = dataFormat === 'channelsLast' ? x : random(shapeOf(rank, dataFormat), inputs);
    return optionsList.flatMap((options) => stepsOf((t) => pool(t, { ...options, dataFormat }), input));
  });
  const [options] = optionsList;
  return [
    ...byFormat,
    () => tensorsOf(pool(integers, options)),
    referenceStep(
      (t) => pool(t, { ...options, implementation: 'im2col' }),
      (t) => pool(t, options),
      x,
    ),
    ...throwing(
      () => pool(x, { ...options, dataFormat: 'channelsMiddle' }),
      () => pool(x, { ...options, poolSize: -1 }),
      () => pool([1, 2, 3], options),
    ),
  ];
}

function routingSteps(name: string, inputs: tf.Tensor[]): Step[] {
  const of = (options: Options, wrong?: Options) => routing(name, { ...ROUTING_OPTIONS, ...options }, inputs, wrong);
  const [last, first, reference, wrong] = [
    of({}),
    of({ dataFormat: 'channelsFirst' }),
    of({ implementation: 'im2col' }),
    of({}, { dataFormat: 'channelsMiddle' }),
  ];
  return [
    ...stepsOf(last.f, last.x),
    ...stepsOf(first.f, first.x),
    referenceStep(reference.f, last.f, last.x),
    ...throwing(
      () => wrong.f(wrong.x),
      () => last.f([1, 2, 3] as never),
    ),
  ];
}

type Differentiable = (t: tf.Tensor) => ReturnType<Operation>;

/** An operation on an argmax or on columns as a function of its first argument. */
function routing(
  name: string,
  options: Options,
  inputs: tf.Tensor[],
  wrong: Options = {},
): { x: tf.Tensor; f: Differentiable } {
  const rank = rankOf(name);
  const xShape = shapeOf(rank, (options.dataFormat ?? 'channelsLast') as 'channelsLast');
  const x = random(xShape, inputs);
  const { values, argmax } = operationOf(`maxPoolWithArgmax${rank}d`)(x, options) as {
    values: tf.Tensor;
    argmax: tf.Tensor;
  };
  inputs.push(values, argmax);
  const call = operationOf(name);
  const all = { ...options, ...wrong };
  switch (name) {
    case 'im2col':
      return { x, f: (t) => call(t, all) };
    case 'col2im': {
      const columns = operationOf('im2col')(x, options) as tf.Tensor;
      inputs.push(columns);
      return { x: columns, f: (t) => call(t, xShape, all) };
    }
    case 'gatherArgmax':
      return { x, f: (t) => call(t, argmax, all) };
    default:
      return { x: values, f: (t) => call(t, argmax, xShape, all) };
  }
}

/** Forward and gradient, within and without a tidy; the second gradient. */
function stepsOf(f: Differentiable, x: tf.Tensor): Step[] {
  const gradient = gradientStep(f, x);
  const forward = () => tensorsOf(f(x));
  return [
    forward,
    () => tf.tidy(forward),
    gradient,
    (i) => tf.tidy(() => gradient(i) as tf.Tensor[]),
    rarely(() => tf.tidy(() => [secondDerivative(tf, (t) => tensorsOf(f(t))[0], x, tf.scalar(1))]), gradient),
  ];
}

/** The first and then each eighth time `slow`, which takes as long as many other calls. */
function rarely(slow: Step, otherwise: Step): Step {
  let times = 0;
  return (i) => (times++ % 8 === 0 ? slow(i) : otherwise(i));
}

/** The gradient by the reference path, which core operations make up. */
function referenceStep(reference: Differentiable, fused: Differentiable, x: tf.Tensor): Step {
  return rarely(gradientStep(reference, x), gradientStep(fused, x));
}

/** The gradient, in no tidy of ours. */
function gradientStep(f: Differentiable, x: tf.Tensor): Step {
  return () => [tf.grad((t) => tensorsOf(f(t))[0])(x)];
}

/** Calls that must throw, alone and within a gradient. */
function throwing(...calls: Array<() => unknown>): Step[] {
  return calls.flatMap((call) => [
    () => refused(call),
    () => refused(() => tf.tidy(() => tf.grad((t) => tf.add(t, call() as tf.Tensor))(tf.scalar(1)))),
  ]);
}

function indexSteps(name: string, inputs: tf.Tensor[]): Step[] {
  return FORMATS.flatMap((dataFormat) => {
    const options = { ...ROUTING_OPTIONS, dataFormat } as plugin.PoolOptions;
    const x = random(shapeOf(2, dataFormat), inputs);
    const { values, argmax } = plugin.maxPoolWithArgmax2d(x as tf.Tensor4D, options);
    inputs.push(values, argmax);
    const convert = (format: plugin.IndexFormat, shape: readonly number[]) => async () => {
      const indices = await plugin.argmaxToIndices(argmax, shape, options, format);
      return name === 'argmaxToIndices' ? [] : [await plugin.indicesToArgmax(indices, shape, options, format)];
    };
    return [
      ...(['tensorflow', 'pytorch', 'onnx'] as const).map((format) => convert(format, x.shape)),
      () => refused(convert('pytorch', [3, 3])),
    ];
  });
}
