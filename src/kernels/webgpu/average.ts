/**
 * Average pooling: x -> y, and its adjoint dy -> dx. Where all windows count the same, the divisor is a
 * uniform; else each output works out its own.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type Divisor, uniformCount, uniformDivisor } from '../../average';
import type { PoolGeometry } from '../../geometry';
import { type Axes, axesOf, runProgram } from './program';
import { MOST_UNROLLED, loopedTaps, unrolledTaps, windowStart } from './taps';
import { tileProgram } from './tiles';

/** x -> y, in one pass. */
export function averagePool(backend: WebGPUBackend, g: PoolGeometry, x: TensorInfo, divisor: Divisor): TensorInfo {
  const uniform = uniformDivisor(g, divisor);
  const take = (value: string, _: string, real?: string) =>
    `  total += ${real ? `select(V(0), ${value}, ${real})` : value};`;
  return runProgram(backend, {
    key: `average_${divisorKey(g, divisor)}`,
    geometry: g,
    inputs: [{ name: 'x', info: x }],
    output: { shape: g.yShape, dtype: 'float32' },
    divisor: uniform,
    body: () => {
      const axes = axesOf(g);
      return `${windowStart(axes)}
  var total = V(0);
${g.taps <= MOST_UNROLLED ? unrolledTaps(axes, take) : loopedTaps(axes, take)}
  result[index] = total / ${uniform === undefined ? divisorCode(axes, divisor) : 'uniforms.divisor'};`;
    },
  });
}

/** dy -> dx: one pass, or one more before it that divides where windows count differently. */
export function averageSpread(backend: WebGPUBackend, g: PoolGeometry, dy: TensorInfo, divisor: Divisor): TensorInfo {
  const uniform = uniformDivisor(g, divisor);
  if (uniform !== undefined) return spread(backend, g, dy, uniform);
  const shares = divided(backend, g, dy, divisor);
  const dx = spread(backend, g, shares, 1);
  backend.disposeData(shares.dataId);
  return dx;
}

function spread(backend: WebGPUBackend, g: PoolGeometry, dy: TensorInfo, divisor: number): TensorInfo {
  const value = divisor === 1 ? 'dy[at]' : 'dy[at] / uniforms.divisor';
  const { key, grid, body } = tileProgram(g, {
    read: (at, real) => `let at = ${at}; let share = ${real ? `select(V(0), ${value}, ${real})` : value};`,
    after: (dx) => `${dx} + share`,
  });
  return runProgram(backend, {
    key: `spread_${divisor === 1}_${key}`,
    geometry: g,
    inputs: [{ name: 'dy', info: dy }],
    output: { shape: g.xShape, dtype: 'float32' },
    divisor: divisor === 1 ? undefined : divisor,
    grid,
    body,
  });
}

/** Each gradient over what its window counts. */
function divided(backend: WebGPUBackend, g: PoolGeometry, dy: TensorInfo, divisor: Divisor): TensorInfo {
  return runProgram(backend, {
    key: `divided_${divisorKey(g, divisor)}`,
    geometry: g,
    inputs: [{ name: 'dy', info: dy }],
    output: { shape: g.yShape, dtype: 'float32' },
    body: () => {
      const axes = axesOf(g);
      return `${windowStart(axes)}
  result[index] = dy[index] / ${divisorCode(axes, divisor)};`;
    },
  });
}

/** WGSL for the divisor of the window that `windowStart` found. */
function divisorCode(axes: Axes, divisor: Divisor): string {
  const counts = axes.map((axis) => {
    const { name, member, window, dilation, padAfter } = axis;
    const uniform = uniformCount(axis, divisor);
    if (uniform !== undefined) return `${uniform}`;
    if (divisor === 'real') return `(${name}Last - ${name}First + 1)`;
    return `min(${window}, (uniforms.xSize.${member} + ${padAfter - 1} - ${name}Start) / ${dilation} + 1)`;
  });
  return `f32(${counts.join(' * ')})`;
}

/** What the code of a divisor depends on, beside the axes. */
function divisorKey({ depth, height, width }: PoolGeometry, divisor: Divisor): string {
  const counts = [depth, height, width].map((axis) => uniformCount(axis, divisor) ?? `_${axis.padAfter}`);
  return `${typeof divisor === 'number' ? 'given' : divisor}_${counts.join(',')}`;
}
