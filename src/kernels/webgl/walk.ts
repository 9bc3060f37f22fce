/**
 * Walking a window, in GLSL: a fragment makes four outputs, two neighbours in width (its lanes) and two
 * channels, and reads input texels that their windows share once.
 */
import { type PoolGeometry, hasFitted } from '../../geometry';
import { fittedWindowText } from './fitted';
import { type Int, conditionText, each, floatText, guarded, inChunks, linear, sum, testsOfRange } from './glsl_int';
import { positionInts, widthText } from './layout';

/** A tap of one lane: where its two channels are, and GLSL for whether it is real. */
export interface Lane {
  readonly pair: string;
  readonly isReal: string;
}

/** `number`: a GLSL vec4 of the tap's number in the windows of the fragment's four outputs. */
export type TakeText = (lanes: readonly Lane[], number: string) => string;

/** Some taps in width: `size` from number `chunk * chunkSize` on. */
interface Chunk {
  readonly chunk: Int;
  readonly chunkSize: number;
  readonly size: number;
  readonly firstTap: Int;
}

/** The GLSL function `block`, which reads a texel of x whichever way its texture holds it. */
export function blockText(g: PoolGeometry, isUnpacked: boolean): string {
  return isUnpacked ? blockOfElementsText(g) : BLOCK;
}

/** Four elements of x: two neighbours in width from 2 * w on, two in channels from 2 * c on. */
const BLOCK = `
  vec4 block(int row, int w, int c) { return xTexel(x, texelsOf(xTexShape), (row * xSizes.z + w) * xSizes.w + c); }`;

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

/**
 * GLSL that walks the windows of both lanes, tap by tap in either order: `takeText` is what it does with one.
 * Needs `block`, the uniforms xSizes and ySizes and a vec4 `v`; b, d, h, w and c as {@link positionText} sets them.
 */
export function windowText(g: PoolGeometry, order: 'ascending' | 'descending', takeText: TakeText): string {
  if (hasFitted(g)) return fittedWindowText(g, order, takeText);
  const { depth, height, width, taps } = g;
  const { d, h } = positionInts('ySizes', g);
  const writtenOut = taps <= WRITTEN_OUT;
  const chunkSize = writtenOut ? width.window : CHUNK;
  return each('td', depth.window, writtenOut, order, (td) => {
    const xd = sum(linear(d, depth.stride), linear(td, depth.dilation, -depth.padBefore));
    const rows = each('th', height.window, writtenOut, order, (th) => {
      const xh = sum(linear(h, height.stride), linear(th, height.dilation, -height.padBefore));
      const firstTap = linear(sum(linear(td, height.window), th), width.window);
      return guarded(
        testsOfRange(xh, height.input, 'xSizes.y'),
        `
        int row = (b * xSizes.x + ${xd.text}) * xSizes.y + ${xh.text};
        ${inChunks('tw', width.window, chunkSize, order, (chunk, size) =>
          chunkText(g, order, takeText, { chunk, chunkSize, size, firstTap }),
        )}`,
      );
    });
    return guarded(testsOfRange(xd, depth.input, 'xSizes.x'), rows);
  });
}

/**
 * `size` taps in width, of windows 2 * w and 2 * w + 1: at 2 * w * stride + position, position known but
 * for the chunk. As chunkSize is even where there are chunks, it is known which half of a texel that is.
 */
function chunkText(
  g: PoolGeometry,
  order: 'ascending' | 'descending',
  takeText: TakeText,
  { chunk, chunkSize, size, firstTap }: Chunk,
): string {
  const { width } = g;
  const { lanes } = positionInts('ySizes', g);
  const reads = new Map<number, string>();
  const takes: string[] = [];
  for (let i = 0; i < size; i++) {
    const t = order === 'ascending' ? i : size - 1 - i;
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
    takes.push(takeText(both, `vec4(${floatText(tap)})`));
  }
  const readTexts = [...reads].map(([n, name]) => {
    const offset = linear(chunk, (chunkSize * width.dilation) / 2, n);
    return `vec4 ${name} = block(row, w * ${width.stride} + ${offset.text}, c);`;
  });
  return [...readTexts, ...takes].join('\n');
}
