/** The browser's storages, in a real Chromium: page.ts there loads the example's model, saves it, and loads it again. */
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Download, type Page as Tab, chromium } from 'playwright-core';
import type { Page } from './page';

type Upload = { name: string; mimeType: string; buffer: Buffer };

/** What the server must have for the page. */
export async function pageFiles(): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'page.ts')],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    logLevel: 'error',
  });
  return {
    '/': '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Save and load</title><input type="file" multiple><script src="page.js"></script>',
    '/page.js': outputFiles[0].text,
  };
}

/**
 * @param url where the page and model.json are served
 * @param storage 'localstorage://name', 'indexeddb://name' or 'downloads://name'
 * @returns the predictions of the model that was loaded from the storage
 */
export async function throughBrowser(url: string, storage: string): Promise<number[]> {
  const { CHROMIUM_ARGS, findChromium } = await import('../../.ci/chromium.mjs');
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('needs a Chromium: set CHROME_PATH, or run `node .ci/chromium.mjs`');
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGS] });
  try {
    const tab = await browser.newPage();
    await tab.goto(url);
    const isDownload = storage.startsWith('downloads:');
    const files = isDownload ? downloadedFiles(tab) : undefined;
    await tab.evaluate((to) => (globalThis as unknown as { page: Page }).page.save(to), storage);
    if (!files)
      return await tab.evaluate((from) => (globalThis as unknown as { page: Page }).page.predictions(from), storage);
    // As a user does it: the two downloaded files are chosen in a file input.
    await tab.setInputFiles('input', await files);
    return await tab.$eval('input', (input: HTMLInputElement) =>
      (globalThis as unknown as { page: Page }).page.predictions(input),
    );
  } finally {
    await browser.close();
  }
}

/** model.json and the weights, as they arrive. */
async function downloadedFiles(tab: Tab): Promise<Upload[]> {
  const downloads = await new Promise<Download[]>((resolve) => {
    const arrived: Download[] = [];
    tab.on('download', (download) => {
      if (arrived.push(download) === 2) resolve(arrived);
    });
  });
  return Promise.all(
    downloads.map(async (download) => ({
      name: download.suggestedFilename(),
      mimeType: 'application/octet-stream',
      buffer: await readFile(await download.path()),
    })),
  );
}
