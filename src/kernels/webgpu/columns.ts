/** The im2col matrix: im2col and its adjoint col2im. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type PoolGeometry, columnsShape } from '../../geometry';
import { axesOf, componentsOf, runProgram } from './program';
import { MOST_UNROLLED, unrolledTaps, windowStart } from './taps';
import { tileProgram } from './tiles';

const CHANNELS = ['x', 'y', 'z', 'w'];

/** x -> columns. Padding reads as padValue. */
export function im2col(backend: WebGPUBackend, g: PoolGeometry, x: TensorInfo, padValue: number): TensorInfo {
  const unrolled = g.taps <= MOST_UNROLLED;
  const components = unrolled ? componentsOf(g) : 1;
  return runProgram(backend, {
    key: `im2col_${unrolled}`,
    geometry: g,
    inputs: [{ name: 'x', info: x }],
    output: { shape: columnsShape(g), dtype: x.dtype },
    components,
    lanes: unrolled ? undefined : g.channels * g.taps,
    padValue,
    body: () => (unrolled ? wholeWindow(g, components) : oneElement(g)),
  });
}

/** A group of channels: taps are read as groups of channels and written as groups of columns. */
function wholeWindow(g: PoolGeometry, components: number): string {
  const axes = axesOf(g);
  let tap = 0;
  const reads = unrolledTaps(
    axes,
    (value, _, real) => `  let tap${tap++} = ${real ? `select(V(uniforms.padValue), ${value}, ${real})` : value};`,
  );
  const element = (i: number) => `tap${i % g.taps}${components === 1 ? '' : `.${CHANNELS[Math.floor(i / g.taps)]}`}`;
  const writes = Array.from({ length: g.taps }, (_, i) => {
    const elements = Array.from({ length: components }, (__, c) => element(i * components + c));
    return `  result[index * ${g.taps} + ${i}] = V(${elements.join(', ')});`;
  });
  return [windowStart(axes), reads, ...writes].join('\n');
}

/** One element of the matrix; `lane` is its column. */
function oneElement(g: PoolGeometry): string {
  const axes = axesOf(g);
  const position = axes.map(
    ({ name, member, stride, dilation }) =>
      `  let ${name}X = ${name} * ${stride} - uniforms.padBefore.${member} + ${name}Tap * ${dilation};`,
  );
  const real = axes
    .filter(({ leaves }) => leaves)
    .map(({ name, member }) => `${name}X >= 0 && ${name}X < uniforms.xSize.${member}`);
  const row = '((batch * uniforms.xSize.x + dX) * uniforms.xSize.y + hX) * uniforms.xSize.z + wX';
  return `
  let wTap = lane % ${g.width.window};
  let hTap = lane / ${g.width.window} % ${g.height.window};
  let dTap = lane / ${g.width.window * g.height.window} % ${g.depth.window};
${position.join('\n')}
  let at = (${row}) * (uniforms.lanes / ${g.taps}) + lane / ${g.taps};
  ${
    real.length === 0
      ? 'result[index] = x[at];'
      : `let real = ${real.join(' && ')};
  result[index] = select(uniforms.padValue, x[select(0, at, real)], real);`
  }`;
}

/** columns -> dx. Overlaps add up in row-major order of the outputs. */
export function col2im(backend: WebGPUBackend, g: PoolGeometry, columns: TensorInfo): TensorInfo {
  const components = componentsOf(g);
  const element = (tap: string, channel: number) => `columns[origin + ${channel * g.taps} + ${tap}]`;
  const elements = (tap: string) =>
    CHANNELS.slice(0, components)
      .map((_, c) => element(tap, c))
      .join(', ');
  const { key, grid, body } = tileProgram(g, {
    read: (at, real = 'true') => `let origin = (${at}) * ${components * g.taps}; let real = ${real};`,
    after: (dx, tap) => `${dx} + select(V(0), V(${elements(tap)}), real)`,
  });
  return runProgram(backend, {
    key: `col2im_${key}`,
    geometry: g,
    inputs: [{ name: 'columns', info: columns, components: 1 }],
    output: { shape: g.xShape, dtype: columns.dtype },
    grid,
    body,
  });
}
