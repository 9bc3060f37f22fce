/** Every exported function and layer, with wrong values in the place of each of its arguments. */
import * as tf from '@tensorflow/tfjs';
import * as base from '../../src/base';
import * as compare from '../../src/compare/index';
import * as convert from '../../src/convert/index';
import * as keras from '../../src/keras/index';
import * as training from '../../src/training/index';
import { POOLING_OPTIONS } from '../../src/options';
import { WRONG_FOR, WRONG_OPTIONS, WRONG_SHAPES, WRONG_TENSORS, type WrongValues } from './wrong_values';

/** One wrong call: its error must name the argument. */
export interface WrongCall {
  readonly label: string;
  readonly argument: string;
  /** Makes the arguments; what comes back makes the call. */
  prepare(): () => unknown;
}

type Callable = (...args: unknown[]) => unknown;
/** An argument: its name, what is right for it, and what is not. */
interface Argument {
  readonly name: string;
  right(): unknown;
  readonly wrong: WrongValues;
}
type Kind = keyof typeof POOLING_OPTIONS;

/** The exports of all entries. */
export const EXPORTS = { ...base, ...convert, ...compare, ...training, ...keras } as unknown as Record<
  string,
  Callable
>;
/** Functions that take nothing, so that no call of them is wrong. */
export const WITHOUT_ARGUMENTS = ['registerWasmConv2DGradient', 'registerWasmTrainingKernels'];

/** The kinds by the names of operations and of layers, without Im2Col and the number of axes. */
const OPERATIONS: Record<string, Kind> = {
  maxPool: 'max',
  maxPoolWithArgmax: 'max',
  averagePool: 'average',
  globalMaxPool: 'globalMax',
  globalAveragePool: 'globalAverage',
  adaptiveMaxPool: 'adaptiveMax',
  adaptiveMaxPoolWithArgmax: 'adaptiveMax',
  adaptiveAveragePool: 'adaptiveAverage',
  lpPool: 'lp',
};
const LAYERS: Record<string, Kind> = {
  MaxPooling: 'maxLayer',
  MaxUnpooling: 'unpoolingLayer',
  AveragePooling: 'average',
  GlobalMaxPooling: 'globalMax',
  GlobalAveragePooling: 'globalAverage',
  AdaptiveMaxPooling: 'adaptiveMaxLayer',
  AdaptiveAveragePooling: 'adaptiveAverage',
  LpPooling: 'lp',
};

/** All wrong calls of an export; undefined where nothing is known of it. */
export function wrongCallsOf(name: string): WrongCall[] | undefined {
  const ranked = /^(\w+?)([123])d$/.exec(name);
  const operation = ranked && OPERATIONS[ranked[1]];
  if (operation) return callsOf(name, [tensor('x', Number(ranked[2])), options(operation)]);
  const layer = /^(?:[iI]m2[cC]ol)?(\w+?)([123])[dD]$/.exec(name);
  const kind = layer && LAYERS[layer[1][0].toUpperCase() + layer[1].slice(1)];
  if (kind) return layerCalls(name, kind);
  if (ranked?.[1] === 'maxUnpool') {
    const rank = Number(ranked[2]);
    return callsOf(name, [tensor('values', rank, 2), argmax(rank), xShape(rank), options('max')]);
  }
  return OTHERS[name]?.();
}

const OTHERS: Record<string, () => WrongCall[]> = {
  im2col: () => callsOf('im2col', [tensor('x', 2), options('columns')]),
  col2im: () => callsOf('col2im', [columns(), xShape(2), options('columns')]),
  gatherArgmax: () => callsOf('gatherArgmax', [tensor('x', 2), argmax(2), options('max')]),
  scatterArgmax: () => callsOf('scatterArgmax', [tensor('dy', 2, 2), argmax(2), xShape(2), options('max')]),
  argmaxToIndices: () => callsOf('argmaxToIndices', [argmax(2), anyShape(), options('max'), format()]),
  indicesToArgmax: () =>
    callsOf('indicesToArgmax', [{ ...argmax(2), name: 'indices' }, anyShape(), options('max'), format()]),
  installPoolingKernels: () => [
    ...callsOf('installPoolingKernels', [{ name: 'option', right: () => ({}), wrong: WRONG_OPTIONS }]),
    ...optionCalls('installPoolingKernels', [], {}, 'backends', {
      ...WRONG_FOR.dataFormat,
      'an unknown name': () => ['cuda'],
      'an empty array': () => [],
    }),
  ],
  registerPoolingKernels: () => [
    ...callsOf('registerPoolingKernels', [{ name: 'option', right: () => ({}), wrong: WRONG_OPTIONS }]),
    ...optionCalls('registerPoolingKernels', [], {}, 'backends', {
      ...WRONG_FOR.dataFormat,
      'an unknown name': () => ['cuda'],
      'an empty array': () => [],
    }),
  ],
  poolOptionsFromTorch: () => [
    ...callsOf('poolOptionsFromTorch', [{ name: 'option', right: () => ({}), wrong: WRONG_OPTIONS }]),
    ...optionCalls('poolOptionsFromTorch', [], {}, 'kernel_size', WRONG_FOR.poolSize),
    ...optionCalls('poolOptionsFromTorch', [], {}, 'output_size', WRONG_FOR.poolSize),
  ],
  poolOptionsFromOnnx: () => [
    ...callsOf('poolOptionsFromOnnx', [{ name: 'option', right: () => ({}), wrong: WRONG_OPTIONS }]),
    ...optionCalls('poolOptionsFromOnnx', [], {}, 'kernel_shape', WRONG_FOR.poolSize),
  ],
  registerIm2ColLayers: () => callsOf('registerIm2ColLayers', [{ name: 'tf', right: () => tf, wrong: OBJECTS }]),
  convertPooling: () => callsOf('convertPooling', [{ name: 'model', right: model, wrong: notModels() }, to()]),
  convertPoolingTopology: () =>
    callsOf('convertPoolingTopology', [
      { name: 'model', right: () => model().toJSON(null, false), wrong: notModels() },
      to(),
    ]),
  fromKerasModel: () =>
    callsOf('fromKerasModel', [
      { name: 'model', right: () => model().toJSON(null, false), wrong: notModels() },
      { name: 'pooling', right: () => ({}), wrong: { text: () => ({ pooling: 'stock' }), 'a number': () => 5 } },
    ]),
  toKerasModel: () =>
    callsOf('toKerasModel', [
      { name: 'model', right: () => model().toJSON(null, false), wrong: notModels() },
      { name: 'pooling', right: () => ({ pooling: 'im2col' }), wrong: OBJECTS },
    ]),
  comparePooling: compareCalls,
  formatMarkdown: () => callsOf('formatMarkdown', [{ name: 'report', right: () => ({}), wrong: notReports() }]),
};

function callsOf(name: string, args: readonly Argument[]): WrongCall[] {
  const wrongInPlace = args.flatMap(({ name: argument, wrong }, position) =>
    Object.entries(wrong).map(([label, value]): WrongCall => ({
      label: `${argument}: ${label}`,
      argument,
      prepare: () => {
        const given = args.map(({ right }, i) => (i === position ? value() : right()));
        return () => invoke(name, ...given);
      },
    })),
  );
  const last = args[args.length - 1];
  const kind = (last as { kind?: Kind }).kind;
  if (!kind) return wrongInPlace;
  const before = args.slice(0, -1);
  return [...wrongInPlace, ...kindCalls(name, before, kind)];
}

/** Each option of a kind, wrong. */
function kindCalls(name: string, before: readonly Argument[], kind: Kind): WrongCall[] {
  return Object.keys(POOLING_OPTIONS[kind]).flatMap((option) =>
    optionCalls(name, before, requiredOf(kind), option, WRONG_FOR[option]),
  );
}

/** One option, own or inherited. */
function optionCalls(
  name: string,
  before: readonly Argument[],
  required: object,
  option: string,
  wrong: WrongValues,
): WrongCall[] {
  return Object.entries(wrong).flatMap(([label, value]) =>
    [true, false].map((isOwn): WrongCall => ({
      label: `${isOwn ? '' : 'inherited '}option ${option}: ${label}`,
      argument: option,
      prepare: () => {
        const given = isOwn
          ? { ...required, [option]: value() }
          : (Object.create({ ...required, [option]: value() }) as object);
        const first = before.map(({ right }) => right());
        return () => invoke(name, ...first, given);
      },
    })),
  );
}

function layerCalls(name: string, kind: Kind): WrongCall[] {
  return callsOf(name, [options(kind)]);
}

function invoke(name: string, ...args: unknown[]): unknown {
  const exported = EXPORTS[name];
  if (name[0] !== name[0].toUpperCase()) return exported(...args);
  return new (exported as unknown as new (...args: unknown[]) => unknown)(...args);
}

function tensor(name: string, rank: number, size = 4): Argument {
  return { name, right: () => tf.zeros([1, ...new Array<number>(rank).fill(size), 1]), wrong: WRONG_TENSORS };
}

function argmax(rank: number): Argument {
  const right = () => tf.zeros([1, ...new Array<number>(rank).fill(2), 1], 'int32');
  return { name: 'argmax', right, wrong: { ...WRONG_TENSORS, 'of float32': () => tf.zeros(right().shape) } };
}

function columns(): Argument {
  return { name: 'columns', right: () => tf.zeros([4, 4]), wrong: WRONG_TENSORS };
}

function xShape(rank: number): Argument {
  return {
    name: 'xShape',
    right: () => [1, ...new Array<number>(rank).fill(4), 1],
    wrong: { ...WRONG_SHAPES, ...tooLarge(rank) },
  };
}

/** Each axis is small enough, and all together are not. */
function tooLarge(rank: number): WrongValues {
  const shape = (size: number, channels: number) => [1, ...new Array<number>(rank).fill(size), channels];
  return {
    'more than a tensor can hold': () => shape(Math.ceil((2 ** 31) ** (1 / rank)), 2),
    'more than a tensor can hold, in channels': () => shape(4, 2 ** 30),
    'more than numbers can count': () => shape(1e9, 2 ** 52),
  };
}

/** Indices are computed on the host, for an x of any size; there its shape does not fit argmax's. */
function anyShape(): Argument {
  return { ...xShape(2), wrong: WRONG_SHAPES };
}

function format(): Argument {
  return { name: 'format', right: () => 'pytorch', wrong: WRONG_FOR.dataFormat };
}

function options(kind: Kind): Argument & { kind: Kind } {
  return { name: 'option', right: () => requiredOf(kind), wrong: WRONG_OPTIONS, kind };
}

/** Adaptive pooling cannot do without. */
function requiredOf(kind: Kind): object {
  return kind.startsWith('adaptive') ? { outputSize: 2 } : {};
}

function model(): tf.LayersModel {
  return MODEL;
}
const MODEL = tf.sequential({ layers: [tf.layers.maxPooling2d({ inputShape: [4, 4, 1] })] });

function to(): Argument {
  return {
    name: 'to',
    right: () => ({ to: 'im2col' }),
    wrong: { missing: () => undefined, null: () => null, 'no to': () => ({}), "'keras'": () => ({ to: 'keras' }) },
  };
}

/** Objects of another kind. */
const OBJECTS: WrongValues = {
  ...WRONG_OPTIONS,
  null: () => null,
  'an empty object': () => ({}),
  'an object without a prototype': () => Object.create(null) as object,
};

function notModels(): WrongValues {
  return { ...OBJECTS, missing: () => undefined };
}

function notReports(): WrongValues {
  return { ...OBJECTS, missing: () => undefined, 'rows that are none': () => ({ ...REPORT, rows: [5, null] }) };
}
const REPORT = { kind: 'tfjs-im2col-pooling.compare', version: 1, versions: {}, backends: [], rows: [] };

function compareCalls(): WrongCall[] {
  const name = 'comparePooling';
  const one = (given: object) => [{ name: 'one', shape: [1, 4, 4, 1], options: {}, ...given }];
  const wrong: Record<string, WrongValues> = {
    model: notEmpty(OBJECTS),
    inputs: { ...WRONG_FOR.dataFormat, 'a disposed tensor': WRONG_TENSORS['a disposed tensor'] },
    backends: { ...WRONG_FOR.dataFormat, 'an unknown name': () => ['gpu'], 'an empty array': () => [] },
    gradient: WRONG_FOR.ceilMode,
    repeats: { 'a string': () => '1', fractional: () => 0.5, negative: () => -1, NaN: () => NaN },
    seed: { 'a string': () => '1', fractional: () => 0.5, NaN: () => NaN },
    onProgress: { 'a number': () => 5, 'a string': () => 'yes' },
    signal: { 'a number': () => 5, 'an object': () => ({}), 'a controller': () => new AbortController() },
    cases: { 'a number': () => 5, 'an object': () => ({}), numbers: () => [5], nothing: () => [null] },
    shape: Object.fromEntries(
      Object.entries(WRONG_SHAPES).map(([label, value]) => [label, () => one({ shape: value() })]),
    ),
    dtype: { "'bool'": () => one({ dtype: 'bool' }) },
    values: { "'normal'": () => one({ values: 'normal' }), 'of strings': () => one({ values: ['1'] }) },
    pooling: { "'median'": () => one({ pooling: 'median' }) },
    name: { missing: () => one({ name: undefined }), 'a number': () => one({ name: 5 }) },
    poolSize: { zero: () => one({ options: { poolSize: 0 } }) },
  };
  return [
    ...callsOf(name, [{ name: 'option', right: () => ({}), wrong: WRONG_OPTIONS }]),
    ...Object.entries(wrong).flatMap(([argument, values]) => {
      const isOwn = ['model', 'inputs', 'backends', 'gradient', 'repeats', 'seed', 'onProgress', 'signal', 'cases'];
      const option = isOwn.includes(argument) ? argument : 'cases';
      return optionCalls(name, [], { repeats: 0, backends: ['cpu'] }, option, values).map((call) => ({
        ...call,
        argument,
      }));
    }),
  ];
}

/** Options that are null stand for the default. */
function notEmpty({ null: _, ...values }: WrongValues): WrongValues {
  return values;
}
