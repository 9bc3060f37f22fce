/** The demo page's Compare part, in a real Chromium: the table of this browser, its Markdown, cancelling. */
import type { Page } from 'playwright-core';
import { isWide } from '../support/wide';
import { type Demo, type DemoPage, INSECURE_HOST, choose, expectedBackends, startDemo } from './browser_demo';

let demo: Demo;
let opened: DemoPage;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
  opened = await demo.open({ hash: '#compare', context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  page = opened.page;
  await page.waitForSelector('.backends li');
});
afterEach(() => {
  expect(opened.complaints.splice(0)).toEqual([]);
});
afterAll(() => demo?.close());

/** All that this browser has; an ordinary run leaves webgl to test/compare/devices.test.ts: a minute of compiling. */
const compared = () => expectedBackends().filter((name) => isWide || name !== 'webgl');

const press = (name: string) => page.getByRole('tabpanel').getByRole('button', { name, exact: true }).click();
const done = () => page.locator('.compare .status').filter({ hasText: 'the built-in deviates' }).waitFor();

test('it can be cancelled, and started again', async () => {
  await choose(page, 'Times each is timed', '15');
  await press('Compare');
  await page
    .locator('.compare .status')
    .filter({ hasText: /^\d+ of \d+: cpu: / })
    .waitFor();
  // Rows come one by one.
  await page.locator('.unfinished-report tbody tr:not(.kind)').first().waitFor();
  await press('Cancel');
  await page
    .locator('.compare .status')
    .filter({ hasText: /^Cancelled\.$/ })
    .waitFor();
  expect(await page.locator(':is(.report, .unfinished-report)').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Copy as Markdown' }).isDisabled()).toBe(true);
});

test('backends of this browser are compared: ours never deviates, the built-in does', async () => {
  for (const name of expectedBackends().filter((each) => !compared().includes(each)))
    await page.getByRole('switch', { name }).click();
  await choose(page, 'Times each is timed', '0');
  await press('Compare');
  await done();
  const names = await page.locator('.report thead th').allTextContents();
  expect(names).toEqual(['Case', ...compared()]);
  const rows = await page.locator('.report tbody tr:not(.kind)').count();
  expect(rows).toBeGreaterThan(15);
  expect(await page.locator('.compare .status').textContent()).toMatch(
    new RegExp(
      `^Of ${rows * compared().length} comparisons, the built-in deviates from the contract in [1-9]\\d*, ours in 0; in [1-9]\\d* there is no built-in\\.$`,
    ),
  );
  const tie = page.locator('.report tbody tr').filter({ has: page.getByText('tie', { exact: true }) });
  expect(await tie.locator('td').nth(0).textContent()).toBe('✓values equal✓gradient equal');
  expect(await tie.locator('td').nth(1).textContent()).toContain('≠gradient 100\u00a0% misplaced');
});

test('every kind of pooling is compared, and what TensorFlow.js has none of is judged alone', async () => {
  expect(await page.locator('.report .kind').allTextContents()).toEqual([
    'max pooling',
    'average pooling',
    'global max pooling',
    'global average pooling',
    'adaptive max poolingTensorFlow.js has none: ours alone is judged',
    'adaptive average poolingTensorFlow.js has none: ours alone is judged',
    'Lp poolingTensorFlow.js has none: ours alone is judged',
  ]);
  const row = (name: string) => page.locator('.report tbody tr').filter({ has: page.getByText(name, { exact: true }) });
  const onEvery = (text: string) => compared().map(() => text);
  // Of 5x5 by 3x3/2 'same' nine windows hold 4, 6, 4, 6, 9, 6, 4, 6, 4 elements; the built-in divides by 9.
  const border = await row('average, same').locator('td').allTextContents();
  for (const text of border) expect(text).toMatch(/^✓values equal( but for rounding)?≠gradient \d+\u00a0% lost$/);
  // Four elements tie, and each gets all of the gradient.
  const tie = await row('global max, tie').locator('td').allTextContents();
  expect(tie).toEqual(onEvery('✓values equal≠gradient 300\u00a0% invented'));
  for (const name of ['adaptive max, 7x5 to 3x2', 'adaptive average, 7x5 to 3x2', 'Lp, p 2'])
    expect(await row(name).locator('td').allTextContents()).toEqual(
      onEvery('✓values right✓gradient right').map((text) => expect.stringContaining(text) as string),
    );
  expect(await row('adaptive max, 7x5 to 3x2').locator('.case-shape').textContent()).toBe('2×7×5×3, to 3×2');
  expect(await row('Lp, p 60').locator('.case-shape').textContent()).toBe('1×6×6×2, window 3, stride 1, p 60');
  expect(await row('average, padding 1, counted').locator('.case-shape').textContent()).toBe(
    '1×5×5×2, window 3, stride 2, padding 1, padding counted',
  );
});

test('it is copied as Markdown', async () => {
  await press('Copy as Markdown');
  await page.locator('.compare .status').filter({ hasText: 'Copied as Markdown.' }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^tfjs-im2col-pooling .* against tfjs /);
  for (const backend of compared()) expect(text).toMatch(new RegExp(`^\\| ${backend} \\| max \\| tie `, 'm'));
  await opened.screenshot('compare');
});

test('times are measured where they are asked for, on the backends that are', async () => {
  for (const backend of compared().filter((name) => name !== 'cpu'))
    await page.getByRole('switch', { name: backend }).click();
  await page.getByRole('switch', { name: 'Gradients too' }).click();
  await choose(page, 'Times each is timed', '3');
  await press('Compare');
  await done();
  expect(await page.locator('.report thead th').allTextContents()).toEqual(['Case', 'cpu']);
  expect(await page.locator('.report .what').allTextContents()).not.toContain('gradient');
  const speeds = await page.locator('.speeds').allTextContents();
  expect(speeds.length).toBeGreaterThan(0);
  for (const text of speeds) expect(text).toMatch(/^((over|under) )?[\d.]+× forward$/);
  expect(await page.locator('.reading dt').allTextContents()).toEqual(
    expect.arrayContaining(['✓', '≠', 'over, under']),
  );
});

test('over plain http, without clipboard and WebGPU, it says so and goes on', async () => {
  const plain = await demo.open({ hash: '#compare', host: INSECURE_HOST });
  await plain.page.waitForSelector('.backends li');
  expect(await plain.page.locator('.backends li.absent').allTextContents()).toEqual([
    'webgpumissing: WebGPU needs https or localhost',
  ]);
  expect(await plain.page.locator('.compare .missing').textContent()).toBe(
    'webgpu is missing: WebGPU needs https or localhost.',
  );
  for (const backend of expectedBackends().filter((name) => name !== 'cpu' && name !== 'webgpu'))
    await plain.page.getByRole('switch', { name: backend }).click();
  await plain.page
    .getByRole('group', { name: 'Times each is timed' })
    .getByRole('radio', { name: '0', exact: true })
    .check();
  await plain.page.getByRole('button', { name: 'Compare', exact: true }).click();
  await plain.page.locator('.compare .status').filter({ hasText: 'the built-in deviates' }).waitFor();
  await plain.page.getByRole('button', { name: 'Copy as Markdown' }).click();
  expect(await plain.page.getByRole('textbox', { name: 'The table as Markdown' }).inputValue()).toContain(
    '| cpu | max | tie ',
  );
  expect(plain.complaints).toEqual([]);
  await plain.close();
});
