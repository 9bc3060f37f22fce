/** The demo page as a page, in a real Chromium: accessible, light and dark, on a phone, under a strict policy. */
import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { isWide } from '../support/wide';
import {
  DIGIT,
  type Demo,
  type DemoPage,
  NO_WASM,
  cells,
  choose,
  expectedBackends,
  follow,
  marked,
  routed,
  startDemo,
} from './browser_demo';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
let demo: Demo;

beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo?.close());

const CONTRAST = 'color-contrast';

/** Of any rule, best practices among them; or of contrast alone; or, in colours that were looked at before, of all but contrast. */
async function violationsOf(page: Page, rules: 'all' | 'contrast' | 'no contrast' = 'all'): Promise<string[]> {
  // Nothing but violations, in the page itself: with a selector for every node that passes it takes five times as long.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({
    resultTypes: ['violations'],
    preload: false,
    ...(rules === 'contrast' && { runOnly: [CONTRAST] }),
    ...(rules === 'no contrast' && { rules: { [CONTRAST]: { enabled: false } } }),
  });
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map(({ html }) => html.slice(0, 160))
        .join(' | ')}`,
  );
}

/** On a phone `innerWidth` grows with what overflows; the screen does not. */
const isOverflowing = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > Math.min(innerWidth, screen.width));

const DESKTOP = { width: 1280, height: 900 };
const SMALL = { width: 360, height: 740 };

/**
 * Accessible, and within the window: light, dark (which differs in colours alone) and, where it has a name for screenshots, as narrow
 * as a phone; of the others it is only seen that they fit there.
 */
async function expectFine(shown: DemoPage, what: string, name?: string): Promise<void> {
  const { page } = shown;
  const seen = async (look: string, rules?: 'contrast' | 'no contrast') => {
    expect({ what, look, violations: await violationsOf(page, rules) }).toEqual({ what, look, violations: [] });
    expect([what, look, await isOverflowing(page)]).toEqual([what, look, false]);
    if (name !== undefined) await shown.screenshot(`${name}-${look}`);
  };
  const colours = async (theme: 'light' | 'dark') => {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForSelector(`html[data-theme=${theme}]`);
  };
  await colours('light');
  await seen('light');
  await colours('dark');
  await seen('dark', 'contrast');
  await colours('light');
  await page.setViewportSize(SMALL);
  if (name === undefined) expect([what, await isOverflowing(page)]).toEqual([what, false]);
  else await seen('phone', 'no contrast');
  await page.setViewportSize(DESKTOP);
}

test('Routing is without accessibility violations, and fits the window', async () => {
  const shown = await demo.open();
  const { page, complaints, close } = shown;
  await page.waitForSelector('.backends li');
  await routed(page);
  await expectFine(shown, 'as it opens', 'opening');
  await page.evaluate(() => {
    document.querySelectorAll('details').forEach((details) => {
      details.open = true;
    });
  });
  await page.getByRole('switch', { name: 'im2col matrix' }).click();
  for (const [kind, show] of Object.entries(FAMILY)) {
    await show(page);
    await routed(page);
    if (isWide || kind === 'average of both signs' || kind === 'adaptive') await expectFine(shown, kind);
  }
  await follow(page, `${DIGIT}&size=8&showMatrix=true`);
  await expectFine(shown, 'a digit', 'routing');
  expect(complaints).toEqual([]);
  await close();
});

test('Train and Compare are without accessibility violations, before and after they compute, and fit the window', async () => {
  const shown = await demo.open({ hash: '#train' });
  const { page, complaints, close } = shown;
  await page.waitForSelector('.backends li');
  for (const part of ['Train', 'Compare']) {
    await page.getByRole('tab', { name: part }).click();
    expect({ part, violations: await violationsOf(page) }).toEqual({ part, violations: [] });
    await (part === 'Train' ? train : compare)(page);
    await expectFine(shown, part, part.toLowerCase());
  }
  expect(complaints).toEqual([]);
  await close();
});

const setPooling = (page: Page, name: string) => page.getByRole('combobox', { name: 'Pooling' }).selectOption(name);

/** Other kinds of pooling: shares in the matrix, cells of all strengths and both signs, nothing to compare with. */
const FAMILY: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  average: (page) => page.getByRole('button', { name: 'Average: border' }).click(),
  'average of both signs': (page) => choose(page, 'Gradient sent back, dy', '±1'),
  Lp: (page) => setPooling(page, 'Lp'),
  adaptive: (page) => setPooling(page, 'adaptive average'),
  global: (page) => page.getByRole('button', { name: 'Global: tie' }).click(),
};

async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New network' }).click();
  await page.locator('.card').first().waitFor();
}

async function compare(page: Page): Promise<void> {
  for (const backend of expectedBackends().filter((name) => name !== 'wasm'))
    await page.getByRole('switch', { name: backend }).click();
  await choose(page, 'Times each is timed', '0');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.locator('.report').waitFor();
}

test('the colours can be chosen and are remembered; tabs follow arrow keys and the address', async () => {
  const { page, complaints, close } = await demo.open();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('tab', { name: 'Routing' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('tab', { name: 'Step by step' }).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('End');
  expect(new URL(page.url()).hash).toBe('#compare');
  await page.reload();
  expect(await page.getByRole('tab', { name: 'Compare' }).getAttribute('aria-selected')).toBe('true');
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  expect(complaints).toEqual([]);
  await close();
});

test.each(isWide ? ['C', '', 'en_US.UTF-8', undefined] : ['C', undefined])(
  'the language %p of a browser is no obstacle',
  async (language) => {
    const { page, complaints, close } = await demo.open({
      before: `Object.defineProperty(navigator, 'language', { value: ${JSON.stringify(language)} });`,
    });
    await page.waitForSelector('.backends li');
    await routed(page);
    expect((await cells(page, 'y')).length).toBe(4);
    await page.getByRole('tab', { name: 'Train' }).click();
    await train(page);
    await page.getByRole('tab', { name: 'Train' }).press('End');
    expect(await page.getByRole('button', { name: 'Compare', exact: true }).isEnabled()).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  },
);

test('a finger chooses an output on a phone', async () => {
  const { page, close } = await demo.open({ context: PHONE });
  await page.waitForSelector('.backends li');
  await page.getByRole('button', { name: 'Tie', exact: true }).tap();
  await routed(page);
  await page.locator('#figure-y .cell').nth(2).tap();
  expect(await marked(page, 'x', 'in-window')).toEqual([8, 9, 12, 13]);
  expect(await marked(page, 'x', 'is-argmax')).toEqual([9]);
  expect(await isOverflowing(page)).toBe(false);
  await close();
});

test('its policy allows no eval, and nothing is fetched from elsewhere', async () => {
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(
    readFileSync(join(demo.folder, 'index.html'), 'utf8'),
  )![1];
  expect(policy.match(/script-src ([^;]*)/)![1]).toBe("'self' 'wasm-unsafe-eval'");
  const scripts = readdirSync(join(demo.folder, 'assets')).filter((file) => file.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(1);
  for (const file of scripts)
    expect(readFileSync(join(demo.folder, 'assets', file), 'utf8')).not.toMatch(/new Function\(|[^.\w]eval\(/);
});

test('TensorFlow.js lives in workers, so that nothing it does can freeze the page', async () => {
  const { page, close } = await demo.open();
  await page.waitForSelector('.backends li');
  expect(page.workers().length).toBe(1);
  const script = await page.locator('script[type=module]').getAttribute('src');
  const source = readFileSync(join(demo.folder, script!), 'utf8');
  expect(source).not.toContain('Im2ColMaxPoolArgmax');
  expect(source).not.toContain('tfjs-core');
  await close();
});

test('without a graphics card it says so, and goes on', async () => {
  const poor = await startDemo(['--disable-gpu', '--disable-software-rasterizer', '--use-angle=none']);
  try {
    const { page, complaints } = await poor.open();
    await page.waitForSelector('.backends li');
    expect(await page.locator('.backends li.absent').allTextContents()).toEqual([
      'webglmissing: this browser gives a worker no WebGL 2',
      'webgpumissing: WebGPU is there, but gives no adapter: no suitable graphics card or driver',
    ]);
    expect(await page.locator('.routing').getByRole('radio', { name: 'webgl', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: '∞', exact: true }).click();
    await routed(page);
    expect(await cells(page, 'y')).toEqual([Infinity, 9, 8, Infinity]);
    expect(complaints).toEqual([]);
  } finally {
    await poor.close();
  }
});

test('where compiling WebAssembly is forbidden it says so, and pools in plain loops', async () => {
  const { page, complaints, screenshot, close } = await demo.open({ policy: NO_WASM });
  await page.waitForSelector('.backends li');
  const reason = 'the page’s security policy forbids compiling WebAssembly';
  expect(await page.locator('.backends li.absent').allTextContents()).toEqual([`wasmmissing: ${reason}`]);
  expect(await page.locator('.backends li').first().textContent()).toBe(`cpuplain loops in JavaScript: ${reason}`);
  expect(await page.locator('.routing').getByRole('radio', { name: 'wasm' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Ceil', exact: true }).click();
  await routed(page);
  expect((await cells(page, 'dx')).reduce((a, b) => a + b)).toBe(9);
  expect(complaints.every((complaint) => complaint.includes('WebAssembly'))).toBe(true);
  await screenshot('routing-without-wasm');
  await close();
});
