/**
 * Average pooling: x -> y, and its adjoint dy -> dx. Where all windows count the same, the divisor is a
 * uniform; else each output works out its own.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type Divisor, uniformCount, uniformDivisor } from '../../average';
import type { AxisGeometry, PoolGeometry } from '../../geometry';
import { conditionText } from './glsl_int';
import { positionText, sizes, trimText, widthText, xView, yView } from './layout';
import { type OverWindow, windowsText } from './over_windows';
import { isUnpacked, runShader } from './program';
import { type Lane, blockText, windowText } from './walk';

/** x -> y, in one pass. */
export function averagePass(backend: MathBackendWebGL, g: PoolGeometry, x: TensorInfo, divisor: Divisor): TensorInfo {
  const unpackedInputs = isUnpacked(backend, x);
  const uniform = uniformDivisor(g, divisor);
  return runShader(backend, {
    inputs: { x: { ...x, shape: xView(g) } },
    unpackedInputs,
    outputShape: yView(g),
    dtype: 'float32',
    integers: sizes(g),
    floats: uniform === undefined ? {} : { divisor: uniform },
    text: `
      ${blockText(g, unpackedInputs)}
      ${uniform === undefined ? CELLS : ''}
      void main() {
        ${positionText('ySizes', 'outputTexel()', g)}
        vec4 total = vec4(0.0);
        vec4 v;
        ${windowText(g, 'ascending', takeText)}
        vec4 y = total / ${uniform === undefined ? divisorText(g, divisor) : 'divisor'};
        ${trimText('y', 'ySizes', g.width.output, g.channels)}
        setOutput(y);
      }`,
  });
}

/** dy -> dx: one pass, or one more before it that divides where windows count differently. dy must be packed. */
export function spreadPasses(backend: MathBackendWebGL, g: PoolGeometry, dy: TensorInfo, divisor: Divisor): TensorInfo {
  const uniform = uniformDivisor(g, divisor);
  if (uniform !== undefined) return spreadPass(backend, g, dy, uniform);
  const shares = dividePass(backend, g, dy, divisor);
  const dx = spreadPass(backend, g, shares, 1);
  backend.disposeIntermediateTensorInfo(shares);
  return dx;
}

function spreadPass(backend: MathBackendWebGL, g: PoolGeometry, dy: TensorInfo, divisor: number): TensorInfo {
  const addText = ({ valueOf, lanes }: OverWindow) => {
    const value = `${valueOf('dy')}.xyxy${divisor === 1 ? '' : ' / divisor'}`;
    if (lanes.every(({ tests }) => tests.length === 0)) return `dx += ${value};`;
    const [first, second] = lanes.map(({ tests }) => conditionText(tests));
    return `dx += pick(bvec4(bvec2(${first}), bvec2(${second})), ${value}, vec4(0.0));`;
  };
  return runShader(backend, {
    inputs: { dy: { ...dy, shape: yView(g) } },
    outputShape: xView(g),
    dtype: 'float32',
    integers: sizes(g),
    floats: divisor === 1 ? {} : { divisor },
    text: `
      void main() {
        ${positionText('xSizes', 'outputTexel()', g)}
        vec4 dx = vec4(0.0);
        ${windowsText(g, ['dy'], addText)}
        ${trimText('dx', 'xSizes', g.width.input, g.channels)}
        setOutput(dx);
      }`,
  });
}

/** Each gradient over what its window counts. */
function dividePass(backend: MathBackendWebGL, g: PoolGeometry, dy: TensorInfo, divisor: Divisor): TensorInfo {
  return runShader(backend, {
    inputs: { dy: { ...dy, shape: yView(g) } },
    outputShape: yView(g),
    dtype: 'float32',
    integers: sizes(g),
    text: `
      ${CELLS}
      void main() {
        int n = outputTexel();
        ${positionText('ySizes', 'n', g)}
        vec4 share = texel(dy, texelsOf(dyTexShape), n) / ${divisorText(g, divisor)};
        ${trimText('share', 'ySizes', g.width.output, g.channels)}
        setOutput(share);
      }`,
  });
}

/** One tap of both lanes: padding adds nothing, whatever stands where it would be. */
function takeText(lanes: readonly Lane[]): string {
  const [first, second] = lanes.map(({ isReal }) => `${isReal}, ${isReal}`);
  const isWhole = lanes.every(({ isReal }) => isReal === 'true');
  return `
    v = vec4(${lanes[0].pair}, ${lanes[1].pair});
    total += ${isWhole ? 'v' : `pick(bvec4(${first}, ${second}), v, vec4(0.0))`};`;
}

/** How many taps of a window that starts at `start` lie on the positions from `from` to `end`. */
const CELLS = `
  int cells(int start, int window, int dilation, int from, int end) {
    int first = start >= from ? 0 : quotient(from - start + dilation - 1, dilation);
    int last = quotient(end - start + dilation - 1, dilation);
    return (last < window ? last : window) - first;
  }`;

/** GLSL for the divisors of the fragment's four outputs. */
function divisorText(g: PoolGeometry, divisor: Divisor): string {
  const { depth, height, width } = g;
  const planes = countText(depth, 'd', 'xSizes.x', divisor);
  const rows = countText(height, 'h', 'xSizes.y', divisor);
  const inWidth = (w: string) => countText(width, w, widthText('xSizes', width.input), divisor);
  const lane = (w: string) => `vec2(${planes} * ${rows} * ${inWidth(w)})`;
  return `vec4(${lane('2 * w')}, ${lane('(2 * w + 1)')})`;
}

function countText(axis: AxisGeometry, output: string, input: string, divisor: Divisor): string {
  const uniform = uniformCount(axis, divisor);
  if (uniform !== undefined) return `${uniform}`;
  const { window, stride, dilation, padBefore, padAfter } = axis;
  const [from, end] = divisor === 'padded' ? [-padBefore, `${input} + ${padAfter}`] : [0, input];
  return `cells(${output} * ${stride} - ${padBefore}, ${window}, ${dilation}, ${from}, ${end})`;
}
