/** The demo page's presets of average and global pooling, in a real Chromium: what the built-in gets wrong on which backend. */
import type { Page } from 'playwright-core';
import { SIBLING_PRESETS } from '../../examples/browser/routing/sibling_presets';
import { type DemoPage, choose, exactCells, expectedBackends, isShownWrong, marked, routed } from './browser_demo';
import { type Kind, expectNear, expectedOf } from './browser_family';
import { withDemoPage } from './browser_family_page';

let opened: DemoPage;
let page: Page;

withDemoPage((found) => {
  opened = found;
  page = found.page;
});

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

/** What the built-in gets wrong, computed here, on each backend that it shows on. */
const WRONG: Record<string, { of: 'y' | 'dx'; kind: Kind; builtin: (x: number[]) => number[] }> = {
  'average-border': {
    of: 'dx',
    kind: { pooling: 'average', windows: { poolSize: 3, strides: 1, padding: 'same' } },
    // All taps are divided by.
    builtin: (x) =>
      expectedOf(
        { pooling: 'average', windows: { poolSize: 3, strides: 1, padding: 1 }, countIncludePad: true },
        x,
        [4, 4],
        () => 1,
      ).dx,
  },
  'average-ceil': {
    of: 'dx',
    kind: { pooling: 'average', windows: { ceilMode: true } },
    // Without the last windows.
    builtin: (x) => x.map((_, i) => (i % 5 < 4 && i < 20 ? 0.25 : 0)),
  },
  'average-dilation': {
    of: 'y',
    kind: { pooling: 'average', windows: { poolSize: 3, strides: 1, padding: 'same', dilationRate: 2 } },
    builtin: (x) =>
      expectedOf(
        {
          pooling: 'average',
          windows: { poolSize: 3, strides: 1, padding: 2, dilationRate: 2 },
          countIncludePad: true,
        },
        x,
        [5, 5],
        () => 1,
      ).y,
  },
  'average-nan': {
    of: 'y',
    kind: { pooling: 'average', windows: {} },
    builtin: () => [-Infinity, 3, 5.5, 5],
  },
  'global-tie': {
    of: 'dx',
    kind: { pooling: 'globalMax' },
    builtin: (x) => x.map((value) => (value === 9 ? 1 : 0)),
  },
};

test.each(SIBLING_PRESETS.map((preset) => [preset.title, preset] as const))(
  "the preset %s shows the built-in's defect, on every backend that has it",
  async (title, preset) => {
    const { of, kind, builtin } = WRONG[preset.id];
    await page.getByRole('button', { name: title, exact: true }).click();
    const everywhere = preset.backends.length === 0 ? expectedBackends() : preset.backends;
    for (const backend of expectedBackends().filter((name) => (everywhere as string[]).includes(name))) {
      await choose(page, 'Backend', backend);
      await routed(page);
      const x = preset.rows.flat();
      const side = preset.rows.length;
      const right = expectedOf(kind, x, [side, side], () => 1);
      const [ours, theirs] = [await exactCells(page, of), await exactCells(page, `${of}-builtin`)];
      if (preset.id === 'average-nan') {
        expect(ours).toEqual(right.y);
        expect(theirs).toEqual(builtin(x));
      } else {
        expectNear(`ours on ${backend}`, ours, right[of]);
        expectNear(`built-in on ${backend}`, theirs, builtin(x));
      }
      const verdict = (which: 'y' | 'dx') => page.locator(`#figure-${which}-builtin .verdict`).textContent();
      expect(await verdict(of)).toMatch(/differs?$/);
      expect(await isShownWrong(page)).toBe(true);
      // On wasm 'ceil' leaves parts of the output as they were.
      if (of === 'dx' && !(preset.settings.ceilMode && backend === 'wasm')) expect(await verdict('y')).toMatch(/^same/);
      expect((await marked(page, `${of}-builtin`, 'differs')).length).toBe(
        builtin(x).filter((value, i) => !(Math.abs(value - right[of][i]) < 1e-6)).length,
      );
      expect(sum(await exactCells(page, 'dx'))).toBeCloseTo(right.y.length, 3);
    }
    await opened.screenshot(`routing-${preset.id}`);
  },
);
