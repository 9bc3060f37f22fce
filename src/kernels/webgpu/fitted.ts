/** Windows fitted to the outputs, in WGSL: where they start and end, and which of them hold an element. */
import { type ShaderLanguage, fittedAxisCode } from '../fitted_code';
import type { Axes, AxisCode } from './program';

/** Functions of each such axis, as {@link fittedAxisCode} has them. */
export function fittedFunctions(axes: Axes): string {
  return axes.flatMap(({ name, fitted }) => (fitted ? [fittedAxisCode(name, fitted, WGSL)] : [])).join('\n');
}

/** What the code depends on. */
export function fittedKey({ fitted }: AxisCode): string {
  return fitted ? `${fitted.step}/${fitted.per}` : '';
}

const WGSL: ShaderLanguage = {
  quotient: (a, b) => `${a} / ${b}`,
  variable: (name, value) => `var ${name} = ${value};`,
  define: (name, parameters, body) =>
    `fn ${name}(${parameters.map((each) => `${each} : i32`).join(', ')}) -> i32 { ${body} }`,
};
