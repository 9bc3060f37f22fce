/** A browser for webgl and webgpu: a driver and a Chromium that are looked for, never installed. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from './command_error';
import { requirePackage } from './peers';

/** What playwright and puppeteer have in common. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<R>(expression: string): Promise<R>;
  exposeFunction(name: string, f: (...args: never[]) => unknown): Promise<unknown>;
}
export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Driver {
  launch(options: { executablePath: string; headless: boolean; args: string[] }): Promise<Browser>;
}

const DRIVERS = ['playwright-core', 'playwright', 'puppeteer-core', 'puppeteer'];
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
  'microsoft-edge',
];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) =>
    join(process.env[name] ?? '', 'Google/Chrome/Application/chrome.exe'),
  ),
];
const ARGS = [
  '--enable-unsafe-webgpu',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(process.platform === 'linux' ? ['--enable-features=Vulkan'] : []),
  // Chromium's sandbox refuses to run as root, where containers and CI often are.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
/** For machines without a usable GPU. */
export const SOFTWARE_GPU = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
];

/** @throws Error saying what is not there and what to do */
export async function launchBrowser(extraArgs: readonly string[]): Promise<Browser> {
  const driver = findDriver();
  const executables = process.env.CHROME_PATH ? [process.env.CHROME_PATH] : candidates();
  if (executables.length === 0)
    throw new Error('no Chromium or Chrome was found: install one, or name it in CHROME_PATH');
  const reasons: string[] = [];
  for (const executablePath of executables) {
    try {
      return await driver.launch({ executablePath, headless: true, args: [...ARGS, ...extraArgs] });
    } catch (error) {
      reasons.push(`${executablePath}: ${messageOf(error).split('\n')[0]}`);
    }
  }
  throw new Error(`no Chromium that was found can be started: ${reasons.join('; ').slice(0, 400)}`);
}

function findDriver(): Driver {
  for (const name of DRIVERS) {
    try {
      const found = requirePackage(name) as { chromium?: Driver } & Driver;
      return found.chromium ?? found;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new Error(
    `no browser driver was found: npm install --save-dev playwright-core (or one of ${DRIVERS.slice(1).join(', ')})`,
  );
}

function candidates(): string[] {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...PLACES].filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
