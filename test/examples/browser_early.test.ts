/** The demo page on a slow machine, in a real Chromium: what is chosen while its workers are silent is what is shown then. */
import type { Page } from 'playwright-core';
import { MAX_PRESETS } from '../../examples/browser/routing/max_presets';
import { type Demo, type DemoPage, choose, expectedBackends, isShownWrong, routed, startDemo } from './browser_demo';

/** Workers hear nothing until `answer()` is called; with `late`, only the question for the backends waits. */
const SILENT = (late?: 'backends') => `{
  const { postMessage } = Worker.prototype;
  let waiting = [];
  Worker.prototype.postMessage = function (...message) {
    const waits = ${late ? `message[0]?.path?.[0] === '${late}'` : 'true'};
    if (waiting && waits) waiting.push(() => postMessage.apply(this, message));
    else postMessage.apply(this, message);
  };
  window.answer = () => {
    for (const send of waiting) send();
    waiting = undefined;
  };
}`;
const FIRST = MAX_PRESETS[0].backends.find((name) => expectedBackends().includes(name));

let demo: Demo;
let opened: DemoPage;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
});
afterEach(async () => {
  expect(opened.complaints).toEqual([]);
  await opened.close();
});
afterAll(() => demo?.close());

const NO_WEBGPU = "Object.defineProperty(WorkerNavigator.prototype, 'gpu', { value: undefined })";

async function open(hash: string, late?: 'backends', beforeWorkers?: string): Promise<void> {
  opened = await demo.open({ hash, before: SILENT(late), beforeWorkers });
  page = opened.page;
  await page.getByRole('tab', { selected: true }).waitFor();
}

/** The workers speak. */
async function answer(): Promise<void> {
  expect(await page.locator('.backends li').count()).toBe(0);
  await page.evaluate('answer()');
  await page.waitForSelector('.backends li');
}

const chosen = (group: string) =>
  page.getByRole('tabpanel').getByRole('group', { name: group, exact: true }).locator('input:checked').inputValue();
const chip = (name: string) => page.getByRole('button', { name, exact: true });

describe.each([['every worker'], ['backends']] as const)('%s is late:', (what) => {
  const late = what === 'backends' ? what : undefined;

  test('a preset gets its own backend', async () => {
    await open('', late);
    await chip('Tie').click();
    await answer();
    await routed(page);
    expect(await chosen('Backend')).toBe(FIRST);
    expect(await page.locator('.ran').textContent()).toContain(`on ${FIRST};`);
    expect(await chip('Tie').getAttribute('aria-pressed')).toBe('true');
    expect(await isShownWrong(page)).toBe(true);
  });

  test('a backend chosen after the preset stays, and so does every other setting', async () => {
    await open('', late);
    await chip('Tie').click();
    await choose(page, 'Backend', 'webgl');
    await choose(page, 'Backend', 'cpu');
    await choose(page, 'Padding', 'same');
    await page.getByRole('switch', { name: 'im2col matrix' }).click();
    await answer();
    await routed(page);
    expect([await chosen('Backend'), await chosen('Padding')]).toEqual(['cpu', 'same']);
    expect(await page.locator('.matrix').isVisible()).toBe(true);
  });

  test('a preset chosen after the backend gets its own, one without any keeps that of the one before', async () => {
    await open('', late);
    await choose(page, 'Backend', 'cpu');
    await chip('Tie').click();
    await chip('Dilation').click();
    await choose(page, 'Window height', '2');
    await answer();
    await routed(page);
    expect([await chosen('Backend'), await chosen('Window height')]).toEqual([FIRST, '2']);
    expect(await chip('Dilation').getAttribute('aria-pressed')).toBe('true');
  });
});

test.each(['#routing', '#train'])('a backend that turns out to be missing gives way to another: %s', async (hash) => {
  await open(hash, undefined, NO_WEBGPU);
  await choose(page, 'Backend', 'webgpu');
  await answer();
  expect(await chosen('Backend')).toBe('cpu');
  expect(await page.getByRole('tabpanel').locator('.missing').textContent()).toMatch(/webgpu is missing: this browser/);
  if (hash === '#routing') await page.locator('.ran').filter({ hasText: 'on cpu;' }).waitFor();
});

test('Train keeps the backend, the pooling and the numbers; untouched, it takes wasm', async () => {
  await open('#train');
  await choose(page, 'Backend', 'webgl');
  await choose(page, 'Backend', 'cpu');
  await choose(page, 'Pooling', 'average');
  await choose(page, 'Epochs', '1');
  await answer();
  expect([await chosen('Backend'), await chosen('Pooling'), await chosen('Epochs')]).toEqual(['cpu', 'average', '1']);
  await opened.close();
  await open('#train');
  await answer();
  expect(await chosen('Backend')).toBe(expectedBackends().includes('wasm') ? 'wasm' : 'cpu');
});

test('Train computes where it said so when it was asked, one thing at a time', async () => {
  await open('#train');
  await page.getByRole('button', { name: 'New network' }).click();
  await answer();
  await page.locator('.card').first().waitFor();
  expect(await chosen('Backend')).toBe('cpu');
  expect(await page.locator('.train .status').textContent()).toBe('A new network, as it was born: it guesses.');
});

test('Compare runs on the backends that were chosen', async () => {
  await open('#compare');
  for (const name of expectedBackends().filter((backend) => backend !== 'cpu' && backend !== 'wasm'))
    await page.getByRole('switch', { name }).click();
  await page.getByRole('switch', { name: 'Gradients too' }).click();
  await choose(page, 'Times each is timed', '0');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await answer();
  await page.locator('.report').waitFor();
  expect(await page.locator('.report thead th').allTextContents()).toEqual(['Case', 'cpu', 'wasm']);
  expect(await page.locator('.report .what').allTextContents()).not.toContain('gradient');
  await page.getByRole('switch', { name: 'cpu' }).waitFor();
  expect(await page.getByRole('switch', { name: 'cpu' }).isChecked()).toBe(true);
  expect(await page.getByRole('switch', { name: 'Gradients too' }).isChecked()).toBe(false);
});

test('Compare can be cancelled before its worker answers, and started again', async () => {
  await open('#compare');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page
    .locator('.compare .status')
    .filter({ hasText: /^Cancelled\.$/ })
    .waitFor();
  await answer();
  for (const name of expectedBackends().filter((backend) => backend !== 'cpu'))
    await page.getByRole('switch', { name }).click();
  await choose(page, 'Times each is timed', '0');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.locator('.report').waitFor();
});
