/** Two ways to train the same network: the textbook's, and one that gets more out of it. */
import type { LayersModel } from '@tensorflow/tfjs';
import { SIDE, mulberry32, shuffled } from './data';

export interface Recipe {
  /** For people, behind "Adam". */
  readonly title: string;
  /** The digits of an epoch in the order in which they are learnt: as many as there are, or some of them more than once. */
  order(count: number, seed: number): Uint32Array;
  /** Of all training, `done` is the part that is behind: from 0 to 1. */
  learningRate(done: number): number;
  /** Digits are shifted by so many pixels at most, anew whenever they are seen. */
  readonly shift: number;
}

const RATE = 0.001;

export const RECIPES = {
  textbook: {
    title: `at ${RATE}; digits drawn with replacement`,
    order: drawn,
    learningRate: () => RATE,
    shift: 0,
  },
  shifted: {
    title: `from ${RATE} down to 0 along a half cosine; digits shuffled, and shifted by up to 2 pixels`,
    order: shuffled,
    learningRate: (done) => (RATE * (1 + Math.cos(Math.PI * done))) / 2,
    shift: 2,
  },
} as const satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;
export const RECIPE_NAMES = Object.keys(RECIPES) as RecipeName[];

/** `count` numbers below `count`, drawn with replacement, as the textbook's trainer draws a mini-batch. */
function drawn(count: number, seed: number): Uint32Array {
  const random = mulberry32(seed);
  return Uint32Array.from({ length: count }, () => Math.floor(random() * count));
}

/** For the step that comes. tfjs's Adam has a rate, but no method that sets it. */
export function setLearningRate(model: LayersModel, rate: number): void {
  Object.assign(model.optimizer, { learningRate: rate });
}

/** How far right and down, in pixels, each digit of an epoch is shifted; decided by `seed` alone. */
export function shiftsOf({ shift }: Recipe, seed: number): () => readonly [number, number] {
  const random = mulberry32(seed);
  const one = () => Math.floor(random() * (2 * shift + 1)) - shift;
  return () => (shift === 0 ? [0, 0] : [one(), one()]);
}

/** Writes a digit, shifted right and down, to `to`; what is shifted in is paper. */
export function shiftDigit(from: Uint8Array, [right, down]: readonly [number, number], to: Uint8Array): void {
  to.fill(0);
  for (let row = Math.max(0, down); row < Math.min(SIDE, SIDE + down); row++) {
    const source = (row - down) * SIDE;
    const [first, end] = [Math.max(0, -right), Math.min(SIDE, SIDE - right)];
    to.set(from.subarray(source + first, source + end), row * SIDE + first + right);
  }
}
