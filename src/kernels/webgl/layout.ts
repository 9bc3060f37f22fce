/** How x and y lie in packed textures, in TypeScript and in GLSL. */
import { type PoolGeometry } from '../../geometry';
import { type Int, variable } from './glsl_int';
import { half } from './program';

/**
 * Whether texels hold 2x2 blocks of planes, as the user's textures do where channels come first. Shaders then see texels of
 * one channel all the same, each half of a row of a block: {@link planeText} numbers them, reads and writes them.
 */
function isPlanes({ spec, channels }: PoolGeometry): boolean {
  return spec.dataFormat === 'channelsFirst' && spec.rank > 1 && channels === 1;
}

/** x as shaders see it. */
export function xView(g: PoolGeometry): number[] {
  const { batch, depth, height, width, channels } = g;
  if (isPlanes(g)) return [batch * depth.input, height.input, width.input];
  return [batch * depth.input * height.input, width.input, channels];
}

/** y, dy and argmax as shaders see them. */
export function yView(g: PoolGeometry): number[] {
  const { batch, depth, height, width, channels } = g;
  if (isPlanes(g)) return [batch * depth.output, height.output, width.output];
  return [batch * depth.output * height.output, width.output, channels];
}

/** GLSL for the functions `xTexel` and `yTexel`, and a `main` that sets the output to what `made(n)` gives for texel n. */
export function planeText(g: PoolGeometry, made: 'xSizes' | 'ySizes', text: string): string {
  if (!isPlanes(g)) {
    return `
  #define xTexel texel
  #define yTexel texel
  ${text}
  void main() { setOutput(made(outputTexel())); }`;
  }
  const read = (name: string, sizes: string) => `
  vec4 ${name}(sampler2D planes, ivec2 size, int n) {
    int row = quotient(n, ${sizes}.z);
    int plane = quotient(row, ${sizes}.y);
    int h = row - plane * ${sizes}.y;
    int line = quotient(h, 2);
    vec4 four = texel(planes, size, (plane * quotient(${sizes}.y + 1, 2) + line) * ${sizes}.z + n - row * ${sizes}.z);
    vec2 pair = h == 2 * line ? four.rg : four.ba;
    return vec4(pair.x, 0.0, pair.y, 0.0);
  }`;
  return `
  ${read('xTexel', 'xSizes')}
  ${read('yTexel', 'ySizes')}
  ${text}
  void main() {
    int n = outputTexel();
    int line = quotient(n, ${made}.z);
    int lines = quotient(${made}.y + 1, 2);
    int plane = quotient(line, lines);
    int h = 2 * (line - plane * lines);
    int first = (plane * ${made}.y + h) * ${made}.z + n - line * ${made}.z;
    vec4 upper = made(first);
    vec4 lower = vec4(0.0);
    if (h + 1 < ${made}.y) lower = made(first + ${made}.z);
    setOutput(vec4(upper.xz, lower.xz));
  }`;
}

/** The uniforms `xSizes` and `ySizes`: depth and height in elements, width and channels in texels. */
export function sizes(g: PoolGeometry): { xSizes: number[]; ySizes: number[] } {
  const { depth, height, width, channels } = g;
  return {
    xSizes: [depth.input, height.input, half(width.input), half(channels)],
    ySizes: [depth.output, height.output, half(width.output), half(channels)],
  };
}

/** GLSL for the width of x or y in elements. */
export function widthText(name: 'xSizes' | 'ySizes', width: number): string {
  return `(2 * ${name}.z - ${width % 2})`;
}

/**
 * GLSL statements that set b, d, h (in elements) and w, c (in texels) to where texel `n` lies in x or y.
 * An axis that has one position only takes no division.
 */
export function positionText(name: 'xSizes' | 'ySizes', n: string, g: PoolGeometry): string {
  const end = name === 'xSizes' ? 'input' : 'output';
  const split = (outer: string, inner: string, size: string, count: number) =>
    count === 1
      ? `int ${outer} = ${inner}; ${inner} = 0;`
      : `int ${outer} = quotient(${inner}, ${name}.${size}); ${inner} -= ${outer} * ${name}.${size};`;
  return `
    int c = ${n};
    ${split('w', 'c', 'w', half(g.channels))}
    ${split('h', 'w', 'z', half(g.width[end]))}
    ${split('d', 'h', 'y', g.height[end])}
    ${split('b', 'd', 'x', g.depth[end])}`;
}

/** The variables d, h and w that {@link positionText} sets. `w` for one lane: the two elements of a texel in width. */
export function positionInts(name: 'xSizes' | 'ySizes', g: PoolGeometry): { d: Int; h: Int; lanes: [Int, Int] } {
  const end = name === 'xSizes' ? 'input' : 'output';
  const { depth, height, width } = g;
  const lane = (j: number) => ({ text: 'w', min: 0, max: Math.max(0, Math.floor((width[end] - 1 - j) / 2)) });
  return {
    d: variable('d', 0, depth[end] - 1),
    h: variable('h', 0, height[end] - 1),
    lanes: [lane(0), lane(1)],
  };
}

/** GLSL statements that make elements past the last column or channel 0, as tfjs's own programs want them. */
export function trimText(value: string, name: 'xSizes' | 'ySizes', width: number, channels: number): string {
  const trim = (size: number, axis: string, component: string, lanes: string) =>
    size % 2 === 0 ? '' : `if (${axis} == ${name}.${component} - 1) ${value}.${lanes} = vec2(0.0);`;
  return `${trim(width, 'w', 'z', 'ba')}\n${trim(channels, 'c', 'w', 'ga')}`;
}
