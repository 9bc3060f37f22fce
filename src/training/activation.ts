/** Activations that cost nothing: results are kept between two numbers. */

const CLAMPS: Readonly<Record<string, readonly [number, number] | undefined>> = {
  linear: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

/** The least and the greatest result; undefined for any other activation. */
export function clampOf(activation: string): readonly [number, number] | undefined {
  return CLAMPS[activation];
}
