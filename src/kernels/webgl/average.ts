/**
 * Average pooling: x -> y, and its adjoint dy -> dx. Where all windows count the same, the divisor is a
 * uniform; else each output works out its own.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type Divisor, uniformCount, uniformDivisor } from '../../average';
import type { AxisGeometry, PoolGeometry } from '../../geometry';
import { fittedText, sizeText } from './fitted';
import {
  heightText,
  isPlanes,
  lanesText,
  madeText,
  positionText,
  sizes,
  trimText,
  widthText,
  xView,
  yView,
} from './layout';
import { type OverWindow, testsText, windowsText } from './over_windows';
import { isUnpacked, runShader } from './program';
import { type Lane, blockText, realText, valuesText, windowText } from './walk';

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
    text: madeText(
      `
      ${fittedText(g)}
      ${blockText(g, unpackedInputs)}
      ${uniform === undefined ? CELLS : ''}
      vec4 made(int n) {
        ${positionText('ySizes', 'n', g)}
        vec4 total = vec4(0.0);
        vec4 v;
        ${windowText(g, 'ascending', takeText)}
        vec4 y = total / ${uniform === undefined ? divisorText(g, divisor) : 'divisor'};
        ${trimText('y', 'ySizes', g)}
        return y;
      }`,
    ),
  });
}

/**
 * dy -> dx, in one pass: each gradient over what its window counts, added up. A quotient is never stored, as 16 bit might
 * not hold one of which many add up. dy must be packed.
 */
export function spreadPass(backend: MathBackendWebGL, g: PoolGeometry, dy: TensorInfo, divisor: Divisor): TensorInfo {
  const uniform = uniformDivisor(g, divisor);
  const { planes, rows, columns } = countTexts(g, divisor);
  const shareText =
    uniform === 1
      ? () => ''
      : (w: string) => ` / ${uniform === undefined ? `(rowCells * float(${columns(w)}))` : 'divisor'}`;
  const addText = ({ valueOf, output, lanes }: OverWindow) => {
    const value = `${valueOf('dy')}${shareText(output)}`;
    if (lanes.every(({ tests }) => tests.length === 0)) return `dx += ${value};`;
    return `dx += pick(${testsText(lanes)}, ${value}, vec4(0.0));`;
  };
  const beforeRow = (d: string, h: string) =>
    uniform === undefined ? `float rowCells = float(${planes(d)} * ${rows(h)});` : '';
  return runShader(backend, {
    inputs: { dy: { ...dy, shape: yView(g) } },
    outputShape: xView(g),
    dtype: 'float32',
    integers: sizes(g),
    floats: uniform === undefined || uniform === 1 ? {} : { divisor: uniform },
    text: madeText(
      `
      ${fittedText(g)}
      ${uniform === undefined ? CELLS : ''}
      vec4 made(int n) {
        ${positionText('xSizes', 'n', g)}
        vec4 dx = vec4(0.0);
        ${windowsText(g, ['dy'], addText, beforeRow)}
        ${trimText('dx', 'xSizes', g)}
        return dx;
      }`,
    ),
  });
}

/** One tap of all lanes: padding adds nothing, whatever stands where it would be. */
function takeText(lanes: readonly Lane[]): string {
  const isReal = realText(lanes);
  return `
    v = ${valuesText(lanes)};
    total += ${isReal === undefined ? 'v' : `pick(${isReal}, v, vec4(0.0))`};`;
}

/** How many taps of a window that starts at `start` lie on the positions from `from` to `end`. */
const CELLS = `
  int cells(int start, int window, int from, int end) {
    int first = start >= from ? start : from;
    int last = start + window < end ? start + window : end;
    return last - first;
  }
  int dilatedCells(int start, int window, int dilation, int from, int end) {
    int first = start >= from ? 0 : quotient(from - start + dilation - 1, dilation);
    int last = quotient(end - start + dilation - 1, dilation);
    return (last < window ? last : window) - first;
  }`;

/** GLSL for the divisors of the fragment's four outputs. */
function divisorText(g: PoolGeometry, divisor: Divisor): string {
  const { planes, rows, columns } = countTexts(g, divisor);
  const lane = (h: string, w: string) => `${planes('d')} * ${rows(h)} * ${columns(w)}`;
  const lines = isPlanes(g) ? ['2 * h', '(2 * h + 1)'] : ['h'];
  return lanesText(
    'vec4',
    lines.flatMap((h) => ['2 * w', '(2 * w + 1)'].map((w) => lane(h, w))),
  );
}

/** GLSL for what a window counts along each axis, from its place in y. */
function countTexts(g: PoolGeometry, divisor: Divisor) {
  const { depth, height, width } = g;
  return {
    planes: (d: string) => countText('d', depth, d, 'xSizes.x', divisor),
    rows: (h: string) => countText('h', height, h, heightText('xSizes', g), divisor),
    columns: (w: string) => countText('w', width, w, widthText('xSizes', g), divisor),
  };
}

function countText(name: 'd' | 'h' | 'w', axis: AxisGeometry, output: string, input: string, divisor: Divisor): string {
  const uniform = uniformCount(axis, divisor);
  if (uniform !== undefined) return `${uniform}`;
  if (axis.fitted) return sizeText(name, output);
  const { window, stride, dilation, padBefore, padAfter } = axis;
  const [from, end] = divisor === 'padded' ? [-padBefore, `${input} + ${padAfter}`] : [0, input];
  const start = `${output} * ${stride} - ${padBefore}`;
  return dilation === 1
    ? `cells(${start}, ${window}, ${from}, ${end})`
    : `dilatedCells(${start}, ${window}, ${dilation}, ${from}, ${end})`;
}
