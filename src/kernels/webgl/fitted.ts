/**
 * Windows fitted to the outputs, in GLSL. Where they lie is computed by each fragment, one lane at a time: no two neighbours
 * need share anything. Loops go as far as the longest window may.
 */
import { longestWindow } from '../../fitted_windows';
import { type AxisGeometry, type PoolGeometry, hasFitted } from '../../geometry';
import { type ShaderLanguage, fittedAxisCode } from '../fitted_code';
import { isPlanes, lanesText } from './layout';
import type { AddText, BeforeRowText } from './over_windows';
import type { TakeText } from './walk';

const AXES = ['d', 'h', 'w'] as const;
type Name = (typeof AXES)[number];

const GLSL: ShaderLanguage = {
  quotient: (a, b) => `farQuotient(${a}, ${b})`,
  variable: (name, value) => `int ${name} = ${value};`,
  define: (name, parameters, body) => `int ${name}(${parameters.map((each) => `int ${each}`).join(', ')}) { ${body} }`,
};

/** GLSL functions of each axis, as {@link fittedAxisCode} has them. Empty where no windows are fitted. */
export function fittedText(g: PoolGeometry): string {
  if (!hasFitted(g)) return '';
  return `
  int farQuotient(int a, int b) {
    int near = int(float(a) / float(b));
    return near + int(floor((float(a - near * b) + 0.5) / float(b)));
  }
  vec2 pairOf(vec4 block, int at) { return at == 2 * quotient(at, 2) ? block.rg : block.ba; }
  ${axesOf(g)
    .map(({ name, axis }) => (axis.fitted ? fittedAxisCode(name, axis.fitted, GLSL) : plainAxisText(name, axis)))
    .join('\n')}`;
}

/** The other axes of adaptive pooling: windows side by side, without padding. */
function plainAxisText(name: Name, { window }: AxisGeometry): string {
  return `
  int ${name}StartOf(int window) { return window * ${window}; }
  int ${name}EndOf(int window) { return window * ${window} + ${window}; }
  int ${name}FirstOver(int element) { return quotient(element, ${window}); }
  int ${name}EndOver(int element) { return quotient(element, ${window}) + 1; }`;
}

/** GLSL for the number of taps of the window at `output`. */
export function sizeText(name: Name, output: string): string {
  return `(${name}EndOf(${output}) - ${name}StartOf(${output}))`;
}

/** As {@link windowText} of walk.ts, for such windows. */
export function fittedWindowText(g: PoolGeometry, order: 'ascending' | 'descending', takeText: TakeText): string {
  const { depth, height, width } = g;
  const loop = (name: Name, { window }: AxisGeometry, test: string, body: string) => {
    const t = `t${name}`;
    const header =
      order === 'ascending' ? `int ${t} = 0; ${t} < ${window}; ${t}++` : `int ${t} = ${window - 1}; ${t} >= 0; ${t}--`;
    return `for (${header}) {\n${test ? `if (${test}) {` : ''}\n${body}\n${test ? '}' : ''}\n}`;
  };
  const rows = lanesOf(g, 'h');
  const columns = lanesOf(g, 'w');
  const lanes = rows.flatMap((h) =>
    columns.map((w) => ({
      value: elementText(g, `block${h.name}${w.name}`, `x${h.name}`, `x${w.name}`),
      isReal: `${isPlanes(g) ? `th < ${h.name}Count && ` : ''}tw < ${w.name}Count`,
    })),
  );
  const numbers = rows.flatMap((h) => columns.map((w) => `float((td * ${h.name}Count + th) * ${w.name}Count + tw)`));
  const reads = rows.flatMap((h) =>
    columns.map((w) => `vec4 block${h.name}${w.name} = block(line${h.name}, quotient(x${w.name}, 2), c);`),
  );
  const tap = `
    ${columns.map(({ name }) => `int x${name} = ${name}Start + tw;`).join('\n')}
    ${reads.join('\n')}
    ${takeText(lanes, lanesText('vec4', numbers))}`;
  const lineText = ({ name }: FittedLane) => `
    int x${name} = ${name}Start + th;
    int line${name} = (b * xSizes.x + dStart + td) * xSizes.y + ${isPlanes(g) ? `quotient(x${name}, 2)` : `x${name}`};`;
  const start = (name: string, axis: Name, output: string) => `
    int ${name}Start = ${axis}StartOf(${output});
    int ${name}Count = ${axis}EndOf(${output}) - ${name}Start;`;
  const inRow = rows.map(({ name }) => `th < ${name}Count`).join(' || ');
  const body = rows.map(lineText).join('') + loop('w', width, '', tap);
  return `
    ${start('d', 'd', 'd')}
    ${rows.map(({ name, position }) => start(name, 'h', position)).join('')}
    ${columns.map(({ name, position }) => start(name, 'w', position)).join('')}
    ${loop('d', depth, 'td < dCount', loop('h', height, inRow, body))}`;
}

/** A lane of the fragment along an axis: a name, and GLSL for its position. */
interface FittedLane {
  readonly name: string;
  readonly position: string;
}

function lanesOf(g: PoolGeometry, axis: 'h' | 'w'): FittedLane[] {
  if (axis === 'h' && !isPlanes(g)) return [{ name: 'h', position: 'h' }];
  return [
    { name: `${axis}0`, position: `2 * ${axis}` },
    { name: `${axis}1`, position: `(2 * ${axis} + 1)` },
  ];
}

/** GLSL for the element of a texel at a row and column, or both of its channels. */
function elementText(g: PoolGeometry, texel: string, row: string, column: string): string {
  return isPlanes(g) ? `getChannel(${texel}, vec2(${row}, ${column}))` : `pairOf(${texel}, ${column})`;
}

/** As {@link windowsText} of over_windows.ts, for such windows. */
export function fittedWindowsText(
  g: PoolGeometry,
  names: readonly string[],
  addText: AddText,
  beforeRow: BeforeRowText,
): string {
  const { depth, height, width } = g;
  const rows = lanesOf(g, 'h');
  const columns = lanesOf(g, 'w');
  const isIn = (axis: Name, { position }: FittedLane) => [`${position} >= ${axis}Start`, `${position} < ${axis}End`];
  const lanes = rows.flatMap((h) =>
    columns.map((w) => ({
      number: `float(rowOfTaps${h.name} * (wEnd - wStart) + ${w.position} - wStart)`,
      tests: [...(isPlanes(g) ? isIn('h', h) : []), ...isIn('w', w)],
    })),
  );
  const valueOf = (name: string) => {
    const value = elementText(g, `${name}Texel`, 'hWindow', 'wWindow');
    return isPlanes(g) ? `vec4(${value})` : `${value}.xyxy`;
  };
  const window = `
    int wStart = wStartOf(wWindow);
    int wEnd = wEndOf(wWindow);
    int at = (line + quotient(wWindow, 2)) * ySizes.w + c;
    ${names.map((name) => `vec4 ${name}Texel = texel(${name}, ${name}Texels, at);`).join('\n')}
    ${addText({ valueOf, output: 'wWindow', lanes })}`;
  const body = `
    int hStart = hStartOf(hWindow);
    int hEnd = hEndOf(hWindow);
    ${rows
      .map((h) => `int rowOfTaps${h.name} = (d - dStartOf(dWindow)) * (hEnd - hStart) + ${h.position} - hStart;`)
      .join('\n')}
    int line = ((b * ySizes.x + dWindow) * ySizes.y + ${isPlanes(g) ? 'quotient(hWindow, 2)' : 'hWindow'}) * ySizes.z;
    ${beforeRow('dWindow', 'hWindow')}
    ${overLanes('w', columns, width, window)}`;
  return `
    ${names.map((name) => `ivec2 ${name}Texels = texelsOf(${name}TexShape);`).join('\n')}
    ${overLanes('d', [{ name: 'd', position: 'd' }], depth, overLanes('h', rows, height, body))}`;
}

/** `body` with `<axis>Window` along the windows over all lanes of an axis. */
function overLanes(name: Name, lanes: readonly FittedLane[], axis: AxisGeometry, body: string): string {
  const [first, second] = lanes.map(({ position }) => position);
  const count =
    second === undefined ? longestWindow(axis.output, axis.input) : Math.ceil((2 * axis.output) / axis.input) + 1;
  const last = second === undefined ? first : `(${second} < ${axis.input} ? ${second} : ${first})`;
  return `
  int ${name}Last = ${name}EndOver(${last});
  ${eachOver(name, count, `${name}FirstOver(${first})`, `${name}Last`, body)}`;
}

/** `body` with `<axis>Window` from `first` on, `count` at most. */
function eachOver(name: Name, count: number, first: string, end: string, body: string): string {
  return `for (int ${name}Forth = 0; ${name}Forth < ${count}; ${name}Forth++) {
    int ${name}Window = ${first} + ${name}Forth;
    if (${name}Window < ${end}) {
    ${body}
    }
  }`;
}

/** GLSL that sets xd, xh and xw to where tap `tap` of the window at (d, h, w) is. */
export function fittedTapText(): string {
  return `
      int wStart = wStartOf(w);
      int hStart = hStartOf(h);
      int columns = wEndOf(w) - wStart;
      int rows = hEndOf(h) - hStart;
      int line = quotient(tap, columns);
      int plane = quotient(line, rows);
      int xd = dStartOf(d) + plane;
      int xh = hStart + line - plane * rows;
      int xw = wStart + tap - line * columns;`;
}

function axesOf({ depth, height, width }: PoolGeometry): Array<{ name: Name; axis: AxisGeometry }> {
  return [depth, height, width].map((axis, i) => ({ name: AXES[i]!, axis }));
}
