/** The inputs that can be walked through: small enough to see each number, each of them with something of its own to see. */
export interface Input {
  readonly id: string;
  /** [batch, channels, height, width] */
  readonly shape: readonly [number, number, number, number];
  readonly values: readonly number[];
  readonly window: number;
  readonly stride: number;
  readonly padding: number;
}

const SIDE_BY_SIDE = { window: 2, stride: 2, padding: 0 } as const;

/** The textbook's own shape, and the numbers of examples/02_im2col_by_hand. */
const TEXTBOOK: Input = {
  id: 'textbook',
  shape: [2, 3, 4, 4],
  values: Array.from({ length: 96 }, (_, i) => (i * 37) % 20),
  ...SIDE_BY_SIDE,
};

const SMALL: Input = {
  id: 'small',
  shape: [1, 1, 4, 4],
  values: [1, 3, 2, 2, 4, 9, 2, 0, 5, 6, 8, 7, 5, 1, 3, 7],
  ...SIDE_BY_SIDE,
};

/** A corner below zero: there the textbook's padding, which is 0, would win. */
const OVERLAP: Input = {
  id: 'overlap',
  shape: [1, 1, 3, 3],
  values: [-4, -2, 1, -3, -5, 6, 2, 8, 3],
  window: 3,
  stride: 1,
  padding: 1,
};

const TIES: Input = {
  id: 'ties',
  shape: [1, 1, 4, 4],
  values: [7, 7, 0, 0, 7, 7, 0, 0, 3, 8, 6, 6, 8, 1, 6, 5],
  ...SIDE_BY_SIDE,
};

export const INPUTS: readonly Input[] = [SMALL, TEXTBOOK, OVERLAP, TIES];
