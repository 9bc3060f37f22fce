/** poolOptionsFromTorch: what a pooling module of PyTorch is given, as options of this package. No tensors and no tfjs import. */
import { givenOptions, isList, isSize } from '../options';
import { show } from '../show';
import type { DataFormat, PerAxis, SpatialRank } from '../spec';
import { valueHint } from '../suggest';
import { type Setting, isAll, readFlag, readPositive, readSizes } from './read_setting';

/** The arguments of PyTorch's pooling modules and functions, under PyTorch's names. */
export interface TorchPoolSettings {
  kernel_size?: PerAxis | null;
  /** Default `kernel_size`. */
  stride?: PerAxis | null;
  padding?: PerAxis | null;
  dilation?: PerAxis | null;
  ceil_mode?: boolean | null;
  return_indices?: boolean | null;
  /** Default true. */
  count_include_pad?: boolean | null;
  divisor_override?: number | null;
  /** Adaptive pooling and unpooling have it; null in a list keeps the input's size. */
  output_size?: number | ReadonlyArray<number | null> | null;
  norm_type?: number | null;
}

/** Options from another framework: those that its settings ask for, channels first. */
export interface ForeignPoolOptions {
  dataFormat: DataFormat;
  poolSize?: PerAxis;
  strides?: PerAxis;
  padding?: 'valid' | 'same' | number | ReadonlyArray<number | readonly number[]>;
  dilationRate?: PerAxis;
  ceilMode?: boolean;
  /** For layers; the operation is then `maxPoolWithArgmax`. */
  returnArgmax?: boolean;
  countIncludePad?: boolean;
  divisorOverride?: number;
  p?: number;
  absolute?: boolean;
  keepDims?: boolean;
  overlaps?: 'add' | 'write';
}

/** The same with the size that adaptive pooling makes, or unpooling restores. */
export interface SizedForeignPoolOptions extends ForeignPoolOptions {
  outputSize: number | ReadonlyArray<number | null>;
}

type SettingName = keyof TorchPoolSettings;
const WINDOWS = ['kernel_size', 'stride'] as const;
/** The settings that each kind has. */
const KINDS = {
  MaxPool: [...WINDOWS, 'padding', 'dilation', 'ceil_mode', 'return_indices'],
  AvgPool: [...WINDOWS, 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override'],
  LPPool: [...WINDOWS, 'norm_type', 'ceil_mode'],
  AdaptiveMaxPool: ['output_size', 'return_indices'],
  AdaptiveAvgPool: ['output_size'],
  MaxUnpool: [...WINDOWS, 'padding', 'output_size'],
} as const satisfies Record<string, readonly SettingName[]>;
type Kind = keyof typeof KINDS;
const SETTINGS = [...new Set(Object.values(KINDS).flat())] as SettingName[];
/** The setting without which a kind cannot be. */
const REQUIRED = (kind: Kind): SettingName[] => [
  kind.startsWith('Adaptive') ? 'output_size' : 'kernel_size',
  ...(kind === 'LPPool' ? (['norm_type'] as const) : []),
];
/** Values that ask for nothing, beside null. */
const NEUTRAL: Partial<Record<SettingName, unknown>> = {
  padding: 0,
  dilation: 1,
  ceil_mode: false,
  return_indices: false,
};

/**
 * The options whose pooling is that of PyTorch's module with these settings.
 *
 * | PyTorch | here |
 * |---|---|
 * | `kernel_size`, `stride`, `padding`, `dilation`, `ceil_mode` | `poolSize`, `strides`, `padding`, `dilationRate`, `ceilMode` |
 * | `count_include_pad`, `divisor_override` | `countIncludePad`, `divisorOverride` |
 * | `norm_type`, `output_size`, `return_indices` | `p`, `outputSize`, `returnArgmax` (of layers) |
 *
 * Rules:
 * - `dataFormat` is `'channelsFirst'`, as PyTorch's inputs are.
 * - PyTorch's averages count padding by default, so `countIncludePad` is true unless `count_include_pad` says otherwise.
 * - The settings tell the kind of pooling. Maxima and averages with padding may look alike: without a module, averages are
 *   assumed, and `maxPool2d` refuses their `countIncludePad`. Name the module, and the options are those of maxima.
 * - Unpooling writes where windows overlap (`overlaps: 'write'`), as PyTorch does.
 * - A window of LPPool beyond the input counts as a whole one in PyTorch: `ceil_mode` is refused there.
 *
 * @param settings PyTorch's arguments by name; null, as None, is the default
 * @param module PyTorch's class (`'MaxPool2d'`) or function (`'max_pool2d'`)
 * @throws Error naming the setting that has no counterpart, or is wrong
 *
 * @example
 * ```js
 * const x = tf.randomUniform([1, 8, 32, 32]); // channels first
 * const y = averagePool2d(x, poolOptionsFromTorch({ kernel_size: 3, stride: 2, padding: 1 }));
 * const z = maxPool2d(x, poolOptionsFromTorch({ kernel_size: 3, stride: 2, padding: 1 }, 'MaxPool2d'));
 * console.log(y.shape); // [1, 8, 16, 16]
 * ```
 * @see https://docs.pytorch.org/docs/stable/nn.html#pooling-layers
 */
export function poolOptionsFromTorch(
  settings: TorchPoolSettings & { output_size: number | ReadonlyArray<number | null> },
  module?: string | null,
): SizedForeignPoolOptions;
/** Options without an output size. */
export function poolOptionsFromTorch(settings: TorchPoolSettings, module?: string | null): ForeignPoolOptions;
export function poolOptionsFromTorch(settings: TorchPoolSettings, module?: string | null): ForeignPoolOptions {
  const name = 'poolOptionsFromTorch';
  const given = givenOptions(name, settings, SETTINGS);
  const asked = SETTINGS.filter((option) => asksForSomething(option, given[option]));
  const { kind, rank } = module == null ? { kind: undefined, rank: undefined } : moduleOf(name, module);
  const kinds = kindsWith(name, asked, kind, module);
  const read = asked.map((option) => {
    const value = given[option];
    const takesShape = kinds.includes('MaxUnpool');
    return READERS[option]({ name, option, rank: rank ?? rankIn(given), takesShape }, value);
  });
  if (kinds.includes('LPPool') && asked.includes('ceil_mode')) {
    throw new Error(
      `${name}: expected ceil_mode false with norm_type; got true, for which PyTorch enlarges the sums of partial windows.`,
    );
  }
  return { dataFormat: 'channelsFirst', ...defaultsOf(kinds, asked), ...(Object.assign({}, ...read) as object) };
}

/** What PyTorch does unless it is told otherwise, and this package does not. */
function defaultsOf(kinds: readonly Kind[], asked: readonly SettingName[]): Partial<ForeignPoolOptions> {
  if (kinds.length === 1 && kinds[0] === 'MaxUnpool') return { overlaps: 'write' };
  const isAverage = kinds[0] === 'AvgPool' || (kinds.includes('AvgPool') && asked.includes('padding'));
  return isAverage ? { countIncludePad: true } : {};
}

interface TorchSetting extends Setting {
  /** Whether an output size may be a whole shape: that of unpooling may. */
  readonly takesShape: boolean;
}

const READERS: Record<SettingName, (setting: TorchSetting, value: unknown) => Partial<SizedForeignPoolOptions>> = {
  kernel_size: (setting, value) => ({ poolSize: readSizes(setting, value, 1) }),
  stride: (setting, value) => ({ strides: readSizes(setting, value, 1) }),
  padding: (setting, value) => ({ padding: readSizes(setting, value, 0) }),
  dilation: (setting, value) => ({ dilationRate: readSizes(setting, value, 1) }),
  ceil_mode: (setting, value) => ({ ceilMode: readFlag(setting, value) }),
  return_indices: (setting, value) => ({ returnArgmax: readFlag(setting, value) }),
  count_include_pad: (setting, value) => ({ countIncludePad: readFlag(setting, value) }),
  divisor_override: (setting, value) => ({ divisorOverride: readPositive(setting, value) }),
  norm_type: (setting, value) => ({ p: readPositive(setting, value) }),
  output_size: (setting, value) => ({ outputSize: outputSizeOf(setting, value) }),
};

/** Sizes of which None keeps the input's. Unpooling may have a whole shape, batch and channels first. */
function outputSizeOf({ name, option, rank, takesShape }: TorchSetting, value: unknown): number | Array<number | null> {
  const all = isList(value) ? Array.from(value) : [value];
  const sizes = takesShape && (all.length > 3 || all.length === (rank ?? 4) + 2) ? all.slice(2) : all;
  const isGood = (size: unknown): size is number | null => size === null || (isSize(size) && size > 0);
  const fits =
    sizes.length === 1 || (rank === undefined ? sizes.length >= 1 && sizes.length <= 3 : sizes.length === rank);
  if (!fits || !sizes.every(isGood)) {
    throw new Error(
      `${name}: expected ${option} to be a positive integer, or one (or null) per spatial axis; got ${show(value)}.`,
    );
  }
  const [only] = sizes;
  return sizes.length === 1 && only != null ? only : sizes;
}

/** The kinds that have all that is asked for. */
function kindsWith(name: string, asked: SettingName[], kind: Kind | undefined, module: unknown): Kind[] {
  const has = (one: Kind, option: SettingName) => (KINDS[one] as readonly string[]).includes(option);
  if (kind !== undefined) {
    const foreign = asked.find((option) => !has(kind, option));
    if (foreign !== undefined) {
      throw new Error(
        `${name}: expected settings that ${String(module)} has (${KINDS[kind].join(', ')}); got ${foreign}.`,
      );
    }
  }
  const candidates = kind === undefined ? (Object.keys(KINDS) as Kind[]) : [kind];
  const fitting = candidates.filter((one) => asked.every((option) => has(one, option)));
  const complete = fitting.filter((one) => REQUIRED(one).every((option) => asked.includes(option)));
  if (complete.length > 0) return complete;
  const got = asked.length > 0 ? asked.join(', ') : 'nothing';
  const [first] = fitting;
  const expected = first === undefined ? 'settings of one kind of pooling' : REQUIRED(first).join(' and ');
  throw new Error(`${name}: expected ${expected}; got ${got}.`);
}

function moduleOf(name: string, module: unknown): { kind: Kind; rank: SpatialRank } {
  const names = Object.keys(KINDS) as Kind[];
  const plain = (text: string) => text.replace(/^.*\./, '').replace(/_/g, '').toLowerCase();
  const [, start, digit] = typeof module === 'string' ? (/^(.*)([123])d$/.exec(plain(module)) ?? []) : [];
  const kind = names.find((one) => one.toLowerCase() === start);
  if (kind !== undefined) return { kind, rank: Number(digit) as SpatialRank };
  const classes = names.map((one) => `${one}2d`);
  const hint = valueHint(module, classes);
  throw new Error(
    `${name}: expected a pooling module of PyTorch (${classes.join(', ')}, or in 1d and 3d); got ${show(module)}${hint || '.'}`,
  );
}

function asksForSomething(option: SettingName, value: unknown): boolean {
  // PyTorch takes an empty stride for none.
  const isEmpty = option === 'stride' && isList(value) && value.length === 0;
  return value != null && !isEmpty && !(option in NEUTRAL && isAll(value, NEUTRAL[option]));
}

/** The axes of a setting given per axis. */
function rankIn({ kernel_size, stride }: Partial<Record<SettingName, unknown>>): SpatialRank | undefined {
  const lengths = [kernel_size, stride].flatMap((value) => (isList(value) && value.length > 1 ? [value.length] : []));
  return lengths[0] === 2 || lengths[0] === 3 ? lengths[0] : undefined;
}
