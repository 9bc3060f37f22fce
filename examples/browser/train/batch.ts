/** How training is cut into steps: what the page shows and what the worker does. No tensors and no tfjs import. */

/** Digits that one step sees. */
export const BATCH = 50;

export function stepsPerEpochOf(samples: number): number {
  return Math.ceil(samples / BATCH);
}
