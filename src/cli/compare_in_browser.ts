/** comparePooling on webgl and webgpu, in a headless Chromium that is started for it. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CompareReport } from '../compare/report';
import { type Browser, SOFTWARE_GPU, launchBrowser } from './browser_driver';
import { messageOf } from './command_error';
import type { CompareRequest, OnProgress, PartialReport } from './compare_request';
import type { ModelFile } from './model_file';
import { notInstalled, resolvePackage } from './peers';

/** The package of each backend, and the file of it that a script tag loads. That of webgl has all of tfjs, and is always needed. */
const PACKAGES = { webgl: '@tensorflow/tfjs', webgpu: '@tensorflow/tfjs-backend-webgpu' };
const SCRIPTS = { webgl: 'dist/tf.min.js', webgpu: 'dist/tf-backend-webgpu.min.js' };
type BrowserBackend = keyof typeof PACKAGES;

/** A backend that cannot be had becomes an entry with the reason. @throws Error with the reason where none can */
export async function compareInBrowser(
  request: CompareRequest,
  model: ModelFile | null,
  onProgress: OnProgress,
): Promise<PartialReport> {
  const wanted = request.backends as BrowserBackend[];
  const scripts = scriptFiles(['webgl', ...wanted]);
  const backends = wanted.filter((name) => scripts.has(name));
  const missing = wanted
    .filter((name) => !scripts.has(name))
    .map((name) => ({ name, description: '', missing: notInstalled(PACKAGES[name]) }));
  if (!scripts.has('webgl')) throw new Error(notInstalled(PACKAGES.webgl));
  if (backends.length === 0) throw new Error(missing[0]!.missing);
  const server = await serve(model, scripts);
  try {
    const report = await compareOn({ ...request, backends }, server.url, onProgress);
    return { ...report, backends: [...report.backends, ...missing] };
  } finally {
    server.close();
  }
}

/** Where the scripts of tfjs lie, of those backends that are installed. */
function scriptFiles(backends: readonly BrowserBackend[]): Map<BrowserBackend, string> {
  const files = new Map<BrowserBackend, string>();
  for (const name of backends) {
    try {
      files.set(name, resolvePackage(`${PACKAGES[name]}/${SCRIPTS[name]}`));
    } catch {
      // Not installed.
    }
  }
  return files;
}

async function compareOn(request: CompareRequest, url: string, onProgress: OnProgress): Promise<PartialReport> {
  let opened = await openPage(url, [], onProgress);
  try {
    const missing = await missingIn(opened, request.backends);
    if (missing.length > 0) {
      // A machine without a GPU for it: Chromium has one in software.
      await opened.browser.close();
      opened = await openPage(url, SOFTWARE_GPU, onProgress);
    }
    return await opened.page.evaluate<CompareReport>(`comparePage.compare(${JSON.stringify(request)})`);
  } finally {
    await opened.browser.close();
  }
}

interface Opened {
  browser: Browser;
  page: Awaited<ReturnType<Browser['newPage']>>;
}

async function openPage(url: string, args: readonly string[], onProgress: OnProgress): Promise<Opened> {
  const browser = await launchBrowser(args);
  try {
    const page = await browser.newPage();
    await page.exposeFunction('tellProgress', onProgress);
    await page.goto(url);
    return { browser, page };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function missingIn({ page }: Opened, backends: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const backend of backends) {
    const reason = await page
      .evaluate<string | null>(`comparePage.missing(${JSON.stringify(backend)})`)
      .catch(messageOf);
    if (reason !== null) missing.push(reason);
  }
  return missing;
}

function htmlOf(backends: readonly BrowserBackend[]): string {
  const scripts = [...backends, 'compare_page'].map((name) => `<script src="${name}.js"></script>`);
  return `<!doctype html><meta charset="utf-8"><title>compare</title><link rel="icon" href="data:,">${scripts.join('')}`;
}

/** The page, and the model beside it; on this machine only. */
async function serve(
  model: ModelFile | null,
  scripts: Map<BrowserBackend, string>,
): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    contentOf(path, model, scripts).then(
      ([type, body]) => response.setHeader('content-type', type).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function contentOf(
  path: string,
  model: ModelFile | null,
  scripts: Map<BrowserBackend, string>,
): Promise<[type: string, body: string | Buffer]> {
  if (path === '/') return ['text/html', htmlOf([...scripts.keys()])];
  if (path === '/compare_page.js') return ['text/javascript', await readFile(join(__dirname, 'compare_page.js'))];
  const script = scripts.get(path.slice(1, -'.js'.length) as BrowserBackend);
  if (script !== undefined) return ['text/javascript', await readFile(script)];
  if (path === '/model/model.json' && model) return ['application/json', model.text];
  const shard = model?.groups.flatMap(({ paths }) => paths).find((name) => path === `/model/${name}`);
  if (!model || shard === undefined) throw new Error('not found');
  return ['application/octet-stream', await readFile(join(model.folder, shard))];
}
