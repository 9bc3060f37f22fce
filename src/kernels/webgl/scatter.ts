/** dy, argmax -> dx: each element of x gathers from the windows that it lies in, whichever name it. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { PoolGeometry } from '../../geometry';
import type { Overlaps } from '../../spec';
import { fittedText } from './fitted';
import { conditionText } from './glsl_int';
import { lanesText, madeText, positionText, sizes, trimText, xView, yView } from './layout';
import { type OverWindow, windowsText } from './over_windows';
import { runShader } from './program';

/** dy and argmax must be {@link packed}. */
export function scatterPass(
  backend: MathBackendWebGL,
  g: PoolGeometry,
  dy: TensorInfo,
  argmax: TensorInfo,
  overlaps: Overlaps,
): TensorInfo {
  return runShader(backend, {
    inputs: { dy: { ...dy, shape: yView(g) }, argmax: { ...argmax, shape: yView(g) } },
    outputShape: xView(g),
    dtype: dy.dtype,
    integers: sizes(g),
    text: madeText(
      `
      ${fittedText(g)}
      vec4 made(int n) {
        ${positionText('xSizes', 'n', g)}
        vec4 dx = vec4(0.0);
        ${windowsText(g, ['dy', 'argmax'], overlaps === 'write' ? writeText : addText)}
        ${trimText('dx', 'xSizes', g)}
        return dx;
      }`,
    ),
  });
}

/** What a window adds to all lanes: its gradient, where its argmax is their tap. */
function addText(window: OverWindow): string {
  return `${isHereText(window)}
    dx += pick(isHere, ${window.valueOf('dy')}, vec4(0.0));`;
}

/** The same, written over what windows before gave. */
function writeText(window: OverWindow): string {
  return `${isHereText(window)}
    dx = pick(isHere, ${window.valueOf('dy')}, dx);`;
}

function isHereText({ valueOf, lanes }: OverWindow): string {
  const taps = lanes.map(({ number, tests }) => {
    // No argmax is half a tap.
    return tests === 'never' ? '-0.5' : tests.length === 0 ? number : `(${conditionText(tests)} ? ${number} : -0.5)`;
  });
  return `
    bvec4 isHere = equal(${valueOf('argmax')}, ${lanesText('vec4', taps)});`;
}
