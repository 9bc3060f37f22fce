/** The demo page in a browser that withholds something, in a real Chromium: it says so where it matters, and goes on. */
import type { Page } from 'playwright-core';
import { type Demo, type DemoPage, NO_WASM, cells, choose, routed, startDemo } from './browser_demo';

let demo: Demo;
let opened: DemoPage;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
});
afterEach(() => opened?.close());
afterAll(() => demo?.close());

async function openTrain(beforeWorkers?: string): Promise<void> {
  opened = await demo.open({ hash: '#train', beforeWorkers });
  page = opened.page;
  await page.waitForSelector('.backends li');
  await choose(page, 'Backend', 'cpu');
}

const press = (name: string) => page.getByRole('tabpanel').getByRole('button', { name, exact: true }).click();
const problem = (part: string, text: RegExp) => page.locator(`.${part} .problem`).filter({ hasText: text }).waitFor();
const note = (text: RegExp) => page.locator('.train .hint').filter({ hasText: text }).waitFor();

async function newNetwork(): Promise<void> {
  await press('New network');
  await page.locator('.card').first().waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':enabled')).waitFor();
}

/** The network is still there, and can be kept as files. */
async function expectGoesOn(): Promise<void> {
  expect(await page.locator('.card').count()).toBe(24);
  const downloads = Promise.all([
    page.waitForEvent('download'),
    page
      .locator('.train .status')
      .filter({ hasText: /^Two files/ })
      .waitFor(),
  ]);
  await press('Download');
  await downloads;
  expect(opened.complaints).toEqual([]);
}

const ABSENT = 'This browser cannot keep a network: it has no IndexedDB.';
const FORBIDDEN = 'This browser does not let the page keep a network (IndexedDB is blocked).';

describe.each([
  ['absent', "Object.defineProperty(self, 'indexedDB', { value: undefined });", ABSENT],
  [
    'out of bounds',
    "Object.defineProperty(self, 'indexedDB', { get() { throw new DOMException('', 'SecurityError'); } });",
    FORBIDDEN,
  ],
  ['forbidden', "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };", FORBIDDEN],
])('IndexedDB is %s:', (_, beforeWorkers, said) => {
  test('it is said at once, and again by Save; the network can be downloaded', async () => {
    await openTrain(beforeWorkers);
    await note(new RegExp('Download keeps it as files'));
    expect(await page.locator('.train .hint[role=status]').textContent()).toBe(`${said} Download keeps it as files.`);
    expect(await page.getByRole('button', { name: 'Load', exact: true }).isDisabled()).toBe(true);
    await newNetwork();
    await press('Save');
    await page.locator('.train .problem:not(:empty)').waitFor();
    expect(await page.locator('.train .problem').textContent()).toBe(said);
    await expectGoesOn();
  });
});

test('IndexedDB is full: Save says so, in vain or not', async () => {
  await openTrain();
  await newNetwork();
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
  await press('Save');
  await problem('train', /^This browser has no room left to keep the network \(IndexedDB is full\)\.$/);
  await note(/Nothing saved yet/);
  await expectGoesOn();
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await press('Save');
  await page
    .locator('.train .status')
    .filter({ hasText: /^Saved\./ })
    .waitFor();
});

test('IndexedDB is blocked by another tab: Save does not wait for ever', async () => {
  await openTrain();
  await newNetwork();
  // A connection that does not give way, and somebody who waits for it.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('tensorflowjs', 1);
        opening.onsuccess = () => {
          Object.assign(window, { held: opening.result });
          indexedDB.deleteDatabase('tensorflowjs').onblocked = () => resolve();
        };
      }),
  );
  await press('Save');
  await problem('train', /^IndexedDB gave no answer in 8 s\. Another tab may block it/);
  await expectGoesOn();
  await page.evaluate('held.close()');
  await press('Save');
  await page
    .locator('.train .status')
    .filter({ hasText: /^Saved\./ })
    .waitFor();
});

test('a database that somebody else made newer is named', async () => {
  await openTrain();
  await newNetwork();
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('tensorflowjs', 7);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      }),
  );
  await press('Save');
  await problem('train', /^IndexedDB failed: VersionError/);
  await expectGoesOn();
});

test('without localStorage the colours change, and are forgotten', async () => {
  opened = await demo.open({
    before:
      "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } });",
  });
  page = opened.page;
  await page.getByRole('radio', { name: 'Dark' }).check();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  await page.waitForSelector('.backends li');
  expect(opened.complaints).toEqual([]);
});

test('without WebAssembly networks are made, and poolings compared', async () => {
  opened = await demo.open({ hash: '#train', policy: NO_WASM });
  page = opened.page;
  await page.waitForSelector('.backends li');
  expect(await page.getByRole('tabpanel').getByRole('radio', { name: 'cpu' }).isChecked()).toBe(true);
  await newNetwork();
  await page.getByRole('tab', { name: 'Compare' }).click();
  for (const name of ['webgl', 'webgpu'])
    if (await page.getByRole('switch', { name }).isVisible()) await page.getByRole('switch', { name }).click();
  await choose(page, 'Times each is timed', '0');
  await press('Compare');
  await page.locator('.report').waitFor();
  expect(opened.complaints.every((complaint) => complaint.includes('WebAssembly'))).toBe(true);
});

/** Ends a worker: with an error, or without a word, as one does that ran out of memory. */
const ENDS = {
  'with an error': 'setTimeout(() => { throw new Error("out of luck"); })',
  'without a word': 'self.close()',
};

describe.each(Object.entries(ENDS))('a worker that ends %s', (how, end) => {
  const stopped = /^The worker that computes has stopped.* Try again: the page starts another\./;
  const complaintsAreOf = (text: string) => opened.complaints.filter((complaint) => !complaint.includes(text));

  test('Routing says so, and the next setting is computed', async () => {
    opened = await demo.open();
    page = opened.page;
    await page.waitForSelector('.backends li');
    await routed(page);
    await page.workers()[0].evaluate(end);
    await page.waitForTimeout(200);
    await page.getByRole('button', { name: 'Ceil', exact: true }).click();
    await routed(page);
    expect((await cells(page, 'dx')).reduce((a, b) => a + b)).toBe(9);
    expect(complaintsAreOf('out of luck')).toEqual([]);
  });

  test('Train says so, forgets its network, and begins another', async () => {
    await openTrain();
    await choose(page, 'Digits to learn from', '1000');
    await press('Train');
    await page.waitForFunction(() => Number(document.querySelector('.figures-line .value')!.textContent) >= 2);
    for (const worker of page.workers()) await worker.evaluate(end).catch(() => {});
    await problem('train', stopped);
    expect(await page.locator('.card').count()).toBe(0);
    if (how === 'with an error') await problem('train', /out of luck/);
    await newNetwork();
    expect(await page.locator('.train .problem').textContent()).toBe('');
    expect(complaintsAreOf('out of luck')).toEqual([]);
  });
});

test('a worker that cannot be fetched is said to be missing, and fetched again', async () => {
  opened = await demo.open();
  page = opened.page;
  await page.waitForSelector('.backends li');
  await page.context().route('**/assets/worker-*.js', (route) => route.abort());
  await page.getByRole('tab', { name: 'Compare' }).click();
  await press('Compare');
  await problem('compare', /^The worker that computes could not be started\. Try again, or reload the page\.$/);
  await page.context().unroute('**/assets/worker-*.js');
  for (const name of ['wasm', 'webgl', 'webgpu'])
    if (await page.getByRole('switch', { name }).isVisible()) await page.getByRole('switch', { name }).click();
  await choose(page, 'Times each is timed', '0');
  await press('Compare');
  await page.locator('.report').waitFor();
  expect(await page.locator('.compare .problem').textContent()).toBe('');
});
