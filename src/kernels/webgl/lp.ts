/** Lp pooling, x -> y, and its gradient x, y, dy -> dx: one pass each. Powers of whole numbers are multiplications. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { PoolGeometry } from '../../geometry';
import { LARGEST_FLOAT_CODE, factorsOf, rootPower } from '../power_code';
import { madeText, positionText, sizes, trimText, xView, yView } from './layout';
import { type OverWindow, testsText, windowsText } from './over_windows';
import { runShader } from './program';
import { type Lane, blockText, realText, valuesText, windowText } from './walk';

/** x must be packed. The window is walked twice: its elements are divided by the greatest magnitude, so that no power overflows. */
export function lpPoolPass(backend: MathBackendWebGL, g: PoolGeometry, x: TensorInfo, p: number): TensorInfo {
  return runShader(backend, {
    inputs: { x: { ...x, shape: xView(g) } },
    outputShape: yView(g),
    dtype: 'float32',
    integers: sizes(g),
    text: madeText(
      `
      ${blockText(g, false)}
      ${powerText(p)}
      ${rootText(p)}
      vec4 made(int n) {
        ${positionText('ySizes', 'n', g)}
        vec4 v;
        vec4 greatest = vec4(0.0);
        {
          ${windowText(g, 'ascending', (lanes) => takeText(lanes, 'greatest = max(greatest, abs(v));'))}
        }
        // An infinite one leaves the others' powers finite.
        vec4 scale = min(pick(equal(greatest, vec4(0.0)), vec4(1.0), greatest), vec4(${LARGEST_FLOAT_CODE}));
        vec4 total = vec4(0.0);
        {
          ${windowText(g, 'ascending', (lanes) => takeText(lanes, 'total += power(v / scale);'))}
        }
        vec4 y = scale * root(total);
        ${trimText('y', 'ySizes', g)}
        return y;
      }`,
    ),
  });
}

/** All must be packed. */
export function lpPoolGradientPass(
  backend: MathBackendWebGL,
  g: PoolGeometry,
  [x, y, dy]: readonly [TensorInfo, TensorInfo, TensorInfo],
  p: number,
): TensorInfo {
  return runShader(backend, {
    inputs: { x: { ...x, shape: xView(g) }, y: { ...y, shape: yView(g) }, dy: { ...dy, shape: yView(g) } },
    outputShape: xView(g),
    dtype: 'float32',
    integers: sizes(g),
    text: madeText(
      `
      ${powerText(p - 1)}
      vec4 made(int n) {
        vec4 own = texel(x, texelsOf(xTexShape), n);
        ${positionText('xSizes', 'n', g)}
        vec4 dx = vec4(0.0);
        ${windowsText(g, ['y', 'dy'], addText)}
        ${trimText('dx', 'xSizes', g)}
        return dx;
      }`,
    ),
  });
}

/** One tap of all lanes; padding counts as 0. */
function takeText(lanes: readonly Lane[], statement: string): string {
  const isReal = realText(lanes);
  const v = valuesText(lanes);
  return `
    v = ${isReal === undefined ? v : `pick(${isReal}, ${v}, vec4(0.0))`};
    ${statement}`;
}

/** What a window gives to all lanes; nothing where its norm is 0. */
function addText({ valueOf, lanes }: OverWindow): string {
  return `
    vec4 norm = ${valueOf('y')};
    bvec4 isZero = equal(norm, vec4(0.0));
    vec4 gift = ${valueOf('dy')} * power(own / pick(isZero, vec4(1.0), norm));
    dx += pick(${testsText(lanes)}, pick(isZero, vec4(0.0), gift), vec4(0.0));`;
}

/** The GLSL function `power`: v to the power of b, and 0 for 0 to a negative one. */
function powerText(b: number): string {
  const factors = factorsOf(b);
  if (factors) {
    return `
      vec4 power(vec4 v) {
        vec4 result = ${factors.isOdd ? 'v' : 'vec4(1.0)'};
        ${factors.squares.map((isFactor) => `v *= v; ${isFactor ? 'result *= v;' : ''}`).join('\n')}
        return result;
      }`;
  }
  const sign = !Number.isInteger(b) ? 'vec4(NAN)' : b % 2 === 0 ? 'magnitude' : '-magnitude';
  return `
    vec4 power(vec4 v) {
      bvec4 isZero = equal(v, vec4(0.0));
      vec4 magnitude = pow(pick(isZero, vec4(1.0), abs(v)), vec4(${b.toFixed(20)}));
      vec4 result = pick(lessThan(v, vec4(0.0)), ${sign}, pick(isZero, vec4(0.0), magnitude));
      return pick(isnan(v), v, result);
    }`;
}

/** The GLSL function `root`: NaN of negative sums, but Infinity of -Infinity, as the power of 1 / p has it. */
function rootText(p: number): string {
  if (p === 2) return 'vec4 root(vec4 total) { return sqrt(total); }';
  return `
    vec4 root(vec4 total) {
      bvec4 isZero = equal(total, vec4(0.0));
      vec4 magnitude = pow(pick(isZero, vec4(1.0), abs(total)), vec4(${rootPower(p).toFixed(20)}));
      bvec4 isNan = both(lessThan(total, vec4(0.0)), lessThanEqual(abs(total), vec4(${LARGEST_FLOAT_CODE})));
      vec4 result = pick(isNan, vec4(NAN), pick(isZero, vec4(0.0), magnitude));
      return pick(isnan(total), total, result);
    }`;
}
