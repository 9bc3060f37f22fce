/** Remembers what was made of the last few lists of values: a loop or a layer asks for the same thing again and again. */
import { isArray } from './show';

/** How many are kept, if nobody says otherwise. */
export const MOST_RECENT = 4;

interface Entry<T> {
  readonly values: readonly unknown[];
  readonly made: T;
}
export type Recent<T> = Array<Entry<T>>;

/** The result for the same values, if it is remembered; else `make()`, of which nothing is kept if it throws. */
export function recently<T>(
  recent: Recent<T>,
  values: readonly unknown[],
  make: () => T,
  most: number = MOST_RECENT,
): T {
  for (const entry of recent) if (isSameList(entry.values, values)) return entry.made;
  const made = make();
  if (recent.length === most) recent.pop();
  recent.unshift({ values: values.map(copyOf), made });
  return made;
}

/** Users may change an array after the call. */
function copyOf(value: unknown): unknown {
  return Array.isArray(value) ? value.map(copyOf) : value;
}

/** Other objects than arrays are never the same: they cannot be told to be unchanged. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null) return a === b;
  return Array.isArray(a) && isArray(b) && isSameList(a, b);
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
  return true;
}
