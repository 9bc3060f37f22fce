/**
 * Max pooling in one pass: values alone, or values and argmax.
 *
 * A shader's comparisons may take it that there is no NaN, so NaN is looked for in the bits, by integer
 * arithmetic, while the maximum is found as if there were none. Only where one was seen is the window
 * walked again, by the rule of the contract.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { PoolGeometry } from '../../geometry';
import { type Axes, axesOf, runProgram } from './program';
import { MOST_UNROLLED, firstTap, loopedTaps, unrolledTaps, windowStart } from './taps';

/** x -> [y, argmax] */
export function maxPoolArgmax(backend: WebGPUBackend, g: PoolGeometry, x: TensorInfo): [TensorInfo, TensorInfo] {
  const argmax = backend.makeTensorInfo([...g.yShape], 'int32');
  return [maxPool(backend, g, x, argmax), argmax];
}

/** x -> y, and the argmax into a tensor that is there for it. */
export function maxPool(backend: WebGPUBackend, g: PoolGeometry, x: TensorInfo, argmax?: TensorInfo): TensorInfo {
  const dtype = x.dtype === 'int32' ? 'int32' : 'float32';
  const withArgmax = argmax !== undefined;
  return runProgram(backend, {
    key: `maxPool_${withArgmax}_${dtype === 'int32' ? 'int' : g.spec.nan}`,
    geometry: g,
    inputs: [{ name: 'x', info: x }],
    output: { shape: g.yShape, dtype },
    secondOutput: argmax && { name: 'argmax', info: argmax },
    declarations: dtype === 'int32' ? '' : NAN_BITS,
    body: () => body(g, dtype, withArgmax),
  });
}

/** `nanBits` is negative where a value is NaN. */
export const NAN_BITS = `
fn nanBits(value : V) -> I { return I(0x7f800000) - (bitcast<I>(value) & I(0x7fffffff)); }
fn isNan(value : V) -> B { return nanBits(value) < I(0); }`;

/** Statements that make a tap the best one so far, where `wins`. */
type Take = (wins: string, value: string, tap: string) => string;

function body(g: PoolGeometry, dtype: 'float32' | 'int32', withArgmax: boolean): string {
  const axes = axesOf(g);
  const floats = dtype === 'float32';
  const start = (value: string, tap: string) => `  var best = ${value};
  ${withArgmax ? `var tap = I(${tap});` : ''} ${floats ? 'var nans = nanBits(best);' : ''}`;
  const take: Take = (wins, value, tap) =>
    `best = select(best, ${value}, ${wins});${withArgmax ? ` tap = select(tap, I(${tap}), ${wins});` : ''}`;
  // The first tap wins ties because of the strict `>`.
  const visit = (value: string, tap: string) => `  {
    let value = ${value};
    let wins = value > best;
    ${take('wins', 'value', tap)}${floats ? ' nans |= nanBits(value);' : ''}
  }`;
  let isFirst = true;
  const walk =
    g.taps <= MOST_UNROLLED
      ? unrolledTaps(axes, (value, tap) => {
          const code = isFirst ? start(value, tap) : visit(value, tap);
          isFirst = false;
          return code;
        })
      : [start(...firstTap(axes)), loopedTaps(axes, visit)].join('\n');
  return `${windowStart(axes)}
${walk}
${floats ? `  if (any(nans < I(0))) {\n${nanWindow(g, axes, take)}\n  }` : ''}
  result[index] = best;
  ${withArgmax ? 'argmaxResult[index] = tap;' : ''}`;
}

/** The window once more, where it holds a NaN: the first NaN wins, or else the greatest number. */
function nanWindow(g: PoolGeometry, axes: Axes, take: Take): string {
  const walk = (wins: string, then = '') =>
    loopedTaps(axes, (value, tap) => `let value = ${value}; let wins = ${wins}; ${take('wins', 'value', tap)} ${then}`);
  if (g.spec.nan === 'propagate') {
    return `var found = B(false);
${walk('isNan(value) & !found', 'found |= wins;')}`;
  }
  return `${take('B(true)', ...firstTap(axes))}
${walk('!isNan(value) & (isNan(best) | (value > best))')}`;
}
