/** What is remembered of options and shapes: the same values give the same spec and geometry, other values never do. */
import { poolGeometry } from '../../src/geometry';
import { MOST_RECENT, type Recent, recently } from '../../src/recent';
import { poolSpec } from '../../src/spec';

test('the same values are made into something once, whatever object they come in', () => {
  const recent: Recent<object> = [];
  const ask = (...values: unknown[]) => recently(recent, values, () => ({ values }));
  expect(ask(2, [1, [2, 3]], undefined, 'same')).toBe(ask(2, [1, [2, 3]], undefined, 'same'));
  const others = [[2], [3], ['2'], [[2]], [2, undefined], [null], [undefined], [[[2]]], [[2, 2]], [true]];
  const made = others.map((values) => ask(...values));
  expect(new Set(made).size).toBe(others.length);
  expect(recent.length).toBe(MOST_RECENT);
});

test('an array that was changed, and any other object, are something new', () => {
  const recent: Recent<object> = [];
  const ask = (value: unknown) => recently(recent, [value], () => ({}));
  const nested = [[1, 2]];
  const before = ask(nested);
  nested[0][1] = 3;
  expect(ask(nested)).not.toBe(before);
  for (const value of [Int32Array.of(2, 2), { length: 1 }, NaN]) expect(ask(value)).not.toBe(ask(value));
});

test('what throws is not remembered', () => {
  const recent: Recent<number> = [];
  const failing = () => {
    throw new Error('no');
  };
  expect(() => recently(recent, [1], failing)).toThrow('no');
  expect(recently(recent, [1], () => 7)).toBe(7);
});

test('specs and geometries', () => {
  const poolSize = [2, 3];
  const spec = poolSpec('a', 2, { poolSize });
  expect(poolSpec('b', 2, { poolSize: [2, 3] })).toBe(spec);
  expect(poolSpec('b', 2, { poolSize: [2, 3], nan: 'ignore' }).nan).toBe('ignore');
  poolSize[1] = 4;
  expect(poolSpec('a', 2, { poolSize }).poolSize).toEqual([2, 4]);
  expect(() => poolSpec('a', 3, { poolSize: [2, 3] })).toThrow('a: expected poolSize');
  const g = poolGeometry('a', spec, [1, 6, 6, 1]);
  expect(poolGeometry('b', spec, [1, 6, 6, 1])).toBe(g);
  expect(poolGeometry('b', spec, [1, 6, 6, 2]).channels).toBe(2);
  expect(() => poolGeometry('b', spec, [1, 1, 6, 1])).toThrow('b: expected at least one window');
});
