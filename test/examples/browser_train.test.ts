/** The demo page's Train part, in a real Chromium: it learns, pauses, saves, loads, and predicts the same again. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Locator, Page } from 'playwright-core';
import { paceOf } from '../../examples/browser/train/pace';
import { endOfTraining, lastEpoch, shareDone, stepsUntil } from '../../examples/browser/train/runs';
import { type Demo, type DemoPage, choose, expectedBackends, startDemo } from './browser_demo';

const FOLDER = mkdtempSync(join(tmpdir(), 'demo-train-'));
/** ln 10: what a network loses that knows nothing. */
const IGNORANCE = Math.log(10);
let demo: Demo;
let opened: DemoPage;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
  opened = await demo.open({ hash: '#train' });
  page = opened.page;
  await ready(page);
});
afterEach(() => {
  expect(opened.complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  await demo?.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

const ready = (target: Page) => target.waitForSelector('.backends li');
const press = (name: string) => page.getByRole('tabpanel').getByRole('button', { name, exact: true }).click();
const status = (pattern: RegExp) => page.locator('.train .status').filter({ hasText: pattern }).waitFor();

type Layer = 'im2col' | 'builtin';
const NAMES = { im2col: 'ours', builtin: 'built-in' };

async function figure(name: string, layer: Layer = 'im2col'): Promise<number> {
  const tile = page.locator('.figures-line div').filter({ has: page.getByText(name, { exact: true }) });
  return parseFloat((await tile.locator(`[data-pooling=${layer}] .value`).textContent())!);
}

/** The mean loss of the last steps, as a screen reader hears it. */
async function loss(layer: Layer = 'im2col'): Promise<number> {
  const name = (await page.locator('.chart-canvas').first().getAttribute('aria-label'))!;
  return Number(new RegExp(`^Loss: .*${NAMES[layer]} over \\d+ steps, now ([\\d.]+)`).exec(name)![1]);
}

/** Waits for the network to have so many steps. */
const untilStep = (steps: number, layer: Layer = 'im2col') =>
  page.waitForFunction(([wanted, selector]) => Number(document.querySelector(selector)!.textContent) >= wanted, [
    steps,
    `.figures-line [data-pooling=${layer}] .value`,
  ] as const);

/** What the network says of all digits that are shown. */
function predictions(): Promise<string[]> {
  return page
    .locator('.card')
    .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.probabilities!));
}

const chosen = (group: string) =>
  page.getByRole('tabpanel').getByRole('group', { name: group, exact: true }).locator('input:checked').inputValue();

/** Presses Download; the paths of the two files. */
async function download(): Promise<string[]> {
  const files: string[] = [];
  const listen = (made: Download) => {
    const path = join(FOLDER, made.suggestedFilename());
    void made.saveAs(path).then(() => files.push(path));
  };
  page.on('download', listen);
  await press('Download');
  await status(/^Two files were downloaded/);
  for (let tries = 0; files.length < 2 && tries < 100; tries++) await page.waitForTimeout(50);
  page.off('download', listen);
  return files;
}

/** Presses Pause once the network has taken `count` more steps: within the page, which is there in time. */
async function trainSteps(count: number, layer: Layer = 'im2col'): Promise<void> {
  const before = (await figure('Steps', layer)) || 0;
  await press('Train');
  await untilStep(before + count, layer);
  await page.evaluate(() => document.querySelector<HTMLElement>('.train .toolbar .primary:not([hidden])')!.click());
  await status(/^Paused after/);
}

test('on wasm the loss falls and digits are recognized', async () => {
  expect(await page.getByRole('radio', { name: 'wasm' }).isChecked()).toBe(true);
  await choose(page, 'Digits to learn from', '1000');
  await press('Train');
  await status(/^Finished after 60 steps/);
  expect(await figure('Epoch')).toBe(3);
  expect(await figure('Test loss')).toBeLessThan(IGNORANCE / 2);
  expect(await figure('Test accuracy')).toBeGreaterThan(60);
  expect(await page.locator('.chart-canvas').first().getAttribute('aria-label')).toMatch(
    /^Loss: ours over 60 steps, now [\d.]+$/,
  );
  expect(await page.locator('.card').count()).toBe(24);
  expect(await page.locator('.chart-about').first().textContent()).toBe('training digits, mean of the last 9 batches');
  await opened.screenshot('train');
});

let before: string[];

test('a network saved in the browser predicts the same after a reload', async () => {
  before = await predictions();
  await press('Save');
  await status(/^Saved\./);
  await page.reload();
  await ready(page);
  expect(await page.locator('.card').count()).toBe(0);
  await press('Load');
  await status(/^Loaded from this browser: 60 steps/);
  expect(await predictions()).toEqual(before);
  expect(await page.locator('.train progress').evaluate((bar: HTMLProgressElement) => bar.value)).toBe(1);
});

test('it is downloaded as model.json and weights.bin, and predicts the same in a browser that never saw it', async () => {
  const files = await download();
  expect(files.map((path) => path.split('/').pop()).sort()).toEqual(['model.json', 'weights.bin']);
  await opened.close();
  opened = await demo.open({ hash: '#train' });
  page = opened.page;
  await ready(page);
  expect(await page.getByRole('button', { name: 'Load', exact: true }).isDisabled()).toBe(true);
  await page.locator('.train input[type=file]').setInputFiles(files);
  await status(/^Loaded from files: 60 steps/);
  expect(await predictions()).toEqual(before);
});

test('files that are no model are refused in words', async () => {
  await page
    .locator('.train input[type=file]')
    .setInputFiles([{ name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no') }]);
  await page.locator('.train .problem').filter({ hasText: 'A model is two files' }).waitFor();
  expect(await page.locator('.train .problem').textContent()).toContain('holiday.jpg');
  expect(await predictions()).toEqual(before);
});

test('it goes on where it was, on every backend, and can be paused', async () => {
  await choose(page, 'Epochs', '10');
  // It comes from wasm, and the next test takes it back there.
  const others = expectedBackends().filter((backend) => backend !== 'wasm');
  for (const backend of others) {
    await choose(page, 'Backend', backend);
    await trainSteps(1);
    // What it learned elsewhere came along.
    expect(await loss()).toBeLessThan(IGNORANCE / 2);
    expect(await page.locator('.train .problem').textContent()).toBe('');
  }
  expect(await figure('Steps')).toBeGreaterThanOrEqual(60 + others.length);
});

test('the built-in pooling can be tried in its place; the chart keeps the last run of each', async () => {
  await choose(page, 'Backend', 'wasm');
  // On webgpu the last bits of a product differ from run to run.
  await trainSteps(2);
  const [shown, steps, accuracy] = [await predictions(), await figure('Steps'), await figure('Test accuracy')];
  await choose(page, 'Pooling layer', 'built-in');
  expect(await predictions()).toEqual([]);
  expect(await figure('Steps', 'builtin')).toBeNaN();
  expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
  await status(/^Train begins this network\.$/);
  await press('New network');
  await status(/^A new network/);
  expect(await figure('Steps', 'builtin')).toBe(0);
  await trainSteps(2, 'builtin');
  expect(await loss('builtin')).toBeGreaterThan(IGNORANCE / 2);
  expect([await figure('Steps'), await figure('Test accuracy')]).toEqual([steps, accuracy]);
  expect(await loss()).toBeLessThan(IGNORANCE / 2);
  await choose(page, 'Pooling layer', 'ours');
  await status(/^The network of before, \d+ steps\.$/);
  expect(await predictions()).toEqual(shown);
  await choose(page, 'Digits to learn from', '3000');
  await status(
    /^Train begins this network\. Kept until then: SimpleConvNet with max pooling \(ours\) and 1000 digits\.$/,
  );
  expect(await page.locator('.figures-line .value:visible').allTextContents()).toEqual(['–', '–', '–', '–']);
});

test('a link asks for both poolings of the network where it matters: one after the other, in one chart', async () => {
  await page.evaluate("location.hash = '#train?network=matters&pooling=both&samples=1000&epochs=10'");
  await page.waitForFunction("document.querySelector('.train .choice input[value=matters]').checked");
  await trainSteps(4);
  await status(/^Paused after \d+ steps of ours and 0 steps of the built-in\.$/);
  expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
  const paused = await figure('Steps');
  await choose(page, 'Epochs', '1');
  await press('Train');
  await status(/^Finished after 20 steps/);
  // The one that lags ends with the epoch of the other.
  expect([await figure('Steps'), await figure('Steps', 'builtin')]).toEqual([Math.max(paused, 20), 20]);
  // The built-in loses most of the gradient on its way through two poolings.
  const [learned, lost] = [await figure('Test loss'), await figure('Test loss', 'builtin')];
  expect(learned).toBeLessThan(Math.min(lost, IGNORANCE - 0.005));
  const chart = page.locator('.chart').first();
  expect(await chart.locator('.run-key').allTextContents()).toEqual([
    expect.stringMatching(/^ours [\d.]+$/),
    expect.stringMatching(/^built-in [\d.]+$/),
  ]);
  const [ours, builtin] = await chart.locator('.run-key').evaluateAll((keys) =>
    keys.map((key) => {
      const { borderTopStyle, borderTopColor } = getComputedStyle(key, '::before');
      return { borderTopStyle, borderTopColor };
    }),
  );
  expect([ours.borderTopStyle, builtin.borderTopStyle]).toEqual(['solid', 'dashed']);
  expect(ours.borderTopColor).not.toBe(builtin.borderTopColor);
  expect(await drawnColours(chart)).toEqual([ours.borderTopColor, builtin.borderTopColor]);
  expect(await page.locator('.card:visible').count()).toBe(48);
  await opened.screenshot('train-both');
});

/** Which of the lines' colours the chart's canvas has. */
function drawnColours(chart: Locator): Promise<string[]> {
  return chart.evaluate((figure) => {
    const canvas = figure.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const wanted = Array.from(
      figure.querySelectorAll('.run-key'),
      (key) => getComputedStyle(key, '::before').borderTopColor,
    );
    return wanted.filter((colour) => {
      const [red, green, blue] = colour.match(/\d+/g)!.map(Number);
      // A thin line is drawn between pixels.
      const off = (i: number) =>
        Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue) + 255 - data[i + 3];
      return data.some((_, i) => i % 4 === 0 && off(i) < 60);
    });
  });
}

interface Topology {
  config: { layers: Array<{ class_name: string; config: { bias_initializer?: { config: { value: number } } } }> };
}

function layersIn(files: readonly string[]): Topology['config']['layers'] {
  const json = files.find((path) => path.endsWith('.json'))!;
  return (JSON.parse(readFileSync(json, 'utf8')) as { modelTopology: Topology }).modelTopology.config.layers;
}

const poolingsIn = (files: readonly string[]) =>
  layersIn(files)
    .map(({ class_name }) => class_name)
    .filter((name) => name.includes('Pooling'));

const upload = (files: string[]) => page.locator('.train input[type=file]').setInputFiles(files);

test('the network where it matters comes back as it was, and is what the page says', async () => {
  await choose(page, 'Pooling layer', 'built-in');
  const [files, shown] = [await download(), await predictions()];
  expect(poolingsIn(files)).toEqual(['MaxPooling2D', 'MaxPooling2D']);
  const { value } = layersIn(files)[0].config.bias_initializer!.config;
  expect(await page.locator('.about-network').textContent()).toContain(`Biases begin at −${-value}.`);
  await choose(page, 'Network', 'SimpleConvNet');
  await choose(page, 'Pooling layer', 'ours');
  await upload(files);
  await status(/^Loaded from files: 20 steps/);
  expect([await chosen('Network'), await chosen('Pooling layer')]).toEqual(['matters', 'builtin']);
  expect(await predictions()).toEqual(shown);
});

test.each([
  ['im2col', 'Im2ColAveragePooling2D'],
  ['builtin', 'AveragePooling2D'],
] as const)(
  'average pooling, %s: the network has that layer, learns, and comes back as it was',
  async (layer, className) => {
    await choose(page, 'Network', 'SimpleConvNet');
    await choose(page, 'Pooling', 'average');
    await choose(page, 'Pooling layer', NAMES[layer]);
    await choose(page, 'Epochs', '10');
    // Another pooling than that of the present network: a new one is begun.
    await trainSteps(12, layer);
    expect(await loss(layer)).toBeLessThan(IGNORANCE);
    const [files, shown] = [await download(), await predictions()];
    expect(poolingsIn(files)).toEqual([className]);
    await choose(page, 'Pooling', 'max');
    await upload(files);
    await status(/^Loaded from files/);
    expect(await Promise.all(['Network', 'Pooling', 'Pooling layer'].map(chosen))).toEqual([
      'simple',
      'average',
      layer,
    ]);
    expect(await predictions()).toEqual(shown);
  },
);

test('of two runs, the one that lags trains first until both end alike', () => {
  const runOf = (pooling: Layer, steps: number, accuracy?: number) => ({
    options: { network: 'simple', pooling, kind: 'max', samples: 1000, seed: 1 } as const,
    loss: Array.from({ length: steps }, () => 1),
    test: accuracy === undefined ? null : { step: steps, loss: 1, accuracy },
  });
  const end = (steps: readonly number[], epochs: number) => {
    const runs = steps.map((count, i) => runOf(i === 0 ? 'im2col' : 'builtin', count));
    const last = lastEpoch(runs, epochs);
    return runs.map((run) => stepsUntil(run, last));
  };
  expect(end([0, 0], 3)).toEqual([60, 60]);
  expect(end([60, 0], 3)).toEqual([0, 60]);
  expect(end([60, 34], 3)).toEqual([20, 46]);
  expect(end([60, 60], 1)).toEqual([20, 20]);
  expect(end([7], 1)).toEqual([13]);
  expect(
    [[0], [20], [30], [20, 0], [20, 30]].map((counts) => shareDone(counts.map((n) => runOf('im2col', n)))),
  ).toEqual([0, 1, 0.75, 0.5, 50 / 80]);
  const [ours, builtin] = [runOf('im2col', 20, 0.9), runOf('builtin', 20, 0.115)];
  const words = 'Finished after 20 steps. Test digits recognized: ours 90.0 %, the built-in 11.5 %.';
  expect(endOfTraining('Finished', [ours, builtin], [ours, builtin])).toBe(words);
  expect(endOfTraining('Finished', [builtin], [ours, builtin])).toBe(words);
  expect(endOfTraining('Finished', [ours], [ours, runOf('builtin', 40, 0.2)])).toBe('Finished after 20 steps.');
  expect(endOfTraining('Paused', [ours, runOf('builtin', 3)], [])).toBe(
    'Paused after 20 steps of ours and 3 steps of the built-in.',
  );
});

test('the time that is left follows the last steps', () => {
  let clock = 0;
  const pace = paceOf(100, () => clock);
  const step = (milliseconds: number) => {
    clock += milliseconds;
    return pace();
  };
  // The first step makes shaders.
  expect([step(9000).text, step(100).text]).toEqual(['Step 1 of 100', 'Step 2 of 100']);
  expect(step(100)).toEqual({ share: 0.03, text: 'Step 3 of 100, about 10 s left' });
  for (let i = 0; i < 20; i++) step(4000);
  expect(step(4000).text).toBe('Step 24 of 100, about 5 min left');
  for (let i = 0; i < 75; i++) step(1);
  expect(step(1)).toEqual({ share: 1, text: 'Step 100 of 100' });
});
