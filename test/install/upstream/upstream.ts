/**
 * Holds one backend to tfjs-core's own tests of pooling: whatever passes without our kernels passes with them. What passes
 * only with them is printed, and kept in only_with.json; `UPDATE_UPSTREAM=1` writes that anew. What demands something wrong
 * is named below.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Device, type DeviceKey, DEVICES, backendName, describeDevice } from '../../support/devices';
import { bundleUpstream } from './bundle';
import type { UpstreamRequest, UpstreamRun } from './run_upstream';

const LIST = join(__dirname, 'only_with.json');
type OnlyWith = Partial<Record<string, string[]>>;

/**
 * Tests that demand what the built-in computes, and what is not so. This one wants each gradient divided by all nine taps,
 * while the average that it belongs to, in the test of the same name, is divided by the four or six on real elements. That
 * ours is the gradient of that average, and the built-in's is not, installed_average.ts shows element by element.
 */
const WRONG = ['avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit'];

/** Names of what the page gets from page_entry.ts. */
interface Upstream {
  runUpstream(request: UpstreamRequest): Promise<UpstreamRun>;
}

export function upstreamTests(key: DeviceKey): void {
  const spec = DEVICES[key];
  describeDevice(key, 'the tests that tfjs-core ships', (device) => {
    let without: UpstreamRun;
    let withOurs: UpstreamRun;
    beforeAll(async () => {
      const bundle = await bundleUpstream(spec.where);
      try {
        const run = (installed: boolean) => runOn(device(), bundle.path, { backend: backendName(spec), installed });
        without = await run(false);
        withOurs = await run(true);
      } finally {
        await bundle.remove();
      }
    });

    test('there are tests, and our kernels run them only when installed', () => {
      expect(withOurs.tests.filter(({ passed }) => passed).length).toBeGreaterThan(100);
      expect(withOurs.tests.map(({ name }) => name)).toEqual(without.tests.map(({ name }) => name));
      expect(without.kernels.filter(isOurs)).toEqual([]);
      expect(withOurs.kernels.filter(isOurs).sort()).toEqual([
        'Im2ColAveragePool',
        'Im2ColAverageSpread',
        ...(spec.where === 'browser' ? ['Im2ColGatherArgmax'] : []),
        'Im2ColMaxPool',
        'Im2ColMaxPoolArgmax',
        'Im2ColScatterArgmax',
      ]);
    });

    test('what passes without passes with, but for what demands something wrong', () => {
      const passing = new Set(without.tests.filter(({ passed }) => passed).map(({ name }) => name));
      const failing = withOurs.tests.filter(({ name, passed }) => passing.has(name) && !passed);
      expect(failing.filter(({ name }) => !WRONG.includes(name))).toEqual([]);
      // All of them, so that none stays on the list when tfjs-core has mended it.
      expect(withOurs.tests.filter(({ name }) => WRONG.includes(name)).map(({ passed }) => passed)).toEqual(
        WRONG.map(() => false),
      );
    });

    test('what passes only with is what the list says', () => {
      const failing = new Map(
        without.tests.filter(({ passed }) => !passed).map(({ name, message }) => [name, message]),
      );
      const names = withOurs.tests.filter(({ name, passed }) => passed && failing.has(name)).map(({ name }) => name);
      const lines = names.map((name) => `  ${name}\n    without: ${failing.get(name)!.slice(0, 150)}`);
      process.stdout.write(
        `${spec.name}: ${names.length} of ${without.tests.length} upstream tests pass only with our kernels\n` +
          lines.map((line) => `${line}\n`).join(''),
      );
      if (process.env.UPDATE_UPSTREAM) write(key, names);
      expect(names).toEqual((JSON.parse(readFileSync(LIST, 'utf8')) as OnlyWith)[key]);
    });
  });
}

const isOurs = (kernel: string) => kernel.startsWith('Im2Col');

function runOn(device: Device, bundle: string, request: UpstreamRequest): Promise<UpstreamRun> {
  return device.page
    ? runInPage(device, bundle, request)
    : runInProcess(bundle, { ...request, tfjsNode: process.env.TEST_TFJS_NODE });
}

/** A page of its own, which has no other copy of tfjs. */
async function runInPage({ page }: Device, bundle: string, request: UpstreamRequest): Promise<UpstreamRun> {
  const fresh = await page!.playwright.context().newPage();
  try {
    // An address of this machine, so that WebGPU is there.
    await fresh.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await fresh.goto(`${page!.url}empty`);
    await fresh.addScriptTag({ path: bundle });
    return await fresh.evaluate(
      (asked) => (globalThis as unknown as { upstream: Upstream }).upstream.runUpstream(asked),
      request,
    );
  } finally {
    await fresh.close();
  }
}

async function runInProcess(bundle: string, request: UpstreamRequest): Promise<UpstreamRun> {
  const child = fork(bundle, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let printed = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-2000);
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the process of the tests ended: ${printed}`);
  });
  ended.catch(() => {
    /* told to whoever waits */
  });
  child.send(request);
  const [reply] = (await Promise.race([once(child, 'message'), ended])) as [{ run?: UpstreamRun; error?: string }];
  if (!reply.run) throw new Error(reply.error);
  return reply.run;
}

function write(key: string, names: string[]): void {
  const list = JSON.parse(readFileSync(LIST, 'utf8')) as OnlyWith;
  writeFileSync(LIST, `${JSON.stringify({ ...list, [key]: names }, null, 2)}\n`);
}
