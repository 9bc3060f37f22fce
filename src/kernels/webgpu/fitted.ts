/** Windows fitted to the outputs, in WGSL: where they start and end, and which of them hold an element. */
import { type Language, scaledCode } from '../fitted_code';
import type { AxisCode } from './program';

/**
 * Functions of each such axis: `<axis>StartOf(window)`, `<axis>EndOf(window)`, and `<axis>FirstOver(element)`,
 * `<axis>EndOver(element)` for the windows over an element, which are those of adaptive pooling the other way round.
 */
export function fittedFunctions(axes: readonly AxisCode[]): string {
  return axes
    .flatMap(({ name, fitted }) => {
      if (!fitted) return [];
      const { step, per } = fitted;
      return [
        scaled(`${name}Scaled`, step, per),
        scaled(`${name}ScaledBack`, per, step),
        `fn ${name}StartOf(window : i32) -> i32 { return ${name}Scaled(window, 0); }`,
        `fn ${name}EndOf(window : i32) -> i32 { return ${name}Scaled(window + 1, ${per - 1}); }`,
        `fn ${name}FirstOver(element : i32) -> i32 { return ${name}ScaledBack(element, 0); }`,
        `fn ${name}EndOver(element : i32) -> i32 { return ${name}ScaledBack(element + 1, ${step - 1}); }`,
      ];
    })
    .join('\n');
}

/** What the code depends on. */
export function fittedKey({ fitted }: AxisCode): string {
  return fitted ? `${fitted.step}/${fitted.per}` : '';
}

const WGSL: Language = {
  quotient: (a, b) => `${a} / ${b}`,
  variable: (name, value) => `var ${name} = ${value};`,
};

function scaled(name: string, step: number, per: number): string {
  return `fn ${name}(value : i32, add : i32) -> i32 { ${scaledCode(step, per, WGSL)} }`;
}
