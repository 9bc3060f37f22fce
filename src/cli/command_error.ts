/** What the command reports on stderr, without a stack, before it ends with status 2. */
export class CommandError extends Error {}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left on the disk'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EFBIG', 'the file is larger than the system allows'],
  ['ELOOP', 'symbolic links form a circle'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EISDIR', 'this is a folder'],
  ['EBUSY', 'the system is using it'],
]);

/** Why the file system refused, in words. */
export function reasonOf(error: unknown): string {
  return REASONS.get((error as NodeJS.ErrnoException).code ?? '') ?? oneLine(messageOf(error));
}

/** Why tfjs refused, in one line: its own texts are long, and end in lists. */
export function tfjsReason(error: unknown): string {
  const message = messageOf(error);
  const unknown = /^Unknown layer: (.*?)\. This may/s.exec(message)?.[1];
  if (unknown === undefined) return oneLine(message);
  return `Unknown layer: ${printable(unknown)}. This command knows the layers of tf.layers and of this package, no custom ones`;
}

/** The text on one line, cut where it is too long. */
export function oneLine(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ').trim());
  return line.length > 300 ? `${line.slice(0, 300)} ...` : line || 'no reason given';
}

/** A file may hold any text; a terminal shall not act on it. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
}
