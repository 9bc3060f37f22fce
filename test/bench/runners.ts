/** Opens a backend where it lives: cpu, wasm, node and webgpu-node in a Node process each, the others in a Chromium page. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { type BrowserPage, type PageOptions, openPage } from '../support/browser';
import type { BackendInfo } from './bench_backend';
import type { BackendName } from './cases';
import type { AnyRequest, ResultOf } from './measure_any';
import type { WorkerReply } from './serve';
import type { BenchPage } from './page_entry';

/** In the project, so that its packages are found from there. */
const CACHE = join(__dirname, '..', '..', '.cache');

export interface Runner {
  readonly info: BackendInfo;
  measure<Request extends AnyRequest>(request: Request): Promise<ResultOf<Request>>;
  close(): Promise<void>;
}

const IN_BROWSER: readonly BackendName[] = ['webgl', 'webgl-mesa', 'webgpu', 'wasm-browser'];

/** Throws with the reason where the backend cannot be had. `threads`: of wasm-browser. */
export async function openRunner(backend: BackendName, threads: number): Promise<Runner> {
  return IN_BROWSER.includes(backend) ? openInBrowser(backend, threads) : openInNode(backend);
}

async function openInNode(backend: BackendName): Promise<Runner> {
  const { ready, ask, close } = await openWorker(join(__dirname, 'node_worker.ts'), backend);
  return {
    info: ready as BackendInfo,
    measure: <Request extends AnyRequest>(request: Request) => ask(request) as Promise<ResultOf<Request>>,
    close,
  };
}

async function openInBrowser(backend: BackendName, threads: number): Promise<Runner> {
  const browser = backend === 'webgl-mesa' ? 'chromium-mesa' : 'chromium';
  const page = await openProgram(join(__dirname, 'page_entry.ts'), { threads, browser });
  try {
    const bench = await page.playwright.evaluateHandle<BenchPage>('bench');
    const info = await bench.evaluate((b, a) => b.useBackend(a.backend, a.threads), { backend, threads });
    return {
      info,
      measure: <Request extends AnyRequest>(request: Request) =>
        bench.evaluate((b, r) => b.measureAny(r), request as AnyRequest) as Promise<ResultOf<Request>>,
      close: () => page.close(),
    };
  } catch (error) {
    await page.close();
    throw error;
  }
}

export interface Worker {
  /** The worker's first reply. */
  readonly ready: unknown;
  /** Sends a request and waits for the reply to it. */
  ask(request: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Runs `entry` in a Node process of its own; see serve.ts. */
export async function openWorker(
  entry: string,
  backend: BackendName,
  execArgv: readonly string[] = [],
): Promise<Worker> {
  const args: string[] = [backend];
  if (backend === 'node') {
    const { tfjsNodePath } = await import('../../.ci/tfjs_node.mjs');
    const path = tfjsNodePath();
    if (path === null)
      throw new Error('tfjs-node is not installed here: `node .ci/tfjs_node.mjs` does it, or says why not');
    args.push(path);
  }
  const env: NodeJS.ProcessEnv = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  if (backend === 'webgpu-node') {
    const { webgpuInNode } = await import('../../.ci/from_npm.mjs');
    const found = webgpuInNode();
    if (found === null)
      throw new Error('WebGPU in Node is not here: `node .ci/from_npm.mjs` fetches it, or says why not');
    args.push(found.path);
    if (found.icd !== null) env.VK_ICD_FILENAMES = found.icd;
  }
  const child = fork(await bundledWorker(entry), args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Without the TypeScript loader that runs this process.
    execArgv: [...execArgv],
    env,
  });
  let printed = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-4000);
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    const lines = printed.trim().split('\n');
    const telling = lines.filter((line) => /\w*Error: /.test(line)).at(-1) ?? lines.at(-1);
    throw new Error(`its process ended (${String(signal ?? code)}): ${telling}`);
  });
  ended.catch(() => {
    /* reported to whoever waits for a reply */
  });
  const nextReply = async () => {
    const [reply] = (await Promise.race([once(child, 'message'), ended])) as [WorkerReply];
    if ('error' in reply) throw new Error(reply.error);
    return reply.value;
  };
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended.catch(() => {});
  };
  try {
    return {
      ready: await nextReply(),
      close,
      ask: (request) => {
        child.send(request);
        return nextReply();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A page that runs the program `entry`, in a Chromium with `args` besides the usual ones; where `threads` are more than one, tfjs's wasm
 * backend has as many.
 */
export async function openProgram(
  entry: string,
  {
    args = [],
    threads = 1,
    browser,
  }: { args?: readonly string[]; threads?: number; browser?: PageOptions['browser'] } = {},
): Promise<BrowserPage> {
  const { CHROMIUM_ARGS, findChromium } = await import('../../.ci/chromium.mjs');
  const { findBrowsers } = await import('../../.ci/browsers.mjs');
  // As the test run's global setup hands them to openPage.
  process.env.TEST_CHROMIUM = findChromium() ?? '';
  process.env.TEST_CHROMIUM_ARGS = JSON.stringify([...CHROMIUM_ARGS, ...args]);
  process.env.TEST_BROWSERS = JSON.stringify(findBrowsers());
  const files: Record<string, string | Buffer> = {
    '/':
      '<!doctype html><meta charset="utf-8"><title>tfjs</title><link rel="icon" href="data:,">' +
      '<script src="program.js"></script>',
    '/program.js': await bundledPage(entry),
  };
  const wasm = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
  for (const file of await readdir(wasm)) {
    if (file.endsWith('.wasm')) files[`/${file}`] = await readFile(join(wasm, file));
  }
  // tfjs takes half of the cores.
  return openPage(files, { ...(threads > 1 && { cores: 2 * threads }), ...(browser && { browser }) });
}

/**
 * The worker as plain JavaScript, as the published package is: a loader that compiles TypeScript on the way gives every
 * function its name as it is made, which costs more than some kernels.
 */
async function bundledWorker(entry: string): Promise<string> {
  const outfile = join(CACHE, `worker.${process.pid}.cjs`);
  await build({
    entryPoints: [entry],
    bundle: true,
    outfile,
    packages: 'external',
    // Where its module lies, package.json says.
    external: ['#native'],
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    logLevel: 'error',
  });
  process.once('exit', () => {
    rmSync(outfile, { force: true });
  });
  return outfile;
}

async function bundledPage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0].text;
}
