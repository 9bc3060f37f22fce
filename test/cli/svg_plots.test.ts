/** The plot of where gradients went: lengths of bars, and those beyond 100 %. */
import { gradientPlot } from '../../src/cli/svg_plots';
import type { CompareRow, GradientMass } from '../../src/compare/index';

const row = (name: string, mass: Partial<GradientMass>) =>
  ({
    case: name,
    backend: 'cpu',
    gradient: { mass: { ours: null, builtin: { lost: 0, misplaced: 0, invented: 0, ...mass } } },
  }) as unknown as CompareRow;

/** Of each line its bars, as [start, end], the number of strokes through them, and the text behind. */
function drawn(rows: readonly CompareRow[]) {
  return gradientPlot(rows)
    .split('<g>')
    .slice(1)
    .map((line) => ({
      bars: [...line.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(([, x, width]) => [
        Number(x),
        Number(x) + Number(width),
      ]),
      strokes: line.match(/class="break"/g)?.length ?? 0,
      label: /class="(?:soft|beyond)">([^<]*)</.exec(line)?.[1],
    }));
}

test('a share of 300 % is a broken bar, longer than one of 100 %, with its number', () => {
  const [half, whole, thrice] = drawn([
    row('half', { lost: 0.5 }),
    row('whole', { misplaced: 1 }),
    row('thrice', { invented: 3 }),
  ]);
  expect([half.label, whole.label, thrice.label]).toEqual(['50 %', '100 %', '300 %']);
  expect([half.strokes, whole.strokes, thrice.strokes]).toEqual([0, 0, 2]);
  const [[start, end]] = whole.bars;
  expect(half.bars[0][1]).toBeCloseTo((start + end) / 2, 6);
  expect(thrice.bars[0][1]).toBeGreaterThan(end + 30);
});

test('what is lost keeps its length beside what is invented', () => {
  const [half, both] = drawn([row('half', { lost: 0.5 }), row('both', { lost: 0.5, invented: 7 })]);
  expect(both.bars[0]).toEqual(half.bars[0]);
  expect(both.bars[1][0]).toBeCloseTo(half.bars[0][1], 6);
  expect([both.label, both.strokes]).toEqual(['750 %', 2]);
});

test('without such a share all the room is for 100 %, which rounding does not break', () => {
  const [alone] = drawn([row('whole', { lost: 1.0000001 })]);
  const [beside] = drawn([row('whole', { lost: 1 }), row('twice', { invented: 2 })]);
  expect(alone.strokes).toBe(0);
  expect(alone.bars[0][1]).toBeGreaterThan(beside.bars[0][1] + 30);
  expect(gradientPlot([row('right', {})])).toBe('');
});
