/** The demo page's Routing part, in a real Chromium: what it shows is what the operations give in Node. */
import * as tf from '@tensorflow/tfjs';
import type { Page } from 'playwright-core';
import { MAX_PRESETS as PRESETS } from '../../examples/browser/routing/max_presets';
import { type PoolOptions, im2col, maxPool2d } from '../../src/index';
import {
  type Demo,
  DIGIT,
  type DemoPage,
  cells,
  choose,
  expectedBackends,
  follow,
  isShownWrong,
  marked,
  routed,
  startDemo,
} from './browser_demo';

let demo: Demo;
let opened: DemoPage;
let page: Page;

beforeAll(async () => {
  await tf.setBackend('cpu');
  demo = await startDemo();
  opened = await demo.open({ hash: DIGIT });
  page = opened.page;
  await page.waitForSelector('.backends li');
  await page.waitForSelector('#figure-y .cell');
});
afterEach(() => {
  expect(opened.complaints.splice(0)).toEqual([]);
});
afterAll(() => demo?.close());

/** y and dx of ours in Node, for the image that the page shows and dy of ones. */
async function expected(options: PoolOptions): Promise<{ y: number[]; dx: number[] }> {
  const x = await cells(page, 'x');
  const side = Math.sqrt(x.length);
  const image = tf.tensor4d(x, [1, side, side, 1]);
  return tf.tidy(() => ({
    y: [...maxPool2d(image, options).dataSync()],
    dx: [
      ...tf
        .grad((t) => maxPool2d(t as tf.Tensor4D, options))(image)
        .dataSync(),
    ],
  }));
}

async function expectOurs(options: PoolOptions): Promise<void> {
  await routed(page);
  const { y, dx } = await expected(options);
  expect(await cells(page, 'y')).toEqual(y);
  expect(await cells(page, 'dx')).toEqual(dx);
}

test('it names every backend that this browser has', async () => {
  const present = await page.locator('.backends li.present strong').allTextContents();
  expect(present).toEqual(expectedBackends());
});

test('every pooling control is obeyed', async () => {
  await expectOurs({});
  await choose(page, 'Window height', '3');
  await expectOurs({ poolSize: [3, 2], strides: 2 });
  await choose(page, 'Window width', '4');
  await expectOurs({ poolSize: [3, 4], strides: 2 });
  await choose(page, 'Stride', '3');
  await expectOurs({ poolSize: [3, 4], strides: 3 });
  await page.getByRole('switch', { name: 'Ceil mode' }).click();
  await expectOurs({ poolSize: [3, 4], strides: 3, ceilMode: true });
  await choose(page, 'Padding', '1');
  await expectOurs({ poolSize: [3, 4], strides: 3, ceilMode: true, padding: 1 });
  await choose(page, 'Padding', 'same');
  await choose(page, 'Dilation', '2');
  await expectOurs({ poolSize: [3, 4], strides: 3, padding: 'same', dilationRate: 2 });
  await expect(page.locator('#figure-y-builtin .figure-message').textContent()).resolves.toMatch(/^Throws: /);
});

test("options that do not fit are refused in the operation's own words, and the page goes on", async () => {
  await page.getByRole('combobox', { name: 'Size' }).selectOption('8');
  for (const [group, value] of [
    ['Padding', 'valid'],
    ['Window height', '5'],
    ['Dilation', '3'],
  ])
    await choose(page, group, value);
  await routed(page);
  expect(await page.locator('.routing .stage > .problem').textContent()).toMatch(
    /^maxPoolWithArgmax2d: expected at least one window to fit into the height of x; got /,
  );
  // Nothing stays of the last result but the image.
  expect(await page.locator('.routing .figure:visible').count()).toBe(1);
  expect(await page.locator('.routing :is(.readout, .ran)').allTextContents()).toEqual(['', '']);
  expect(await page.locator('.routing :is(.legend, .below .button):visible').count()).toBe(0);
  await choose(page, 'Dilation', '1');
  await choose(page, 'Stride', '1');
  await page.getByRole('switch', { name: 'Ceil mode' }).click();
  await expectOurs({ poolSize: [5, 4], strides: 1 });
  expect(await page.locator('.routing .stage > .problem').textContent()).toBe('');
});

test('digits, the photograph and a drawing can be pooled', async () => {
  await choose(page, 'Window height', '2');
  await choose(page, 'Window width', '2');
  await choose(page, 'Stride', '2');
  await page.getByRole('combobox', { name: 'Size' }).selectOption('14');
  await page.getByRole('combobox', { name: 'Digit' }).selectOption('8');
  await expectOurs({});
  const eight = await cells(page, 'x');
  await choose(page, 'Image', 'Photo');
  await expectOurs({});
  expect(await cells(page, 'x')).not.toEqual(eight);
  await choose(page, 'Image', 'Draw');
  await routed(page);
  const blank = await cells(page, 'x');
  expect(new Set(blank)).toEqual(new Set([0]));
  await draw();
  await routed(page);
  await expectOurs({});
  const drawn = await cells(page, 'x');
  expect(drawn.filter((value) => value > 0).length).toBeGreaterThan(3);
  await page.locator('#figure-x .grid').focus();
  for (const key of ['ArrowRight', 'ArrowRight', ' ']) await page.keyboard.press(key);
  await routed(page);
  expect((await cells(page, 'x'))[2]).toBe(99 - drawn[2]);
  await page.getByRole('button', { name: 'Clear the drawing' }).click();
  await routed(page);
  expect(await cells(page, 'x')).toEqual(blank);
});

/** A stroke from the middle of the third row, downwards. */
async function draw(): Promise<void> {
  const box = (await page.locator('#figure-x .grid').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.7, { steps: 12 });
  await page.mouse.up();
}

/** The outputs that were chosen one after the other, by their numbers. */
interface Walk {
  walk: string;
}

/** Writes down every output that is chosen: each is so for less than half a second, which a slow machine may miss. */
async function recordChosen(): Promise<void> {
  await page.evaluate(() => {
    const y = document.querySelector('#figure-y')!;
    const chosen = () => y.querySelector<HTMLElement>('.cell.is-selected')?.dataset.index ?? '';
    const record = Object.assign(window, { walk: '' });
    let last = chosen();
    new MutationObserver(() => {
      if (chosen() !== last) record.walk += last = chosen();
    }).observe(y, { subtree: true, childList: true, attributes: true });
  });
}

test('pointer and keys choose an output: its window, its argmax and its ties are lit', async () => {
  await page.getByRole('button', { name: 'Tie', exact: true }).click();
  await routed(page);
  await page.locator('#figure-y .cell').nth(1).hover();
  expect(await marked(page, 'x', 'in-window')).toEqual([2, 3, 6, 7]);
  expect(await marked(page, 'x', 'is-argmax')).toEqual([3]);
  expect(await marked(page, 'x', 'is-tied')).toEqual([6]);
  expect(await page.locator('.routing .readout').textContent()).toBe(
    'y[0, 1] = 5: of its window (1, 5, 5, 2) tap 1 wins, the first of 2 that are equal. It is x[0, 3], which gets the gradient 1.',
  );
  await page.locator('#figure-y .cell').nth(1).focus();
  await page.keyboard.press('ArrowDown');
  expect(await marked(page, 'x', 'is-argmax')).toEqual([10]);
  expect(await page.locator('#figure-y [tabindex="0"]').getAttribute('data-index')).toBe('3');
  await page.locator('#figure-y .cell').nth(0).click();
  await recordChosen();
  const walked = (way: string) => page.waitForFunction((w) => (window as never as Walk).walk.startsWith(w), way);
  const step = page.getByRole('button', { name: 'Step through the windows' });
  await step.click();
  await walked('123');
  // From the last window it begins again, by the keyboard, too.
  await step.click();
  await walked('1230123');
  await step.press('Enter');
  await walked('123012301');
  await page.locator('#figure-y .cell').nth(2).click();
});

test("every grid answers pointer, click and keys, the built-in's and padding too", async () => {
  const sentence = () => page.locator('.routing .readout').textContent();
  const cell = (figure: string, index: number) => page.locator(`#figure-${figure} [data-index="${index}"]`);
  await follow(page, '#routing?preset=tie&backend=wasm');
  await cell('x', 3).hover();
  expect(await sentence()).toBe(
    'x[0, 3] = 5 is in the window of y[0, 1] and wins it. Its gradient is the dy of y[0, 1]: 1. The built-in sends it 0.',
  );
  expect([await marked(page, 'x', 'is-selected'), await marked(page, 'y', 'is-argmax')]).toEqual([[3], [1]]);
  await cell('y-builtin', 2).hover();
  expect([await marked(page, 'y', 'is-selected'), await marked(page, 'x', 'in-window')]).toEqual([[2], [8, 9, 12, 13]]);
  await cell('dy', 3).focus();
  expect(await sentence()).toMatch(/^dy\[1, 1\] = 1 goes to x\[2, 2\] = 6, the winner of its window/);
  await cell('dx-builtin', 6).click();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowRight');
  expect(await sentence()).toMatch(
    /^The built-in’s dx\[1, 2\] = 1; right is 0\. It belongs elsewhere: x\[0, 3\] gets 0, not 1\. /,
  );
  expect(await cell('dx-builtin', 6).getAttribute('aria-label')).toBe('dx[1, 2]: 1, differs from ours');
  // It stays, alone, while others are looked at, and the address has it.
  await cell('dx', 0).hover();
  expect(await page.locator('.routing [aria-selected=true]').count()).toBe(1);
  await page.waitForFunction(() => location.hash === '#routing?preset=tie&cell=dx-builtin.6');
  expect(await page.locator('.routing [role=grid]:visible:not(:has([tabindex="0"]))').count()).toBe(0);
  expect(await page.locator('.routing [role=grid]:visible [tabindex="0"]').count()).toBe(6);
  await follow(page, '#routing?preset=average-border&backend=cpu&cell=x.16');
  expect(await page.locator('#figure-dx .cell.padding').count()).toBe(20);
  expect(await sentence()).toBe(
    'Padding at [−1, −1] is in the window of y[0, 0]. It is not counted. No gradient comes here.',
  );
  expect(await page.locator('#figure-x .padding .number').first().textContent()).toBe('–');
  expect([await marked(page, 'x', 'in-window'), await marked(page, 'y', 'in-window')]).toEqual([[], [0]]);
  // In the window of another cell it is hatched still.
  await cell('y', 0).hover();
  const look = await cell('x', 16).evaluate((each) => [each.className, getComputedStyle(each).backgroundImage]);
  expect(look).toEqual([expect.stringContaining('in-window'), expect.stringMatching(/^repeating-linear-gradient/)]);
  await cell('x', 16).focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'End', 'Home', 'ArrowDown']) await page.keyboard.press(key);
  for (const key of ['ArrowRight', 'Enter']) await page.keyboard.press(key);
  expect(await sentence()).toMatch(/^x\[1, 0\] = 1 is in 6 windows: /);
  await page.waitForFunction(() => location.hash.endsWith('&cell=x.4'));
  await page.getByRole('button', { name: 'Tie', exact: true }).click();
  await routed(page);
});

test("the im2col matrix is im2col's, with the first maximum of every row marked", async () => {
  await page.getByRole('switch', { name: 'im2col matrix' }).click();
  const rows = await page.locator('.matrix tbody tr').evaluateAll((list) =>
    list.map((row) => ({
      values: Array.from(row.querySelectorAll('td:not(.derived)')).map((cell) => Number(cell.firstChild!.textContent)),
      argmax: Array.from(row.querySelectorAll('td')).findIndex((cell) => cell.classList.contains('argmax')),
    })),
  );
  const columns = im2col(tf.tensor4d(PRESETS.find(({ id }) => id === 'tie')!.rows.flat(), [1, 4, 4, 1]), {});
  expect(rows.map(({ values }) => values)).toEqual(columns.arraySync());
  columns.dispose();
  for (const { values, argmax } of rows) expect(argmax).toBe(values.indexOf(Math.max(...values)));
  await page.locator('.matrix tbody tr').nth(1).hover();
  expect(await marked(page, 'y', 'is-selected')).toEqual([1]);
});

test('a chosen dy flows back: ties alone get none, overlaps add up', async () => {
  await choose(page, 'Backend', 'cpu');
  await choose(page, 'Stride', '1');
  await choose(page, 'Gradient sent back, dy', '1, 2, 3');
  await routed(page);
  expect(await cells(page, 'dy')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const dx = await cells(page, 'dx');
  expect(dx.reduce((a, b) => a + b)).toBe(45);
  // 7 at [0, 1] wins the windows 1 and, as the first of two, not the window 0.
  expect(dx[0]).toBe(1);
  expect((await marked(page, 'dx', 'overlap')).length).toBeGreaterThan(0);
  expect(await marked(page, 'dx', 'tie')).toContain(4);
  await choose(page, 'Gradient sent back, dy', '±1');
  await routed(page);
  expect(await cells(page, 'dy')).toEqual([1, -1, 1, -1, 1, -1, 1, -1, 1]);
  await choose(page, 'Gradient sent back, dy', 'one cell');
  await routed(page);
  await page.locator('#figure-y .cell').nth(0).click();
  await routed(page);
  expect((await cells(page, 'dx')).map((value, i) => (value === 0 ? -1 : i)).filter((i) => i >= 0)).toEqual([0]);
});

test.each(PRESETS.map((preset) => [preset.title, preset] as const))(
  "the preset %s shows the built-in's defect",
  async (title, preset) => {
    await page.getByRole('button', { name: title, exact: true }).click();
    await routed(page);
    const available = expectedBackends();
    const backend = preset.backends.find((name) => available.includes(name));
    expect(await page.locator('.preset-about').textContent()).toBe(preset.about);
    const ran = await page.locator('.ran').textContent();
    if (backend) expect(ran).toContain(`on ${backend};`);
    expect(ran).toMatch(/^Ours ran [^;]*Im2ColMaxPoolArgmax[^;]*Im2ColScatterArgmax/);
    // Every window's gradient arrives with ours; the built-in is wrong in values, shape or gradient.
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(await cells(page, 'dx'))).toBe(sum(await cells(page, 'dy')));
    expect(await page.locator('.verdict.bad').count()).toBeGreaterThan(0);
    if (backend) expect(await isShownWrong(page)).toBe(true);
    await opened.screenshot(`routing-${preset.id}`);
  },
);

/** What the presets' texts say of the built-in: the sum of its gradient, or its outputs. */
const SAID: ReadonlyArray<[id: string, backend: string, figure: 'y' | 'dx', numbers: number[]]> = [
  ['zeros', 'wasm', 'dx', [1]],
  ['zeros', 'webgl', 'dx', [4]],
  ['negative', 'wasm', 'dx', [2]],
  ['nan', 'cpu', 'y', [3, 4, 7, 9]],
  ['nan', 'wasm', 'y', [-Infinity, 4, 7, 9]],
  ['nan', 'webgl', 'y', [3, 4, 7, 9]],
  ['minus-infinity', 'webgpu', 'y', [-1e20, 4, 8, -1e20]],
  ['minus-infinity', 'cpu', 'dx', [2]],
  ['minus-infinity', 'wasm', 'dx', [3]],
  ['ceil', 'wasm', 'dx', [4]],
  ['dilation', 'cpu', 'dx', [1]],
];

test("what the presets say of the built-in is so, and each backend's defect is shown first", async () => {
  for (const [id, backend, figure, numbers] of SAID.filter(([, name]) => expectedBackends().includes(name))) {
    await page.getByRole('button', { name: PRESETS.find((preset) => preset.id === id)!.title, exact: true }).click();
    await choose(page, 'Backend', backend);
    await routed(page);
    const got = await cells(page, `${figure}-builtin`);
    const seen = figure === 'y' ? got : [got.reduce((a, b) => a + b)];
    expect([id, backend, seen, await isShownWrong(page)]).toEqual([id, backend, numbers, true]);
  }
});

test('NaN loses where it is told to', async () => {
  await page.getByRole('button', { name: 'NaN', exact: true }).click();
  await routed(page);
  expect(await cells(page, 'y')).toEqual([NaN, NaN, 7, 9]);
  await choose(page, 'NaN', 'ignore');
  await routed(page);
  expect(await cells(page, 'y')).toEqual([3, 4, 7, 9]);
});

test('every backend gives the same, by our kernels', async () => {
  await choose(page, 'Image', 'Digit');
  for (const backend of expectedBackends()) {
    await choose(page, 'Backend', backend);
    await expectOurs({});
    expect(await page.locator('.ran').textContent()).toMatch(
      new RegExp(`^Ours ran [^;]*Im2ColMaxPoolArgmax[^;]* on ${backend};`),
    );
  }
});

test('the built-in, the gradient and the matrix can be hidden', async () => {
  for (const [name, figure] of [
    ['Built-in beside ours', '#figure-dx-builtin'],
    ['Gradient', '#figure-dx'],
    ['im2col matrix', '.matrix'],
  ]) {
    expect(await page.locator(figure).isVisible()).toBe(true);
    await page.getByRole('switch', { name }).click();
    expect(await page.locator(figure).isVisible()).toBe(false);
  }
});
