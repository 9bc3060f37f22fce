/**
 * The built demo page in a real Chromium, for the browser*.test.ts beside this file: builds it once, serves it as a plain
 * static server would, from a folder that is not the root, and fails on whatever the console complains of.
 */
import { type Hash, createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { extname, join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { COLLECTOR, COLLECTOR_PATH, withCollector } from '../support/complaints';

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, '.cache', 'demo');
/** Screenshots of the tests, kept for whoever wants to look. */
const SCREENSHOTS = join(ROOT, 'out', 'demo-screenshots');
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
};
// The software GPU's remarks about its own speed.
const HARMLESS = [/GL Driver Message .*Performance/, /GPU stall due to ReadPixels/];
/** Stricter than the page's own: forbids compiling WebAssembly, too. */
export const NO_WASM = "script-src 'self'";

/** How long anything on the page may take, in milliseconds: a machine three times slower than ours, with other work, passes. */
const PATIENCE = 270_000;

export const INSECURE_HOST = 'plain.test';

export interface Demo {
  /** What is served. */
  readonly folder: string;
  readonly browser: Browser;
  open(options?: OpenOptions): Promise<DemoPage>;
  close(): Promise<void>;
}

interface OpenOptions {
  /** What follows the page's address: `?embed`, `#train`. */
  readonly hash?: string;
  /** A Content-Security-Policy header besides the page's own. */
  readonly policy?: string;
  readonly context?: BrowserContextOptions;
  /** A program that runs in the page before its own. */
  readonly before?: string;
  /** A program that runs in each worker before its own. */
  readonly beforeWorkers?: string | undefined;
  /** Another name of this machine: over plain http it is no secure context. */
  readonly host?: typeof INSECURE_HOST;
}

export interface DemoPage {
  readonly page: Page;
  /** Complaints of the console and uncaught errors so far; the software GPU's remarks are left out. */
  readonly complaints: string[];
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * `npm run demo:build`, without npm, into a folder named after what it is made of: the test files build it once between them.
 */
function buildDemo(): string {
  const hash = createHash('sha1');
  for (const source of ['examples/browser', 'examples/mnist', 'src', 'package-lock.json'])
    hashInto(hash, join(ROOT, source));
  const folder = join(CACHE, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  const made = `${folder}.${process.pid}`;
  execFileSync(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--configLoader',
      'runner',
      '--config',
      join(ROOT, 'examples', 'browser', 'vite.config.ts'),
      '--outDir',
      made,
      '--logLevel',
      'error',
    ],
    { cwd: ROOT, stdio: 'pipe' },
  );
  prune();
  // In one step, and either is as good: another test file may have built it meanwhile.
  if (existsSync(folder)) rmSync(made, { recursive: true });
  else renameSync(made, folder);
  return folder;
}

/** Builds of older sources; those of the last hour may be in use. */
function prune(): void {
  for (const name of readdirSync(CACHE)) {
    const old = join(CACHE, name);
    if (Date.now() - statSync(old).mtimeMs > 3_600_000) rmSync(old, { recursive: true, force: true });
  }
}

function hashInto(hash: Hash, path: string): void {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) hashInto(hash, join(path, name));
  } else hash.update(path).update(readFileSync(path));
}

export interface ServedDemo {
  readonly url: string;
  close(): Promise<void>;
}

/** The page for any browser; it collects what it complains of by itself (takeComplaints in test/support/complaints.ts). */
export async function serveDemo(): Promise<ServedDemo> {
  const { url, close } = await serve(buildDemo(), true);
  return { url: `${url}plain/page/`, close };
}

/** `extraArgs`: more flags for Chromium. */
export async function startDemo(extraArgs: readonly string[] = []): Promise<Demo> {
  const folder = buildDemo();
  const executablePath = process.env.TEST_CHROMIUM;
  if (!executablePath) throw new Error('no Chromium was found: set CHROME_PATH or run `node .ci/chromium.mjs`');
  mkdirSync(SCREENSHOTS, { recursive: true });
  const { url, close } = await serve(folder);
  const args = JSON.parse(process.env.TEST_CHROMIUM_ARGS ?? '[]') as string[];
  const names = `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`;
  const browser = await chromium
    .launch({ executablePath, args: [...args, names, ...extraArgs], headless: true })
    .catch(async (error) => {
      await close();
      throw error;
    });
  return {
    folder,
    browser,
    open: (options = {}) => openPage(browser, url, options),
    close: async () => {
      await browser.close();
      await close();
    },
  };
}

async function openPage(
  browser: Browser,
  url: string,
  { hash = '', policy, context: contextOptions, host, before, beforeWorkers }: OpenOptions,
): Promise<DemoPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    ...contextOptions,
  });
  if (before !== undefined) await context.addInitScript(before);
  if (beforeWorkers !== undefined)
    await context.route('**/assets/worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${beforeWorkers};${await response.text()}` });
    });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isWarning = message.type() === 'warning' || message.type() === 'error';
    if (isWarning && !HARMLESS.some((harmless) => harmless.test(message.text()))) complaints.push(message.text());
  });
  // A reload ends what was still under way.
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`request failed: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  const folder = policy === undefined ? 'plain' : `policy=${encodeURIComponent(policy)}`;
  await page.goto(`${host ? url.replace('127.0.0.1', host) : url}${folder}/page/${hash}`);
  return {
    page,
    complaints,
    async screenshot(name) {
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
    },
    close: () => context.close(),
  };
}

/** The first folder of the address says which policy the answers carry; a static server has no other tricks. */
async function serve(folder: string, isCollecting = false): Promise<ServedDemo> {
  const server = createServer((request, response) => {
    const [, first, , ...rest] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
    const policy = first.startsWith('policy=') ? decodeURIComponent(first.slice('policy='.length)) : undefined;
    const path = rest.join('/') || 'index.html';
    const file = isCollecting && path === COLLECTOR_PATH ? Promise.resolve(COLLECTOR) : readFile(join(folder, path));
    file.then(
      (body) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(path)] ?? 'text/plain',
          ...(policy && { 'content-security-policy': policy }),
        });
        response.end(isCollecting && path === 'index.html' ? withCollector(body.toString()) : body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The backends that this machine's Chromium should have. */
export function expectedBackends(): string[] {
  const missing = JSON.parse(process.env.TEST_MISSING ?? '{}') as Record<string, string>;
  return ['cpu', 'wasm', 'webgl', 'webgpu'].filter((name) => !(name in missing));
}

/** A digit, 14 by 14; max pooling 2x2 on cpu. */
export const DIGIT = '#routing?source=digit&backend=cpu';

/** Follows a link within the page; nothing is loaded anew. */
export async function follow(page: Page, hash: string): Promise<void> {
  await page.evaluate(async (next) => {
    // The same address as before would not be followed.
    history.replaceState(null, '', '#elsewhere');
    await new Promise((resolve) => {
      addEventListener('hashchange', resolve, { once: true });
      location.hash = next;
    });
  }, hash);
  await routed(page);
}

/** Chooses a radio button of the open part. */
export async function choose(page: Page, group: string, value: string): Promise<void> {
  await page
    .getByRole('tabpanel')
    .getByRole('group', { name: group, exact: true })
    .getByRole('radio', { name: value, exact: true })
    .check();
}

/** Waits until the Routing part shows the result for the present settings. */
export async function routed(page: Page): Promise<void> {
  await page.waitForSelector('.routing:not([aria-busy])', { state: 'attached' });
}

/** The numbers in the cells of a figure, without its padding. */
export async function cells(page: Page, figure: string): Promise<number[]> {
  const texts = await page.locator(`#figure-${figure} .cell:not(.padding) .number`).allTextContents();
  return texts.map((text) => Number(text.replace('−', '-').replace('∞', 'Infinity')));
}

/** As {@link cells}, with all digits that the page has: those that a cell leaves out are in its title. */
export async function exactCells(page: Page, figure: string): Promise<number[]> {
  const texts = await page
    .locator(`#figure-${figure} .cell:not(.padding)`)
    .evaluateAll((list) =>
      list.map((cell) => (cell as HTMLElement).title || cell.querySelector('.number')!.textContent!),
    );
  return texts.map((text) => Number(text.replace(/−/g, '-').replace('∞', 'Infinity')));
}

/** Whether the built-in has the chosen output wrong or not at all, or a gradient within its window. */
export async function isShownWrong(page: Page): Promise<boolean> {
  if ((await page.locator('#figure-y-builtin .cell:visible').count()) === 0) return true;
  const [chosen] = await page.locator('#figure-y-builtin .is-selected').all();
  if (!chosen || (await chosen.getAttribute('class'))!.includes('differs')) return true;
  return (await page.locator('#figure-dx-builtin .in-window.differs').count()) > 0;
}

/** The cells of a figure that carry a mark, without its padding. */
export function marked(page: Page, figure: string, mark: string): Promise<number[]> {
  return page
    .locator(`#figure-${figure} .cell.${mark}:not(.padding)`)
    .evaluateAll((list) => list.map((cell) => Number((cell as HTMLElement).dataset.index)));
}
