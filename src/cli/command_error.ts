/** What the command reports on stderr, without a stack, before it ends with status 2. */
export class CommandError extends Error {}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
