/** The table itself: its data are as exact as the comparisons on 16-bit textures take them to be. */
import { gradientsOracle } from '../oracle/pooling';
import { roundToHalf } from '../support/compare';
import { CASES } from './cases';

test('no two cases have the same name', () => {
  expect(new Set(CASES.map((c) => c.name)).size).toBe(CASES.length);
});

test.each(CASES.filter((c) => c.half === undefined && c.x.dtype === 'float32').map((c) => [c.name, c] as const))(
  'exact in half precision: %s',
  (_, c) => {
    const { dx, g, ddx } = gradientsOracle(c.rank, c.options, c.x, c.dy);
    for (const tensor of [c.x, c.dy, dx, g, ddx]) {
      expect(tensor.data.filter((value) => !Object.is(roundToHalf(value), value) && value !== 0)).toEqual([]);
    }
  },
);
