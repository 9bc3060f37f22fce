// The native kernels under sanitizers: random poolings by test/kernels/native_driver.c, compiled with the address and the
// undefined behaviour sanitizer and then with the thread sanitizer. Needs gcc or clang with their runtime libraries (Debian's
// packages have them). All pieces of a job are shared between threads, however small it is.
//
//   node .ci/native_sanitizers.mjs [rounds]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileDriver } from './native_driver.mjs';

const SANITIZERS = {
  'address,undefined': ['-fno-sanitize-recover=all', '-fno-omit-frame-pointer'],
  thread: [],
};
const compiler = process.env.CC || 'cc';
const rounds = process.argv[2] ?? '1500';

for (const [sanitizer, own] of Object.entries(SANITIZERS)) {
  const folder = mkdtempSync(join(tmpdir(), 'im2col-sanitized-'));
  try {
    const flags = ['-O1', `-fsanitize=${sanitizer}`, ...own];
    const driver = compileDriver({ compiler, arch: process.arch, flags, folder });
    console.log(`${sanitizer}:`);
    execFileSync(driver, [rounds], { stdio: 'inherit', env: { ...process.env, TSAN_OPTIONS: 'halt_on_error=1' } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
