/** A cell of one of the page's matrices: what can be pointed at, pinned, and put in a link. */
import type { Shown } from './analysis';

/** The matrices whose cells stand for inputs, those of padding included, and for outputs. */
export const INPUT_GRIDS = ['x', 'dx', 'dx-builtin', 'unpooled'] as const;
const OUTPUT_GRIDS = ['y', 'dy', 'y-builtin'] as const;
export const GRIDS = [...INPUT_GRIDS, ...OUTPUT_GRIDS];
export type Grid = (typeof GRIDS)[number];

export interface Cell {
  readonly grid: Grid;
  /** Row by row. Cells of padding have the numbers after those of the image: see shared/frame.ts. */
  readonly index: number;
}

export const isInputCell = ({ grid }: Cell) => (INPUT_GRIDS as readonly Grid[]).includes(grid);

/** Whether there is such a cell to be seen. */
export function isThere({ result, analysis, withGradient, withBuiltin, withUnpooling }: Shown, cell: Cell): boolean {
  const { grid, index } = cell;
  const { builtin, windows } = result;
  if (grid === 'dx-builtin' && !builtin.dx) return false;
  if (!withBuiltin && grid.endsWith('-builtin')) return false;
  if (!withGradient && grid.startsWith('d')) return false;
  if (!withUnpooling && grid === 'unpooled') return false;
  if (isInputCell(cell)) return index < analysis.spots.length;
  return index < (grid === 'y-builtin' ? (builtin.y?.length ?? 0) : windows.length);
}

/** The output that a cell of {@link OUTPUT_GRIDS} is, or the built-in has in its place; undefined where ours has none. */
export function outputOf({ analysis }: Shown, { grid, index }: Cell): number | undefined {
  if (grid !== 'y-builtin') return index;
  const place = analysis.places[index];
  return place < 0 ? undefined : place;
}
