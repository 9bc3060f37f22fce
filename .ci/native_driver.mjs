// Compiles test/kernels/native_driver.c with the native kernels: random poolings against plain loops, without Node and TensorFlow.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

const SOURCE = join(ROOT, 'src', 'kernels', 'native');
const FLAGS =
  '-g -std=gnu11 -fno-strict-aliasing -fwrapv -ffp-contract=off -Wall -Wextra -Werror -DWORTH_SHARING=0'.split(' ');
/** The kernels' memory comes from the driver, and fails now and then. */
const MEMORY = ['-Dmalloc=test_malloc', '-Dcalloc=test_calloc', '-include', 'stdlib.h'];

/** The program's path, in `folder`. `arch` is that of the compiler's programs, as Node names it; every job is shared between threads. */
export function compileDriver({ compiler, arch, flags, folder }) {
  const run = (args) => execFileSync(compiler, [...FLAGS, ...flags, `-I${SOURCE}`, ...args], { stdio: 'inherit' });
  const processors = { baseline: [], ...(arch === 'x64' && { avx2: ['-mavx2'] }) };
  const kernels = Object.entries(processors).map(([name, more]) => {
    const object = join(folder, `${name}.o`);
    run([...more, ...MEMORY, `-DPROCESSOR=${name}`, '-c', join(SOURCE, 'kernels.c'), '-o', object]);
    return object;
  });
  const sources = ['geometry', 'cut', 'share'].map((name) => join(SOURCE, `${name}.c`));
  const driver = join(folder, 'driver');
  run([join(ROOT, 'test', 'kernels', 'native_driver.c'), ...sources, ...kernels, '-lpthread', '-lm', '-o', driver]);
  return driver;
}
