/** Lp pooling, x -> y, and its gradient x, y, dy -> dx: one pass each. Powers of whole numbers are multiplications. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { PoolGeometry } from '../../geometry';
import { LARGEST_FLOAT_CODE, factorsOf, rootPower } from '../power_code';
import { NAN_BITS } from './max_pool';
import { axesOf, runProgram } from './program';
import { MOST_UNROLLED, type TapCode, loopedTaps, unrolledTaps, windowStart } from './taps';
import { tileProgram } from './tiles';

/** The window is walked twice: its elements are divided by the greatest magnitude, so that no power overflows. */
export function lpPool(backend: WebGPUBackend, g: PoolGeometry, x: TensorInfo, p: number): TensorInfo {
  return runProgram(backend, {
    key: `lp_${p}`,
    geometry: g,
    inputs: [{ name: 'x', info: x }],
    output: { shape: g.yShape, dtype: 'float32' },
    declarations: `${NAN_BITS}\n${powerCode(p)}\n${rootCode(p)}`,
    body: () => {
      const axes = axesOf(g);
      const eachTap = (visit: TapCode) => (g.taps <= MOST_UNROLLED ? unrolledTaps : loopedTaps)(axes, visit);
      return `${windowStart(axes)}
  var greatest = V(0);
  {
${eachTap((value) => `  greatest = max(greatest, abs(${value}));`)}
  }
  // An infinite one leaves the others' powers finite.
  let scale = min(select(greatest, V(1), greatest == V(0)), V(${LARGEST_FLOAT_CODE}));
  var total = V(0);
  {
${eachTap((value, _, real) => {
  const power = `power(${value} / scale)`;
  return `  total += ${real ? `select(V(0), ${power}, ${real})` : power};`;
})}
  }
  result[index] = scale * root(total);`;
    },
  });
}

export function lpPoolGradient(
  backend: WebGPUBackend,
  g: PoolGeometry,
  [x, y, dy]: readonly [TensorInfo, TensorInfo, TensorInfo],
  p: number,
): TensorInfo {
  const { key, grid, body } = tileProgram(g, {
    // Nothing where the norm is 0, nor where there is no window. NaN is for some not unequal to 0.
    read: (at, real) => `let at = ${at}; let norm = y[at]; let share = dy[at];
    let counts = ((norm != V(0)) | isNan(norm))${real ? ` & B(${real})` : ''};`,
    after: (dx, _, element) => `${dx} + select(V(0), share * power(x[${element}] / norm), counts)`,
  });
  return runProgram(backend, {
    key: `lpGradient_${p}_${key}`,
    geometry: g,
    inputs: [
      { name: 'x', info: x },
      { name: 'y', info: y },
      { name: 'dy', info: dy },
    ],
    output: { shape: g.xShape, dtype: 'float32' },
    grid,
    declarations: `${NAN_BITS}\n${powerCode(p - 1)}`,
    body,
  });
}

/** The function `power`: v to the power of b, and 0 for 0 to a negative one. */
function powerCode(b: number): string {
  const factors = factorsOf(b);
  if (factors) {
    const squares = factors.squares.map((isFactor) => `square *= square; ${isFactor ? 'result *= square;' : ''}`);
    return `
fn power(v : V) -> V {
  var result = ${factors.isOdd ? 'v' : 'V(1)'};
  var square = v;
  ${squares.join('\n  ')}
  return result;
}`;
  }
  const negative = !Number.isInteger(b) ? 'V(uniforms.NAN)' : b % 2 === 0 ? 'magnitude' : '-magnitude';
  return `
fn power(v : V) -> V {
  let magnitude = pow(select(abs(v), V(1), v == V(0)), V(${b}));
  let result = select(select(magnitude, V(0), v == V(0)), ${negative}, v < V(0));
  return select(result, v, isNan(v));
}`;
}

/** The function `root`: NaN of negative sums, but Infinity of -Infinity, as the power of 1 / p has it. */
function rootCode(p: number): string {
  if (p === 2) return 'fn root(total : V) -> V { return sqrt(total); }';
  return `
fn root(total : V) -> V {
  let magnitude = pow(select(abs(total), V(1), total == V(0)), V(${rootPower(p)}));
  let isNegative = (total < V(0)) & (abs(total) <= V(${LARGEST_FLOAT_CODE}));
  let result = select(select(magnitude, V(0), total == V(0)), V(uniforms.NAN), isNegative);
  return select(result, total, isNan(total));
}`;
}
