/**
 * A real Chromium with the test page, served from this machine. One call opens a browser, a server and
 * a page; close() ends all three. What the page warns of is warned of here, so that it fails the test.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Page as PlaywrightPage } from 'playwright-core';
import type { Page } from './page';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
// The software GPU's remarks about its own speed, and tfjs's about the debug mode that a test asks for.
const HARMLESS = [/GL Driver Message .*Performance/, /GPU stall due to ReadPixels/, /^Debugging mode is ON/];

export interface BrowserPage {
  playwright: PlaywrightPage;
  url: string;
  /** Calls `f` in the page with what page.ts offers, and `argument` (plain data). */
  call<A, R>(f: (page: Page, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  close(): Promise<void>;
}

/**
 * Opens the test page. `extraFiles`: more files to serve, by path. `cores`: how many the page is told that there are, if not the
 * truth.
 */
export async function openPage(extraFiles: Record<string, string | Buffer> = {}, cores?: number): Promise<BrowserPage> {
  const executablePath = process.env.TEST_CHROMIUM;
  if (!executablePath) throw new Error('no Chromium was found: set CHROME_PATH or run `node .ci/chromium.mjs`');
  // Here, as every test of a device imports this file, and most of them need no browser.
  const { chromium } = await import('playwright-core');
  const args = JSON.parse(process.env.TEST_CHROMIUM_ARGS ?? '[]') as string[];
  const [server, url] = await serve(extraFiles);
  const closeServer = () =>
    new Promise((resolve) => {
      server.close(resolve);
    });
  const browser = await chromium.launch({ executablePath, args, headless: true }).catch(async (error) => {
    await closeServer();
    throw error;
  });
  const playwright = await (await browser.newContext()).newPage();
  playwright.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
  playwright.on('console', (message) => {
    const isWarning = message.type() === 'warning' || message.type() === 'error';
    if (isWarning && !HARMLESS.some((harmless) => harmless.test(message.text())))
      console.warn(`in the page: ${message.text()}`);
  });
  if (cores !== undefined) {
    await playwright.addInitScript((value) => {
      Object.defineProperty(navigator, 'hardwareConcurrency', { value });
    }, cores);
  }
  await playwright.goto(url);
  return {
    playwright,
    url,
    // The function travels as source text, so it may use nothing but its two arguments.
    call: <A, R>(f: (page: Page, argument: A) => R | Promise<R>, argument: A) =>
      playwright.evaluate(
        ({ source, data }) => {
          const inPage = (0, eval)(`(${source})`) as (page: Page, argument: A) => R | Promise<R>;
          return inPage((globalThis as unknown as { page: Page }).page, data as A);
        },
        { source: f.toString(), data: argument },
      ),
    close: async () => {
      await browser.close();
      await closeServer();
    },
  };
}

async function serve(extraFiles: Record<string, string | Buffer>) {
  const folder = process.env.TEST_PAGE ?? '';
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const answer = (body: string | Buffer) => {
      // Cross-origin isolation: SharedArrayBuffer, and so wasm with threads, as a tuned site would have it.
      response.writeHead(200, {
        'content-type': TYPES[extname(path) || '.html'] ?? 'application/octet-stream',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      response.end(body);
    };
    const file =
      path in extraFiles
        ? Promise.resolve(extraFiles[path])
        : readFile(join(folder, path === '/' ? 'index.html' : path));
    file.then(answer, () => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return [server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`] as const;
}
