/**
 * Makes the pictures of the page that the documents show, in ../screenshots: `npm run demo:pictures`, with the
 * Chromium of the tests. Names make those pictures alone: `npm run demo:pictures -- gradient`.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { preview } from 'vite';
import { CHROMIUM_ARGS, findChromium } from '../../../.ci/chromium.mjs';
import { palettePng } from './palette_png';

const BROWSER = join(dirname(fileURLToPath(import.meta.url)), '..');
const PATIENCE = 600_000;
/** In pixels, around a part of the page. */
const MARGIN = 8;

interface Picture {
  readonly hash: string;
  readonly height: number;
  /** Only this part of the page. */
  readonly part?: string;
  /** What happens before the picture is taken. */
  act?(page: Page): Promise<void>;
}

const routed = (page: Page) => page.waitForSelector('.routing:not([aria-busy])', { state: 'attached' });
const DIGIT = '#routing?source=digit&backend=wasm&output=11';
const PICTURES: Readonly<Record<string, Picture>> = {
  gradient: { hash: DIGIT, height: 1500, part: '.figure-row:has(#figure-dx-builtin)' },
  routing: { hash: DIGIT, height: 1330 },
  average: { hash: '#routing?preset=average-border', height: 1440 },
  train: {
    hash: '#train?network=matters&pooling=both',
    height: 1180,
    async act(page) {
      await page.getByRole('button', { name: 'Train', exact: true }).click();
      await page
        .locator('.train .status')
        .filter({ hasText: /^Finished/ })
        .waitFor();
    },
  },
};

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const server = await preview({
    configLoader: 'runner',
    configFile: join(BROWSER, 'vite.config.ts'),
    preview: { port: 0 },
    logLevel: 'error',
  });
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found: run `node .ci/chromium.mjs`.');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  try {
    for (const [name, picture] of Object.entries(PICTURES))
      if (chosen.length === 0 || chosen.includes(name))
        await take(browser, server.resolvedUrls!.local[0], name, picture);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function take(browser: Browser, url: string, name: string, picture: Picture): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1180, height: picture.height },
    deviceScaleFactor: picture.part === undefined ? 1.25 : 1.5,
    colorScheme: 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(url + picture.hash);
  await page.waitForSelector('.backends li');
  await routed(page);
  await picture.act?.(page);
  await page.evaluate('document.fonts.ready');
  // Nothing lies under the pointer, and the last frame is drawn.
  await page.mouse.move(0, 0);
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  const file = await page.screenshot(await partOf(page, picture.part));
  const { width, height, pixels } = await page.evaluate(decode, file.toString('base64'));
  const png = palettePng(width, height, Buffer.from(pixels, 'base64'));
  writeFileSync(join(BROWSER, 'screenshots', `${name}.png`), png);
  console.log(`${name}.png: ${width} x ${height}, ${png.length} bytes`);
  await context.close();
}

async function partOf(page: Page, selector: string | undefined) {
  if (selector === undefined) return {};
  const box = (await page.locator(selector).boundingBox())!;
  return {
    clip: {
      x: box.x - MARGIN,
      y: box.y - MARGIN,
      width: box.width + 2 * MARGIN,
      height: box.height + 2 * MARGIN,
    },
  };
}

/** In the browser, which reads PNG. The page's policy allows it no data: URL. */
async function decode(base64: string): Promise<{ width: number; height: number; pixels: string }> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  let pixels = '';
  // Arguments of a call are limited.
  for (let i = 0; i < data.length; i += 30_000) pixels += String.fromCharCode(...data.subarray(i, i + 30_000));
  return { width: bitmap.width, height: bitmap.height, pixels: btoa(pixels) };
}

void main();
