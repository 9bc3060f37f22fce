/**
 * The way back for whole fragments, in GLSL: one makes four elements of dx, two neighbours in width (its
 * lanes) and two channels. The windows over both lanes are consecutive outputs, so texels of y's shape are read
 * once for both.
 */
import { type PoolGeometry, hasFitted } from '../../geometry';
import { fittedWindowsText } from './fitted';
import { type Int, type Tests, floatText, guarded, inChunks, linear, sum, testsOfRange, variable } from './glsl_int';
import { positionInts, widthText } from './layout';
import { half } from './program';
import { eachWindowOf, tapAt } from './windows_of';

/** More windows over an element become loops. */
const WRITTEN_OUT = 9;
const CHUNK = 8;

/** A window over the fragment's elements, for both of its channels. */
export interface OverWindow {
  /** GLSL for a tensor's two channels at this window. */
  readonly valueOf: (name: string) => string;
  /** GLSL for its place along the width of y. */
  readonly output: string;
  /** GLSL for the number, as a float, of the first tap of its row that meets the elements. */
  readonly firstTap: string;
  /** Which tap of that row each lane is, and the tests for its being one. */
  readonly lanes: ReadonlyArray<{ readonly tap: Int; readonly tests: Tests }>;
}

/** What a window gives: GLSL statements that add to a vec4 `dx`. */
export type AddText = (window: OverWindow) => string;
/** GLSL that comes before the windows of a row, which lies at (d, h) of y. */
export type BeforeRowText = (d: string, h: string) => string;

/**
 * GLSL that walks the windows over the fragment's elements in row-major order, and reads the texels of `names`,
 * tensors of y's shape, there. b, d, h, w and c as {@link positionText} sets them for x.
 */
export function windowsText(
  g: PoolGeometry,
  names: readonly string[],
  addText: AddText,
  beforeRow: BeforeRowText = () => '',
): string {
  if (hasFitted(g)) return fittedWindowsText(g, names, addText, beforeRow);
  const { depth, height, width } = g;
  const { d, h } = positionInts('xSizes', g);
  const windows = [depth, height, width].reduce((product, axis) => product * Math.ceil(axis.span / axis.stride), 1);
  const writtenOut = windows <= WRITTEN_OUT;
  const sizesText = names.map((name) => `ivec2 ${name}Texels = texelsOf(${name}TexShape);`).join('\n');
  return (
    sizesText +
    eachWindowOf('d', depth, d, 'ySizes.x', writtenOut, (overD) =>
      eachWindowOf('h', height, h, 'ySizes.y', writtenOut, (overH) => {
        const firstTap = linear(sum(linear(overD.tap, height.window), overH.tap), width.window);
        return `
        int row = ((b * ySizes.x + ${overD.output.text}) * ySizes.y + ${overH.output.text}) * ySizes.z;
        float firstTap = ${floatText(firstTap)};
        ${beforeRow(overD.output.text, overH.output.text)}
        ${rowText(g, writtenOut, names, addText)}`;
      }),
    )
  );
}

/**
 * The windows of one row: outputs q - k for k from kMax down to kMin, where q and r are the quotient and
 * remainder of lane 0's position by the stride. For strides 1 and 2, r is known.
 */
function rowText(g: PoolGeometry, writtenOut: boolean, names: readonly string[], addText: AddText): string {
  const { stride, padBefore, input } = g.width;
  const w = { text: 'w', min: 0, max: half(input) - 1 };
  const padded = linear(w, 2, padBefore);
  const step = stride % 2 === 0 ? 2 : 1;
  const r =
    stride <= 2
      ? variable('', padBefore % stride, padBefore % stride)
      : { text: 'wRest', min: padBefore % step, max: stride - step + (padBefore % step) };
  const kMax = Math.floor((g.width.span - 1 - r.min) / stride);
  // Lane 1 may lie in one window more than lane 0.
  const kMin = r.max + 1 === stride ? -1 : 0;
  const start =
    stride <= 2
      ? linear(w, 2 / stride, Math.floor(padBefore / stride) - kMax)
      : { text: 'wStart', min: Math.floor(padBefore / stride) - kMax, max: Math.floor(padded.max / stride) - kMax };
  const isOdd = stride === 1 ? Math.abs(start.min % 2) === 1 : undefined;
  const count = kMax - kMin + 1;
  const chunkSize = writtenOut ? count : CHUNK;
  return `
    ${
      stride <= 2
        ? ''
        : `
      int wStart = quotient(${padded.text}, ${stride});
      int wRest = ${padded.text} - wStart * ${stride};
      wStart -= ${kMax};`
    }
    ${
      isOdd !== undefined
        ? `
      int origin = (row + w + ${Math.floor(start.min / 2)}) * ySizes.w + c;`
        : `
      int startTexel = int(floor(float(${start.text}) * 0.5));
      bool isOdd = ${start.text} > 2 * startTexel;
      int origin = (row + startTexel) * ySizes.w + c;`
    }
    ${inChunks('wForth', count, chunkSize, 'ascending', (chunk, size) =>
      chunkText(g, names, addText, {
        chunk,
        chunkSize,
        size,
        isOdd,
        output: (i) => sum(start, i),
        distance: (i) => sum(r, linear(i, -stride, kMax * stride)),
      }),
    )}`;
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

function chunkText(
  g: PoolGeometry,
  names: readonly string[],
  addText: AddText,
  { chunk, chunkSize, size, isOdd, output, distance }: Windows,
): string {
  const { width } = g;
  const pair = (name: string, t: number) => `${name}${Math.floor(t / 2)}.${t % 2 === 0 ? 'rg' : 'ba'}`;
  const pairOf = (name: string, t: number) =>
    isOdd === undefined ? `(isOdd ? ${pair(name, t + 1)} : ${pair(name, t)})` : pair(name, isOdd ? t + 1 : t);
  const texelCount = Math.floor((isOdd === false ? size - 1 : size) / 2) + 1;
  const adds = Array.from({ length: size }, (_, t) => {
    const i = linear(chunk, chunkSize, t);
    const lanes = [0, 1].map((lane) => tapAt(width, linear(distance(i), 1, lane)));
    if (lanes.every(({ tests }) => tests === 'never')) return '';
    return guarded(
      testsOfRange(output(i), width.output, widthText('ySizes', width.output)),
      addText({ valueOf: (name) => pairOf(name, t), output: output(i).text, firstTap: 'firstTap', lanes }),
    );
  });
  const readTexts = Array.from({ length: texelCount }, (_, n) => {
    const texel = `origin + ${linear(chunk, chunkSize / 2, n).text} * ySizes.w`;
    return names.map((name) => `vec4 ${name}${n} = yTexel(${name}, ${name}Texels, ${texel});`).join('\n');
  });
  return [...readTexts, ...adds].join('\n');
}
