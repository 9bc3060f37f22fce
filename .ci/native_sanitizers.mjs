// The native kernels under sanitizers: random poolings by test/kernels/native_driver.c, compiled with the address and the
// undefined behaviour sanitizer and then with the thread sanitizer. Needs gcc or clang with their runtime libraries (Debian's
// packages have them). All pieces of a job are shared between threads, however small it is.
//
//   node .ci/native_sanitizers.mjs [rounds]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

const SOURCE = join(ROOT, 'src', 'kernels', 'native');
const COMPILER = process.env.CC || 'cc';
const FLAGS =
  '-O1 -g -std=gnu11 -fno-strict-aliasing -fwrapv -ffp-contract=off -Wall -Wextra -Werror -DWORTH_SHARING=0'.split(' ');
const SANITIZERS = {
  'address,undefined': ['-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
  thread: [],
};
const PROCESSORS = { baseline: [], ...(process.arch === 'x64' && { avx2: ['-mavx2'] }) };
/** The kernels' memory comes from the driver, and fails now and then. */
const MEMORY = ['-Dmalloc=test_malloc', '-Dcalloc=test_calloc', '-include', 'stdlib.h'];
const rounds = process.argv[2] ?? '1500';

const run = (command, args, options = {}) => execFileSync(command, args, { stdio: 'inherit', ...options });

for (const [sanitizer, own] of Object.entries(SANITIZERS)) {
  const work = mkdtempSync(join(tmpdir(), 'im2col-sanitized-'));
  try {
    const flags = [...FLAGS, `-fsanitize=${sanitizer}`, ...own, `-I${SOURCE}`];
    const kernels = Object.entries(PROCESSORS).map(([name, more]) => {
      const object = join(work, `${name}.o`);
      run(COMPILER, [
        ...flags,
        ...more,
        ...MEMORY,
        `-DPROCESSOR=${name}`,
        '-c',
        join(SOURCE, 'kernels.c'),
        '-o',
        object,
      ]);
      return object;
    });
    const sources = ['geometry', 'cut', 'share'].map((name) => join(SOURCE, `${name}.c`));
    const driver = join(work, 'driver');
    const main = join(ROOT, 'test', 'kernels', 'native_driver.c');
    run(COMPILER, [...flags, main, ...sources, ...kernels, '-lpthread', '-lm', '-o', driver]);
    console.log(`${sanitizer}:`);
    run(driver, [rounds], { env: { ...process.env, TSAN_OPTIONS: 'halt_on_error=1' } });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
