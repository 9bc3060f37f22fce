/** How training is cut into steps: what the page shows and what the worker does. No tensors and no tfjs import. */

/** Digits that one step sees. */
export const BATCH = 50;
/** So many digits can be learned from. */
export const SAMPLES: readonly number[] = [1000, 3000, 9000];
export const USUAL_SAMPLES = 3000;

export function stepsPerEpochOf(samples: number): number {
  return Math.ceil(samples / BATCH);
}
