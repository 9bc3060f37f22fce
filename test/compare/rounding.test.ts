/** Where the judge of sums draws the line: any order of additions and any permitted division is rounding, a wrong formula is not. */
import { agreementOf, massOf } from '../../src/compare/agreement';
import { FLOAT16, FLOAT32, type Precision } from '../../src/compare/contract/rounding';
import type { Statement } from '../../src/compare/contract/statement';
import { gradientValues, uniformValues } from '../../src/compare/seeded_values';
import { preparePooling } from '../../src/compare/poolings';
import type { CompareCase } from '../../src/compare/index';
import { layoutOf } from '../oracle/pooling';

const f = Math.fround;

/** Small and large windows, padded and not; global pooling is a window of the image's size. */
const CASES: ReadonlyArray<[name: string, shape: number[], options: { poolSize: number; padding?: 'same' | 'valid' }]> =
  [
    ['2x2', [2, 6, 6, 3], { poolSize: 2 }],
    ['3x3 same, overlapping', [1, 9, 8, 2], { poolSize: 3, padding: 'same', ...{ strides: 1 } }],
    ['16x16', [1, 16, 16, 3], { poolSize: 16 }],
    ['40x40, near the most that can be told', [1, 40, 40, 2], { poolSize: 40 }],
  ];

function made(shape: number[], options: object, precision: Precision = FLOAT32) {
  const size = shape.reduce((a, b) => a * b, 1);
  const x = Array.from(uniformValues(size, 7), (value) => f(value + 0.25));
  const one = { name: 'made', pooling: 'average', shape, options } as CompareCase;
  const statement = preparePooling('test', 2, one).stated(x, precision);
  const { outputs } = layoutOf(2, options, shape);
  const dy = Array.from(gradientValues(statement.values.data.length, 3));
  return { x, dy, outputs, statement };
}

/** A result of another way to add up and to divide, judged. */
function verdict(
  { statement, outputs, x }: ReturnType<typeof made>,
  average: (window: number[], count: number) => number,
) {
  const data = Array.from(statement.values.data);
  for (const { at, candidates } of outputs)
    data[at] = average(
      candidates.map((c) => x[c.at]),
      candidates.length,
    );
  return judge(data, statement);
}

function judge(data: number[], { values }: Pick<Statement, 'values'>) {
  const { fromContract, deviates, rounding, differing } = agreementOf(
    { shape: values.shape, data: Array.from(values.data) },
    { shape: values.shape, data },
    values,
  );
  return { wrong: fromContract.builtin, deviates, isRounding: rounding === differing };
}

const sum = (window: number[]) => window.reduce((total, value) => f(total + value), 0);
const pairwise = (window: number[]): number =>
  window.length === 1
    ? window[0]
    : f(pairwise(window.slice(0, window.length >> 1)) + pairwise(window.slice(window.length >> 1)));
/** So many units in the last place of v. */
const ulps = (v: number, count: number) => f(v + count * 2 ** (Math.floor(Math.log2(v)) - 23));

const RIGHT: Record<string, (window: number[], n: number) => number> = {
  'the other way round': (window, n) => f(sum([...window].reverse()) / n),
  'pair by pair': (window, n) => f(pairwise(window) / n),
  'sorted, the greatest first': (window, n) => f(sum([...window].sort((a, b) => b - a)) / n),
  'in double precision': (window, n) => window.reduce((a, b) => a + b, 0) / n,
  'divided first, as tf.mean does': (window, n) => sum(window.map((value) => f(value / n))),
  'times a reciprocal, as XNNPACK does': (window, n) => f(sum(window) * f(1 / n)),
  'divided by a GPU, 2.5 units too high': (window, n) => ulps(f(sum(window) / n), 2.5),
  'divided by a GPU, 2.5 units too low': (window, n) => ulps(f(sum([...window].reverse()) / n), -2.5),
};

const WRONG: Record<string, (window: number[], n: number) => number> = {
  'one too many in the divisor': (window, n) => f(sum(window) / (n + 1)),
  'a lost tap': (window, n) => f(sum(window.slice(1)) / n),
  'a tap counted twice': (window, n) => f(sum([...window, window[0]]) / n),
  'no division': (window) => (window.length > 1 ? sum(window) : NaN),
  NaN: () => NaN,
  Infinity: () => Infinity,
  zero: () => 0,
};

describe.each(CASES)('averages of %s', (_, shape, options) => {
  const given = made(shape, options);
  test.each(Object.entries(RIGHT))('%s: rounding', (__, average) => {
    expect(verdict(given, average)).toEqual({ wrong: 0, deviates: 'neither', isRounding: true });
  });

  test.each(Object.entries(WRONG))('%s: wrong, everywhere', (__, average) => {
    const { statement } = given;
    expect(verdict(given, average)).toEqual({
      wrong: statement.values.data.length,
      deviates: 'builtin',
      isRounding: false,
    });
  });

  test('one wrong number among right ones is found', () => {
    const data = Array.from(given.statement.values.data);
    data[data.length - 1] *= 1 + 1 / 2000;
    expect(judge(data, given.statement)).toEqual({ wrong: 1, deviates: 'builtin', isRounding: false });
  });

  test('gradients: another order is rounding; a factor, a place and a loss are not, and the mass says which', () => {
    const stated = given.statement.gradient(given.dy);
    const right = Array.from(stated.data);
    const reversed = right.map(() => 0);
    for (const { at, candidates } of [...given.outputs].reverse())
      for (const c of candidates) reversed[c.at] = f(reversed[c.at] + f(given.dy[at] * f(1 / candidates.length)));
    const judged = (data: number[]) => {
      const result = { shape, data };
      return [judge(data, { values: stated }).wrong! > 0, massOf(result, stated)!] as const;
    };
    const nothing = { lost: 0, misplaced: 0, invented: 0 };
    expect(judged(reversed)).toEqual([false, nothing]);
    expect(judged(right.map((value) => value * 0.75))).toEqual([true, { ...nothing, lost: expect.closeTo(0.25, 5) }]);
    expect(judged(right.map((value) => value * 2))).toEqual([true, { ...nothing, invented: expect.closeTo(1, 5) }]);
    const moved = [...right];
    [moved[0], moved[1]] = [0, moved[0] + moved[1]];
    expect(judged(moved)).toEqual([true, { ...nothing, misplaced: expect.any(Number) }]);
    expect(judged(moved)[1].misplaced).toBeGreaterThan(0);
    expect(judged(right.map((value, i) => (i === 5 ? NaN : value)))[1].lost).toBeGreaterThan(0);
  });
});

test('16-bit numbers are rounding where textures have 16 bits, and there alone', () => {
  const half = (v: number) => {
    const unit = 2 ** (Math.floor(Math.log2(v)) - 10);
    return Math.round(v / unit) * unit;
  };
  const average = (window: number[], n: number) => half(sum(window) / n);
  expect(verdict(made([1, 8, 8, 2], { poolSize: 4 }, FLOAT16), average).deviates).toBe('neither');
  expect(verdict(made([1, 8, 8, 2], { poolSize: 4 }, FLOAT32), average).deviates).toBe('builtin');
  expect(verdict(made([1, 8, 8, 2], { poolSize: 4 }, FLOAT16), (window, n) => sum(window) / (n + 1)).deviates).toBe(
    'builtin',
  );
});

test('where 16-bit sums have no bound left, NaN and infinities are wrong all the same', () => {
  const given = made([1, 64, 64, 1], { poolSize: 64 }, FLOAT16);
  expect(verdict(given, () => 12).deviates).toBe('neither');
  expect(verdict(given, () => NaN).deviates).toBe('builtin');
  expect(verdict(given, () => Infinity).deviates).toBe('builtin');
});

test('terms that cancel leave a small number with the rounding of large ones', () => {
  const x = [2 ** 24, 1, -(2 ** 24), 1];
  const one: CompareCase = { name: 'cancel', pooling: 'average', shape: [1, 2, 2, 1], options: {} };
  const { values } = preparePooling('test', 2, one).stated(x, FLOAT32);
  // 2^24 + 1 rounds to 2^24: in order that makes 1 / 4, exactly it is 2 / 4.
  expect(Array.from(values.data)).toEqual([0.25]);
  expect(judge([0.5], { values }).deviates).toBe('neither');
  expect(judge([8], { values }).deviates).toBe('builtin');
});

describe('Lp pooling', () => {
  const shape = [1, 6, 6, 2];
  const x = Array.from(uniformValues(72, 5), (value) => f(value + 0.25));
  const statementOf = (p: number | 'Infinity') =>
    preparePooling('test', 2, { name: 'lp', pooling: 'lp', shape, options: { p, poolSize: 3 } }).stated(x, FLOAT32);

  test.each([0.5, 1, 2, 2.5, 3, 10, 60, 'Infinity'] as const)('p = %s: nearly right is wrong', (p) => {
    const { values, gradient, passesMassOn } = statementOf(p);
    const y = Array.from(values.data);
    const stated = gradient(y.map(() => 1));
    expect(passesMassOn).toBe(false);
    expect(judge(y, { values }).deviates).toBe('neither');
    expect(judge([...y.slice(0, -1), y[y.length - 1] * 1.0001], { values }).wrong).toBe(1);
    const dx = Array.from(stated.data);
    const greatest = dx.indexOf(Math.max(...dx));
    expect(judge(dx, { values: stated }).wrong).toBe(0);
    expect(
      judge(
        dx.map((value, i) => (i === greatest ? value * 1.001 : value)),
        { values: stated },
      ).wrong,
    ).toBe(1);
  });

  test('p = 2 by float32 operations, scaled and not, is rounding', () => {
    const { values } = statementOf(2);
    const { outputs } = layoutOf(2, { poolSize: 3 }, shape);
    const data = Array.from(values.data);
    for (const scale of [1, 1.25]) {
      for (const { at, candidates } of outputs) {
        const total = sum(candidates.map((c) => f(f(x[c.at] / scale) ** 2)));
        data[at] = f(scale * f(Math.sqrt(total)));
      }
      expect(judge(data, { values })).toEqual({ wrong: 0, deviates: 'neither', isRounding: true });
    }
  });

  test('of zeros it is 0, and so is its gradient; signs count; NaN and infinities are exact', () => {
    const of = (values: number[], p: number) =>
      preparePooling('test', 1, {
        name: 'lp',
        pooling: 'lp',
        shape: [1, values.length, 1],
        options: { p, poolSize: values.length },
      }).stated(values, FLOAT32);
    expect(Array.from(of([0, 0], 2).values.data)).toEqual([0]);
    expect(Array.from(of([0, 0], 2).gradient([1]).data)).toEqual([0, 0]);
    // As in PyTorch: 0 times an infinite slope.
    expect(Array.from(of([0, 0], 0.5).gradient([1]).data)).toEqual([NaN, NaN]);
    // With p < 1 the slope at 0 is infinite: whatever a device makes of it is no fault.
    const steep = of([0, 4], 0.5).gradient([1]);
    expect(
      [
        [Infinity, 1],
        [1e19, 1],
        [NaN, 1],
        [0, 2],
      ].map((dx) => judge(dx, { values: steep }).wrong),
    ).toEqual([0, 0, 0, 1]);
    expect(Array.from(of([3, -4], 1).values.data)).toEqual([-1]);
    expect(Array.from(of([-3, -4], 3).values.data)).toEqual([NaN]);
    expect(Array.from(of([1, Infinity], 2).values.data)).toEqual([Infinity]);
    expect(judge([1e38], of([1, Infinity], 2)).deviates).toBe('builtin');
    const infinite = of([1, Infinity], 3).gradient([1]);
    expect(
      [
        [0, NaN],
        [0, 0.5],
        [0.5, NaN],
      ].map((dx) => judge(dx, { values: infinite }).wrong),
    ).toEqual([0, 0, 1]);
    expect(Array.from(of([-3, 2], Infinity).values.data)).toEqual([3]);
    expect(Array.from(of([-3, 2], Infinity).gradient([1]).data)).toEqual([-1, 0]);
    expect(Array.from(of([3e38, 3e38], 60).values.data)).toEqual([f(3e38 * 2 ** (1 / 60))]);
  });
});
