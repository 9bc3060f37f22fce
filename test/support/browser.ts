/**
 * A real browser with the test page, served from this machine. One call opens a browser, a server and
 * a page; close() ends all three. What the page warns of is warned of here, so that it fails the test.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Page as PlaywrightPage } from 'playwright-core';
import { COLLECTOR, COLLECTOR_PATH, takeComplaints, withCollector } from './complaints';
import type { Page } from './page';
import { type BrowserName, type Tab, type TabOptions, openChromium, openTab } from './tab';

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
// The software GPU's remarks about its own speed, tfjs's about what tests ask for: the debug mode, a policy, the end of its threads.
const HARMLESS = [
  /GL Driver Message .*Performance/,
  /GPU stall due to ReadPixels/,
  /^Debugging mode is ON/,
  /^Blocking on the main thread is very dangerous/,
  /Content Security Policy directive: "worker-src 'none'"/,
];

type Files = Record<string, string | Buffer>;

export interface TestPage {
  readonly tab: Tab;
  readonly url: string;
  /** Calls `f` in the page with what page.ts offers, and `argument` (plain data). */
  call<A, R>(f: (page: Page, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  close(): Promise<void>;
}

/** The test page in Chromium. */
export interface BrowserPage extends TestPage {
  readonly playwright: PlaywrightPage;
}

export interface PageOptions {
  /** How many cores the page is told that there are, if not the truth. */
  readonly cores?: number;
  readonly browser?: 'chromium' | 'chromium-mesa';
}

/** Opens the test page in Chromium. `extraFiles`: more files to serve, by path. */
export async function openPage(
  extraFiles: Files = {},
  { cores, browser = 'chromium' }: PageOptions = {},
): Promise<BrowserPage> {
  let playwright: PlaywrightPage;
  const opened = await openWith(extraFiles, async () => {
    const tab = await openChromium(browser);
    playwright = tab.playwright;
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
    return tab;
  });
  return { ...opened, playwright: playwright! };
}

/** Opens the test page in another browser. */
export async function openPageIn(browser: Exclude<BrowserName, 'chromium'>, options?: TabOptions): Promise<TestPage> {
  const index = await readFile(join(pageFolder(), 'index.html'), 'utf8');
  const files = { '/': withCollector(index), [`/${COLLECTOR_PATH}`]: COLLECTOR };
  const { tab, call, ...rest } = await openWith(files, () => openTab(browser, options));
  return {
    ...rest,
    tab,
    call: async (f, argument) => {
      const result = await call(f, argument);
      for (const complaint of await tab.evaluate(takeComplaints, null)) console.warn(`in the page: ${complaint}`);
      return result;
    },
  };
}

async function openWith(extraFiles: Files, open: () => Promise<Tab>): Promise<TestPage> {
  const [server, url] = await serve(extraFiles);
  const closeServer = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  let tab: Tab | undefined;
  const close = async () => {
    await tab?.close();
    await closeServer();
  };
  try {
    tab = await open();
    await tab.goto(url);
  } catch (error) {
    await close();
    throw error;
  }
  const { evaluate } = tab;
  return {
    tab,
    url,
    // The function travels as source text, so it may use nothing but its two arguments.
    call: <A, R>(f: (page: Page, argument: A) => R | Promise<R>, argument: A) =>
      evaluate(
        ({ source, data }) => {
          const inPage = (0, eval)(`(${source})`) as (page: Page, argument: A) => R | Promise<R>;
          return inPage((globalThis as unknown as { page: Page }).page, data);
        },
        { source: f.toString(), data: argument },
      ),
    close,
  };
}

const pageFolder = () => process.env.TEST_PAGE ?? '';

async function serve(extraFiles: Files) {
  const folder = pageFolder();
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
