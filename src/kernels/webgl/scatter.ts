/**
 * dy, argmax -> dx: each element of x gathers from the windows that it lies in, whichever name it.
 *
 * A fragment makes four elements of dx: two neighbours in width (its lanes) and two channels. The windows
 * over both lanes are consecutive outputs, so their texels of dy and argmax are read once for both.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { PoolGeometry } from '../../geometry';
import {
  type Int, conditionText, floatText, guarded, inChunks, linear, sum, testsOfRange, variable,
} from './glsl_int';
import { positionInts, positionText, sizes, trimText, widthText, xView, yView } from './layout';
import { half, runShader } from './program';
import { eachWindowOf, span, tapAt } from './windows_of';

/** dy and argmax must be {@link packed}. */
export function scatterPass(
  backend: MathBackendWebGL, g: PoolGeometry, dy: TensorInfo, argmax: TensorInfo,
): TensorInfo {
  return runShader(backend, {
    inputs: { dy: { ...dy, shape: yView(g) }, argmax: { ...argmax, shape: yView(g) } },
    outputShape: xView(g),
    dtype: dy.dtype,
    integers: sizes(g),
    text: `
      void main() {
        ${positionText('xSizes', 'outputTexel()', g)}
        ivec2 dyTexels = texelsOf(dyTexShape);
        ivec2 argmaxTexels = texelsOf(argmaxTexShape);
        vec4 dx = vec4(0.0);
        ${windowsText(g)}
        ${trimText('dx', 'xSizes', g.width.input, g.channels)}
        setOutput(dx);
      }`,
  });
}

/** More windows over an element become loops. */
const WRITTEN_OUT = 9;
const CHUNK = 8;

function windowsText(g: PoolGeometry): string {
  const { depth, height, width } = g;
  const { d, h } = positionInts('xSizes', g);
  const windows = [depth, height, width].reduce((product, axis) => product * Math.ceil(span(axis) / axis.stride), 1);
  const writtenOut = windows <= WRITTEN_OUT;
  return eachWindowOf('d', depth, d, 'ySizes.x', writtenOut, (overD) =>
    eachWindowOf('h', height, h, 'ySizes.y', writtenOut, (overH) => {
      const firstTap = linear(sum(linear(overD.tap, height.window), overH.tap), width.window);
      return `
        int row = ((b * ySizes.x + ${overD.output.text}) * ySizes.y + ${overH.output.text}) * ySizes.z;
        float firstTap = ${floatText(firstTap)};
        ${rowText(g, writtenOut)}`;
    }));
}

/**
 * The windows of one row: outputs q - k for k from kMax down to kMin, where q and r are the quotient and
 * remainder of lane 0's position by the stride. For strides 1 and 2, r is known.
 */
function rowText(g: PoolGeometry, writtenOut: boolean): string {
  const { stride, padBefore, input } = g.width;
  const w = { text: 'w', min: 0, max: half(input) - 1 };
  const padded = linear(w, 2, padBefore);
  const step = stride % 2 === 0 ? 2 : 1;
  const r = stride <= 2 ? variable('', padBefore % stride, padBefore % stride)
    : { text: 'wRest', min: padBefore % step, max: stride - step + padBefore % step };
  const kMax = Math.floor((span(g.width) - 1 - r.min) / stride);
  // Lane 1 may lie in one window more than lane 0.
  const kMin = r.max + 1 === stride ? -1 : 0;
  const start = stride <= 2 ? linear(w, 2 / stride, Math.floor(padBefore / stride) - kMax)
    : { text: 'wStart', min: Math.floor(padBefore / stride) - kMax, max: Math.floor(padded.max / stride) - kMax };
  const isOdd = stride === 1 ? Math.abs(start.min % 2) === 1 : undefined;
  const count = kMax - kMin + 1;
  const chunkSize = writtenOut ? count : CHUNK;
  return `
    ${stride <= 2 ? '' : `
      int wStart = quotient(${padded.text}, ${stride});
      int wRest = ${padded.text} - wStart * ${stride};
      wStart -= ${kMax};`}
    ${isOdd !== undefined ? `
      int origin = (row + w + ${Math.floor(start.min / 2)}) * ySizes.w + c;` : `
      int startTexel = int(floor(float(${start.text}) * 0.5));
      bool isOdd = ${start.text} > 2 * startTexel;
      int origin = (row + startTexel) * ySizes.w + c;`}
    ${inChunks('wForth', count, chunkSize, 'ascending', (chunk, size) => chunkText(g, {
      chunk, chunkSize, size, isOdd,
      output: (i) => sum(start, i),
      distance: (i) => sum(r, linear(i, -stride, kMax * stride)),
    }))}`;
}

/** `size` consecutive windows: number i of the row is `output(i)`; lane 0 lies `distance(i)` after its start. */
interface Windows {
  chunk: Int;
  chunkSize: number;
  size: number;
  /** Whether the first output is the second of its texel; undefined where only the fragment knows. */
  isOdd: boolean | undefined;
  output: (i: Int) => Int;
  distance: (i: Int) => Int;
}

function chunkText(g: PoolGeometry, { chunk, chunkSize, size, isOdd, output, distance }: Windows): string {
  const { width } = g;
  const pair = (name: string, t: number) => `${name}${Math.floor(t / 2)}.${t % 2 === 0 ? 'rg' : 'ba'}`;
  const pairOf = (name: string, t: number) => (isOdd === undefined
    ? `(isOdd ? ${pair(name, t + 1)} : ${pair(name, t)})` : pair(name, isOdd ? t + 1 : t));
  const texelCount = Math.floor((isOdd === false ? size - 1 : size) / 2) + 1;
  const adds = Array.from({ length: size }, (_, t) => {
    const i = linear(chunk, chunkSize, t);
    const taps = [0, 1].map((lane) => tapAt(width, linear(distance(i), 1, lane)));
    if (taps.every(({ tests }) => tests === 'never')) return '';
    const [first, second] = taps.map(({ tap, tests }) => {
      const name = `firstTap + ${floatText(tap)}`;
      // No argmax is half a tap.
      return tests === 'never' ? '-0.5' : tests.length === 0 ? name : `(${conditionText(tests)} ? ${name} : -0.5)`;
    });
    return guarded(testsOfRange(output(i), width.output, widthText('ySizes', width.output)), `
      vec4 taps = vec4(vec2(${first}), vec2(${second}));
      bvec4 isHere = equal(${pairOf('argmax', t)}.xyxy, taps);
      dx += pick(isHere, ${pairOf('dy', t)}.xyxy, vec4(0.0));`);
  });
  const readTexts = Array.from({ length: texelCount }, (_, n) => {
    const texel = `origin + ${linear(chunk, chunkSize / 2, n).text} * ySizes.w`;
    return `
      vec4 dy${n} = texel(dy, dyTexels, ${texel});
      vec4 argmax${n} = texel(argmax, argmaxTexels, ${texel});`;
  });
  return [...readTexts, ...adds].join('\n');
}
