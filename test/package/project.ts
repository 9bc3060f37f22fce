/**
 * A fresh project in a temporary folder that has the package installed from its tarball. tfjs is linked to this
 * repository's copies, so nothing is downloaded; what is not asked for cannot be found there.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Manifest, ROOT, packedTarball } from './packed';

/** What every consumer computes, and what it must get: values, gradient, a layer, and our kernels at work. */
export const REPORT = `
async function report(tf, pooling, backend) {
  if (backend) await tf.setBackend(backend);
  await tf.ready();
  const engine = tf.engine();
  const { runKernel } = engine;
  const kernels = new Set();
  engine.runKernel = function (name, ...rest) {
    const outputs = runKernel.call(engine, name, ...rest);
    kernels.add(name);
    return outputs;
  };
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const y = pooling.maxPool2d(x);
  const gradient = tf.grad((t) => tf.sum(pooling.maxPool2d(t)))(x);
  const layer = pooling.im2colMaxPooling2d({ poolSize: 2 });
  const z = layer.apply(x);
  engine.runKernel = runKernel;
  return {
    backend: tf.getBackend(), y: Array.from(await y.data()), gradient: Array.from(await gradient.data()),
    layer: layer.getClassName(), z: Array.from(await z.data()),
    kernels: [...kernels].filter((name) => name.startsWith('Im2Col')).sort(),
  };
}`;

export function expectedReport(backend: string) {
  return {
    backend,
    y: [4],
    gradient: [0, 0, 0, 1],
    layer: 'Im2ColMaxPooling2D',
    z: [4],
    kernels: ['Im2ColMaxPool', 'Im2ColMaxPoolArgmax', 'Im2ColScatterArgmax'],
  };
}

export interface Project {
  readonly folder: string;
  /** The installed package's folder, and its package.json. */
  readonly installed: string;
  readonly manifest: Manifest;
  write(files: Record<string, string>): void;
  /** Runs a program in the project; what it printed. Throws with all that it printed where it fails. */
  run(executable: string, args: string[]): string;
  /** Runs the Node of the tests. */
  node(args: string[]): string;
  /** The last line that Node printed, as JSON. */
  nodeJson(args: string[]): unknown;
  remove(): void;
}

/** `tfjs`: names of the packages under @tensorflow that the project has, those of `home`. */
export function makeProject(tfjs: readonly string[], manifest: object = {}, home = ROOT): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'im2col-project-')));
  const write = (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write({ 'package.json': JSON.stringify({ name: 'project', private: true, ...manifest }) });
  // Peers are linked below; npm would fetch them.
  execFileSync(
    'npm',
    ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--no-package-lock', packedTarball()],
    { cwd: folder, stdio: 'pipe' },
  );
  mkdirSync(join(folder, 'node_modules', '@tensorflow'), { recursive: true });
  for (const name of tfjs) {
    symlinkSync(join(home, 'node_modules', '@tensorflow', name), join(folder, 'node_modules', '@tensorflow', name));
  }
  const installed = join(folder, 'node_modules', 'tfjs-im2col-pooling');
  const run = (executable: string, args: string[]) =>
    execFileSync(executable, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  const node = (args: string[]) => run(process.execPath, args);
  return {
    folder,
    installed,
    manifest: JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest,
    write,
    run,
    node,
    nodeJson: (args) => JSON.parse(node(args).trim().split('\n').pop() ?? ''),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
