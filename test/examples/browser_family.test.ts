/** The demo page's Routing part with every kind of pooling, in a real Chromium: its numbers are those of the definitions. */
import type { Page } from 'playwright-core';
import { type Pooling, poolingTitle } from '../../examples/browser/shared/poolings';
import { type DemoPage, cells, choose, exactCells, expectedBackends, routed } from './browser_demo';
import { type Kind, expectedOf } from './browser_family';
import { expectKind, setPooling, startAnew, withDemoPage } from './browser_family_page';

let opened: DemoPage;
let page: Page;

withDemoPage((found) => {
  opened = found;
  page = found.page;
});
beforeEach(() => startAnew(page));

test('options of averages are obeyed', async () => {
  await setPooling(page, 'average');
  await expectKind(page, { pooling: 'average', windows: {} });
  await expect(page.locator('#figure-y-builtin .verdict').textContent()).resolves.toMatch(/^same/);
  await choose(page, 'Window height', '3');
  await choose(page, 'Padding', '1');
  await expectKind(page, { pooling: 'average', windows: { poolSize: [3, 2], strides: 2, padding: 1 } });
  expect(await page.locator('#figure-y-builtin .verdict').textContent()).toBe('wrong shape');
  await page.getByRole('switch', { name: 'Count padding' }).click();
  await expectKind(page, {
    pooling: 'average',
    windows: { poolSize: [3, 2], strides: 2, padding: 1 },
    countIncludePad: true,
  });
  // As comparePooling asks the built-in for this: with the padding written out as zeros.
  expect(await page.locator('.ran').textContent()).toMatch(/; the built-in Pad/);
  for (const side of ['y', 'dx'])
    expect(await page.locator(`#figure-${side}-builtin .verdict`).textContent()).toMatch(/^same/);
  await choose(page, 'Divisor', '9');
  await expectKind(page, {
    pooling: 'average',
    windows: { poolSize: [3, 2], strides: 2, padding: 1 },
    divisorOverride: 9,
  });
  await choose(page, 'Divisor', 'count');
  // The last windows leave the padded input: 14 + 2 by strides of 4, windows of 5.
  await choose(page, 'Window height', '5');
  await choose(page, 'Stride', '4');
  await page.getByRole('switch', { name: 'Ceil mode' }).click();
  const ceil = { poolSize: [5, 2], strides: 4, padding: 1, ceilMode: true };
  await expectKind(page, { pooling: 'average', windows: ceil, countIncludePad: true });
  await choose(page, 'Dilation', '2');
  await expectKind(page, { pooling: 'average', windows: { ...ceil, dilationRate: 2 }, countIncludePad: true });
});

test('options of norms are obeyed', async () => {
  await setPooling(page, 'lp');
  await choose(page, 'Window height', '3');
  await choose(page, 'Padding', '1');
  await page.getByRole('switch', { name: 'Ceil mode' }).click();
  const windows = { poolSize: [3, 2], strides: 2, padding: 1, ceilMode: true };
  for (const p of [1, 2, 3, 10]) {
    await choose(page, 'p', String(p));
    await expectKind(page, { pooling: 'lp', windows, p });
    expect(await clipped(page)).toEqual([]);
  }
  // Of numbers that are not negative, as a digit's are, the magnitudes give the same.
  await page.getByRole('switch', { name: 'Magnitudes' }).click();
  await choose(page, 'p', '3');
  await expectKind(page, { pooling: 'lp', windows, p: 3, absolute: true });
  await choose(page, 'p', '∞');
  await routed(page);
  const largest = expectedOf({ pooling: 'lp', windows, p: Infinity }, await cells(page, 'x'), [14, 14], () => 1);
  expect(await exactCells(page, 'y')).toEqual(largest.y);
});

/** Numbers that are wider than their cells. */
function clipped(target: Page): Promise<string[]> {
  return target
    .locator('.grid .number:visible')
    .evaluateAll((list) =>
      list
        .filter((number) => number.getBoundingClientRect().width > number.parentElement!.getBoundingClientRect().width)
        .map((number) => number.textContent!),
    );
}

test('on wasm the built-in is not run where it would write past its output', async () => {
  if (!expectedBackends().includes('wasm')) return;
  await setPooling(page, 'average');
  await choose(page, 'Backend', 'wasm');
  await choose(page, 'Padding', '1');
  await choose(page, 'Window width', '3');
  await choose(page, 'Stride', '1');
  // A window that is wider than high makes the output too wide, which does no harm.
  await expectKind(page, { pooling: 'average', windows: { poolSize: [2, 3], strides: 1, padding: 1 } });
  expect(await page.locator('#figure-y-builtin .verdict').textContent()).toBe('wrong shape');
  await choose(page, 'Window height', '4');
  for (const pooling of ['average', 'max'] as const) {
    await setPooling(page, pooling);
    await expectKind(page, { pooling, windows: { poolSize: [4, 3], strides: 1, padding: 1 } });
    for (const side of ['y', 'dx']) {
      expect(await page.locator(`#figure-${side}-builtin .figure-message`).textContent()).toMatch(/^Not run: on wasm/);
      expect(await page.locator(`#figure-${side}-builtin .verdict`).textContent()).toBe('not run');
    }
  }
});

const KINDS: Kind[] = [
  { pooling: 'average', windows: { poolSize: 3, strides: 2, padding: 'same' } },
  { pooling: 'lp', windows: { poolSize: 3, strides: 2, padding: 'same' }, p: 2 },
  { pooling: 'globalMax' },
  { pooling: 'globalAverage' },
  { pooling: 'adaptiveMax', outputSize: [3, 5] },
  { pooling: 'adaptiveAverage', outputSize: [3, 5] },
];

test.each(KINDS.map((kind) => [poolingTitle(kind.pooling), kind] as const))(
  '%s is the same on every backend, by our kernels',
  async (_, kind) => {
    await setPooling(page, kind.pooling);
    // As in KINDS.
    if ('windows' in kind) {
      await choose(page, 'Window height', '3');
      await choose(page, 'Window width', '3');
      await choose(page, 'Padding', 'same');
    }
    if ('outputSize' in kind) {
      await choose(page, 'Output height', '3');
      await choose(page, 'Output width', '5');
    }
    for (const backend of expectedBackends()) {
      await choose(page, 'Backend', backend);
      await expectKind(page, kind);
      expect(await page.locator('.ran').textContent()).toContain(` on ${backend};`);
      await expectBuiltin(kind.pooling);
    }
    await opened.screenshot(`routing-${kind.pooling}`);
  },
);

/** On the digit 3: zeros at the border, and more than one element that is its greatest. */
async function expectBuiltin(pooling: Pooling): Promise<void> {
  const message = await page.locator('#figure-y-builtin .figure-message:visible').allTextContents();
  if (pooling === 'lp') expect(message).toEqual(['TensorFlow.js has no Lp pooling.']);
  else if (pooling.startsWith('adaptive')) expect(message).toEqual(['TensorFlow.js has no adaptive pooling.']);
  else {
    expect(message).toEqual([]);
    expect(await page.locator('#figure-y-builtin .verdict').textContent()).toMatch(/^same/);
    const dx = await page.locator('#figure-dx-builtin .verdict').textContent();
    expect(dx).toMatch(pooling === 'globalAverage' ? /^same/ : /differs?$/);
  }
}
