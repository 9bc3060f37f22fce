/** poolOptionsFromOnnx: the attributes of a pooling node of ONNX, as options of this package. No tensors and no tfjs import. */
import { sameAxis } from '../geometry';
import { givenOptions, isList, isSize } from '../options';
import { show } from '../show';
import { valueHint } from '../suggest';
import type { ForeignPoolOptions } from './from_torch';
import { isAll, readFlag, readPositive, readSizes } from './read_setting';

/** The attributes of ONNX's pooling operators, under ONNX's names. */
export interface OnnxPoolAttributes {
  kernel_shape?: readonly number[] | null;
  /** Default 1. */
  strides?: readonly number[] | null;
  /** What is added before each axis, then what is added after. */
  pads?: readonly number[] | null;
  dilations?: readonly number[] | null;
  auto_pad?: string | null;
  ceil_mode?: number | boolean | null;
  count_include_pad?: number | boolean | null;
  storage_order?: number | null;
  /** LpPool alone has it. */
  p?: number | null;
}

/** A pooling operator of ONNX that has a counterpart here. */
export type OnnxPoolOperator =
  'MaxPool' | 'AveragePool' | 'LpPool' | 'GlobalMaxPool' | 'GlobalAveragePool' | 'MaxUnpool';

type AttributeName = keyof OnnxPoolAttributes;
const WINDOWS = ['kernel_shape', 'strides', 'pads'] as const;
const POOLING = [...WINDOWS, 'dilations', 'auto_pad', 'ceil_mode'] as const;
const OPERATORS = {
  MaxPool: [...POOLING, 'storage_order'],
  AveragePool: [...POOLING, 'count_include_pad'],
  LpPool: [...POOLING, 'p'],
  GlobalMaxPool: [],
  GlobalAveragePool: [],
  MaxUnpool: WINDOWS,
} as const satisfies Record<OnnxPoolOperator, readonly AttributeName[]>;
const ATTRIBUTES = [...new Set(Object.values(OPERATORS).flat())] as AttributeName[];
const AUTO_PADS = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'] as const;

/**
 * The options whose pooling is that of ONNX's node with these attributes.
 *
 * | ONNX | here |
 * |---|---|
 * | `kernel_shape`, `strides` (default 1), `dilations`, `ceil_mode` | `poolSize`, `strides`, `dilationRate`, `ceilMode` |
 * | `pads`, `auto_pad` | `padding` |
 * | `count_include_pad`, `p` | `countIncludePad`, `p` with `absolute: true` |
 *
 * Rules:
 * - `dataFormat` is `'channelsFirst'`, as ONNX's inputs are. Strides are 1 unless `strides` says otherwise.
 * - `auto_pad: 'SAME_LOWER'`, whose odd element goes before, becomes pairs of numbers. Unless strides are 1, these depend on the
 *   input's size: pass `inputShape`.
 * - LpPool sums |x|^p (`absolute: true`); name the operator where `p` is its default, 2. Global pooling keeps its axes.
 * - `storage_order: 1`, indices in column-major order, is refused.
 *
 * @param attributes a node's attributes by name
 * @param operator the node's `op_type`; left out, `p` and `count_include_pad` tell LpPool and AveragePool from MaxPool
 * @param inputShape [batch, channels, ...spatial]
 * @throws Error naming the attribute that has no counterpart, or is wrong
 *
 * @example
 * ```js
 * const options = poolOptionsFromOnnx({ kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] }, 'MaxPool');
 * console.log(maxPool2d(tf.randomUniform([1, 8, 32, 32]), options).shape); // [1, 8, 16, 16]
 * ```
 * @see https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
export function poolOptionsFromOnnx(
  attributes: OnnxPoolAttributes,
  operator?: OnnxPoolOperator | null,
  inputShape?: ReadonlyArray<number | null> | null,
): ForeignPoolOptions {
  const name = 'poolOptionsFromOnnx';
  const given = givenOptions(name, attributes, ATTRIBUTES);
  const kind = operatorOf(name, operator, given);
  const foreign = ATTRIBUTES.find((one) => given[one] != null && !(OPERATORS[kind] as readonly string[]).includes(one));
  if (foreign !== undefined) {
    const has = OPERATORS[kind].join(', ') || 'none';
    throw new Error(`${name}: expected attributes that ${kind} has (${has}); got ${foreign}.`);
  }
  if (kind === 'GlobalMaxPool' || kind === 'GlobalAveragePool') return { dataFormat: 'channelsFirst', keepDims: true };
  if (given.storage_order != null && given.storage_order !== 0) {
    throw new Error(`${name}: expected storage_order 0, indices in row-major order; got ${show(given.storage_order)}.`);
  }
  return { dataFormat: 'channelsFirst', ...windowsOf(name, given, inputShape), ...ofKind(name, kind, given) };
}

type Given = Partial<Record<AttributeName, unknown>>;

function ofKind(name: string, kind: OnnxPoolOperator, { p, count_include_pad }: Given): Partial<ForeignPoolOptions> {
  const setting = (option: string) => ({ name, option, rank: undefined });
  switch (kind) {
    case 'AveragePool':
      return { countIncludePad: readFlag(setting('count_include_pad'), count_include_pad ?? 0) };
    case 'LpPool':
      return { p: readPositive(setting('p'), p ?? 2), absolute: true };
    case 'MaxUnpool':
      return { overlaps: 'write' };
    default:
      return {};
  }
}

function windowsOf(name: string, given: Given, inputShape: unknown): Partial<ForeignPoolOptions> {
  const { kernel_shape: kernel } = given;
  const rank = isList(kernel) ? kernel.length : 0;
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw new Error(`${name}: expected kernel_shape to have one size per spatial axis, 1 to 3; got ${show(kernel)}.`);
  }
  const sizes = (option: AttributeName) => {
    const value = readSizes({ name, option, rank }, given[option] ?? 1, 1);
    return typeof value === 'number' ? new Array<number>(rank).fill(value) : [...value];
  };
  const windows = { poolSize: sizes('kernel_shape'), strides: sizes('strides'), dilationRate: sizes('dilations') };
  const ceilMode = readFlag({ name, option: 'ceil_mode', rank }, given.ceil_mode ?? 0);
  const { dilationRate, ...rest } = windows;
  return {
    ...rest,
    padding: paddingOf(name, given, windows, inputShape),
    ...(isAll(dilationRate, 1) ? {} : { dilationRate }),
    ...(ceilMode ? { ceilMode } : {}),
  };
}

type ForeignPadding = NonNullable<ForeignPoolOptions['padding']>;

interface Windows {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
}

function paddingOf(name: string, given: Given, windows: Windows, shape: unknown): ForeignPadding {
  const autoPad = given.auto_pad ?? 'NOTSET';
  switch (autoPad) {
    case 'NOTSET':
      return pairsOf(name, given.pads, windows.poolSize.length);
    case 'VALID':
      return 'valid';
    case 'SAME_UPPER':
      return 'same';
    case 'SAME_LOWER':
      return sameLower(name, windows, shape);
    default:
      throw new Error(
        `${name}: expected auto_pad to be ${AUTO_PADS.join(', ')}; got ${show(autoPad)}${valueHint(autoPad, AUTO_PADS) || '.'}`,
      );
  }
}

/** ONNX has what is added before all axes first. */
function pairsOf(name: string, pads: unknown, rank: number): ForeignPadding {
  if (pads == null || isAll(pads, 0)) return 'valid';
  const list = isList(pads) ? Array.from(pads) : [];
  if (list.length !== 2 * rank || !list.every(isSize)) {
    throw new Error(
      `${name}: expected pads to have ${2 * rank} non-negative integers, those before each axis first; got ${show(pads)}.`,
    );
  }
  return list.slice(0, rank).map((before, axis) => [before, list[rank + axis]!]);
}

/** 'same' with the odd element before. Of strides 1 the padding is the same for every size. */
function sameLower(name: string, { poolSize, strides, dilationRate }: Windows, shape: unknown): number[][] {
  const sizes = isList(shape) ? Array.from(shape).slice(2) : [];
  return poolSize.map((window, axis) => {
    const [stride, span] = [strides[axis]!, (window - 1) * dilationRate[axis]! + 1];
    const size = stride === 1 ? span : sizes[axis];
    if (!isSize(size) || (stride > 1 && sizes.length !== poolSize.length)) {
      throw new Error(
        `${name}: expected inputShape [batch, channels, ...spatial] as well, on which SAME_LOWER with strides ` +
          `${show([...strides])} depends; got ${show(shape)}.`,
      );
    }
    const { padBefore, padAfter } = sameAxis(size, stride, span);
    return [padAfter, padBefore];
  });
}

function operatorOf(name: string, operator: unknown, given: Given): OnnxPoolOperator {
  if (operator == null) return given.p != null ? 'LpPool' : given.count_include_pad != null ? 'AveragePool' : 'MaxPool';
  const names = Object.keys(OPERATORS) as OnnxPoolOperator[];
  const found = names.find((one) => one === operator);
  if (found !== undefined) return found;
  const hint = valueHint(operator, names);
  throw new Error(`${name}: expected operator to be one of ${names.join(', ')}; got ${show(operator)}${hint || '.'}`);
}
