/** An order that only a seed decides. */

/** The numbers below `count`, shuffled (Fisher and Yates). */
export function shuffled(count: number, seed: number): Uint32Array {
  const random = generator(seed);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Numbers in [0, 1): a linear congruential generator, whose upper bits are good enough to shuffle by. */
function generator(seed: number): () => number {
  let state = (seed ^ 0x2545f491) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
