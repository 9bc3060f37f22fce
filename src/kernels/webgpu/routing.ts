/** Argmax routing: scatterArgmax and its adjoint gatherArgmax. Neither compares values. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { PoolGeometry } from '../../geometry';
import type { Overlaps } from '../../spec';
import { type AxisCode, axesOf, componentsOf, runProgram } from './program';
import { tapsAlong, windowStart } from './taps';
import { tileProgram } from './tiles';

/** dy, argmax -> dx */
export function scatterArgmax(
  backend: WebGPUBackend,
  g: PoolGeometry,
  dy: TensorInfo,
  argmax: TensorInfo,
  overlaps: Overlaps,
): TensorInfo {
  const { key, grid, body } = tileProgram(g, {
    read: (at, real) =>
      `let at = ${at}; let given = dy[at]; ` +
      `let tap = ${real ? `select(I(-1), argmax[at], ${real})` : 'argmax[at]'};`,
    after: (dx, tap) =>
      overlaps === 'write' ? `select(${dx}, given, tap == I(${tap}))` : `${dx} + select(V(0), given, tap == I(${tap}))`,
  });
  return runProgram(backend, {
    key: `scatter_${overlaps}_${key}`,
    geometry: g,
    inputs: [
      { name: 'dy', info: dy },
      { name: 'argmax', info: argmax },
    ],
    output: { shape: g.xShape, dtype: dy.dtype },
    grid,
    body,
  });
}

/** x, argmax -> y. An argmax that names no real tap reads 0. */
export function gatherArgmax(backend: WebGPUBackend, g: PoolGeometry, x: TensorInfo, argmax: TensorInfo): TensorInfo {
  const components = componentsOf(g);
  const axes = axesOf(g);
  const [depth, height, width] = axes;
  const position = ({ name, member, stride, dilation, fitted }: AxisCode) =>
    `I(${fitted ? `${name}Start` : `${name} * ${stride} - uniforms.padBefore.${member}`}) + ${name}Tap * ${dilation}`;
  const members = ['x', 'y', 'z', 'w'].slice(0, components);
  const read = components === 1 ? 'x[at]' : `V(${members.map((member) => `x[at.${member}]`).join(', ')})`;
  const channel = components === 1 ? '0' : `I(${members.map((_, c) => c).join(', ')})`;
  return runProgram(backend, {
    key: 'gather',
    geometry: g,
    inputs: [
      { name: 'x', info: x, components: 1 },
      { name: 'argmax', info: argmax },
    ],
    output: { shape: g.yShape, dtype: x.dtype },
    body: () => `
  ${windowStart(axes.filter(({ fitted }) => fitted))}
  let tap = argmax[index];
  let wTap = tap % ${tapsAlong(width)};
  let hTap = tap / ${tapsAlong(width)} % ${tapsAlong(height)};
  let dTap = tap / (${tapsAlong(width)} * ${tapsAlong(height)});
  let xD = ${position(depth)};
  let xH = ${position(height)};
  let xW = ${position(width)};
  let size = uniforms.xSize;
  let real = (tap >= I(0)) & (tap < I(${g.taps})) & (xD >= I(0)) & (xD < I(size.x)) &
    (xH >= I(0)) & (xH < I(size.y)) & (xW >= I(0)) & (xW < I(size.z));
  let row = (xD + batch * size.x) * size.y + xH;
  let flat = ((row * size.z + xW) * uniforms.lanes + lane) * ${components} + ${channel};
  let at = select(I(0), flat, real);
  result[index] = select(V(0), ${read}, real);`,
  });
}
