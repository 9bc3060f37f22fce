/** The demo page's Train part, in a real Chromium: it learns, pauses, saves, loads, and predicts the same again. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Page } from 'playwright-core';
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

async function figure(name: string): Promise<number> {
  return parseFloat(
    (await page
      .locator('.figures-line div')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('dd')
      .textContent())!,
  );
}

/** The mean loss of the last steps, as a screen reader hears it. */
async function loss(): Promise<number> {
  const name = (await page.locator('.chart-canvas').first().getAttribute('aria-label'))!;
  return Number(/^Loss over \d+ steps, now ([\d.]+)$/.exec(name)![1]);
}

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

/** Presses Pause once the network has taken `count` more steps. */
async function trainSteps(count: number): Promise<void> {
  const before = (await figure('Steps')) || 0;
  await press('Train');
  await page.waitForFunction(
    (steps) => Number(document.querySelector('.figures-line dd')!.textContent) >= steps,
    before + count,
  );
  await press('Pause');
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
  expect(await page.locator('.chart-canvas').first().getAttribute('aria-label')).toMatch(/^Loss over 60 steps, now \d/);
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
  for (const backend of expectedBackends()) {
    await choose(page, 'Backend', backend);
    await trainSteps(2);
    // What it learned elsewhere came along.
    expect(await loss()).toBeLessThan(IGNORANCE / 2);
    expect(await page.locator('.train .problem').textContent()).toBe('');
  }
  expect(await figure('Steps')).toBeGreaterThanOrEqual(60 + 2 * expectedBackends().length);
});

test('the built-in pooling can be tried in its place, and a new network begins anew', async () => {
  await choose(page, 'Backend', 'wasm');
  // On webgpu the last bits of a product differ from run to run.
  await trainSteps(2);
  const shown = await predictions();
  const results = async () => [await page.locator('.figures-line dd').allTextContents(), await predictions()];
  await choose(page, 'Pooling layer', 'built-in');
  // The results are those of another network.
  expect(await results()).toEqual([['–', '–', '–', '–'], []]);
  expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
  await choose(page, 'Pooling layer', 'ours');
  await status(/^The network of before, \d+ steps\.$/);
  expect(await predictions()).toEqual(shown);
  await choose(page, 'Pooling layer', 'built-in');
  await press('New network');
  await status(/^A new network/);
  expect(await figure('Steps')).toBe(0);
  await trainSteps(2);
  expect(await loss()).toBeGreaterThan(IGNORANCE / 2);
});

test.each([
  ['ours', 'Im2ColAveragePooling2D'],
  ['built-in', 'AveragePooling2D'],
])('average pooling, %s: the network has that layer, learns, and comes back as it was', async (layer, className) => {
  await choose(page, 'Backend', 'wasm');
  await choose(page, 'Pooling', 'average');
  await choose(page, 'Pooling layer', layer);
  // Another pooling than that of the present network: a new one is begun.
  await press('Train');
  await status(/^Training on wasm/);
  await page.waitForFunction(() => Number(document.querySelector('.figures-line dd')!.textContent) >= 12);
  await press('Pause');
  await status(/^Paused after/);
  expect(await loss()).toBeLessThan(IGNORANCE);
  const [files, shown] = [await download(), await predictions()];
  const { modelTopology } = JSON.parse(
    readFileSync(
      files.find((path) => path.endsWith('.json'))!,
      'utf8',
    ),
  ) as {
    modelTopology: { config: { layers: Array<{ class_name: string }> } };
  };
  const names = modelTopology.config.layers.map(({ class_name }) => class_name);
  expect(names.filter((name) => name.includes('Pooling'))).toEqual([className]);
  await choose(page, 'Pooling', 'max');
  await page.locator('.train input[type=file]').setInputFiles(files);
  await status(/^Loaded from files/);
  expect(await chosen('Pooling')).toBe('average');
  expect(await chosen('Pooling layer')).toBe(layer === 'ours' ? 'im2col' : 'builtin');
  expect(await predictions()).toEqual(shown);
});
