/** `map` of a tuple, whose result TypeScript otherwise takes for a list of any length. */

/** `f` of each element, as a tuple of the same length. */
export function mapTuple<const T extends readonly unknown[], R>(
  tuple: T,
  f: (element: T[number], index: number) => R,
): { -readonly [I in keyof T]: R } {
  return tuple.map(f) as { -readonly [I in keyof T]: R };
}
