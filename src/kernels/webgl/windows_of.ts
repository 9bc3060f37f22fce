/**
 * The way back: which windows an element of x lies in, in row-major order of the outputs, and which tap
 * of each it is. Both adjoints (scatterArgmax, col2im) add up dx along this walk.
 */
import type { AxisGeometry } from '../../geometry';
import { type Int, type Tests, allOf, each, guarded, linear, sum, testsOfRange, variable } from './glsl_int';
import { half } from './program';

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

/** The windows over both positions 2 * v and 2 * v + 1 of an axis, v a variable: so many consecutive outputs. */
export interface OverBoth {
  /** GLSL statements that the others need. */
  readonly before: string;
  readonly count: number;
  /** Window number i. */
  readonly output: (i: Int) => Int;
  /** Position 2 * v lies so far after the start of window i. */
  readonly distance: (i: Int) => Int;
  /** The texel of window 0, and whether that is the texel's second output; undefined where only the fragment knows. */
  readonly texel: Int;
  readonly isOdd: boolean | undefined;
  /** GLSL for `isOdd` where only the fragment knows. */
  readonly isOddText: string;
}

/**
 * Windows q - k for k from kMax down to kMin, where q and r are the quotient and remainder of the first position by the stride.
 * For strides 1 and 2, r is known.
 */
export function overBoth(name: string, { stride, padBefore, input, span }: AxisGeometry): OverBoth {
  const v = { text: name, min: 0, max: half(input) - 1 };
  const padded = linear(v, 2, padBefore);
  const step = stride % 2 === 0 ? 2 : 1;
  const r =
    stride <= 2
      ? variable('', padBefore % stride, padBefore % stride)
      : { text: `${name}Rest`, min: padBefore % step, max: stride - step + (padBefore % step) };
  const kMax = Math.floor((span - 1 - r.min) / stride);
  // The second position may lie in one window more than the first.
  const kMin = r.max + 1 === stride ? -1 : 0;
  const first = Math.floor(padBefore / stride) - kMax;
  const start =
    stride <= 2
      ? linear(v, 2 / stride, first)
      : { text: `${name}Start`, min: first, max: Math.floor(padded.max / stride) - kMax };
  const divideText = `
    int ${name}Start = quotient(${padded.text}, ${stride});
    int ${name}Rest = ${padded.text} - ${name}Start * ${stride};
    ${name}Start -= ${kMax};`;
  const halveText = `
    int ${name}Texel = int(floor(float(${start.text}) * 0.5));
    bool ${name}IsOdd = ${start.text} > 2 * ${name}Texel;`;
  return {
    before: stride === 1 ? '' : stride === 2 ? halveText : divideText + halveText,
    count: kMax - kMin + 1,
    output: (i) => sum(start, i),
    distance: (i) => sum(r, linear(i, -stride, kMax * stride)),
    texel: stride === 1 ? linear(v, 1, Math.floor(first / 2)) : { text: `${name}Texel`, min: -Infinity, max: Infinity },
    isOdd: stride === 1 ? Math.abs(first % 2) === 1 : undefined,
    isOddText: `${name}IsOdd`,
  };
}
