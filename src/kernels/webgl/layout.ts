/**
 * How x and y lie in packed textures, in TypeScript and in GLSL.
 *
 * A texel, and so a fragment, has two lanes in width, each of two channels. Where channels come first, the user's
 * textures hold 2x2 blocks of planes: two rows, each of two lanes in width. Sizes and positions are then in lines of
 * texels, which are two rows.
 */
import { type PoolGeometry } from '../../geometry';
import { batchOf, channelsOf } from '../../layout';
import { mapTuple } from '../../map_tuple';
import { type Int, variable } from './glsl_int';
import { half } from './program';

/** Whether texels hold blocks of planes. */
export function isPlanes({ spec, channels }: PoolGeometry): boolean {
  return spec.dataFormat === 'channelsFirst' && channels === 1;
}

/** The geometry as shaders see it: the user's textures hold one-dimensional images, channels first, as planes of a row per channel. */
export function withPlanes(g: PoolGeometry): PoolGeometry {
  if (!isPlanes(g) || g.spec.rank > 1) return g;
  const rows = channelsOf(g.spec, g.xShape);
  return { ...g, batch: batchOf(g.spec, g.xShape), height: { ...g.height, input: rows, output: rows } };
}

type End = 'input' | 'output';
/** The uniforms `xSizes` and `ySizes`: depth in elements, lines, width and channels in texels. */
export type Sizes = 'xSizes' | 'ySizes';

/** x as shaders see it. */
export function xView(g: PoolGeometry): number[] {
  return viewOf(g, 'input');
}

/** y, dy and argmax as shaders see them. */
export function yView(g: PoolGeometry): number[] {
  return viewOf(g, 'output');
}

function viewOf(g: PoolGeometry, end: End): number[] {
  const { batch, depth, height, width, channels } = g;
  return isPlanes(g)
    ? [batch * depth[end], height[end], width[end]]
    : [batch * depth[end] * height[end], width[end], channels];
}

/** How many lines of texels the rows of a plane take. */
function linesOf(g: PoolGeometry, end: End): number {
  return isPlanes(g) ? half(g.height[end]) : g.height[end];
}

export function sizes(g: PoolGeometry): Record<Sizes, number[]> {
  const of = (end: End) => [g.depth[end], linesOf(g, end), half(g.width[end]), half(g.channels)];
  return { xSizes: of('input'), ySizes: of('output') };
}

function endOf(name: Sizes): End {
  return name === 'xSizes' ? 'input' : 'output';
}

/** GLSL for the width of x or y in elements. */
export function widthText(name: Sizes, g: PoolGeometry): string {
  return `(2 * ${name}.z - ${g.width[endOf(name)] % 2})`;
}

/** GLSL for the height of x or y in elements. */
export function heightText(name: Sizes, g: PoolGeometry): string {
  return isPlanes(g) ? `(2 * ${name}.y - ${g.height[endOf(name)] % 2})` : `${name}.y`;
}

/**
 * GLSL statements that set b, d (in elements), h (in lines), w and c (in texels) to where texel `n` lies in x or y.
 * An axis that has one position only takes no division.
 */
export function positionText(name: Sizes, n: string, g: PoolGeometry): string {
  const end = endOf(name);
  const split = (outer: string, inner: string, size: string, count: number) =>
    count === 1
      ? `int ${outer} = ${inner}; ${inner} = 0;`
      : `int ${outer} = quotient(${inner}, ${name}.${size}); ${inner} -= ${outer} * ${name}.${size};`;
  return `
    int c = ${n};
    ${split('w', 'c', 'w', half(g.channels))}
    ${split('h', 'w', 'z', half(g.width[end]))}
    ${split('d', 'h', 'y', linesOf(g, end))}
    ${split('b', 'd', 'x', g.depth[end])}`;
}

/** One or two along an axis. */
type Lanes<T> = readonly [T, ...T[]];

/**
 * Where the fragment's elements are, by the variables that {@link positionText} sets: lane j of n along an axis lies at n
 * times the variable + j, which is within the ranges given here. In height only planes have two lanes.
 */
export function positions(name: Sizes, g: PoolGeometry): { d: Int; h: Lanes<Int>; w: Lanes<Int> } {
  const end = endOf(name);
  const { depth, height, width } = g;
  const lanesOf = (text: string, size: number) =>
    mapTuple([0, 1], (lane) => ({ text, min: 0, max: Math.max(0, Math.floor((size - 1 - lane) / 2)) }));
  return {
    d: variable('d', 0, depth[end] - 1),
    h: isPlanes(g) ? lanesOf('h', height[end]) : [variable('h', 0, height[end] - 1)],
    w: lanesOf('w', width[end]),
  };
}

/** GLSL for what the fragment's four elements have, of its lanes: each of two has both of its channels. */
export function lanesText(type: 'vec4' | 'bvec4', lanes: readonly string[]): string {
  const both = type.replace('4', '2');
  return `${type}(${lanes.map((lane) => (lanes.length === 2 ? `${both}(${lane})` : lane)).join(', ')})`;
}

/** The components of a texel's lanes: of a row of a plane, or of the channels of one position. */
export function componentsOf(g: PoolGeometry, name: string, row: Half, column: number): string {
  if (!isPlanes(g)) return `${name}.${column === 0 ? 'rg' : 'ba'}`;
  const [upper, lower] = column === 0 ? ['r', 'b'] : ['g', 'a'];
  if (typeof row === 'string') return `(${row} ? ${name}.${lower} : ${name}.${upper})`;
  return `${name}.${row === 0 ? upper : lower}`;
}

/** Which of a texel's two rows: 0, 1, or GLSL for whether it is the second. */
export type Half = 0 | 1 | string;

/** GLSL statements that make elements past the last row, column or channel 0, as tfjs's own programs want them. */
export function trimText(value: string, name: Sizes, g: PoolGeometry): string {
  const end = endOf(name);
  const trim = (size: number, axis: string, component: string, lanes: string) =>
    size % 2 === 0 ? '' : `if (${axis} == ${name}.${component} - 1) ${value}.${lanes} = vec2(0.0);`;
  return isPlanes(g)
    ? `${trim(g.height[end], 'h', 'y', 'ba')}\n${trim(g.width[end], 'w', 'z', 'ga')}`
    : `${trim(g.width[end], 'w', 'z', 'ba')}\n${trim(g.channels, 'c', 'w', 'ga')}`;
}

/** GLSL for a function `made` and a `main` that sets the output to what it gives for the number of a texel. */
export function madeText(text: string): string {
  return `${text}
  void main() { setOutput(made(outputTexel())); }`;
}

/** GLSL for four elements, each made from its component of a texel and its place: b, d, h, w and c in elements. */
export function elementsText(g: PoolGeometry, made: (component: string, place: string) => string): string {
  const places = isPlanes(g)
    ? ['2 * h, 2 * w, c', '2 * h, 2 * w + 1, c', '2 * h + 1, 2 * w, c', '2 * h + 1, 2 * w + 1, c']
    : ['h, 2 * w, 2 * c', 'h, 2 * w, 2 * c + 1', 'h, 2 * w + 1, 2 * c', 'h, 2 * w + 1, 2 * c + 1'];
  return `vec4(${places.map((place, i) => made('rgba'[i]!, `b, d, ${place}`)).join(', ')})`;
}
