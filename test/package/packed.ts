/**
 * The package as npm would publish it: `npm pack` of the present sources, made once for all test files.
 *
 * It lies in .cache/package under a hash of everything that goes into it; so it is never stale, and not made
 * again while nothing changes. Test files run side by side; a lock lets one of them build.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
const HOME = join(ROOT, '.cache', 'package');
const LOCK = join(HOME, 'lock');
const SOURCES = ['src', '.ci', 'package.json', 'tsconfig.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];

/** What package.json says, as far as tests ask. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Record<string, string>;
  readonly unpkg: string;
  readonly jsdelivr: string;
  readonly exports: Record<string, string | Record<'import' | 'require', { types: string; default: string }>>;
  readonly typesVersions: Record<string, Record<string, string[]>>;
  readonly sideEffects: string[];
  readonly scripts: Record<string, string>;
  readonly engines: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly dependencies?: Record<string, string>;
}

/** The tarball of the present sources. */
export function packedTarball(): string {
  const folder = join(HOME, sourceHash());
  const tarball = join(folder, 'package.tgz');
  if (existsSync(tarball)) return tarball;
  return locked(() => {
    if (existsSync(tarball)) return tarball;
    for (const old of readdirSync(HOME)) if (join(HOME, old) !== LOCK) rmSync(join(HOME, old), { recursive: true });
    mkdirSync(folder, { recursive: true });
    renameSync(pack(folder), tarball);
    return tarball;
  });
}

/** Builds and packs into `folder`, whatever is there already. Call inside of {@link locked}. */
export function pack(folder: string): string {
  const printed = execFileSync('npm', ['pack', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const filename = printed.trim().split('\n').pop() ?? '';
  return join(folder, filename);
}

/** Runs `f` while no other test file builds. */
export function locked<T>(f: () => T): T {
  mkdirSync(HOME, { recursive: true });
  while (!tryLock()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    return f();
  } finally {
    rmSync(LOCK);
  }
}

function tryLock(): boolean {
  try {
    writeFileSync(LOCK, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch {
    // A run that was killed leaves its lock behind.
    if (existsSync(LOCK) && !isAlive(Number(readFileSync(LOCK, 'utf8')))) rmSync(LOCK, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid === 0 || process.kill(pid, 0);
  } catch {
    return false;
  }
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(filesIn)) hash.update(`${path}\n`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex').slice(0, 16);
}

/** A file itself, or all files of a folder, sorted. */
export function filesIn(path: string): string[] {
  if (!existsSync(join(ROOT, path))) throw new Error(`expected ${path} in the repository; got nothing.`);
  const entries = readdirOrNull(path);
  return entries === null ? [path] : entries.sort().flatMap((name) => filesIn(`${path}/${name}`));
}

function readdirOrNull(path: string): string[] | null {
  try {
    return readdirSync(join(ROOT, path));
  } catch {
    return null;
  }
}
