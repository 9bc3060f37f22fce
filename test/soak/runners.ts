/** Opens a backend where it lives, with its garbage collector in reach, and measures its resident memory. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendName } from '../bench/cases';
import { openProgram, openWorker } from '../bench/runners';
import type { Gauges } from './gauges';
import type { SoakPage } from './page_entry';

/** The soaker of a backend, from outside. */
export interface Runner {
  begin(name: string): Promise<string[]>;
  run(calls: number): Promise<Gauges>;
  end(): Promise<number>;
  close(): Promise<void>;
}

/** Throws with the reason where the backend cannot be had. */
export function openRunner(backend: BackendName): Promise<Runner> {
  return backend === 'webgl' || backend === 'webgpu' ? openInBrowser(backend) : openInNode(backend);
}

async function openInNode(backend: BackendName): Promise<Runner> {
  const { ask, close } = await openWorker(join(__dirname, 'node_worker.ts'), backend, ['--expose-gc']);
  return {
    begin: (name) => ask({ method: 'begin', argument: name }) as Promise<string[]>,
    run: (calls) => ask({ method: 'run', argument: calls }) as Promise<Gauges>,
    end: () => ask({ method: 'end' }) as Promise<number>,
    close,
  };
}

const CHROMIUM_ARGS = ['--js-flags=--expose-gc', '--enable-precise-memory-info'];

async function openInBrowser(backend: BackendName): Promise<Runner> {
  const page = await openProgram(join(__dirname, 'page_entry.ts'), { args: CHROMIUM_ARGS });
  try {
    const soak = await page.playwright.evaluateHandle<SoakPage>('soak');
    await soak.evaluate((s, name) => s.useBackend(name), backend);
    const session = await page.playwright.context().browser()!.newBrowserCDPSession();
    const processes = await session.send('SystemInfo.getProcessInfo').then(({ processInfo }) => processInfo);
    // Tensors lie in these two.
    const ids = processes.filter(({ type }) => type === 'renderer' || type === 'GPU').map(({ id }) => id);
    return {
      begin: (name) => soak.evaluate(({ soaker }, n) => soaker.begin(n), name),
      run: async (calls) => {
        const gauges = await soak.evaluate(({ soaker }, n) => soaker.run(n), calls);
        return { ...gauges, rss: ids.reduce((sum, id) => sum + residentBytes(id), 0) };
      },
      end: () => soak.evaluate(({ soaker }) => soaker.end()),
      close: () => page.close(),
    };
  } catch (error) {
    await page.close();
    throw error;
  }
}

function residentBytes(processId: number): number {
  if (process.platform === 'linux') {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8'))!;
    return Number(kilobytes) * 1024;
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(processId)], { encoding: 'utf8' })) * 1024;
}
