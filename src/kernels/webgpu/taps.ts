/**
 * Walking a window in WGSL: unrolled for small windows, loops for large ones. Either way padding is
 * never read: taps outside of the input are those nearest to them inside, which changes no maximum, and
 * no argmax either as long as the tap's number is that of the element read.
 */
import { mapTuple } from '../../map_tuple';
import type { Axes, AxisCode } from './program';

/** Windows of more taps are walked by loops. */
export const MOST_UNROLLED = 32;

/**
 * Statements for one tap, from WGSL expressions for the value, for the tap's number, and for whether it
 * is real, where that is a question.
 */
export type TapCode = (value: string, number: string, real?: string) => string;

/**
 * The starts of the window at output (d, h, w), and its first and last real taps per axis:
 * `<axis>Start`, `<axis>First`, `<axis>Last`.
 */
export function windowStart(axes: readonly AxisCode[]): string {
  return axes
    .map(({ name, member, window, stride, dilation, unit, leaves, fitted }) => {
      if (unit) return `  let ${name}Start = 0; let ${name}First = 0; let ${name}Last = 0;`;
      if (fitted) {
        return `  let ${name}Start = ${name}StartOf(${name}); let ${name}First = 0;
  let ${name}Last = ${name}EndOf(${name}) - ${name}Start - 1;`;
      }
      const start = `${name} * ${stride}`;
      if (!leaves) return `  let ${name}Start = ${start}; let ${name}First = 0; let ${name}Last = ${window - 1};`;
      const before = dilation === 1 ? `-${name}Start` : `(${dilation - 1} - ${name}Start) / ${dilation}`;
      const room = `uniforms.xSize.${member} - 1 - ${name}Start`;
      return `  let ${name}Start = ${start} - uniforms.padBefore.${member};
  let ${name}First = max(0, ${before});
  let ${name}Last = min(${window - 1}, ${dilation === 1 ? room : `(${room}) / ${dilation}`});`;
    })
    .join('\n');
}

/** The number of the window's taps along an axis. */
export function tapsAlong({ name, window, fitted }: AxisCode): string {
  return fitted ? `(${name}Last + 1)` : `${window}`;
}

/** Straight-line code for every tap of the window, in row-major order. */
export function unrolledTaps(axes: Axes, visit: TapCode): string {
  const [depth, height, width] = axes;
  const lines = axes.flatMap((axis) => Array.from({ length: axis.window }, (_, k) => tapOfAxis(axis, k)));
  for (let d = 0; d < depth.window; d++) {
    for (let h = 0; h < height.window; h++) {
      const row = `row${d}_${h}`;
      const plane = `(batch * uniforms.xSize.x + dX${d}) * uniforms.xSize.y + hX${h}`;
      lines.push(`  let ${row} = (${plane}) * uniforms.xSize.z * uniforms.lanes + lane;`);
      lines.push(`  let ${row}Tap = (dTap${d} * ${tapsAlong(height)} + hTap${h}) * ${tapsAlong(width)};`);
      for (let w = 0; w < width.window; w++) {
        const real = [`dTap${d} == ${d}`, `hTap${h} == ${h}`, `wTap${w} == ${w}`].filter((_, i) => axes[i]!.leaves);
        lines.push(
          visit(`x[${row} + wX${w} * uniforms.lanes]`, `${row}Tap + wTap${w}`, real.join(' && ') || undefined),
        );
      }
    }
  }
  return lines.join('\n');
}

/** `<axis>Tap<k>`, the k-th tap or the real one nearest to it, and `<axis>X<k>`, its position in x. */
function tapOfAxis({ name, dilation, leaves }: AxisCode, k: number): string {
  const tap = leaves ? `clamp(${k}, ${name}First, ${name}Last)` : `${k}`;
  return `  let ${name}Tap${k} = ${tap}; let ${name}X${k} = ${name}Start + ${name}Tap${k} * ${dilation};`;
}

/** The first real tap, as {@link TapCode} gets it. */
export function firstTap(axes: Axes): [value: string, number: string] {
  return tapAt(axes, 'First');
}

/** Loops over the real taps in row-major order. */
export function loopedTaps(axes: Axes, visit: TapCode): string {
  const open = axes.map(({ name, unit }) =>
    unit ? `  let ${name}Tap = 0;` : `  for (var ${name}Tap = ${name}First; ${name}Tap <= ${name}Last; ${name}Tap++) {`,
  );
  return [...open, visit(...tapAt(axes, 'Tap')), '}'.repeat(axes.filter(({ unit }) => !unit).length)].join('\n');
}

function tapAt(axes: Axes, suffix: 'First' | 'Tap'): [value: string, number: string] {
  const [d, h, w] = mapTuple(axes, ({ name, dilation }) => `${name}Start + ${name}${suffix} * ${dilation}`);
  const plane = `((batch * uniforms.xSize.x + ${d}) * uniforms.xSize.y + ${h})`;
  return [
    `x[(${plane} * uniforms.xSize.z + ${w}) * uniforms.lanes + lane]`,
    `(d${suffix} * ${tapsAlong(axes[1])} + h${suffix}) * ${tapsAlong(axes[2])} + w${suffix}`,
  ];
}
