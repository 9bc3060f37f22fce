/** An input in words: the windows that hold it, which of them it won, and the sum that is its gradient. */
import { type Shown, sendersOf } from './analysis';
import { countOf, inputName, outputName, outputNames, sumText } from './cell_names';
import { precise } from './format';

export function inputText(shown: Shown, input: number): string {
  return `${ownText(shown, input)}${builtinSends(shown, input)}`;
}

/** Of ours alone. */
export function ownText(shown: Shown, input: number): string {
  const value = `${inputName(shown, input)} = ${precise(shown.image.values[input])}`;
  return `${value} ${heldText(shown, input)}.${tieText(shown, input)}${arrivalText(shown, input)}`;
}

/** `1 + 3 = 4`: the parts of an input's gradient, and what they add up to. */
export function gradientSum(shown: Shown, input: number): string {
  const { windows, shares, dy, ours } = shown.result;
  const parts = sendersOf(shown, input).map((output) => {
    const tap = windows[output].indexOf(input);
    return shares[output][tap] * dy[output];
  });
  return sumText(parts, ours.dx![input]);
}

/** An element of what unpooling makes of y. */
export function unpooledText(shown: Shown, input: number): string {
  const [name, won] = [inputName(shown, input), sendersOf(shown, input)];
  const value = precise(shown.result.unpooled![input]);
  if (won.length === 0) return `${name} won no window: unpooling leaves ${value} there.`;
  const windows = won.length === 1 ? 'the window of' : `${won.length} windows, those of`;
  return `${name} won ${windows} ${outputNames(shown, won)}: unpooling puts ${value} there.`;
}

function heldText(shown: Shown, input: number): string {
  const holders = shown.analysis.holders[input];
  if (holders.length === 0) return 'is in no window';
  const isOne = holders.length === 1;
  const held = isOne ? `is in the window of ${outputName(shown, holders[0])}` : `is in ${holders.length} windows`;
  if (!shown.result.argmax) return isOne ? held : `${held}: ${outputNames(shown, holders)}`;
  const won = sendersOf(shown, input);
  if (won.length === 0) return `${held} and ${isOne ? 'does not win it' : 'wins none of them'}`;
  return `${held} and wins ${isOne ? 'it' : `${won.length}: ${outputNames(shown, won)}`}`;
}

function tieText(shown: Shown, input: number): string {
  const { holders, tied } = shown.analysis;
  const ties = holders[input].filter((output) => tied[output].includes(input));
  return ties.length > 0 ? ` It equals the maximum of ${outputNames(shown, ties)}, but is not the first.` : '';
}

function arrivalText(shown: Shown, input: number): string {
  const { analysis, result, withGradient } = shown;
  if (!withGradient) return '';
  if (analysis.holders[input].length === 0) return ' No gradient comes here.';
  const senders = sendersOf(shown, input);
  if (senders.length === 0) return ' Its gradient is 0.';
  const from = result.argmax
    ? senders.length === 1
      ? `the dy of ${outputName(shown, senders[0])}`
      : 'their dy'
    : senders.length === 1
      ? 'its share of dy'
      : `${countOf(senders.length, 'share')} of dy`;
  return ` Its gradient is ${from}: ${gradientSum(shown, input)}.`;
}

/** Nothing, where it is the same. */
function builtinSends({ result, analysis, withGradient, withBuiltin }: Shown, input: number): string {
  if (!withGradient || !withBuiltin || !analysis.dxDiffers.has(input)) return '';
  return ` The built-in sends it ${precise(result.builtin.dx![input])}.`;
}
