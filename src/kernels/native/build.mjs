/**
 * Compiles the native module with the C compiler of this machine: `cc`, or what CC names (`CC="ccache gcc"` works as well).
 *
 *   node src/kernels/native/build.mjs      writes prebuilt/<platform>-<arch>.node, and beside it what it is made of
 *
 * The same compiler makes the same bytes of the same source: no paths, no times and no build id go in.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
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
  // As node-gyp links addons. The linker makes the UUID of the contents; macOS 26 loads nothing without one.
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
};
const LIBRARIES = ['-lpthread', '-ldl'];
/** What to do where the compiler or the C library's headers are missing. */
const ADVICE = {
  linux:
    "Install gcc or clang with the C library's headers (Debian: gcc libc6-dev; Fedora: gcc glibc-devel; Alpine: gcc musl-dev), " +
    "or set CC to the compiler's name.",
  darwin: "Install Apple's command line tools (xcode-select --install), or set CC to the compiler's name.",
};
/** A compiler's complaint is cut here. */
const LONGEST = 200;

/** Where the module for this platform lies. */
export function moduleFile() {
  return join(HERE, 'prebuilt', `${process.platform}-${process.arch}.node`);
}

/** The compiler and the linker, as they call themselves. @throws Error if there is no compiler */
export function toolsNamed() {
  const linker = process.platform === 'linux' ? firstLine(runCompiler(['-Wl,--version'])) : 'ld';
  return `${firstLine(compilerVersion())}; ${linker}`;
}

function firstLine(text) {
  return text.trim().split('\n')[0];
}

/** @throws Error that says what to install */
function compilerVersion() {
  try {
    return runCompiler(['--version']);
  } catch (error) {
    throw new Error(`expected a C compiler: ${error.message.replace(/\.$/, '')}. ${ADVICE[process.platform]}`, {
      cause: error,
    });
  }
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
  const work = mkdtempSync(join(tmpdir(), 'im2col-native-'));
  const compile = (source, name, flags) => {
    const object = join(work, `${name}.o`);
    runCompiler([...FLAGS, ...flags, ...extra, '-c', `${source}.c`, '-o', object]);
    return object;
  };
  try {
    const kernels = Object.entries(PROCESSORS).map(([name, flags]) =>
      compile('kernels', name, [`-DPROCESSOR=${name}`, ...flags]),
    );
    const others = OTHERS.map((name) => compile(name, name, []));
    runCompiler([...link, ...extra, '-o', file, ...others, ...kernels, ...LIBRARIES]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What the compiler prints. @throws Error with what it complains of */
function runCompiler(args) {
  const [name, ...own] = (process.env.CC || 'cc').trim().split(/\s+/);
  try {
    const compiler = name.includes('/') ? resolve(name) : name;
    return execFileSync(compiler, [...own, ...args], { cwd: HERE, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    throw new Error(complaint(name, error), { cause: error });
  }
}

function complaint(name, { code, signal, status, stderr }) {
  if (code === 'ENOENT') return `'${name}' is not installed`;
  if (code) return `'${name}' cannot be run (${code})`;
  const said = stderr.trim() || (signal ? `it was ended by ${signal}` : `exit code ${status}`);
  const isHeaderMissing = /error: .*\.h\b.*(No such file|not found)/.test(said);
  return `'${name}' failed: ${cut(said)}${isHeaderMissing ? `\n${ADVICE[process.platform]}` : ''}`;
}

function cut(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text;
}

/** Compiles it to where it is looked for, once it loads in a fresh Node. Returns what kernels and how many threads it has. */
export function install() {
  if (!LINK[process.platform])
    throw new Error(`there are no native kernels for ${process.platform}: linux and macOS have them`);
  compilerVersion();
  const file = moduleFile();
  const partial = `${file}.partial`;
  mkdirSync(dirname(file), { recursive: true });
  // A folder that cannot be written is told before anything is compiled.
  writeFileSync(partial, '');
  try {
    build(partial);
    const now = loadedOnce(partial);
    renameSync(partial, file);
    return now;
  } finally {
    rmSync(partial, { force: true });
  }
}

/** @throws Error why this Node doesn't load it: CC may compile for another system */
function loadedOnce(file) {
  const program =
    'const m = { exports: {} }; process.dlopen(m, process.argv[1]); console.log(m.exports.configure(null, 0));';
  try {
    return execFileSync(process.execPath, ['-e', program, file], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch (error) {
    const { signal, status, stderr } = error;
    const [, reason = signal ?? `exit code ${status}`] = /^Error: (.*)/m.exec(stderr) ?? [];
    const here = `${process.platform} ${process.arch}`;
    throw new Error(`the compiled module does not load in this Node (${here}): ${cut(reason)}`, { cause: error });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(install());
  const file = moduleFile();
  const record = { tools: toolsNamed(), source: sourceHash(), module: hashOf(file) };
  writeFileSync(file.replace(/\.node$/, '.json'), `${JSON.stringify(record, null, 2)}\n`);
}
