/**
 * The way back: which windows an element of x lies in, in row-major order of the outputs, and which tap
 * of each it is. Both adjoints (scatterArgmax, col2im) add up dx along this walk.
 */
import type { AxisGeometry } from '../../geometry';
import { type Int, type Tests, allOf, each, guarded, linear, sum, testsOfRange, variable } from './glsl_int';

/** A window over an element of an axis, and the element's tap there. */
export interface WindowOf {
  readonly output: Int;
  readonly tap: Int;
}

/**
 * GLSL for `body` with each window over position x of an axis, outputs ascending. Where q and r are the
 * quotient and remainder of x + padBefore by the stride, these are outputs q - k, and the element lies
 * r + k * stride after the window's start.
 */
export function eachWindowOf(
  name: string,
  axis: AxisGeometry,
  x: Int,
  endText: string,
  writtenOut: boolean,
  body: (window: WindowOf) => string,
): string {
  const { stride, padBefore, output } = axis;
  const padded = linear(x, 1, padBefore);
  const [q, r] =
    stride === 1
      ? [padded, variable('', 0, 0)]
      : [
          { text: `${name}Last`, min: Math.floor(padded.min / stride), max: Math.floor(padded.max / stride) },
          { text: `${name}Rest`, min: 0, max: stride - 1 },
        ];
  const divide =
    stride === 1
      ? ''
      : `
    int ${q.text} = quotient(${padded.text}, ${stride});
    int ${r.text} = ${padded.text} - ${q.text} * ${stride};`;
  const count = Math.ceil(axis.span / stride);
  return (
    divide +
    each(`${name}Back`, count, writtenOut, 'descending', (k) => {
      const out = sum(q, linear(k, -1));
      const { tap, tests } = tapAt(axis, sum(r, linear(k, stride)));
      return guarded(allOf(tests, testsOfRange(out, output, endText)), body({ output: out, tap }));
    })
  );
}

/** The tap that lies `distance` after the start of its window, and the tests for there being one. */
export function tapAt(axis: AxisGeometry, distance: Int): { tap: Int; tests: Tests } {
  const { dilation, window } = axis;
  const inSpan = testsOfRange(distance, axis.span);
  if (inSpan === 'never' || dilation === 1) return { tap: distance, tests: inSpan };
  if (distance.min === distance.max) {
    const tap = Math.floor(distance.min / dilation);
    return { tap: variable('', tap, tap), tests: distance.min === tap * dilation ? [] : 'never' };
  }
  const tap = { text: `quotient(${distance.text}, ${dilation})`, min: 0, max: window - 1 };
  return { tap, tests: [...inSpan, `${tap.text} * ${dilation} == ${distance.text}`] };
}
