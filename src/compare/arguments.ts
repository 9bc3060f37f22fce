/** What comparePooling was given: checked, with the defaults filled in. */
import { Tensor } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { backendNames } from '../backend_names';
import { givenOptions, isList, isSize, oneOf } from '../options';
import { isReadable, show } from '../show';
import { registeredBackends } from './backends';
import { DEFAULT_CASES } from './default_cases';
import { comparedKind } from './poolings';
import type { CaseFill, CompareCase, CompareOptions } from './report';

const OPTION_NAMES = [
  'model',
  'inputs',
  'cases',
  'backends',
  'gradient',
  'repeats',
  'seed',
  'onProgress',
  'onRow',
  'signal',
] as const satisfies ReadonlyArray<keyof CompareOptions>;
const CASE_NAMES = ['name', 'pooling', 'shape', 'dtype', 'values', 'about', 'options'] as const;
const DTYPES = ['float32', 'int32'] as const;
const FILLS: Record<CaseFill, true> = { relu: true, distinct: true, negative: true };

/** Everything that a comparison needs; `undefined` is nothing. */
export interface CompareArguments {
  readonly model: LayersModel | undefined;
  readonly inputs: Tensor | Tensor[] | undefined;
  readonly cases: readonly CompareCase[];
  readonly backends: readonly string[];
  readonly gradient: boolean;
  readonly repeats: number;
  readonly seed: number;
  readonly onProgress: NonNullable<CompareOptions['onProgress']>;
  readonly onRow: NonNullable<CompareOptions['onRow']>;
  readonly signal: AbortSignal | undefined;
}

/** @throws Error naming the option, what it expected and what it got */
export function compareArguments(name: string, options: unknown): CompareArguments {
  const given = givenOptions(name, options, OPTION_NAMES);
  const checked = <T>(
    option: keyof typeof given,
    what: string,
    isRight: (value: unknown) => value is T,
  ): T | undefined => optional(name, option, given[option], what, isRight);
  const model = checked('model', 'a LayersModel', isModel);
  const cases = checked('cases', 'an array', isList);
  return {
    model,
    inputs: checked('inputs', 'a tensor or an array of tensors', isTensors),
    cases: cases ? Array.from(cases, (one, i) => compareCase(name, one, i)) : model ? [] : DEFAULT_CASES,
    backends: given.backends == null ? registeredBackends() : backendNames(name, given.backends),
    gradient: checked('gradient', 'true or false', (value) => typeof value === 'boolean') ?? true,
    repeats: checked('repeats', 'a non-negative integer', isSize) ?? 5,
    seed: checked('seed', 'an integer', (value): value is number => Number.isSafeInteger(value)) ?? 1,
    onProgress: checked('onProgress', 'a function', isFunction) ?? (() => undefined),
    onRow: checked('onRow', 'a function', isFunction) ?? (() => undefined),
    signal: checked('signal', 'an AbortSignal', isSignal),
  };
}

/** The options of a case's pooling are checked where they are read. */
function compareCase(name: string, given: unknown, index: number): CompareCase {
  const position = `cases[${index}]`;
  const read = givenOptions(`${name}, ${position}`, required(name, position, given), CASE_NAMES);
  const caseName = required(
    name,
    `${position}.name`,
    optional(name, `${position}.name`, read.name, 'a string', isString),
  );
  const who = `${name}, case ${show(caseName)}`;
  const checked = <T>(key: keyof typeof read, what: string, isRight: (value: unknown) => value is T): T | undefined =>
    optional(who, key, read[key], what, isRight);
  return {
    name: caseName,
    shape: Array.from(required(who, 'shape', checked('shape', 'an array of non-negative integers', isShape))),
    pooling: comparedKind(who, read.pooling).name,
    dtype: oneOf(who, 'dtype', DTYPES, read.dtype ?? 'float32'),
    values: checked('values', `numbers, or ${Object.keys(FILLS).map(show).join(', ')}`, isValues) ?? 'relu',
    about: checked('about', 'a string', isString) ?? '',
    options: read.options ?? {},
  } as CompareCase;
}

function optional<T>(
  name: string,
  option: string,
  value: unknown,
  what: string,
  isRight: (value: unknown) => value is T,
): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRight(value)) throw new Error(`${name}: expected ${option} to be ${what}; got ${show(value)}.`);
  return value;
}

function required<T>(name: string, option: string, value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error(`${name}: expected ${option}; got ${show(value)}.`);
  return value;
}

function isModel(value: unknown): value is LayersModel {
  return isReadable(value) && value instanceof LayersModel;
}

function isTensors(value: unknown): value is Tensor | Tensor[] {
  const isUsable = (one: unknown) => isReadable(one) && one instanceof Tensor && !one.isDisposed;
  return isUsable(value) || (isList(value) && Array.from(value).every(isUsable));
}

function isShape(value: unknown): value is ArrayLike<number> {
  return isList(value) && Array.from(value).every(isSize);
}

function isValues(value: unknown): value is CaseFill | ArrayLike<number> {
  if (typeof value === 'string') return value in FILLS;
  return isList(value) && Array.from(value).every((one) => typeof one === 'number');
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isFunction(value: unknown): value is (...given: unknown[]) => void {
  return typeof value === 'function';
}

/** A signal of any realm: `instanceof` knows only the classes of its own realm. */
function isSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && typeof value.aborted === 'boolean';
}
