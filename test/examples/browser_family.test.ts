/** The demo page's Routing part with every kind of pooling, in a real Chromium: its numbers are those of the definitions. */
import type { Page } from 'playwright-core';
import { POOLING_TITLES, type Pooling } from '../../examples/browser/shared/poolings';
import {
  type Demo,
  type DemoPage,
  cells,
  choose,
  exactCells,
  expectedBackends,
  marked,
  routed,
  startDemo,
} from './browser_demo';
import { type Kind, expectNear, expectedOf } from './browser_family';

let demo: Demo;
let opened: DemoPage;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
  opened = await demo.open();
  page = opened.page;
});
/** A digit, 14 by 14; max pooling 2x2 on cpu; and the matrix. */
beforeEach(async () => {
  await page.reload();
  await page.waitForSelector('.backends li');
  await page.waitForSelector('#figure-y .cell');
  await choose(page, 'Gradient sent back, dy', '1, 2, 3');
  await page.getByRole('switch', { name: 'im2col matrix' }).click();
});
afterEach(() => {
  expect(opened.complaints.splice(0)).toEqual([]);
});
afterAll(() => demo?.close());

/** Which of the operation's controls each kind has. */
const WINDOWS = ['Window height', 'Window width', 'Stride', 'Dilation', 'Padding', 'Ceil mode'];
const OUTPUT = ['Output height', 'Output width'];
const CONTROLS: Record<Pooling, string[]> = {
  max: [...WINDOWS, 'NaN'],
  average: [...WINDOWS, 'Count padding'],
  globalMax: ['NaN'],
  globalAverage: [],
  adaptiveMax: [...OUTPUT, 'NaN'],
  adaptiveAverage: OUTPUT,
  lp: ['p', ...WINDOWS],
};
/** The kernels of ours that each runs, forward and backward. A norm with p = 1 is a sum. */
const RAN: Record<Pooling, RegExp> = {
  max: /Im2ColMaxPoolArgmax.*Im2ColScatterArgmax/,
  average: /Im2ColAveragePool.*Im2ColAverageSpread/,
  globalMax: /Im2ColMaxPoolArgmax.*Im2ColScatterArgmax/,
  globalAverage: /Im2ColAveragePool.*Im2ColAverageSpread/,
  adaptiveMax: /Im2ColMaxPoolArgmax.*Im2ColScatterArgmax/,
  adaptiveAverage: /Im2ColAveragePool.*Im2ColAverageSpread/,
  lp: /Im2ColColumns.*Im2ColImage/,
};

const setPooling = (pooling: Pooling) =>
  page.getByRole('combobox', { name: 'Pooling' }).selectOption(POOLING_TITLES[pooling]);

/** y, dx, the window that is lit and the rows of the matrix, against the definitions. */
async function expectKind(kind: Kind): Promise<void> {
  await routed(page);
  const x = await cells(page, 'x');
  const side = Math.sqrt(x.length);
  const expected = expectedOf(kind, x, [side, side], (i) => i + 1);
  expectNear('y', await exactCells(page, 'y'), expected.y);
  expectNear('dx', await exactCells(page, 'dx'), expected.dx);
  expect(await page.locator('#figure-y .grid-row').count()).toBe(expected.outHeight);
  expect(await page.locator('.ran').textContent()).toMatch(RAN['p' in kind && kind.p === 1 ? 'average' : kind.pooling]);
  for (const output of [0, expected.y.length - 1]) {
    await page.locator('#figure-y .cell').nth(output).focus();
    expect(await marked(page, 'x', 'in-window')).toEqual(expected.windows[output]);
    await expectRow(output, x, expected.windows[output], expected.shares[output]);
  }
}

/** The row of the matrix: the window's elements, and either the argmax or what each gets of dy. */
async function expectRow(output: number, x: number[], inputs: number[], shares: number[]): Promise<void> {
  const row = await page.locator(`.matrix tr[data-output="${output}"]`).evaluate((line) =>
    Array.from(line.querySelectorAll<HTMLElement>('td:not(.derived, .padding, .absent)')).map((cell) => ({
      value: Number(cell.firstChild!.textContent),
      isArgmax: cell.classList.contains('argmax'),
      share: cell.querySelector<HTMLElement>('.share')?.title,
    })),
  );
  expect(row.map(({ value }) => value)).toEqual(inputs.map((input) => x[input]));
  if (row[0].share === undefined) expect(row.map(({ isArgmax }) => Number(isArgmax))).toEqual(shares);
  else
    expectNear(
      'shares',
      row.map(({ share }) => Number(share)),
      shares.map((share) => share * (output + 1)),
    );
}

test('each kind has its own options, and no others', async () => {
  const operation = page.locator('.routing .group').filter({ has: page.getByRole('heading', { name: 'Operation' }) });
  for (const [pooling, names] of Object.entries(CONTROLS) as Array<[Pooling, string[]]>) {
    await setPooling(pooling);
    await routed(page);
    const seen = await operation.locator('legend:visible, .toggle:visible').allTextContents();
    expect([pooling, ...seen]).toEqual([pooling, ...names]);
  }
});

test('the kind is chosen by keys, and Tab leaves out what is not there', async () => {
  const select = page.getByRole('combobox', { name: 'Pooling' });
  await setPooling('globalAverage');
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

test('options of averages are obeyed', async () => {
  await setPooling('average');
  await expectKind({ pooling: 'average', windows: {} });
  await expect(page.locator('#figure-y-builtin .verdict').textContent()).resolves.toMatch(/^same/);
  await choose(page, 'Window height', '3');
  await choose(page, 'Padding', '1');
  await expectKind({ pooling: 'average', windows: { poolSize: [3, 2], strides: 2, padding: 1 } });
  expect(await page.locator('#figure-y-builtin .verdict').textContent()).toBe('wrong shape');
  await page.getByRole('switch', { name: 'Count padding' }).click();
  await expectKind({
    pooling: 'average',
    windows: { poolSize: [3, 2], strides: 2, padding: 1 },
    countIncludePad: true,
  });
  expect(await page.locator('#figure-y-builtin .figure-message').textContent()).toMatch(
    /^TensorFlow.js has no countIncludePad/,
  );
  // The last windows leave the padded input: 14 + 2 by strides of 4, windows of 5.
  await choose(page, 'Window height', '5');
  await choose(page, 'Stride', '4');
  await page.getByRole('switch', { name: 'Ceil mode' }).click();
  const ceil = { poolSize: [5, 2], strides: 4, padding: 1, ceilMode: true };
  await expectKind({ pooling: 'average', windows: ceil, countIncludePad: true });
  await choose(page, 'Dilation', '2');
  await expectKind({ pooling: 'average', windows: { ...ceil, dilationRate: 2 }, countIncludePad: true });
});

test('options of norms are obeyed', async () => {
  await setPooling('lp');
  await choose(page, 'Window height', '3');
  await choose(page, 'Padding', '1');
  await page.getByRole('switch', { name: 'Ceil mode' }).click();
  const windows = { poolSize: [3, 2], strides: 2, padding: 1, ceilMode: true };
  for (const p of [1, 2, 3, 10]) {
    await choose(page, 'p', String(p));
    await expectKind({ pooling: 'lp', windows, p });
  }
  await choose(page, 'p', '∞');
  await routed(page);
  const largest = expectedOf({ pooling: 'lp', windows, p: Infinity }, await cells(page, 'x'), [14, 14], () => 1);
  expect(await exactCells(page, 'y')).toEqual(largest.y);
});

test('on wasm the built-in is not run where it would write past its output', async () => {
  if (!expectedBackends().includes('wasm')) return;
  await setPooling('average');
  await choose(page, 'Backend', 'wasm');
  await choose(page, 'Padding', '1');
  await choose(page, 'Window width', '3');
  await choose(page, 'Stride', '1');
  // A window that is wider than high makes the output too wide, which does no harm.
  await expectKind({ pooling: 'average', windows: { poolSize: [2, 3], strides: 1, padding: 1 } });
  expect(await page.locator('#figure-y-builtin .verdict').textContent()).toBe('wrong shape');
  await choose(page, 'Window height', '4');
  await expectKind({ pooling: 'average', windows: { poolSize: [4, 3], strides: 1, padding: 1 } });
  for (const side of ['y', 'dx']) {
    expect(await page.locator(`#figure-${side}-builtin .figure-message`).textContent()).toMatch(/^Not run: on wasm/);
    expect(await page.locator(`#figure-${side}-builtin .verdict`).textContent()).toBe('not run');
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

test.each(KINDS.map((kind) => [POOLING_TITLES[kind.pooling], kind] as const))(
  '%s is the same on every backend, by our kernels',
  async (_, kind) => {
    await setPooling(kind.pooling);
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
      await expectKind(kind);
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

test('uneven windows: rows of the matrix hold their own taps, and taps are not placed', async () => {
  await setPooling('adaptiveMax');
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
  await setPooling('globalMax');
  await routed(page);
  expect(await page.getByRole('button', { name: /Step|Stop/ }).isVisible()).toBe(false);
});

test('the sentence and the legend say what becomes of a gradient', async () => {
  await page.getByRole('button', { name: 'Average: border' }).click();
  await routed(page);
  await page.locator('#figure-y .cell').nth(0).focus();
  const sentence = () => page.locator('.readout').textContent();
  expect(await sentence()).toBe(
    'y[0, 0] = 5.5: the sum of its window (padding, padding, padding, padding, 4, 8, padding, 1, 9), 22, divided by 4. ' +
      'Each element gets dy / 4 = 0.25.',
  );
  const legend = () => page.locator('.legend li').allTextContents();
  expect(await legend()).toEqual([
    'window of the chosen output',
    'in several windows: gradients add up',
    'built-in differs from ours',
  ]);
  await page.getByRole('switch', { name: 'Count padding' }).click();
  await routed(page);
  expect(await sentence()).toMatch(
    /, 22, divided by 9 \(4 elements, padding counted as 5 more\)\. Each element gets dy \/ 9 = 0\.111111\.$/,
  );
  await setPooling('lp');
  await choose(page, 'Padding', 'valid');
  await routed(page);
  await page.locator('#figure-y .cell').nth(0).focus();
  expect(await sentence()).toBe(
    'y[0, 0] = 17.8606: the p-norm of its window (4, 8, 2, 1, 9, 7, 6, 2, 8). ' +
      'Of its gradient 1 these get 0.22, 0.45, 0.11, 0.056, 0.5, 0.39, 0.34, 0.11, 0.45.',
  );
  await setPooling('max');
  await routed(page);
  expect((await legend()).slice(1, 3)).toEqual(['its argmax', 'equal, but not the first']);
});
