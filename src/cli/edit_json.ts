/** Values exchanged in the text of a JSON file; every other byte stays. */
import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** @returns null if there is nothing at a path */
export function editJson(
  text: string,
  changes: ReadonlyArray<{ readonly path: ReadonlyArray<string | number>; readonly value: unknown }>,
): string | null {
  const root = parseTree(text);
  const edits = changes.flatMap(({ path, value }) => {
    const node = root && findNodeAtLocation(root, [...path]);
    return node ? [{ ...node, replacement: JSON.stringify(value) }] : [];
  });
  if (edits.length < changes.length) return null;
  // From the end, so that offsets stay true.
  return edits
    .sort((a, b) => b.offset - a.offset)
    .reduce(
      (edited, { offset, length, replacement }) =>
        edited.slice(0, offset) + replacement + edited.slice(offset + length),
      text,
    );
}
