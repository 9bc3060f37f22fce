/** The native module that is shipped: that it is made of the source beside it, loads on old systems, and says where it comes from. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './packed';

const FOLDER = join(ROOT, 'src', 'kernels', 'native');
const file = join(FOLDER, 'prebuilt', 'linux-x64.node');
const BITS = join(ROOT, 'test', 'kernels', 'native_bits.mjs');
const record = JSON.parse(readFileSync(join(FOLDER, 'prebuilt', 'linux-x64.json'), 'utf8')) as Record<string, string>;
const isHere = process.platform === 'linux' && process.arch === 'x64';

/** What build.mjs says, in a Node of its own: it is an ES module. */
function ask(expression: string, ...args: string[]): string {
  const program = `import * as build from ${JSON.stringify(join(FOLDER, 'build.mjs'))}; console.log(${expression} ?? '');`;
  const options = { encoding: 'utf8', stdio: 'pipe' } as const;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program, '--', ...args], options).trim();
}

test('is the one that was recorded', () => {
  expect(ask('build.hashOf(process.argv[1])', file)).toBe(record.module);
});

(isHere ? test : test.skip)('was made of the present source', () => {
  expect(ask('build.sourceHash()')).toBe(record.source);
});

(isHere ? test : test.skip)('its kernels for this processor give the bits of those for any', () => {
  const bits = (...kernels: string[]) =>
    execFileSync(process.execPath, [BITS, file, '250', ...kernels], { encoding: 'utf8' });
  const own = bits();
  expect(own).toMatch(/^MaxPool, 1 threads: 2\d\d poolings, \w{32}$/m);
  expect(own).toBe(bits('baseline'));
});

test('asks for no newer glibc than 2.17, tells its licence and origin, and no path', () => {
  const text = readFileSync(file, 'latin1');
  const minors = [...text.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  expect(minors.length).toBeGreaterThan(0);
  expect(Math.max(...minors)).toBeLessThanOrEqual(17);
  expect(text).toMatch(/tfjs-im2col-pooling: kernels for TensorFlow.*Apache-2\.0/);
  expect(text).not.toMatch(/\/(home|root|tmp|work|usr)\//);
});
