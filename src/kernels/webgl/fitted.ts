/**
 * Windows fitted to the outputs, in GLSL. Where they lie is computed by each fragment, one lane at a time: no two neighbours
 * need share anything. Loops go as far as the longest window may.
 */
import { longestWindow } from '../../fitted_windows';
import { type AxisGeometry, type PoolGeometry, hasFitted } from '../../geometry';
import { type ShaderLanguage, fittedAxisCode } from '../fitted_code';
import { variable } from './glsl_int';
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
export function fittedWindowText(
  { depth, height, width }: PoolGeometry,
  order: 'ascending' | 'descending',
  takeText: TakeText,
): string {
  const loop = (name: Name, { window }: AxisGeometry, test: string, body: string) => {
    const t = `t${name}`;
    const header =
      order === 'ascending' ? `int ${t} = 0; ${t} < ${window}; ${t}++` : `int ${t} = ${window - 1}; ${t} >= 0; ${t}--`;
    return `for (${header}) {\n${test ? `if (${test}) {` : ''}\n${body}\n${test ? '}' : ''}\n}`;
  };
  const number = (lane: number) => `vec2(float((td * hCount + th) * w${lane}Count + tw))`;
  const lanes = [0, 1].map((lane) => ({ pair: `pairOf(block${lane}, x${lane})`, isReal: `tw < w${lane}Count` }));
  const tap = `
    int x0 = w0Start + tw;
    int x1 = w1Start + tw;
    vec4 block0 = block(row, quotient(x0, 2), c);
    vec4 block1 = block(row, quotient(x1, 2), c);
    ${takeText(lanes, `vec4(${number(0)}, ${number(1)})`)}`;
  const rows = `
    int row = (b * xSizes.x + dStart + td) * xSizes.y + hStart + th;
    ${loop('w', width, '', tap)}`;
  const start = (name: string, axis: Name, output: string) => `
    int ${name}Start = ${axis}StartOf(${output});
    int ${name}Count = ${axis}EndOf(${output}) - ${name}Start;`;
  return `
    ${start('d', 'd', 'd')} ${start('h', 'h', 'h')} ${start('w0', 'w', '2 * w')} ${start('w1', 'w', '2 * w + 1')}
    ${loop('d', depth, 'td < dCount', loop('h', height, 'th < hCount', rows))}`;
}

/** As {@link windowsText} of over_windows.ts, for such windows. */
export function fittedWindowsText(
  { depth, height, width }: PoolGeometry,
  names: readonly string[],
  addText: AddText,
  beforeRow: BeforeRowText,
): string {
  const tests = [0, 1].map((lane) => [`2 * w + ${lane} >= wStart`, `2 * w + ${lane} < wEnd`]);
  const lanes = tests.map((test, lane) => ({
    tap: variable(`(2 * w + ${lane} - wStart)`, 0, width.window),
    tests: test,
  }));
  const window = `
    int wStart = wStartOf(wWindow);
    int wEnd = wEndOf(wWindow);
    float firstTap = float(rowOfTaps * (wEnd - wStart));
    int at = (row + quotient(wWindow, 2)) * ySizes.w + c;
    ${names.map((name) => `vec2 ${name}Pair = pairOf(yTexel(${name}, ${name}Texels, at), wWindow);`).join('\n')}
    ${addText({ valueOf: (name) => `${name}Pair`, output: 'wWindow', firstTap: 'firstTap', lanes })}`;
  // Both lanes together lie in so many windows.
  const ofBoth = Math.ceil((2 * width.output) / width.input) + 1;
  const rows = `
    int rowOfTaps = (d - dStartOf(dWindow)) * ${sizeText('h', 'hWindow')} + h - hStartOf(hWindow);
    int row = ((b * ySizes.x + dWindow) * ySizes.y + hWindow) * ySizes.z;
    ${beforeRow('dWindow', 'hWindow')}
    ${eachOver('w', ofBoth, 'wFirstOver(2 * w)', 'wLast', window)}`;
  const over = (name: Name, axis: AxisGeometry, body: string) =>
    eachOver(
      name,
      longestWindow(axis.output, axis.input),
      `${name}FirstOver(${name})`,
      `${name}EndOver(${name})`,
      body,
    );
  return `
    ${names.map((name) => `ivec2 ${name}Texels = texelsOf(${name}TexShape);`).join('\n')}
    int wLast = wEndOver(2 * w + 1 < ${width.input} ? 2 * w + 1 : 2 * w);
    ${over('d', depth, over('h', height, rows))}`;
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
  return [depth, height, width].map((axis, i) => ({ name: AXES[i], axis }));
}
