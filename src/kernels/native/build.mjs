/**
 * Compiles the native module with the C compiler of this machine: `cc`, or what CC names.
 *
 *   node src/kernels/native/build.mjs      writes prebuilt/<platform>-<arch>.node, and beside it what it is made of
 *
 * The same compiler makes the same bytes of the same source: no paths, no times and no build id go in.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const FLAGS = [
  '-O3',
  '-std=gnu11',
  '-Wall',
  '-Wextra',
  '-fPIC',
  '-fvisibility=hidden',
  // Elements are read and written as what they are not, and int32 sums wrap around.
  '-fno-strict-aliasing',
  '-fwrapv',
  '-ffp-contract=off',
  '-fno-ident',
  '-fno-asynchronous-unwind-tables',
];
/** Kernels by processor, and the flags that each is compiled with. */
const PROCESSORS = { baseline: [], ...(process.arch === 'x64' && { avx2: ['-mavx2'] }) };
const OTHERS = ['geometry', 'cut', 'share', 'operations', 'module'];
const LINK = {
  linux: ['-shared', '-s', '-nostartfiles', '-Wl,--build-id=none', '-Wl,-z,relro,-z,now', '-Wl,--as-needed'],
  darwin: ['-dynamiclib', '-undefined', 'dynamic_lookup', '-Wl,-no_uuid'],
};
const LIBRARIES = ['-lpthread', '-ldl'];

/** Where the module for this platform lies. */
export function moduleFile() {
  return join(HERE, 'prebuilt', `${process.platform}-${process.arch}.node`);
}

/** The compiler and the linker, as they call themselves. @throws Error if there is no compiler */
export function toolsNamed(compiler = compilerNamed()) {
  const firstLine = (args) => execFileSync(compiler, args, { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n')[0];
  try {
    return `${firstLine(['--version'])}; ${process.platform === 'linux' ? firstLine(['-Wl,--version']) : 'ld'}`;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(
      `expected a C compiler: '${compiler}' is not installed. Install gcc or clang, or set CC to the compiler's name.`,
      { cause: error },
    );
  }
}

function compilerNamed() {
  return process.env.CC || 'cc';
}

/** The hash of all C source and of the flags. */
export function sourceHash() {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, PROCESSORS, OTHERS, LINK.linux, LIBRARIES]));
  for (const name of readdirSync(HERE).sort()) {
    if (/\.[ch]$/.test(name)) hash.update(`${name}\n`).update(readFileSync(join(HERE, name)));
  }
  return hash.digest('hex');
}

export function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Compiles the module into `file`; `extra` flags go to compiler and linker. @throws Error with what the compiler said */
export function build(file, { extra = [] } = {}) {
  const link = LINK[process.platform];
  if (!link) throw new Error(`there are no native kernels for ${process.platform}: linux and macOS have them`);
  const work = mkdtempSync(join(tmpdir(), 'im2col-native-'));
  const compile = (source, name, flags) => {
    const object = join(work, `${name}.o`);
    run([...FLAGS, ...flags, ...extra, '-c', `${source}.c`, '-o', object]);
    return object;
  };
  try {
    const kernels = Object.entries(PROCESSORS).map(([name, flags]) =>
      compile('kernels', name, [`-DPROCESSOR=${name}`, ...flags]),
    );
    const others = OTHERS.map((name) => compile(name, name, []));
    run([...link, ...extra, '-o', file, ...others, ...kernels, ...LIBRARIES]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(args) {
  try {
    execFileSync(compilerNamed(), args, { cwd: HERE, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    throw new Error(error.stderr?.trim() || error.message, { cause: error });
  }
}

/** Compiles it to where it is looked for, once it loads in a fresh Node. Returns what kernels and how many threads it has. */
export function install() {
  toolsNamed();
  const file = moduleFile();
  const partial = `${file}.partial`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    build(partial);
    const program =
      'const m = { exports: {} }; process.dlopen(m, process.argv[1]); console.log(m.exports.configure(null, 0));';
    const now = execFileSync(process.execPath, ['-e', program, partial], { encoding: 'utf8', stdio: 'pipe' }).trim();
    renameSync(partial, file);
    return now;
  } finally {
    rmSync(partial, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(install());
  const file = moduleFile();
  const record = { tools: toolsNamed(), source: sourceHash(), module: hashOf(file) };
  writeFileSync(file.replace(/\.node$/, '.json'), `${JSON.stringify(record, null, 2)}\n`);
}
