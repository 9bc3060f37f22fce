/**
 * `util.isNullOrUndefined` for tfjs-node. Each operation of tfjs-node 4.22 calls it, and Node 23 removed it: without it every
 * operation on Node 24 and 26 throws "isNullOrUndefined is not a function". Other parts of Node's `util` are left alone.
 */
interface NodeUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
}

/** Puts the function back where it is missing. Nothing happens outside of Node, and on Node 22 and older. */
export function restoreIsNullOrUndefined(): void {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return;
  const util = process.getBuiltinModule('util') as NodeUtil | undefined;
  if (util) util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}
