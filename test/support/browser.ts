/**
 * A real Chromium with the test page, served from this machine. One call opens a browser, a server and
 * a page; close() ends all three.
 */
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium, type Page as PlaywrightPage } from 'playwright-core';
import type { Page } from './page';

const FOLDER = join(__dirname, '..', '..', '.cache', 'page');
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

export interface BrowserPage {
  playwright: PlaywrightPage;
  url: string;
  /** Calls `f` in the page with what page.ts offers, and `argument` (plain data). */
  call<A, R>(f: (page: Page, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  close(): Promise<void>;
}

/** Opens the test page. `extraFiles`: more files to serve, by path. */
export async function openPage(extraFiles: Record<string, string | Buffer> = {}): Promise<BrowserPage> {
  const executablePath = process.env.TEST_CHROMIUM;
  if (!executablePath) throw new Error('no Chromium was found: set CHROME_PATH or run `node .ci/chromium.mjs`');
  const args = JSON.parse(process.env.TEST_CHROMIUM_ARGS ?? '[]') as string[];
  const server = createServer((request, response) => { void serve(request, response, extraFiles); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await chromium.launch({ executablePath, args, headless: true });
  const playwright = await (await browser.newContext()).newPage();
  await playwright.goto(url);
  return {
    playwright,
    url,
    // The function travels as source text, so it may use nothing but its two arguments.
    call: (f, argument) => playwright.evaluate(
      ({ source, data }) => {
        const f = (0, eval)(`(${source})`) as (page: Page, argument: unknown) => unknown;
        return f((globalThis as unknown as { page: Page }).page, data) as never;
      },
      { source: f.toString(), data: argument }),
    close: async () => {
      await browser.close();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

async function serve(
  request: IncomingMessage, response: ServerResponse, extraFiles: Record<string, string | Buffer>,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  try {
    const body = extraFiles[path] ?? await readFile(join(FOLDER, path === '/' ? 'index.html' : path));
    // Cross-origin isolation: SharedArrayBuffer, and so wasm with threads, as a tuned site would have it.
    response.writeHead(200, {
      'content-type': TYPES[extname(path) || '.html'] ?? 'application/octet-stream',
      'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
