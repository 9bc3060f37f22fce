/** The bytes of a file that the user names. */
import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { CommandError, reasonOf } from './command_error';

/** @throws CommandError if there is no such file, the system refuses, or `refusal` gives a reason */
export async function readBytes(
  given: string,
  path: string,
  refusal: (found: Stats) => Promise<string | false> | string | false,
): Promise<Buffer> {
  try {
    const found = await stat(path);
    const refused = await refusal(found);
    // To read from a pipe or a device may take for ever.
    if (refused || !found.isFile()) throw new CommandError(`${given}: ${refused || 'this is no regular file'}`);
    return await readFile(path);
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(`${given}: ${reasonOf(error)}`);
  }
}
