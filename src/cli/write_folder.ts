/** Files into a folder, all or none: written beside it first, then moved there. */
import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CommandError, messageOf } from './command_error';

/** A file to be: its text, or the file that it is a copy of. */
export interface FileToWrite {
  /** Relative to the folder. */
  readonly path: string;
  readonly from: { readonly text: string } | { readonly file: string };
}

/**
 * @param force replace files that are there; others in the folder stay
 * @throws CommandError if a file is there already; then, and at any other error, nothing has changed
 */
export async function writeFolder(given: string, files: readonly FileToWrite[], force: boolean): Promise<void> {
  const folder = resolve(given);
  const found = await stat(folder).catch(() => null);
  if (found && !found.isDirectory()) throw new CommandError(`${given}: this is a file; name a folder`);
  if (found && !force) await checkFree(given, folder, files);
  try {
    await mkdir(dirname(folder), { recursive: true });
    await removedAtTheEnd(await mkdtemp(join(dirname(folder), `.${basename(folder)}.partial-`)), async (partial) => {
      await fill(partial, files);
      if (!found) await rename(partial, folder);
      else await moveInto(folder, partial, files);
    });
  } catch (error) {
    throw new CommandError(`${given}: this cannot be written (${messageOf(error)})`);
  }
}

async function fill(partial: string, files: readonly FileToWrite[]): Promise<void> {
  for (const { path, from } of files) {
    const target = join(partial, path);
    await mkdir(dirname(target), { recursive: true });
    if ('text' in from) await writeFile(target, from.text);
    else await copyFile(from.file, target);
  }
}

/** Also when the user interrupts. */
async function removedAtTheEnd(partial: string, use: (partial: string) => Promise<void>): Promise<void> {
  const interrupted = () => {
    rmSync(partial, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    await use(partial);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await rm(partial, { recursive: true, force: true });
  }
}

async function checkFree(given: string, folder: string, files: readonly FileToWrite[]): Promise<void> {
  for (const { path } of files) {
    const isThere = await stat(join(folder, path)).then(
      () => true,
      () => false,
    );
    if (isThere) throw new CommandError(`${join(given, path)}: this file is there already; --force replaces it`);
  }
}

/** The model comes last: as long as it is the old one, so is what a reader finds. */
async function moveInto(folder: string, partial: string, files: readonly FileToWrite[]): Promise<void> {
  const modelLast = [...files].sort((a, b) => Number('text' in a.from) - Number('text' in b.from));
  for (const { path } of modelLast) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await rename(join(partial, path), join(folder, path));
  }
}

/** Whether two folders are one. */
export async function isSameFolder(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)));
  return first !== null && second !== null && first.ino === second.ino && first.dev === second.dev;
}
