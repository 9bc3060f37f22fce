/** The image with its padding around it, as the page draws it. */

/** Rows and columns of padding on each side. */
export interface Frame {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export const NO_FRAME: Frame = { top: 0, left: 0, bottom: 0, right: 0 };

export const hasPadding = ({ top, left, bottom, right }: Frame) => top + left + bottom + right > 0;

/** A cell by its row and column in the image; those of padding are below 0, or past the image's end. */
export type Spot = readonly [row: number, column: number];

/** All cells, row by row. */
function spotsIn({ top, left, bottom, right }: Frame, height: number, width: number): Spot[][] {
  return Array.from({ length: top + height + bottom }, (_, row) =>
    Array.from({ length: left + width + right }, (__, column): Spot => [row - top, column - left]),
  );
}

function isInside([row, column]: Spot, height: number, width: number): boolean {
  return row >= 0 && row < height && column >= 0 && column < width;
}

/** All cells by number: those of the image row by row, as if there were no padding; then those of the padding, row by row. */
export function spotsByNumber(frame: Frame, height: number, width: number): Spot[] {
  const all = spotsIn(frame, height, width).flat();
  const inside = all.filter((spot) => isInside(spot, height, width));
  return [...inside, ...all.filter((spot) => !isInside(spot, height, width))];
}

/** The number of each cell, row by row as {@link spotsIn}. */
export function numbersIn(frame: Frame, height: number, width: number): number[][] {
  const numbers = new Map(spotsByNumber(frame, height, width).map((spot, number) => [spot.join(), number]));
  return spotsIn(frame, height, width).map((row) => row.map((spot) => numbers.get(spot.join())!));
}
