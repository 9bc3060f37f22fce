/**
 * x -> y and x -> argmax, one pass each: WebGL programs of tfjs have one output.
 *
 * Taps are walked from the last to the first, so that `>=` leaves the
 * first of equals, and the first NaN: with `propagate` a NaN always wins, with `ignore` it always loses.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { PoolGeometry } from '../../geometry';
import { fittedText } from './fitted';
import { madeText, positionText, sizes, trimText, xView, yView } from './layout';
import { isUnpacked, runShader } from './program';
import { type Lane, blockText, realText, valuesText, windowText } from './walk';

/** One pass over x: the greatest of each window, or its tap number. */
export function maxPoolPass(
  backend: MathBackendWebGL,
  g: PoolGeometry,
  x: TensorInfo,
  result: 'values' | 'argmax',
): TensorInfo {
  const unpackedInputs = isUnpacked(backend, x);
  return runShader(backend, {
    inputs: { x: { ...x, shape: xView(g) } },
    unpackedInputs,
    outputShape: yView(g),
    dtype: result === 'values' ? x.dtype : 'int32',
    integers: sizes(g),
    // It loses to every number, and with `ignore` to NaN as well.
    floats: { start: g.spec.nan === 'propagate' ? -Infinity : NaN },
    text: madeText(
      `
      ${fittedText(g)}
      ${blockText(g, unpackedInputs)}
      vec4 made(int n) {
        ${positionText('ySizes', 'n', g)}
        vec4 best = vec4(start);
        vec4 tap = vec4(0.0);
        vec4 v;
        bvec4 wins;
        ${windowText(g, 'descending', (lanes, number) => takeText(g, result, lanes, number))}
        vec4 result = ${result === 'values' ? 'best' : 'tap'};
        ${trimText('result', 'ySizes', g)}
        return result;
      }`,
    ),
  });
}

/** One tap of all lanes against the best so far. */
function takeText(g: PoolGeometry, result: 'values' | 'argmax', lanes: readonly Lane[], number: string): string {
  const nan = g.spec.nan === 'propagate' ? 'isnan(v)' : 'isnan(best)';
  const wins = `either(greaterThanEqual(v, best), ${nan})`;
  const isReal = realText(lanes);
  return `
    v = ${valuesText(lanes)};
    wins = ${isReal === undefined ? wins : `both(${isReal}, ${wins})`};
    best = pick(wins, v, best);
    ${result === 'argmax' ? `tap = pick(wins, ${number}, tap);` : ''}`;
}
