/** The judge of comparisons: its statement of the contract against the tests' oracle, and what it says of two results. */
import { type Result, agreementOf, massOf } from '../../src/compare/agreement';
import { FLOAT32 } from '../../src/compare/contract/rounding';
import type { Stated, Statement } from '../../src/compare/contract/statement';
import { DEFAULT_CASES } from '../../src/compare/default_cases';
import { gradientValues, inputValues } from '../../src/compare/seeded_values';
import { preparePooling } from '../../src/compare/poolings';
import type { CompareCase } from '../../src/compare/index';
import { oracleOf } from './oracle_of';

const LARGE = 20_000;

/** A case's numbers, and what the judge says of them. */
function judged(one: CompareCase): { x: number[]; dy: number[]; statement: Statement } {
  const rank = (one.shape.length - 2) as 1 | 2 | 3;
  const x = Array.from(inputValues(one.values ?? 'relu', size(one.shape), 3), (value) =>
    one.dtype === 'int32' ? value : Math.fround(value),
  );
  const statement = preparePooling('test', rank, one).stated(x, FLOAT32);
  return { x, dy: Array.from(gradientValues(statement.values.data.length, 5)), statement };
}

const bothNanRules = (one: CompareCase): CompareCase[] =>
  /max/i.test(one.pooling ?? 'max')
    ? (['propagate', 'ignore'] as const).map((nan) => ({ ...one, options: { ...one.options, nan } }) as CompareCase)
    : [one];

test.each(DEFAULT_CASES.filter(({ shape }) => size(shape) < LARGE))('states what the oracle states: $name', (given) => {
  for (const one of bothNanRules(given)) {
    const { x, dy, statement } = judged(one);
    const oracle = oracleOf(one, x, dy);
    expect(statement.values.shape).toEqual(oracle.shape);
    expect(Array.from(statement.values.data)).toEqual(oracle.y);
    expect(Array.from(statement.gradient(dy).data)).toEqual(oracle.dx);
  }
});

test('inputs are seeded, and of their kind', () => {
  const relu = Array.from(inputValues('relu', 500, 1));
  expect(Array.from(inputValues('relu', 500, 1))).toEqual(relu);
  expect(Array.from(inputValues('relu', 500, 2))).not.toEqual(relu);
  expect(relu.filter((value) => value === 0).length).toBeGreaterThan(150);
  expect(Math.min(...relu)).toBe(0);
  expect(Math.max(...Array.from(inputValues('negative', 500, 1)))).toBeLessThan(0);
  expect(new Set(Array.from(inputValues('distinct', 500, 1))).size).toBe(500);
  expect(new Set(Array.from(gradientValues(500, 1)))).toEqual(new Set([0.5, 1, 2]));
});

const result = (...data: number[]): Stated => ({ shape: [data.length], data });

test.each<[string, Result, Result, Stated, object]>([
  [
    'both right',
    result(1, NaN, -0),
    result(1, NaN, 0),
    result(1, NaN, 0),
    {
      equal: true,
      elements: 3,
      differing: 0,
      rounding: 0,
      largestDifference: 0,
      nonFinite: 0,
      fromContract: { ours: 0, builtin: 0 },
      deviates: 'neither',
    },
  ],
  [
    'the built-in wrong',
    result(1, 2, 3),
    result(1, 4, NaN),
    result(1, 2, 3),
    {
      equal: false,
      elements: 3,
      differing: 2,
      rounding: 0,
      largestDifference: 2,
      nonFinite: 1,
      fromContract: { ours: 0, builtin: 2 },
      deviates: 'builtin',
    },
  ],
  [
    'ours wrong',
    result(1, 7),
    result(1, 2),
    result(1, 2),
    {
      equal: false,
      elements: 2,
      differing: 1,
      rounding: 0,
      largestDifference: 5,
      nonFinite: 0,
      fromContract: { ours: 1, builtin: 0 },
      deviates: 'ours',
    },
  ],
  [
    'both wrong, and equal',
    result(5),
    result(5),
    result(1),
    {
      equal: true,
      elements: 1,
      differing: 0,
      rounding: 0,
      largestDifference: 0,
      nonFinite: 0,
      fromContract: { ours: 1, builtin: 1 },
      deviates: 'both',
    },
  ],
  [
    'another shape',
    result(1, 2),
    result(1),
    result(1, 2),
    {
      equal: false,
      elements: 2,
      differing: 2,
      rounding: 0,
      largestDifference: 0,
      nonFinite: 0,
      fromContract: { ours: 0, builtin: 1 },
      deviates: 'builtin',
      builtinShape: [1],
    },
  ],
  [
    'the built-in throws',
    result(1),
    { error: 'no' },
    result(1),
    {
      equal: false,
      elements: 1,
      differing: 1,
      rounding: 0,
      largestDifference: 0,
      nonFinite: 0,
      fromContract: { ours: 0, builtin: null },
      deviates: 'builtin',
      builtinError: 'no',
    },
  ],
  [
    'ours throws',
    { error: 'oh' },
    result(1),
    result(1),
    {
      equal: false,
      elements: 0,
      differing: 1,
      rounding: 0,
      largestDifference: 0,
      nonFinite: 0,
      fromContract: { ours: 1, builtin: 0 },
      deviates: 'ours',
      oursError: 'oh',
    },
  ],
])('%s', (_, ours, builtin, stated, expected) => {
  expect(agreementOf(ours, builtin, stated)).toEqual(expected);
});

test.each<[string, number[], object]>([
  ['all in place', [1, 0, 1, 2], { lost: 0, misplaced: 0, invented: 0 }],
  ['half of it nowhere', [1, 0, 1, 0], { lost: 0.5, misplaced: 0, invented: 0 }],
  ['a quarter at a neighbour', [0, 1, 1, 2], { lost: 0, misplaced: 0.25, invented: 0 }],
  ['everywhere', [1, 2, 1, 2], { lost: 0, misplaced: 0, invented: 0.5 }],
  ['NaN is nowhere', [1, NaN, 1, NaN], { lost: 0.5, misplaced: 0, invented: 0 }],
])('the mass of a gradient: %s', (_, actual, expected) => {
  expect(massOf(result(...actual), result(1, 0, 1, 2))).toEqual(expected);
});

test('there is no mass of what was thrown, and none in nothing', () => {
  expect(massOf({ error: 'no' }, result(1))).toBeNull();
  expect(massOf(result(), result())).toEqual({ lost: 0, misplaced: 0, invented: 0 });
});

function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
