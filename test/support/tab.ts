/**
 * One tab of a browser, whichever it is: Chromium by Playwright, Firefox by Puppeteer (WebDriver BiDi), WebKit by its WebDriver.
 * Each call has a limit, after which the browser is ended: a hang is an error that names the browser.
 */
import type { LaunchOptions, Page as PlaywrightPage } from 'playwright-core';
import { openDisplay } from './display';
import { fromText, inText, toText } from './exact_json';
import { openWebKit } from './webdriver';

/** chromium-mesa: on Mesa's OpenGL instead of Chromium's own software GPU. */
export type BrowserName = 'chromium' | 'chromium-mesa' | 'firefox' | 'webkit';

export interface Tab {
  /** The browser's name and version. */
  readonly browser: string;
  goto(url: string): Promise<void>;
  /** Calls `f`, which may use nothing but its argument, in the page. Numbers come and go exactly. */
  evaluate<A, R>(f: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  /** Ends the browser. */
  close(): Promise<void>;
}

export interface ChromiumTab extends Tab {
  readonly playwright: PlaywrightPage;
}

/** Less than a test may take, so that the test tells who hangs. */
const LIMIT_MS = 270_000;

interface Driven extends Omit<Tab, 'browser' | 'goto' | 'close'> {
  readonly version: string;
  goto(url: string): Promise<unknown>;
  close(): Promise<void> | void;
}

export interface TabOptions {
  /** The environment variable LANG; unset by default. */
  readonly lang?: string;
  /** For the test of the limit itself. */
  readonly limitMs?: number;
}

export async function openTab(name: Exclude<BrowserName, 'chromium'>, options: TabOptions = {}): Promise<Tab> {
  if (name === 'chromium-mesa') return openChromium(name, options);
  return openOnDisplay(name, options, async (env) => (name === 'firefox' ? driveFirefox(env) : driveWebKit(env)));
}

export async function openChromium(name: 'chromium' | 'chromium-mesa', options: TabOptions = {}): Promise<ChromiumTab> {
  let playwright: PlaywrightPage;
  const drive = async (env?: Record<string, string>) => {
    const driven = await driveChromium(env);
    playwright = driven.playwright;
    return driven;
  };
  const tab = name === 'chromium' ? limited(name, await drive()) : await openOnDisplay(name, options, drive);
  return { ...tab, playwright: playwright! };
}

async function openOnDisplay(
  name: BrowserName,
  { lang, limitMs }: TabOptions,
  drive: (env: Record<string, string>) => Promise<Driven>,
): Promise<Tab> {
  const display = await openDisplay();
  try {
    const driven = await within(LIMIT_MS, `${name}: the start`, drive(display.env(lang)));
    return limited(name, driven, display.close, limitMs);
  } catch (error) {
    display.close();
    throw error;
  }
}

/** The tab, whose calls end after the limit, and the browser with them; `force` ends it where it does not end when it is told to. */
function limited(name: BrowserName, driven: Driven, force = () => {}, limitMs = LIMIT_MS): Tab {
  const browser = `${name} ${driven.version}`;
  let hasHung = false;
  const call = <T>(what: string, work: Promise<T>) =>
    within(limitMs, `${browser}: ${what}`, work).catch((error: Error) => {
      hasHung ||= error instanceof TooLate;
      if (hasHung) force();
      throw error;
    });
  return {
    browser,
    goto: async (url) => {
      await call(url, driven.goto(url));
    },
    evaluate: (f, argument) => call('a call in the page', driven.evaluate(f, argument)),
    close: async () => {
      const closed = Promise.resolve(driven.close());
      // A browser that hung is ended by force: what becomes of the polite way does not matter.
      await (hasHung ? Promise.race([closed.catch(() => {}), pause(5000)]) : call('its end', closed)).finally(force);
    },
  };
}

class TooLate extends Error {}

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });

function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TooLate(`${what} took longer than ${limitMs / 1000} s`));
    }, limitMs);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}

async function driveChromium(env?: Record<string, string>): Promise<Driven & { playwright: PlaywrightPage }> {
  // Here, as every test of a device imports this file, and most of them need no browser.
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch(env ? onMesa(env) : onItsSoftwareGpu());
  const playwright = await (await browser.newContext()).newPage();
  return {
    playwright,
    version: browser.version(),
    goto: (url) => playwright.goto(url),
    evaluate: <A, R>(f: (argument: A) => R | Promise<R>, argument: A) =>
      playwright.evaluate(f as (argument: unknown) => R | Promise<R>, argument),
    close: () => browser.close(),
  };
}

function onItsSoftwareGpu(): LaunchOptions {
  const executablePath = process.env.TEST_CHROMIUM;
  if (!executablePath) throw new Error('no Chromium was found: set CHROME_PATH or run `node .ci/chromium.mjs`');
  return { executablePath, args: JSON.parse(process.env.TEST_CHROMIUM_ARGS ?? '[]') as string[], headless: true };
}

function onMesa(env: Record<string, string>): LaunchOptions {
  const { executable, args = [] } = found('chromium-mesa');
  return { executablePath: executable, args, headless: false, env };
}

interface Found {
  readonly executable?: string;
  readonly driver?: string;
  readonly args?: string[];
  readonly reason?: string;
}

/** What .ci/browsers.mjs found: where each browser is, or why it is not there. */
export function browsersFound(): Record<Exclude<BrowserName, 'chromium'>, Found> {
  return JSON.parse(process.env.TEST_BROWSERS!) as ReturnType<typeof browsersFound>;
}

function found(name: Exclude<BrowserName, 'chromium'>): Found & { executable: string } {
  const { executable, reason, ...rest } = browsersFound()[name];
  if (executable === undefined) throw new Error(`${name}: ${reason}`);
  return { executable, ...rest };
}

async function driveFirefox(env: Record<string, string>): Promise<Driven> {
  const { default: puppeteer } = await import('puppeteer-core');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: found('firefox').executable,
    headless: false,
    env,
    timeout: LIMIT_MS,
    protocolTimeout: LIMIT_MS,
  });
  const [page] = await browser.pages();
  page.setDefaultTimeout(LIMIT_MS);
  return {
    version: (await browser.version()).split('/')[1],
    goto: (url) => page.goto(url),
    // As text: BiDi describes each number by an object, and knows no typed arrays.
    evaluate: async <A, R>(f: (argument: A) => R | Promise<R>, argument: A) => {
      const call = `(${inText(f)})(${JSON.stringify(toText(argument))})`;
      return fromText((await page.evaluate(call)) as string) as R;
    },
    close: () => browser.close(),
  };
}

function driveWebKit(env: Record<string, string>): Promise<Driven> {
  const { executable, driver } = found('webkit');
  return openWebKit({ executable, driver: driver! }, env, LIMIT_MS);
}
