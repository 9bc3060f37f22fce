/**
 * The folder in which files are written before they go where they belong. Its name has the writer's process number, and
 * owner.json says whose it is: a later run tells by them what a killed run has left.
 *
 * `new/` has the files to come. moves.json is there once they are complete, and lists the moves that follow: a file is moved
 * when `new/` has it no more, and `old/` has what it replaced.
 */
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, normalize, sep, win32 } from 'node:path';

const TOOL = 'tfjs-im2col-pooling';

/** One file's way from `new/` to the target folder. */
interface Move {
  /** Relative to either. */
  readonly path: string;
  readonly replaces: boolean;
}

/** @param name of the folder that is to be */
export function makePartial(parent: string, name: string): string {
  const partial = join(parent, `${prefixOf(name)}${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(partial);
  try {
    writeFileSync(join(partial, 'owner.json'), JSON.stringify({ tool: TOOL, host: hostname() }));
    mkdirSync(join(partial, 'new'));
    mkdirSync(join(partial, 'old'));
  } catch (error) {
    removePartial(partial);
    throw error;
  }
  return partial;
}

export function removePartial(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/**
 * Moves the files to `folder`, in their order. Runs without a pause, so that no signal is handled in between.
 *
 * @throws Error after which `folder` is as it was
 */
export function moveInto(folder: string, partial: string, paths: readonly string[]): void {
  const moves = paths.map((path): Move => ({ path, replaces: isThere(join(folder, path)) }));
  writeFileSync(join(partial, 'moves.json'), JSON.stringify(moves));
  const made: string[] = [];
  try {
    for (const { path, replaces } of moves) {
      const target = join(folder, path);
      made.push(...makeFolders(dirname(target)));
      if (replaces) keep(target, join(partial, 'old', path));
      move(join(partial, 'new', path), target);
    }
  } catch (error) {
    rollBack(folder, partial, moves);
    removeEmpty(made);
    throw error;
  }
}

/** Removes the partial folders of killed runs, in `parent`; `folder` gets back what such a run had replaced. */
export function cleanUp(parent: string, name: string, folder: string): void {
  for (const entry of entriesOf(parent).filter((one) => one.startsWith(prefixOf(name)))) {
    const pid = /-(\d+)-[0-9a-f]{8}$/.exec(entry)?.[1];
    const partial = join(parent, entry);
    if (pid === undefined || isAlive(Number(pid)) || !isOurs(partial)) continue;
    const moves = movesOf(partial);
    const isWhole = moves.every(({ path }) => !isThere(join(partial, 'new', path)));
    if (!isWhole) rollBack(folder, partial, moves);
    removePartial(partial);
  }
}

function prefixOf(name: string): string {
  return `.${name.slice(0, 50)}.partial-`;
}

/** Creates a folder and its parents; those that were missing, from the outermost. */
export function makeFolders(path: string): string[] {
  if (isThere(path)) return [];
  const made = makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    removeEmpty(made);
    throw error;
  }
  return [...made, path];
}

/** Removes folders, from the last to the first, unless there is something in them. */
export function removeEmpty(folders: readonly string[]): void {
  for (const folder of [...folders].reverse()) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

function rollBack(folder: string, partial: string, moves: readonly Move[]): void {
  for (const { path, replaces } of [...moves].reverse()) {
    if (isThere(join(partial, 'new', path))) continue;
    if (replaces) move(join(partial, 'old', path), join(folder, path));
    else rmSync(join(folder, path), { force: true });
  }
}

/** A second link, so that the target is never missing; a copy where the file system has no links. */
function keep(target: string, copy: string): void {
  mkdirSync(dirname(copy), { recursive: true });
  try {
    linkSync(target, copy);
  } catch {
    copyFileSync(target, copy);
  }
}

/** A folder of the target may be a mount point, to which nothing can be renamed. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = join(dirname(to), `.${TOOL}.partial-${randomBytes(4).toString('hex')}`);
    try {
      copyFileSync(from, beside);
      renameSync(beside, to);
    } finally {
      rmSync(beside, { force: true });
    }
    rmSync(from);
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Another machine's process cannot be seen from here, and another user's folder is none of our business. */
function isOurs(partial: string): boolean {
  try {
    const { tool, host } = JSON.parse(readFileSync(join(partial, 'owner.json'), 'utf8')) as Record<string, unknown>;
    const found = lstatSync(partial);
    const isMine = process.getuid === undefined || found.uid === process.getuid();
    return found.isDirectory() && isMine && tool === TOOL && host === hostname();
  } catch {
    return false;
  }
}

/** None where the files were not complete. */
function movesOf(partial: string): Move[] {
  try {
    const moves = JSON.parse(readFileSync(join(partial, 'moves.json'), 'utf8')) as Move[];
    return moves.filter(({ path }) => !win32.isAbsolute(path) && normalize(path).split(sep)[0] !== '..');
  } catch {
    return [];
  }
}

/** Also of another user's process, which may not be signalled. This process has left nothing yet. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A link that leads nowhere is there, too. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
