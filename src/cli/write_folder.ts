/** Files into a folder, all or none: written beside it first, or in it where it is there already, then moved. */
import { createReadStream, createWriteStream, lstatSync, realpathSync, renameSync, statSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mapTuple } from '../map_tuple';
import { CommandError, reasonOf } from './command_error';
import { cleanUp, isThere, makeFolders, makePartial, moveInto, removeEmpty, removePartial } from './partial_folder';

/** A file to be: its text, its bytes, or the file that it is a copy of. */
export interface FileToWrite {
  /** Relative to the folder. */
  readonly path: string;
  readonly from: { readonly text: string } | { readonly bytes: Uint8Array } | { readonly file: string };
}

/**
 * @param force replace files that are there; others in the folder stay
 * @throws CommandError if a file is there already; then, and at any other error, nothing has changed
 */
export async function writeFolder(given: string, files: readonly FileToWrite[], force: boolean): Promise<void> {
  try {
    const folder = resolve(given);
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found && !found.isDirectory()) throw new CommandError(`${given}: this is a file; name a folder`);
    cleanUp(dirname(folder), basename(folder), folder);
    if (found) {
      cleanUp(folder, basename(folder), folder);
      checkTargets(given, folder, files, force);
      await writeInto(folder, files);
    } else await writeNew(folder, files);
  } catch (error) {
    throw error instanceof CommandError
      ? error
      : new CommandError(`${given}: this cannot be written (${reasonOf(error)})`);
  }
}

/** A folder that is not there yet comes into being with all its files. */
async function writeNew(folder: string, files: readonly FileToWrite[]): Promise<void> {
  const made = makeFolders(dirname(folder));
  try {
    await withPartial(dirname(folder), basename(folder), made, async (partial) => {
      await fill(join(partial, 'new'), files);
      renameSync(join(partial, 'new'), folder);
    });
  } catch (error) {
    removeEmpty(made);
    throw error;
  }
}

/** The folder may be a mount point, and its parent may be closed: all is done inside. */
async function writeInto(folder: string, files: readonly FileToWrite[]): Promise<void> {
  // The model comes last: as long as it is the old one, so is what a reader finds.
  const modelLast = [...files].sort((a, b) => Number('text' in a.from) - Number('text' in b.from));
  await withPartial(folder, basename(folder), [], async (partial) => {
    await fill(join(partial, 'new'), files);
    moveInto(
      folder,
      partial,
      modelLast.map(({ path }) => path),
    );
  });
}

/** Streams create files with the mode of new ones; copyFile would copy the mode, too. */
async function fill(folder: string, files: readonly FileToWrite[]): Promise<void> {
  for (const { path, from } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    if ('text' in from) await writeFile(target, from.text, { flag: 'wx' });
    else if ('bytes' in from) await writeFile(target, from.bytes, { flag: 'wx' });
    else await pipeline(createReadStream(from.file), createWriteStream(target, { flags: 'wx' }));
  }
}

/** Removed at the end; when the user interrupts, `made` goes with it. */
async function withPartial(
  parent: string,
  name: string,
  made: readonly string[],
  use: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = makePartial(parent, name);
  const interrupted = () => {
    removePartial(partial);
    removeEmpty(made);
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    await use(partial);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    removePartial(partial);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function checkTargets(given: string, folder: string, files: readonly FileToWrite[], force: boolean): void {
  for (const { path } of files) {
    const target = join(folder, path);
    const named = join(given, path);
    const found = lstatSync(target, { throwIfNoEntry: false });
    if (found && !force) throw new CommandError(`${named}: this file is there already; --force replaces it`);
    if (found?.isDirectory()) throw new CommandError(`${named}: this is a folder, where a file has to be written`);
    const outside = relative(realpathSync(folder), realpathSync(nearest(dirname(target))));
    if (outside.split(sep)[0] === '..') throw new CommandError(`${named}: a link on the way leads out of the folder`);
  }
}

/** The folder, or the first of its parents that is there. */
function nearest(folder: string): string {
  return isThere(folder) ? folder : nearest(dirname(folder));
}

/** Whether two folders are one. */
export async function isSameFolder(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all(mapTuple([a, b], (path) => stat(path).catch(() => null)));
  return first !== null && second !== null && first.ino === second.ino && first.dev === second.dev;
}
