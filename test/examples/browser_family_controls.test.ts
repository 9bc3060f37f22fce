/** The demo page's Routing part with every kind of pooling, in a real Chromium: its controls, its words and its marks. */
import type { Page } from 'playwright-core';
import type { Pooling } from '../../examples/browser/shared/poolings';
import { cells, choose, exactCells, follow, marked, routed } from './browser_demo';
import { expectedOf } from './browser_family';
import { setPooling, startAnew, withDemoPage } from './browser_family_page';

let page: Page;

withDemoPage((found) => {
  page = found.page;
});
beforeEach(() => startAnew(page));

/** Which of the operation's controls each kind has. */
const WINDOWS = ['Window height', 'Window width', 'Stride', 'Dilation', 'Padding', 'Ceil mode'];
const OUTPUT = ['Output height', 'Output width'];
const CONTROLS: Record<Pooling, string[]> = {
  max: [...WINDOWS, 'NaN'],
  average: [...WINDOWS, 'Count padding', 'Divisor'],
  globalMax: ['NaN'],
  globalAverage: [],
  adaptiveMax: [...OUTPUT, 'NaN'],
  adaptiveAverage: OUTPUT,
  lp: ['p', 'Magnitudes, |x|', ...WINDOWS],
};
const SUMMARY: Record<Pooling, string> = {
  max: 'max, 2×2 window, stride 2, padding valid, cpu',
  average: 'average, 2×2 window, stride 2, padding valid, cpu',
  globalMax: 'global max, cpu',
  globalAverage: 'global average, cpu',
  adaptiveMax: 'adaptive max, to 3×3, cpu',
  adaptiveAverage: 'adaptive average, to 3×3, cpu',
  lp: 'Lp, p 2, 2×2 window, stride 2, padding valid, cpu',
};
test('each kind has its own options, and no others', async () => {
  const operation = page.locator('.routing .group').filter({ has: page.getByRole('heading', { name: 'Operation' }) });
  for (const [pooling, names] of Object.entries(CONTROLS) as Array<[Pooling, string[]]>) {
    await setPooling(page, pooling);
    await routed(page);
    const seen = await operation.locator('legend:visible, .toggle:visible').allTextContents();
    expect([pooling, ...seen]).toEqual([pooling, ...names]);
    // What a phone shows in their place.
    expect(await page.locator('.settings-summary').textContent()).toBe(SUMMARY[pooling]);
  }
});

test('an adaptive output keeps the size of an axis that is told to', async () => {
  await follow(page, '#routing?preset=ceil&pooling=adaptiveMax&outputHeight=null&outputWidth=2&backend=cpu');
  expect(await page.locator('.settings-summary').textContent()).toBe('adaptive max, to all×2, cpu');
  // Rows of 5: the first three elements, and the last three.
  expect(await cells(page, 'y')).toEqual([4, 8, 9, 9, 8, 7, 6, 9, 8, 8]);
  await choose(page, 'Output width', 'all');
  await routed(page);
  expect(await cells(page, 'y')).toEqual(await cells(page, 'x'));
});

test('magnitudes of a norm, and unpooling whose last window writes', async () => {
  await follow(page, '#routing?preset=negative&pooling=lp&p=1&absolute=true&backend=cpu');
  expect(await cells(page, 'y')).toEqual([21, 23, 17, 21]);
  await follow(page, '#routing?preset=tie&stride=1&showUnpooling=true&backend=cpu');
  // 8 wins two windows, 6 three; 5 and 7 likewise.
  const sum = async () => (await cells(page, 'unpooled')).reduce((a, b) => a + b);
  expect(await sum()).toBe((await cells(page, 'y')).reduce((a, b) => a + b));
  await choose(page, 'Where unpooled windows overlap', 'last writes');
  await routed(page);
  const [x, placed] = [await cells(page, 'x'), await cells(page, 'unpooled')];
  const won = new Set(await marked(page, 'dx', 'positive'));
  expect(placed).toEqual(x.map((value, i) => (won.has(i) ? value : 0)));
  await setPooling(page, 'average');
  expect(await page.locator('#figure-unpooled').isVisible()).toBe(false);
});

test('the kind is chosen by keys, and Tab leaves out what is not there', async () => {
  const select = page.getByRole('combobox', { name: 'Pooling' });
  await setPooling(page, 'globalAverage');
  await select.focus();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('cpu');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowUp');
  await routed(page);
  expect(await select.inputValue()).toBe('globalMax');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('propagate');
});

test('NaN wins or loses in global and adaptive maxima, as it is told', async () => {
  await page.getByRole('button', { name: 'NaN', exact: true }).click();
  await choose(page, 'Backend', 'cpu');
  for (const pooling of ['globalMax', 'adaptiveMax'] as const) {
    await setPooling(page, pooling);
    await choose(page, 'NaN', 'propagate');
    await routed(page);
    // 4x4, with a NaN at [0, 0] and at [1, 3]; adaptive windows are [0, 2), [1, 3) and [2, 4).
    expect(await cells(page, 'y')).toEqual(pooling === 'globalMax' ? [NaN] : [NaN, 4, NaN, 6, 6, NaN, 7, 9, 9]);
    expect((await cells(page, 'dx'))[0]).toBe(1);
    await choose(page, 'NaN', 'ignore');
    await routed(page);
    expect(await cells(page, 'y')).toEqual(pooling === 'globalMax' ? [9] : [3, 4, 4, 6, 6, 8, 7, 9, 9]);
    expect((await cells(page, 'dx'))[0]).toBe(0);
  }
});

test('of one average, each element of its window alone gets its share', async () => {
  await page.getByRole('button', { name: 'Average: border' }).click();
  await choose(page, 'Gradient sent back, dy', 'one cell');
  await page.locator('#figure-y .cell').nth(3).click();
  // The image's upper right corner: 4 elements.
  await page.waitForFunction(
    () => document.querySelectorAll('#figure-dx .cell:not(.padding) .number')[3].textContent === '0.25',
  );
  await routed(page);
  const dx = await exactCells(page, 'dx');
  expect(dx).toEqual(dx.map((_, i) => ([2, 3, 6, 7].includes(i) ? 0.25 : 0)));
});

test('uneven windows: rows of the matrix hold their own taps, and taps are not placed', async () => {
  await setPooling(page, 'adaptiveMax');
  await choose(page, 'Output width', '5');
  await routed(page);
  const taps = await page
    .locator('.matrix tbody tr')
    .evaluateAll((rows) => rows.map((row) => row.querySelectorAll('td:not(.derived, .absent)').length));
  const lengths = (input: number, out: number) =>
    Array.from({ length: out }, (_, i) => Math.ceil(((i + 1) * input) / out) - Math.floor((i * input) / out));
  expect(taps).toEqual(lengths(14, 3).flatMap((rows) => lengths(14, 5).map((columns) => rows * columns)));
  expect(await page.locator('.matrix thead small').count()).toBe(0);
  expect(await page.locator('.matrix-note').textContent()).toMatch(/^15 rows, .*up to 24 taps: windows differ in size/);
  // The matrix is wider than the page has room for: it goes to the argmax of the chosen window.
  for (const output of [0, 14, 7, 3]) {
    await page.locator('#figure-y .cell').nth(output).focus();
    const [cell, name, all] = await Promise.all(
      ['tr.chosen .argmax', 'tr.chosen th', ''].map((part) =>
        page.locator(`.matrix-scroll ${part}`).first().boundingBox(),
      ),
    );
    expect(cell!.x).toBeGreaterThanOrEqual(name!.x + name!.width - 1);
    expect(cell!.x + cell!.width).toBeLessThanOrEqual(all!.x + all!.width + 1);
  }
  await page.locator('#figure-y .cell').nth(12).click();
  await page.getByRole('button', { name: 'Step through the windows' }).click();
  // The last: there it stays.
  await page.waitForSelector('#figure-y .cell.is-selected[data-index="14"]');
  const { windows } = expectedOf(
    { pooling: 'adaptiveMax', outputSize: [3, 5] },
    await cells(page, 'x'),
    [14, 14],
    () => 1,
  );
  expect(await marked(page, 'x', 'in-window')).toEqual(windows[14]);
  await setPooling(page, 'globalMax');
  await routed(page);
  expect(await page.getByRole('button', { name: /Step|Stop/ }).isVisible()).toBe(false);
});

test('the sentence and the legend say what becomes of a gradient', async () => {
  await page.getByRole('button', { name: 'Average: border' }).click();
  await routed(page);
  await page.locator('#figure-y .cell').nth(0).click();
  const sentence = () => page.locator('.routing .readout').textContent();
  expect(await sentence()).toBe(
    'y[0, 0] = 5.5: the sum of its window (padding, padding, padding, padding, 4, 8, padding, 1, 9), 22, divided by 4. ' +
      'Each element gets dy / 4 = 0.25.',
  );
  const legend = () => page.locator('.legend li').allTextContents();
  expect(await legend()).toEqual([
    'window of the chosen output, or the windows over a chosen input',
    'in several windows: gradients add up',
    'built-in differs from ours',
    'padding',
  ]);
  await page.getByRole('switch', { name: 'Count padding' }).click();
  await routed(page);
  expect(await sentence()).toMatch(
    /, 22, divided by 9 \(4 elements, padding counted as 5 more\)\. Each element gets dy \/ 9 = 0\.111111\.$/,
  );
  await setPooling(page, 'lp');
  await choose(page, 'Padding', 'valid');
  await routed(page);
  await page.locator('#figure-y .cell').nth(0).click();
  expect(await sentence()).toBe(
    'y[0, 0] = 17.8606: the p-norm of its window (4, 8, 2, 1, 9, 7, 6, 2, 8). ' +
      'Of its gradient 1 these get 0.224, 0.448, 0.112, 0.056, 0.504, 0.392, 0.336, 0.112, 0.448.',
  );
  await choose(page, 'Window height', '5');
  await page.getByRole('switch', { name: 'Built-in beside ours' }).click();
  await choose(page, 'Image', 'Digit');
  await routed(page);
  expect(await sentence()).toMatch(/, …\)\. Of its gradient 1 these get .*\d, …$/);
  await setPooling(page, 'max');
  await page.getByRole('switch', { name: 'Gradient' }).click();
  await routed(page);
  // Nothing is said of what is hidden.
  expect(await legend()).toEqual([
    'window of the chosen output, or the windows over a chosen input',
    'its argmax, or the windows it won',
    'equal, but not the first',
  ]);
  expect(await sentence()).toMatch(/ tap \d+ wins.* It is x\[\d+, \d+\](, which wins \d+ windows)?\.$/);
  expect(await page.locator('.matrix thead th.derived').allTextContents()).toEqual(['maximum', 'argmax']);
  expect(await page.locator('.ran').textContent()).not.toContain('built-in');
});
