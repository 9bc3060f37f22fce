/** A user's project in a temporary folder: the packed package installed in it, tfjs beside it, and its command run as a user runs it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, packedTarball } from '../package/packed';

const TFJS = ['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu', 'tfjs-backend-wasm', 'tfjs-backend-webgpu'];

interface Ran {
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

/** A new project with the package in it as it would be published. */
export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'im2col-project-'));
  const installed = join(folder, 'node_modules', 'tfjs-im2col-pooling');
  const dist = join(installed, 'dist');
  mkdirSync(join(folder, 'node_modules', '@tensorflow'), { recursive: true });
  mkdirSync(installed);
  execFileSync('tar', ['xzf', packedTarball(), '--strip-components=1', '-C', installed]);
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
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '', COLUMNS: '', ...env },
  });
  return { status, stdout, stderr };
}
