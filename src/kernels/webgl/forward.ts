/**
 * x -> y and x -> argmax, one pass each: WebGL programs of tfjs have one output.
 *
 * A fragment makes four outputs: two neighbours in width (its lanes) and two channels. Input texels that
 * its windows share are read once. Taps are walked from the last to the first, so that `>=` leaves the
 * first of equals, and the first NaN: with `propagate` a NaN always wins, with `ignore` it always loses.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { PoolGeometry } from '../../geometry';
import { type Int, conditionText, each, floatText, guarded, inChunks, linear, sum, testsOfRange } from './glsl_int';
import { positionInts, positionText, sizes, trimText, widthText, xView, yView } from './layout';
import { isUnpacked, runShader } from './program';

/** One pass over x: the greatest of each window, or its tap number. */
export function maxPoolPass(
  backend: MathBackendWebGL, g: PoolGeometry, x: TensorInfo, result: 'values' | 'argmax',
): TensorInfo {
  const unpackedInputs = isUnpacked(backend, x);
  return runShader(backend, {
    inputs: { x: { ...x, shape: xView(g) } },
    unpackedInputs,
    outputShape: yView(g),
    dtype: result === 'values' ? x.dtype : 'int32',
    integers: sizes(g),
    // What loses to every number, and with `ignore` to NaN as well.
    floats: { start: g.spec.nan === 'propagate' ? -Infinity : NaN },
    text: `
      ${unpackedInputs ? blockOfElementsText(g) : BLOCK}
      void main() {
        ${positionText('ySizes', 'outputTexel()', g)}
        vec4 best = vec4(start);
        vec4 tap = vec4(0.0);
        vec4 v;
        bvec4 wins;
        ${windowText(g, result)}
        vec4 result = ${result === 'values' ? 'best' : 'tap'};
        ${trimText('result', 'ySizes', g.width.output, g.channels)}
        setOutput(result);
      }`,
  });
}

/** Four elements of x: two neighbours in width from 2 * w on, two in channels from 2 * c on. */
const BLOCK = `
  vec4 block(int row, int w, int c) { return texel(x, texelsOf(xTexShape), (row * xSizes.z + w) * xSizes.w + c); }`;

/** The same from an unpacked texture, which holds one element a texel. */
function blockOfElementsText({ width, channels }: PoolGeometry): string {
  return `
    vec4 block(int row, int w, int c) {
      int all = 2 * xSizes.w - ${channels % 2};
      int n = (row * ${widthText('xSizes', width.input)} + 2 * w) * all + 2 * c + offsetx;
      return vec4(texel(x, xTexShape, n).r, texel(x, xTexShape, n + 1).r,
        texel(x, xTexShape, n + all).r, texel(x, xTexShape, n + all + 1).r);
    }`;
}

/** Windows of more taps become loops: programs that are too long compile slowly, or not at all. */
const WRITTEN_OUT = 9;
const CHUNK = 8;

function windowText(g: PoolGeometry, result: 'values' | 'argmax'): string {
  const { depth, height, width, taps } = g;
  const { d, h } = positionInts('ySizes', g);
  const writtenOut = taps <= WRITTEN_OUT;
  const chunkSize = writtenOut ? width.window : CHUNK;
  return each('td', depth.window, writtenOut, 'descending', (td) => {
    const xd = sum(linear(d, depth.stride), linear(td, depth.dilation, -depth.padBefore));
    const rows = each('th', height.window, writtenOut, 'descending', (th) => {
      const xh = sum(linear(h, height.stride), linear(th, height.dilation, -height.padBefore));
      const firstTap = linear(sum(linear(td, height.window), th), width.window);
      return guarded(testsOfRange(xh, height.input, 'xSizes.y'), `
        int row = (b * xSizes.x + ${xd.text}) * xSizes.y + ${xh.text};
        ${inChunks('tw', width.window, chunkSize, 'descending', (chunk, size) =>
          chunkText(g, result, chunk, chunkSize, size, firstTap))}`);
    });
    return guarded(testsOfRange(xd, depth.input, 'xSizes.x'), rows);
  });
}

/**
 * `size` taps in width, of windows 2 * w and 2 * w + 1: at 2 * w * stride + position, position known but
 * for the chunk. As chunkSize is even where there are chunks, it is known which half of a texel that is.
 */
function chunkText(
  g: PoolGeometry, result: 'values' | 'argmax', chunk: Int, chunkSize: number, size: number, firstTap: Int,
): string {
  const { width } = g;
  const { lanes } = positionInts('ySizes', g);
  const reads = new Map<number, string>();
  const takes: string[] = [];
  for (let t = size - 1; t >= 0; t--) {
    const both = lanes.map((lane, j) => {
      const position = j * width.stride - width.padBefore + t * width.dilation;
      const n = Math.floor(position / 2);
      const xw = sum(linear(lane, 2 * width.stride), linear(chunk, chunkSize * width.dilation, position));
      if (!reads.has(n)) reads.set(n, `x${reads.size}`);
      return {
        pair: `${reads.get(n)}.${position % 2 === 0 ? 'rg' : 'ba'}`,
        isReal: conditionText(testsOfRange(xw, width.input, widthText('xSizes', width.input))),
      };
    });
    const tap = linear(sum(firstTap, linear(chunk, chunkSize)), 1, t);
    takes.push(takeText(g, result, both, tap));
  }
  const readTexts = [...reads].map(([n, name]) => {
    const offset = linear(chunk, chunkSize * width.dilation / 2, n);
    return `vec4 ${name} = block(row, w * ${width.stride} + ${offset.text}, c);`;
  });
  return [...readTexts, ...takes].join('\n');
}

/** One tap of both lanes against the best so far. */
function takeText(
  g: PoolGeometry, result: 'values' | 'argmax', lanes: { pair: string; isReal: string }[], tap: Int,
): string {
  const nan = g.spec.nan === 'propagate' ? 'isnan(v)' : 'isnan(best)';
  const wins = `either(greaterThanEqual(v, best), ${nan})`;
  const [first, second] = lanes.map(({ isReal }) => `${isReal}, ${isReal}`);
  const isWhole = lanes.every(({ isReal }) => isReal === 'true');
  return `
    v = vec4(${lanes[0].pair}, ${lanes[1].pair});
    wins = ${isWhole ? wins : `both(bvec4(${first}, ${second}), ${wins})`};
    best = pick(wins, v, best);
    ${result === 'argmax' ? `tap = pick(wins, vec4(${floatText(tap)}), tap);` : ''}`;
}
