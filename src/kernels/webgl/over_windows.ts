/**
 * The way back for whole fragments, in GLSL: one makes four elements of dx, two neighbours in width and two
 * channels (or, of planes, two rows). The windows over both lanes of an axis are consecutive outputs, so texels of
 * y's shape are read once for both.
 */
import { type PoolGeometry, hasFitted } from '../../geometry';
import { fittedWindowsText } from './fitted';
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
import { type OverBoth, eachWindowOf, overBoth, tapAt } from './windows_of';

/** A window over the fragment's elements. */
export interface OverWindow {
  /** GLSL for a tensor's value at this window, as a vec4: for each of the four elements. */
  readonly valueOf: (name: string) => string;
  /** GLSL for its place along the width of y. */
  readonly output: string;
  /** Each lane: GLSL for the number, as a float, of the tap that it is, and the tests for its being one. */
  readonly lanes: ReadonlyArray<{ readonly number: string; readonly tests: Tests }>;
}

/** What a window gives: GLSL statements that add to a vec4 `dx`. */
export type AddText = (window: OverWindow) => string;
/** GLSL that comes before the windows of a row, which lies at (d, h) of y. */
export type BeforeRowText = (d: string, h: string) => string;

/** GLSL for the four tests. */
export function testsText(lanes: OverWindow['lanes']): string {
  return lanesText(
    'bvec4',
    lanes.map(({ tests }) => conditionText(tests)),
  );
}

/** A row of y. */
interface Row {
  /** GLSL for its place along the height of y, and for its line of texels. */
  readonly output: string;
  readonly line: string;
  readonly half: Half;
  /** Which row of taps each lane in height is, and the tests for its being one. */
  readonly lanes: ReadonlyArray<{ readonly tap: Int; readonly tests: Tests }>;
}

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
  const windows = [depth, height, width].reduce((product, axis) => product * Math.ceil(axis.span / axis.stride), 1);
  const writtenOut = windows <= WRITTEN_OUT;
  const columns = overBoth('w', width);
  const rows = isPlanes(g) ? overBoth('h', height) : undefined;
  const readText = (place: string, number: number) =>
    names
      .map((name) => `vec4 ${name}${number} = texel(${name}, ${name}Texels, ((plane + ${place}) * ySizes.w + c);`)
      .join('\n');
  const planeText = (d: string, tapOfDepth: Int) => {
    // Rows of planes have lines of texels in common.
    const shared = writtenOut && rows?.isOdd !== undefined ? new Reads() : undefined;
    const text = eachRow(g, rows, writtenOut, (row) => {
      const taps = row.lanes.map(({ tap }) => linear(sum(linear(tapOfDepth, height.window), tap), width.window));
      return `
        ${taps.map((tap, j) => `float firstTap${j} = ${floatText(tap)};`).join('\n')}
        ${beforeRow(d, row.output)}
        ${rowText(g, row, columns, writtenOut, { readText, shared, addText })}`;
    });
    return `
      int plane = (b * ySizes.x + ${d}) * ySizes.y;
      ${shared?.text(readText) ?? ''}
      ${text}`;
  };
  return `
    ${names.map((name) => `ivec2 ${name}Texels = texelsOf(${name}TexShape);`).join('\n')}
    ${columns.before}
    ${rows?.before ?? ''}
    ${eachWindowOf('d', depth, positions('xSizes', g).d, 'ySizes.x', writtenOut, ({ output, tap }) =>
      planeText(output.text, tap),
    )}`;
}

/** `body` with each row of y that has windows over the fragment's elements. `planes`: the windows over both rows, of planes. */
function eachRow(
  g: PoolGeometry,
  planes: OverBoth | undefined,
  writtenOut: boolean,
  body: (row: Row) => string,
): string {
  const { height } = g;
  if (!planes) {
    return eachWindowOf('h', height, positions('xSizes', g).h[0], 'ySizes.y', writtenOut, ({ output, tap }) =>
      body({ output: output.text, line: output.text, half: 0, lanes: [{ tap, tests: [] }] }),
    );
  }
  const { count, output, distance, texel, isOdd } = planes;
  return each('hForth', count, writtenOut, 'ascending', (i) => {
    const out = output(i);
    const lanes = [0, 1].map((lane) => tapAt(height, linear(distance(i), 1, lane)));
    if (lanes.every(({ tests }) => tests === 'never')) return '';
    const isKnown = isOdd !== undefined && i.min === i.max;
    const fromFirst = i.min + Number(isOdd);
    const row: Row = isKnown
      ? {
          output: out.text,
          line: linear(texel, 1, Math.floor(fromFirst / 2)).text,
          half: fromFirst % 2 === 0 ? 0 : 1,
          lanes,
        }
      : { output: out.text, line: 'line', half: 'isLower', lanes };
    const before = isKnown ? '' : `int line = quotient(${out.text}, 2);\nbool isLower = ${out.text} > 2 * line;`;
    return guarded(testsOfRange(out, height.output, heightText('ySizes', g)), before + body(row));
  });
}

/** How texels are read and used. `shared`: those that all rows read; else each reads its own. */
interface Use {
  readonly readText: (place: string, number: number) => string;
  readonly shared: Reads | undefined;
  readonly addText: AddText;
}

/** The windows of a row, in chunks. */
function rowText(
  g: PoolGeometry,
  row: Row,
  columns: OverBoth,
  writtenOut: boolean,
  { readText, shared, addText }: Use,
): string {
  const chunkSize = writtenOut ? columns.count : CHUNK;
  return inChunks('wForth', columns.count, chunkSize, 'ascending', (chunk, size) => {
    const reads = shared ?? new Reads();
    const adds = Array.from({ length: size }, (_, t) =>
      windowText(g, row, columns, reads, chunk, chunkSize, t, addText),
    );
    return [...(shared ? [] : [reads.text(readText)]), ...adds].join('\n');
  });
}

/** Window number t of a chunk. */
function windowText(
  g: PoolGeometry,
  row: Row,
  columns: OverBoth,
  reads: Reads,
  chunk: Int,
  chunkSize: number,
  t: number,
  addText: AddText,
): string {
  const { width } = g;
  const i = linear(chunk, chunkSize, t);
  const { output, distance, texel, isOdd, isOddText } = columns;
  const lanes = row.lanes.flatMap(({ tests: ofRow }, j) =>
    [0, 1].map((lane) => {
      const { tap, tests } = tapAt(width, linear(distance(i), 1, lane));
      return { number: `firstTap${j} + ${floatText(tap)}`, tests: allOf(ofRow, tests) };
    }),
  );
  if (lanes.every(({ tests }) => tests === 'never')) return '';
  const at = (name: string, fromFirst: number) => {
    const column = sum(texel, linear(chunk, chunkSize / 2, Math.floor(fromFirst / 2)));
    const number = reads.of(`${row.line}) * ySizes.z + ${column.text}`);
    return componentsOf(g, `${name}${number}`, row.half, fromFirst % 2);
  };
  const valueOf = (name: string) => {
    const value =
      isOdd === undefined ? `(${isOddText} ? ${at(name, t + 1)} : ${at(name, t)})` : at(name, t + Number(isOdd));
    return isPlanes(g) ? `vec4(${value})` : `${value}.xyxy`;
  };
  return guarded(
    testsOfRange(output(i), width.output, widthText('ySizes', g)),
    addText({ valueOf, output: output(i).text, lanes }),
  );
}
