/** The page's Step by step part in a real Chromium: each step shows the numbers that it should, by keys, pointer and finger. */
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { fitted } from '../../examples/browser/routing/format';
import { algorithm } from '../../examples/browser/steps/algorithm';
import { ENGLISH } from '../../examples/browser/steps/english';
import { INPUTS } from '../../examples/browser/steps/inputs';
import { JAPANESE } from '../../examples/browser/steps/japanese';
import { type Block, type Scene, sceneAt } from '../../examples/browser/steps/scene';
import { walkOf } from '../../examples/browser/steps/walk';
import { type Demo, choose, startDemo } from './browser_demo';

const A = algorithm(INPUTS[0]);
const WALK = walkOf(A);
/** The narrowest screen that is supported. */
const NARROW = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
let demo: Demo;

beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo?.close());

async function open(context: BrowserContextOptions = {}) {
  const opened = await demo.open({ hash: '#steps', context });
  await opened.page.getByRole('tabpanel').getByRole('button', { name: 'Next' }).waitFor();
  return opened;
}

interface Seen {
  readonly count: string;
  readonly sentence: string;
  /** Of each block that is shown, the numbers in its cells; '' where there is none yet. */
  readonly numbers: Partial<Record<Block, string[]>>;
  readonly lit: Partial<Record<Block, number[]>>;
}

const seen = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)!.textContent!;
    const numbers: Record<string, string[]> = {};
    const lit: Record<string, number[]> = {};
    for (const part of Array.from(document.querySelectorAll('.walk-board [id^=walk-]:not([hidden])'))) {
      const cells = Array.from(part.querySelectorAll('.cell'));
      const name = part.id.replace('walk-', '');
      numbers[name] = cells.map((cell) =>
        cell.matches('.is-unknown') ? '' : cell.querySelector('.number')!.textContent!,
      );
      lit[name] = [...cells.keys()].filter((index) => cells[index].matches('.in-window'));
    }
    return { count: text('.walk-count'), sentence: text('.walk-sentence'), numbers, lit };
  });

function expectedAt(index: number): Seen {
  const { blocks }: Scene = sceneAt(A, WALK[index]);
  const views = Object.entries(blocks) as Array<[Block, NonNullable<(typeof blocks)[Block]>]>;
  return {
    count: ENGLISH.stepOf(index + 1, WALK.length),
    sentence: ENGLISH.sentence(A, WALK[index]),
    numbers: Object.fromEntries(
      views.map(([block, { values, known }]) => [block, values.map((value, i) => (known(i) ? fitted(value, 6) : ''))]),
    ),
    lit: Object.fromEntries(views.map(([block, { window }]) => [block, [...window].sort((a, b) => a - b)])),
  };
}

test('the arrow keys walk through all steps and back; Home, End, Space, buttons, the slider and chapters work too', async () => {
  const { page, complaints, close } = await open();
  for (let index = 0; index < WALK.length; index++) {
    expect(await seen(page)).toEqual(expectedAt(index));
    await page.keyboard.press('ArrowRight');
  }
  for (let index = WALK.length - 1; index >= 0; index--) {
    expect(await seen(page)).toEqual(expectedAt(index));
    await page.keyboard.press('ArrowLeft');
  }
  await page.keyboard.press('End');
  expect(await seen(page)).toEqual(expectedAt(WALK.length - 1));
  await page.keyboard.press('Home');
  await page.getByRole('button', { name: 'Next' }).click();
  expect(await seen(page)).toEqual(expectedAt(1));
  await page.getByRole('button', { name: 'Back' }).click();
  expect(await seen(page)).toEqual(expectedAt(0));
  const dmax = WALK.findIndex(({ phase }) => phase === 'zeros');
  await page.getByRole('button', { name: 'dmax' }).click();
  expect(await seen(page)).toEqual(expectedAt(dmax));
  await page.getByRole('slider').press('ArrowLeft');
  expect(await seen(page)).toEqual(expectedAt(dmax - 1));
  await choose(page, 'Speed', 'fast');
  await page.getByRole('slider').fill(String(WALK.length - 2));
  // Space plays wherever the focus is on nothing that Space presses; at the end it stops by itself.
  await page.getByRole('slider').evaluate((slider: HTMLElement) => slider.blur());
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  expect(await seen(page)).toEqual(expectedAt(WALK.length - 1));
  await page.keyboard.press('Space');
  await page.keyboard.press('Space');
  expect(await seen(page)).toEqual(expectedAt(0));
  expect(complaints).toEqual([]);
  await close();
});

test('each cell tells where its number came from: pointed at, and by the arrow keys within a grid', async () => {
  const { page, close } = await open();
  await page.getByRole('button', { name: 'col2im' }).click();
  const step = WALK.findIndex(({ phase }) => phase === 'col2im');
  const [nine] = [A.image.indexOf(9)];
  await page.locator('#walk-dx .cell').nth(nine).hover();
  const readout = page.locator('.walk-readout');
  expect(await readout.textContent()).toBe(
    'dx[0, 0, 1, 1] = 1: x[0, 0, 1, 1] won one window, whose gradient is dy[0, 0, 0, 0].',
  );
  const linked = (block: string) =>
    page
      .locator(`#walk-${block} .cell`)
      .evaluateAll((cells) => [...cells.keys()].filter((i) => cells[i].matches('.is-linked')));
  expect([await linked('dx'), await linked('matrix'), await linked('dy')]).toEqual([[nine], [3], [0]]);
  await page.locator('#walk-matrix .cell').first().focus();
  await page.keyboard.press('ArrowRight');
  expect(await readout.textContent()).toBe('dcol[0, 1] = 0: x[0, 0, 0, 1] is not the maximum of its window.');
  expect((await seen(page)).count).toBe(ENGLISH.stepOf(step + 1, WALK.length));
  await close();
});

const violationsOf = async (page: Page) =>
  (
    await new AxeBuilder({ page })
      .setLegacyMode()
      .options({ resultTypes: ['violations'], preload: false })
      .analyze()
  ).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);

test.each([
  ['light', 'textbook', 'argmax', { colorScheme: 'light' }],
  ['dark', 'overlap', 'col2im', { colorScheme: 'dark' }],
  ['narrow', 'overlap', 'argmax', { ...NARROW, colorScheme: 'light' }],
] as const)('%s: without accessibility violations, and it fits the window', async (name, input, chapter, context) => {
  const { page, complaints, screenshot, close } = await open(context);
  await page.locator(`.walk-inputs input[value=${input}]`).check();
  await page.getByRole('button', { name: chapter }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  expect(await violationsOf(page)).toEqual([]);
  await page.locator('.walk-language input[value=ja]').check();
  expect(await page.locator('.walk-sentence').textContent()).toMatch(/[ぁ-ん]/);
  expect(await violationsOf(page)).toEqual([]);
  const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > Math.min(innerWidth, screen.width));
  for (const phase of Object.values(JAPANESE.chapters)) {
    await page.getByRole('button', { name: phase, exact: true }).click();
    expect({ phase, isWide: await isWide() }).toEqual({ phase, isWide: false });
  }
  await screenshot(`steps-${name}`);
  expect(complaints).toEqual([]);
  await close();
});

test('the address holds input, step and language', async () => {
  const { page, complaints, close } = await open();
  await page.getByRole('radio', { name: 'Overlap, padding' }).check();
  await page.locator('.walk-language input[value=ja]').check();
  await page.getByRole('button', { name: 'col2im' }).click();
  await page.waitForURL(/#steps\?input=overlap&step=\d+&lang=ja$/);
  const before = await seen(page);
  await page.reload();
  await page.getByRole('button', { name: JAPANESE.buttons.next }).waitFor();
  expect(await seen(page)).toEqual(before);
  expect(await page.locator('.walk').getAttribute('lang')).toBe('ja');
  expect(complaints).toEqual([]);
  await close();
});

test.each([
  ['no-preference', true],
  ['reduce', false],
] as const)('motion: %s', async (reducedMotion, flies) => {
  const { page, close } = await open({ reducedMotion });
  const flying = () =>
    page.evaluate(() => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      return document.getAnimations().length > 0;
    });
  expect(await flying()).toBe(flies);
  await close();
});
