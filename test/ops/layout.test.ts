/** Which axis of a shape is which. What poolGeometry makes of that is tested in geometry.test.ts. */
import { type Layout, checkImage, checkRank, sameShape, sizeOf, withSpatial } from '../../src/layout';

const LAST: Layout = { rank: 2, dataFormat: 'channelsLast' };
const FIRST: Layout = { rank: 2, dataFormat: 'channelsFirst' };

test('a shape of too few or too many axes is an error that names them', () => {
  expect(() => checkRank('pool', LAST, [5, 5])).toThrow(
    'pool: expected x of rank 3 or 4 [batch, height, width, channels]; got rank 2 [5, 5].',
  );
  expect(() => checkRank('pool', FIRST, [1, 1, 1, 5, 5], 'xShape')).toThrow(
    'pool: expected xShape of rank 3 or 4 [batch, channels, height, width]; got rank 5 [1, 1, 1, 5, 5].',
  );
});

test('an image without elements is an error that names its spatial size', () => {
  const message = 'pool: expected an image of at least one element; got spatial size [3, 0].';
  expect(() => checkImage('pool', LAST, [2, 3, 0, 4])).toThrow(message);
  expect(() => checkImage('pool', FIRST, [2, 4, 3, 0])).toThrow(message);
});

test('no batch, no channels and unknown sizes are none', () => {
  expect(() => checkImage('pool', LAST, [0, 3, null, 4])).not.toThrow();
  expect(() => checkImage('pool', FIRST, [2, 0, 1, 1])).not.toThrow();
});

test('spatial sizes are exchanged, or left out', () => {
  expect(withSpatial(LAST, [2, 3, 5, 4], [])).toEqual([2, 4]);
  expect(withSpatial(LAST, [3, 5, 4], [7, 8])).toEqual([7, 8, 4]);
  expect(withSpatial(FIRST, [2, 4, 3, 5], [])).toEqual([2, 4]);
  expect(withSpatial(FIRST, [4, 3, 5], [7, 8])).toEqual([4, 7, 8]);
});

test('sizes and equality of shapes', () => {
  expect(sizeOf([2, 3, 4])).toBe(24);
  expect(sizeOf([5, 0])).toBe(0);
  expect(sizeOf([])).toBe(1);
  expect(sameShape([2, 3], [2, 3])).toBe(true);
  expect(sameShape([2, 3], [3, 2])).toBe(false);
  expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
  expect(sameShape([2, 3, 1], [2, 3])).toBe(false);
});
