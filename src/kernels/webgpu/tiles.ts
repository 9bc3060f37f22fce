/**
 * From an element of x back to the windows that hold it, in WGSL. An invocation owns a tile of x and
 * takes what its windows give, window by window in row-major order, so that sums come out the same
 * everywhere and no two invocations write to one element.
 *
 * Along an axis, a tile is what lies from one window's start to the next one's: where windows do not
 * overlap, each is read once. At stride 1 it is two elements, whose windows are mostly the same.
 */
import { type PoolGeometry, hasFitted } from '../../geometry';
import { mapTuple } from '../../map_tuple';
import { type Axes, type AxisCode, axesOf } from './program';
import { tapsAlong } from './taps';

/** Straight-line code for tiles of at most so many elements, which meet at most so many windows. */
const MOST_ELEMENTS = 16;
const MOST_WINDOWS = 36;

/** What a program does with a window. */
export interface WindowCode {
  /**
   * Statements that read what the window at y's index `at` gives, in a scope of their own. `real` tells
   * whether there is one, where that is a question.
   */
  read(at: string, real?: string): string;
  /**
   * An expression for the element under a tap, `dx` before, after what the window gives to it; it lies at x's index `element`
   * (or nowhere, and is not stored).
   */
  after(dx: string, tap: string, element: string): string;
}

/** The grid and the body of a program whose output has x's shape; `key` tells the body from others. */
export interface TileProgram {
  readonly key: string;
  readonly grid: [number, number, number];
  readonly body: () => string;
}

/** One axis of a tile. Windows and elements are counted from those that the tile starts with. */
interface AxisTile {
  readonly axis: AxisCode;
  /** How many tiles there are, the elements of each, and the windows that start in it. */
  readonly count: number;
  readonly elements: number;
  readonly starts: number;
  /** The windows that reach it, in order, and which tap lies on which element. */
  readonly windows: readonly TileWindow[];
  /** The last tile has fewer windows, and a tile may reach out of x. */
  readonly pastEnd: boolean;
  readonly leaves: boolean;
}

type Tiles = readonly [depth: AxisTile, height: AxisTile, width: AxisTile];

interface TileWindow {
  /** Its number among those that reach the tile. */
  readonly index: number;
  readonly offset: number;
  readonly taps: ReadonlyArray<{ readonly tap: number; readonly element: number }>;
}

export function tileProgram(g: PoolGeometry, code: WindowCode): TileProgram {
  const axes = axesOf(g);
  for (const wide of hasFitted(g) ? [] : [2, 1]) {
    const tiles = mapTuple(axes, (axis) => axisTile(axis, axis.stride === 1 && axis.window > 1 ? wide : 1));
    const elements = tiles.reduce((n, tile) => n * tile.elements, 1);
    const windows = tiles.reduce((n, tile) => n * tile.windows.length, 1);
    if (elements > MOST_ELEMENTS || windows > MOST_WINDOWS) continue;
    const [d, h, w] = tiles;
    const edges = tiles.map((tile) => `${+tile.pastEnd}${+tile.leaves}`).join('');
    return { key: `tiles${edges}`, grid: [d.count, h.count, w.count], body: () => unrolledTile(tiles, code) };
  }
  const grid: TileProgram['grid'] = [g.depth.input, g.height.input, g.width.input];
  return { key: 'loops', grid, body: () => loopedWindows(axes, code) };
}

function axisTile(axis: AxisCode, starts: number): AxisTile {
  const { input, output, window, stride, dilation, padBefore } = axis;
  const elements = starts * stride;
  const count = Math.ceil((input + padBefore) / elements);
  const windows: TileWindow[] = [];
  for (let offset = -Math.floor(((window - 1) * dilation) / stride); offset < starts; offset++) {
    const taps = Array.from({ length: window }, (_, tap) => ({
      tap,
      element: offset * stride + tap * dilation,
    })).filter(({ element }) => element >= 0 && element < elements);
    if (taps.length > 0) windows.push({ index: windows.length, offset, taps });
  }
  return {
    axis,
    count,
    elements,
    starts,
    windows,
    pastEnd: count * starts > output,
    leaves: padBefore > 0 || count * elements > input,
  };
}

function unrolledTile(tiles: Tiles, code: WindowCode): string {
  const elements = product(mapTuple(tiles, (tile) => Array.from({ length: tile.elements }, (_, i) => i)));
  const windows = product(mapTuple(tiles, (tile) => tile.windows));
  return [
    ...tiles.map(axisWindows),
    ...tiles.map(axisElements),
    ...elements.map((at) => `  var dx${at.join('_')} = V(0);`),
    ...windows.map((one) => `  {\n${oneWindow(tiles, one, code)}\n  }`),
    ...elements.map((at) => {
      const inside = allOf(tiles, at, (tile, i) => (tile.leaves ? `${tile.axis.name}Inside${i}` : undefined));
      const store = `result[dAt${at[0]} + hAt${at[1]} + wAt${at[2]}] = dx${at.join('_')};`;
      return inside ? `  if (${inside}) { ${store} }` : `  ${store}`;
    }),
  ].join('\n');
}

/** What one window gives to the elements of the tile that its taps lie on. */
function oneWindow(tiles: Tiles, windows: Three<TileWindow>, code: WindowCode): string {
  const real = allOf(tiles, windows, (tile, window) =>
    mayBeMissing(tile, window) ? `${tile.axis.name}Real${window.index}` : undefined,
  );
  const gifts = product(mapTuple(windows, ({ taps }) => taps)).map(([d, h, w]) => {
    const tap = (d.tap * tiles[1].axis.window + h.tap) * tiles[2].axis.window + w.tap;
    const element = `dAt${d.element} + hAt${h.element} + wAt${w.element}`;
    const dx = `dx${d.element}_${h.element}_${w.element}`;
    return `    ${dx} = ${code.after(dx, `${tap}`, element)};`;
  });
  const [d, h, w] = windows;
  return [`    ${code.read(`dFrom${d.index} + hFrom${h.index} + wFrom${w.index}`, real)}`, ...gifts].join('\n');
}

function mayBeMissing(tile: AxisTile, { offset }: TileWindow): boolean {
  return offset < 0 || tile.pastEnd;
}

/** `<axis>From<i>`: a window's share of y's index; `<axis>Real<i>`: whether there is such a window. */
function axisWindows(tile: AxisTile): string {
  const { name, member } = tile.axis;
  return tile.windows
    .map((window, i) => {
      const position = `${name} * ${tile.starts} + ${window.offset}`;
      if (!mayBeMissing(tile, window)) return `  let ${name}From${i} = ${share(name, position, 'ySize')};`;
      return `  let ${name}Window${i} = ${position};
  let ${name}Real${i} = ${name}Window${i} >= 0 && ${name}Window${i} < uniforms.ySize.${member};
  let ${name}From${i} = ${share(name, `clamp(${name}Window${i}, 0, uniforms.ySize.${member} - 1)`, 'ySize')};`;
    })
    .join('\n');
}

/** `<axis>At<i>`: an element's share of x's index; `<axis>Inside<i>`: whether x has such an element. */
function axisElements(tile: AxisTile): string {
  const { name, member } = tile.axis;
  return Array.from({ length: tile.elements }, (_, i) => {
    const position = `${name} * ${tile.elements} + ${i}`;
    if (!tile.leaves) return `  let ${name}At${i} = ${share(name, position, 'xSize')};`;
    return `  let ${name}X${i} = ${position} - uniforms.padBefore.${member};
  let ${name}Inside${i} = ${name}X${i} >= 0 && ${name}X${i} < uniforms.xSize.${member};
  let ${name}At${i} = ${share(name, `${name}X${i}`, 'xSize')};`;
  }).join('\n');
}

/** An axis' share in the index of a group of channels. The depth's has the batch in it, the width's the group. */
function share(name: AxisCode['name'], position: string, sizes: 'xSize' | 'ySize'): string {
  const size = `uniforms.${sizes}`;
  switch (name) {
    case 'd':
      return `(batch * ${size}.x + ${position}) * ${size}.y * ${size}.z * uniforms.lanes`;
    case 'h':
      return `(${position}) * ${size}.z * uniforms.lanes`;
    case 'w':
      return `(${position}) * uniforms.lanes + lane`;
  }
}

/** An element alone; loops over the windows that hold it. */
function loopedWindows(axes: Axes, code: WindowCode): string {
  const opened = axes.map(({ name, member, window, stride, dilation, fitted }) => {
    const [padded, at] = [`${name}Padded`, `${name}Window`];
    if (fitted) {
      return `  for (var ${at} = ${name}FirstOver(${name}); ${at} < ${name}EndOver(${name}); ${at}++) {
    let ${name}Start = ${name}StartOf(${at});
    let ${name}Last = ${name}EndOf(${at}) - ${name}Start - 1;
    let ${name}Tap = ${name} - ${name}Start;`;
    }
    return `  let ${padded} = ${name} + uniforms.padBefore.${member};
  let ${name}Last = min(${padded} / ${stride}, uniforms.ySize.${member} - 1);
  let ${name}First = max(0, ${padded} + ${stride - 1 - (window - 1) * dilation}) / ${stride};
  for (var ${at} = ${name}First; ${at} <= ${name}Last; ${at}++) {
    let ${name}Reach = ${padded} - ${at} * ${stride};
    let ${name}Tap = ${name}Reach / ${dilation};
    if (${name}Tap * ${dilation} != ${name}Reach) { continue; }`;
  });
  const shares = axes.map(({ name }) => share(name, `${name}Window`, 'ySize'));
  return `  var dx = V(0);
${opened.join('\n')}
    ${code.read(shares.join(' + '))}
    dx = ${code.after('dx', `(dTap * ${tapsAlong(axes[1])} + hTap) * ${tapsAlong(axes[2])} + wTap`, 'index')};
  }}}
  result[index] = dx;`;
}

/** One for each axis. */
type Three<T> = readonly [depth: T, height: T, width: T];

/** Every combination of one item from each list, the last list fastest. */
function product<T>([depth, height, width]: Three<readonly T[]>): Array<Three<T>> {
  return depth.flatMap((d) => height.flatMap((h) => width.map((w): Three<T> => [d, h, w])));
}

/** The conditions that tiles set, as one; undefined if they set none. */
function allOf<T>(
  tiles: Tiles,
  [d, h, w]: Three<T>,
  condition: (tile: AxisTile, at: T) => string | undefined,
): string | undefined {
  const [depth, height, width] = tiles;
  return (
    [condition(depth, d), condition(height, h), condition(width, w)]
      .filter((part) => part !== undefined)
      .join(' && ') || undefined
  );
}
