/** The "photograph": a synthetic mountain lake at dawn, computed here. Nobody took it, so nobody owns it. */

const SAMPLES = 6;
const HORIZON = 0.62;

/** size x size brightnesses from 0 to 1. */
export function photograph(size: number): Float32Array {
  const image = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) image[row * size + column] = pixel(row, column, size);
  }
  return image;
}

/** The mean of the scene over one pixel. */
function pixel(row: number, column: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < SAMPLES; i++) {
    for (let j = 0; j < SAMPLES; j++)
      sum += scene((column + (j + 0.5) / SAMPLES) / size, (row + (i + 0.5) / SAMPLES) / size);
  }
  return sum / SAMPLES ** 2;
}

/** Brightness at (u, v), both from 0 at the upper left to 1. The lake mirrors what stands above it, darker and rippled. */
function scene(u: number, v: number): number {
  if (v <= HORIZON) return above(u, v);
  const depth = v - HORIZON;
  const ripple = 0.012 * Math.sin(depth * 90) * (0.3 + depth);
  return 0.06 + 0.72 * above(u + ripple, HORIZON - 0.9 * depth);
}

function above(u: number, v: number): number {
  const near = HORIZON - 0.2 * ridge(u, 0.2, 0.34) - 0.05 * Math.sin(9 * u + 1) - 0.02;
  if (v > near && v > HORIZON - 0.2) return 0.1 + 0.05 * Math.sin(40 * u + 25 * v);
  const far = HORIZON - 0.46 * ridge(u, 0.36, 0.3) - 0.28 * ridge(u, 0.86, 0.28);
  if (v > far) {
    const snow = v < far + 0.09 + 0.03 * Math.sin(55 * u);
    const lit = Math.sin(30 * u + 12 * v) > 0 ? 0.08 : 0;
    return (snow ? 0.82 : 0.3) + lit;
  }
  const sun = Math.hypot(u - 0.7, v - 0.2);
  if (sun < 0.075) return 1;
  return Math.min(0.95, 0.42 + (0.38 * v) / HORIZON + 0.25 * Math.exp(-sun * 7));
}

/** A triangle of height 1 around `centre`. */
function ridge(u: number, centre: number, halfWidth: number): number {
  return Math.max(0, 1 - Math.abs(u - centre) / halfWidth);
}
