/**
 * Slices of a tensor along one axis, put side by side and added up as a table says: how uneven windows are laid out,
 * and their gradients put back. No tensors and no tfjs import.
 */

/** What becomes of an axis: `to` slices, each a sum of slices of x. */
export interface Take {
  /** The number of the axis. */
  readonly axis: number;
  readonly to: number;
  /**
   * Where the slices of x lie: term 0 of each slice of the result, then term 1 of each, and so on. Terms add up in this
   * order. NOTHING is a slice of zeros. Made when it is asked for: it may be large.
   */
  readonly sources: () => Int32Array;
}

/** The one negative source. */
export const NOTHING = -1;

export function takenShape(shape: readonly number[], { axis, to }: Take): number[] {
  return shape.map((size, i) => (i === axis ? to : size));
}

/** Visits a term's runs: slices that follow one another in x as in the result, or nothing at all of them. */
export function forEachRun(
  sources: Int32Array,
  to: number,
  term: number,
  visit: (position: number, source: number, length: number) => void,
): void {
  const [first, end] = [term * to, (term + 1) * to];
  for (let at = first; at < end;) {
    const source = sources[at];
    const step = source === NOTHING ? 0 : 1;
    let length = 1;
    while (at + length < end && sources[at + length] === source + length * step) length++;
    visit(at - first, source, length);
    at += length;
  }
}
