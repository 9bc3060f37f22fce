// Makes the backend of @tensorflow/tfjs-node usable for the tests, in .cache/tfjs-node: npm's package without its own copies of
// tfjs (so that it registers its kernels on the project's one copy), and libtensorflow with the addon that binds to it.
// libtensorflow comes from the package's own install step, or else (Linux x64) out of pip's tensorflow-cpu wheel, whose C API is
// the same; the addon is then compiled here. It is no dependency of the published package, and never installed into node_modules.
// Nothing half-done stays: all happens in a sibling folder, which is renamed only after a fresh Node has run maxPool on it.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CACHE, isProgram, reportMissing, ROOT, step } from './prepare.mjs';

const VERSION = '4.22.0';
const WHEEL = 'tensorflow-cpu';
const WHEEL_VERSION = '2.21.0';
const FINAL = join(CACHE, 'tfjs-node');
const PARTIAL = join(CACHE, 'tfjs-node.partial');
const PLATFORM = `${process.platform}-${process.arch}`;

const packageIn = (home) => join(home, 'node_modules', '@tensorflow', 'tfjs-node');
const remove = (path) => rmSync(path, { recursive: true, force: true });

/** What was verified on this kind of machine, or null. */
function verified() {
  try {
    const stamp = JSON.parse(readFileSync(join(FINAL, 'verified.json'), 'utf8'));
    return stamp.platform === PLATFORM && stamp.version === VERSION && existsSync(packageIn(FINAL)) ? stamp : null;
  } catch {
    return null;
  }
}

/** The folder of a usable @tensorflow/tfjs-node, to be given to require(); null when there is none. */
export function tfjsNodePath() {
  return verified() === null ? null : packageIn(FINAL);
}

async function installPackage() {
  await step(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--prefix',
      PARTIAL,
      `@tensorflow/tfjs-node@${VERSION}`,
    ],
    { cwd: PARTIAL, seconds: 240 },
  );
  const scope = dirname(packageIn(PARTIAL));
  readdirSync(scope)
    .filter((name) => name !== 'tfjs-node')
    .forEach((name) => remove(join(scope, name)));
}

/** The package's own step. It downloads libtensorflow and the addon from outside npm, which many machines cannot reach. */
async function ownInstallStep(folder, env) {
  const manifest = readFileSync(join(folder, 'package.json'));
  try {
    await step(process.execPath, ['scripts/install.js'], { cwd: folder, env, seconds: 60 });
  } catch (error) {
    // It rewrites package.json while it runs, and leaves what it had of deps/.
    writeFileSync(join(folder, 'package.json'), manifest);
    ['deps', 'lib', 'build'].forEach((name) => remove(join(folder, name)));
    throw error;
  }
}

/** Downloads the wheel: this version for this Python, this version for a Python that has it, any version. */
async function downloadWheel(folder) {
  const get = (...wanted) =>
    step('python3', [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary=:all:',
      '--retries',
      '1',
      '--dest',
      folder,
      ...wanted,
    ]);
  await get(`${WHEEL}==${WHEEL_VERSION}`).catch((error) =>
    get('--python-version', '3.11', `${WHEEL}==${WHEEL_VERSION}`).catch(() =>
      get(WHEEL).catch(() => Promise.reject(error)),
    ),
  );
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.whl')),
  );
}

// The headers that the binding includes, and the two libraries: the rest of the wheel is Python's.
const UNZIP = `
import sys, zipfile
wheel, target = sys.argv[1:]
headers = tuple('tensorflow/include/' + d for d in ('tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/'))
libraries = ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(target, [n for n in archive.namelist() if n.startswith(headers) or n in libraries])
`;

async function buildFromWheel(folder, env) {
  if (PLATFORM !== 'linux-x64') {
    throw new Error(`no way to get libtensorflow from a wheel on ${PLATFORM}`);
  }
  const wheelFolder = join(PARTIAL, 'wheel');
  const lib = join(folder, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  await step('python3', ['-c', UNZIP, await downloadWheel(wheelFolder), wheelFolder]);
  const unzipped = join(wheelFolder, 'tensorflow');
  renameSync(join(unzipped, 'include'), join(folder, 'deps', 'include'));
  for (const [file, ...links] of [
    ['libtensorflow_cc.so.2', 'libtensorflow.so', 'libtensorflow.so.2.9.1'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  ]) {
    renameSync(join(unzipped, file), join(lib, file));
    // A quarter of the library is symbols that nothing reads at run time; a machine without strip keeps them.
    await step('strip', ['--strip-unneeded', join(lib, file)]).catch(() => {});
    links.forEach((link) => symlinkSync(file, join(lib, link)));
  }
  remove(wheelFolder);
  await step('node-pre-gyp', ['install', '--build-from-source'], { cwd: folder, env });
  ['deps/include', 'build'].forEach((name) => remove(join(folder, name)));
}

// Run by a fresh Node: the addon loads, computes, and sits on the project's own tfjs.
const VERIFY = `
const [folder, root] = process.argv.slice(1);
const core = (from) => require.resolve('@tensorflow/tfjs-core', {paths: [from]});
if (core(folder) !== core(root)) throw new Error('a second tfjs-core: ' + core(folder));
const tf = require(folder);
const y = tf.maxPool(tf.tensor4d([1, 5, 2, 3], [1, 2, 2, 1]), 2, 2, 'valid').dataSync();
if (tf.getBackend() !== 'tensorflow' || y.length !== 1 || y[0] !== 5) throw new Error('maxPool is wrong: ' + y);
console.log(tf.backend().binding.TF_Version);
`;

async function install() {
  remove(PARTIAL);
  mkdirSync(PARTIAL, { recursive: true });
  await installPackage();
  const folder = packageIn(PARTIAL);
  // node-gyp downloads Node's headers unless it is told where they lie.
  const nodeHome = dirname(dirname(process.execPath));
  const env = { PATH: join(PARTIAL, 'node_modules', '.bin') + delimiter + process.env.PATH };
  if (existsSync(join(nodeHome, 'include', 'node', 'node_api.h'))) {
    env.npm_config_nodedir = nodeHome;
  }
  await ownInstallStep(folder, env).catch((error) => {
    console.log(`tfjs-node: its own install step failed (${error.message}); building on ${WHEEL}'s libtensorflow`);
    return buildFromWheel(folder, env);
  });
  const printed = await step(process.execPath, ['-e', VERIFY, folder, ROOT], {
    seconds: 120,
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  });
  const libtensorflow = printed.trim().split('\n').at(-1);
  writeFileSync(
    join(PARTIAL, 'verified.json'),
    JSON.stringify({ version: VERSION, platform: PLATFORM, libtensorflow }),
  );
  remove(FINAL);
  renameSync(PARTIAL, FINAL);
}

if (isProgram(import.meta.url)) {
  try {
    if (verified() === null) {
      console.log('tfjs-node: installing into .cache/tfjs-node');
      await install();
    }
    console.log(`tfjs-node: ${VERSION} with libtensorflow ${verified().libtensorflow}`);
  } catch (error) {
    remove(PARTIAL);
    reportMissing(
      ['node'],
      error.message,
      "needs npm, python3 with pip, make and g++ (Linux x64), or a network that tfjs-node's own install step can use",
    );
  }
}
