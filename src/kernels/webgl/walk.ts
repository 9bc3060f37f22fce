/**
 * Walking a window, in GLSL: a fragment makes four outputs, two neighbours in width and two channels (or, of planes,
 * two rows), and reads input texels that their windows share once.
 */
import { type PoolGeometry, hasFitted } from '../../geometry';
import { mapTuple } from '../../map_tuple';
import { fittedWindowText } from './fitted';
import {
  CHUNK,
  type Int,
  type Tests,
  WRITTEN_OUT,
  allOf,
  conditionText,
  each,
  floatText,
  guarded,
  inChunks,
  linear,
  sum,
  testsOfRange,
} from './glsl_int';
import { type Half, componentsOf, heightText, isPlanes, lanesText, positions, widthText } from './layout';
import { Reads } from './reads';

/** A tap of one lane: GLSL for its element, or those of its two channels, and for whether it is real. */
export interface Lane {
  readonly value: string;
  readonly isReal: string;
}

/** `number`: a GLSL vec4 of the tap's number in the windows of the fragment's four outputs. */
export type TakeText = (lanes: readonly Lane[], number: string) => string;

/** GLSL for the four elements. */
export function valuesText(lanes: readonly Lane[]): string {
  return lanesText(
    'vec4',
    lanes.map(({ value }) => value),
  );
}

/** GLSL for `yes`, or `no` of those elements that are not real. */
export function realText(lanes: readonly Lane[]): string | undefined {
  if (lanes.every(({ isReal }) => isReal === 'true')) return undefined;
  return lanesText(
    'bvec4',
    lanes.map(({ isReal }) => isReal),
  );
}

/** Some taps in width: `size` from number `chunk * chunkSize` on. */
interface Chunk {
  readonly chunk: Int;
  readonly chunkSize: number;
  readonly size: number;
}

/** Where a tap is in height, for one lane. */
interface Row {
  /** GLSL for its line of texels. */
  readonly line: string;
  readonly half: Half;
  /** Planes alone have them; else the whole row is guarded. */
  readonly tests: Tests;
}

/** The GLSL function `block`, which reads a texel of x whichever way its texture holds it. */
export function blockText(g: PoolGeometry, isUnpacked: boolean): string {
  return isUnpacked ? blockOfElementsText(g) : BLOCK;
}

/** Four elements of x: two neighbours in width from 2 * w on, two in channels from 2 * c on or two rows. */
const BLOCK = `
  vec4 block(int line, int w, int c) { return texel(x, texelsOf(xTexShape), (line * xSizes.z + w) * xSizes.w + c); }`;

/** The same from an unpacked texture, which holds one element a texel. */
function blockOfElementsText(g: PoolGeometry): string {
  const width = widthText('xSizes', g);
  const first = isPlanes(g)
    ? `(2 * line - quotient(line, xSizes.y) * ${g.height.input % 2}) * ${width} + 2 * w`
    : `(line * ${width} + 2 * w) * next + 2 * c`;
  return `
    vec4 block(int line, int w, int c) {
      int next = ${isPlanes(g) ? width : `2 * xSizes.w - ${g.channels % 2}`};
      int n = ${first} + offsetx;
      return vec4(texel(x, xTexShape, n).r, texel(x, xTexShape, n + 1).r,
        texel(x, xTexShape, n + next).r, texel(x, xTexShape, n + next + 1).r);
    }`;
}

/**
 * GLSL that walks the windows of all lanes, tap by tap in either order: `takeText` is what it does with one.
 * Needs `block`, the uniforms xSizes and ySizes and a vec4 `v`; b, d, h, w and c as {@link positionText} sets them.
 */
export function windowText(g: PoolGeometry, order: 'ascending' | 'descending', takeText: TakeText): string {
  if (hasFitted(g)) return fittedWindowText(g, order, takeText);
  const { depth, height, width, taps } = g;
  const { d } = positions('ySizes', g);
  const writtenOut = taps <= WRITTEN_OUT;
  const chunkSize = writtenOut ? width.window : CHUNK;
  return each('td', depth.window, writtenOut, order, (td) => {
    const xd = sum(linear(d, depth.stride), linear(td, depth.dilation, -depth.padBefore));
    // Rows of planes share lines.
    const shared = isPlanes(g) && writtenOut ? new Reads() : undefined;
    const rows = each('th', height.window, writtenOut, order, (th) => {
      const firstTap = linear(sum(linear(td, height.window), th), width.window);
      const { before, tests, rows } = rowsOf(g, th);
      const taps = inChunks('tw', width.window, chunkSize, order, (chunk, size) => {
        const reads = shared ?? new Reads();
        const takes = chunkText(g, order, takeText, reads, rows, firstTap, { chunk, chunkSize, size });
        return shared ? takes : reads.text(blockOf) + takes;
      });
      return guarded(tests, before + taps);
    });
    return guarded(
      testsOfRange(xd, depth.input, 'xSizes.x'),
      `int plane = (b * xSizes.x + ${xd.text}) * xSizes.y;\n${shared?.text(blockOf) ?? ''}${rows}`,
    );
  });
}

function blockOf(place: string, number: number): string {
  return `vec4 x${number} = block(plane + ${place}, c);`;
}

/** Where tap `th` is in height, for each lane there. */
function rowsOf(g: PoolGeometry, th: Int): { before: string; tests: Tests; rows: Row[] } {
  const { stride, dilation, padBefore, input } = g.height;
  const { h } = positions('ySizes', g);
  const both = mapTuple(h, (lane, j) => {
    const xh = sum(linear(lane, h.length * stride, j * stride), linear(th, dilation, -padBefore));
    return { lane, xh, tests: testsOfRange(xh, input, heightText('xSizes', g)) };
  });
  if (!isPlanes(g)) return { before: '', tests: both[0].tests, rows: [{ line: both[0].xh.text, half: 0, tests: [] }] };
  const rows = both.map(({ lane, tests }, j): Row => {
    if (th.min !== th.max) return { line: `line${j}`, half: `isLower${j}`, tests };
    const position = j * stride + th.min * dilation - padBefore;
    return { line: linear(lane, stride, Math.floor(position / 2)).text, half: position % 2 === 0 ? 0 : 1, tests };
  });
  const before = both.map(
    ({ xh }, j) => `int line${j} = quotient(${xh.text}, 2);\nbool isLower${j} = ${xh.text} > 2 * line${j};\n`,
  );
  return { before: th.min === th.max ? '' : before.join(''), tests: [], rows };
}

/**
 * `size` taps in width, of windows 2 * w and 2 * w + 1: at 2 * w * stride + position, position known but
 * for the chunk. As chunkSize is even where there are chunks, it is known which half of a texel that is.
 */
function chunkText(
  g: PoolGeometry,
  order: 'ascending' | 'descending',
  takeText: TakeText,
  reads: Reads,
  rows: readonly Row[],
  firstTap: Int,
  { chunk, chunkSize, size }: Chunk,
): string {
  const { width } = g;
  const { w } = positions('ySizes', g);
  const takes: string[] = [];
  for (let i = 0; i < size; i++) {
    const t = order === 'ascending' ? i : size - 1 - i;
    const lanes = rows.flatMap(({ line, half, tests }) =>
      w.map((lane, j) => {
        const position = j * width.stride - width.padBefore + t * width.dilation;
        const column = linear(chunk, (chunkSize * width.dilation) / 2, Math.floor(position / 2));
        const xw = sum(linear(lane, 2 * width.stride), linear(chunk, chunkSize * width.dilation, position));
        return {
          value: componentsOf(
            g,
            `x${reads.of(`${line}, w * ${width.stride} + ${column.text}`)}`,
            half,
            Math.abs(position % 2),
          ),
          isReal: conditionText(allOf(tests, testsOfRange(xw, width.input, widthText('xSizes', g)))),
        };
      }),
    );
    const tap = linear(sum(firstTap, linear(chunk, chunkSize)), 1, t);
    if (lanes.some(({ isReal }) => isReal !== 'false')) takes.push(takeText(lanes, `vec4(${floatText(tap)})`));
  }
  return takes.join('\n');
}
