/** x, argmax -> y: each output reads the one element that its argmax names. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type AxisGeometry, type PoolGeometry, hasFitted } from '../../geometry';
import { fittedTapText, fittedText } from './fitted';
import {
  elementsText,
  heightText,
  isPlanes,
  madeText,
  positionText,
  sizes,
  trimText,
  widthText,
  xView,
  yView,
} from './layout';
import { runShader } from './program';

/** x and argmax must be {@link packed}. */
export function gatherPass(backend: MathBackendWebGL, g: PoolGeometry, x: TensorInfo, argmax: TensorInfo): TensorInfo {
  return runShader(backend, {
    inputs: { x: { ...x, shape: xView(g) }, argmax: { ...argmax, shape: yView(g) } },
    outputShape: yView(g),
    dtype: x.dtype,
    integers: sizes(g),
    text: madeText(
      `
      ${tapText(g)}
      float named(float tap, int b, int d, int h, int w, int c, ivec2 xTexels) {
        // Compared as floats: what is no tap need not fit into an int.
        if (tap >= 0.0 && tap < ${g.taps}.0) return elementAt(int(tap), b, d, h, w, c, 0.0, xTexels);
        return 0.0;
      }
      vec4 made(int n) {
        vec4 taps = texel(argmax, texelsOf(argmaxTexShape), n);
        ivec2 xTexels = texelsOf(xTexShape);
        ${positionText('ySizes', 'n', g)}
        vec4 y = ${elementsText(g, (channel, at) => `named(taps.${channel}, ${at}, xTexels)`)};
        ${trimText('y', 'ySizes', g)}
        return y;
      }`,
    ),
  });
}

/**
 * The GLSL function `elementAt`: the element of x under a tap of the window at output (b, d, h, w),
 * channel c; `otherwise` where that is padding. Needs the uniform xSizes.
 */
export function tapText(g: PoolGeometry): string {
  const { depth, height, width } = g;
  const split = (outer: string, inner: string, outerCount: number, count: number) =>
    outerCount === 1
      ? `int ${outer} = 0;`
      : `int ${outer} = quotient(${inner}, ${count}); ${inner} -= ${outer} * ${count};`;
  const position = (axis: AxisGeometry, output: string, tap: string) =>
    `${output} * ${axis.stride} - ${axis.padBefore} + ${tap} * ${axis.dilation}`;
  const place = hasFitted(g)
    ? fittedTapText()
    : `
      int tw = tap;
      ${split('th', 'tw', depth.window * height.window, width.window)}
      ${split('td', 'th', depth.window, height.window)}
      int xd = ${position(depth, 'd', 'td')};
      int xh = ${position(height, 'h', 'th')};
      int xw = ${position(width, 'w', 'tw')};`;
  return `
    ${fittedText(g)}
    float elementAt(int tap, int b, int d, int h, int w, int c, float otherwise, ivec2 xTexels) {
      ${place}
      if (xd < 0 || xd >= xSizes.x || xh < 0 || xh >= ${heightText('xSizes', g)}) return otherwise;
      if (xw < 0 || xw >= ${widthText('xSizes', g)}) return otherwise;
      int n = (b * xSizes.x + xd) * xSizes.y + ${isPlanes(g) ? 'quotient(xh, 2)' : 'xh'};
      n = (n * xSizes.z + quotient(xw, 2)) * xSizes.w + quotient(c, 2);
      return getChannel(texel(x, xTexels, n), ${isPlanes(g) ? 'vec2(xh, xw)' : 'vec2(xw, c)'});
    }`;
}
