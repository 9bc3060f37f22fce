/** How a GPU finds the windows that are fitted to the outputs: what WGSL and GLSL have in common. */
import type { FittedWindows } from '../fitted_windows';

/** The few words in which the languages differ. */
export interface Language {
  /** `a / b`, rounded down; neither is negative. */
  readonly quotient: (a: string, b: number) => string;
  /** Declares an int32 variable. */
  readonly variable: (name: string, value: string) => string;
}

/** A language of shaders. */
export interface ShaderLanguage extends Language {
  /** Declares a function of int32 parameters that returns an int32. */
  readonly define: (name: string, parameters: readonly string[], body: string) => string;
}

/**
 * Functions of an axis: `<axis>StartOf(window)`, `<axis>EndOf(window)`, and `<axis>FirstOver(element)`, `<axis>EndOver(element)` for
 * the windows over an element, which are those of adaptive pooling the other way round.
 */
export function fittedAxisCode(name: string, { step, per }: FittedWindows, language: ShaderLanguage): string {
  const { define } = language;
  return [
    define(`${name}Scaled`, ['value', 'add'], scaledCode(step, per, language)),
    define(`${name}ScaledBack`, ['value', 'add'], scaledCode(per, step, language)),
    define(`${name}StartOf`, ['window'], `return ${name}Scaled(window, 0);`),
    define(`${name}EndOf`, ['window'], `return ${name}Scaled(window + 1, ${per - 1});`),
    define(`${name}FirstOver`, ['element'], `return ${name}ScaledBack(element, 0);`),
    define(`${name}EndOver`, ['element'], `return ${name}ScaledBack(element + 1, ${step - 1});`),
  ].join('\n');
}

/** `value * step` is an int32 for each value up to `per`, with `step` below `per`. */
const MOST_IN_ONE_STEP = 46340;

/** The body of a function of `value`, up to `per`, and `add`, below it: `(value * step + add) / per`, rounded down. */
export function scaledCode(step: number, per: number, { quotient, variable }: Language): string {
  const [whole, rest] = [Math.floor(step / per), step % per];
  if (per <= MOST_IN_ONE_STEP) return `return value * ${whole} + ${quotient(`(value * ${rest} + add)`, per)};`;
  // A long division: digits of the value, to a base whose products with `per` are int32.
  const base = 2 ** Math.max(1, Math.floor(30 - Math.log2(per)));
  const digits = Math.ceil(Math.log2(per + 1) / Math.log2(base));
  const steps = Array.from({ length: digits }, (_, i) => {
    const place = base ** (digits - 1 - i);
    return `digit = ${quotient('digits', place)}; digits = digits - digit * ${place};
  left = left * ${base} + digit * ${rest}; part = ${quotient('left', per)};
  result = result * ${base} + part; left = left - part * ${per};`;
  });
  const zeros = ['digit', 'left', 'part', 'result'].map((name) => variable(name, '0'));
  return `${variable('digits', 'value')} ${zeros.join(' ')}
  ${steps.join('\n  ')}
  return value * ${whole} + result + ${quotient('(left + add)', per)};`;
}
