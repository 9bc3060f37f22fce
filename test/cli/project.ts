/** A user's project in a temporary folder: the built package installed in it, tfjs beside it, and its command run as a user runs it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const TSUP = join(ROOT, 'node_modules', 'tsup', 'dist', 'cli-default.js');
const TFJS = ['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu', 'tfjs-backend-wasm'];

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Project {
  readonly folder: string;
  /** The command, as `npx tfjs-im2col-pooling` starts it. */
  command(args: string[], env?: NodeJS.ProcessEnv): Ran;
  /** The command of a copy of the package, started in the copy's folder. */
  elsewhere(installed: string, args: string[]): Ran;
  /** A program in a fresh process, with the project's packages. */
  program(source: string): Ran;
  /** Installs a package that is on this machine. */
  link(name: string, from?: string): void;
  remove(): void;
}

/** Builds the package, without its types, into a new project. */
export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'im2col-project-'));
  const installed = join(folder, 'node_modules', 'tfjs-im2col-pooling');
  const dist = join(installed, 'dist');
  mkdirSync(join(folder, 'node_modules', '@tensorflow'), { recursive: true });
  const build = (args: string[]) =>
    execFileSync(process.execPath, [TSUP, ...args, '--out-dir', dist, '--silent'], { cwd: ROOT, stdio: 'pipe' });
  build(['--no-config', '--entry.index', 'src/index.ts', '--format', 'cjs', '--target', 'es2020']);
  build(['--config', '.ci/tsup.cli.config.mjs']);
  copyFileSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  const link = (name: string, from = join(ROOT, 'node_modules', name)) =>
    symlinkSync(from, join(folder, 'node_modules', name));
  TFJS.forEach((name) => link(`@tensorflow/${name}`));
  return {
    folder,
    link,
    command: (args, env) => run([join(dist, 'cli.js'), ...args], folder, env),
    elsewhere: (copy, args) => run([join(copy, 'dist', 'cli.js'), ...args], copy),
    program: (source) => run(['-e', source], folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function run(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '', ...env },
  });
  return { status, stdout, stderr };
}
