/** A cell of padding in words, and the few letters that stand in it. */
import { isAverage, isMaximum } from '../shared/poolings';
import { type Shown, sum } from './analysis';
import { outputNames } from './cell_names';
import { precise } from './format';

/** What a cell of padding counts as: nothing larger than it wins a maximum, it adds 0 to a norm, and 0 or nothing to an average. */
export function paddingValue(shown: Shown, cell: number): string {
  if (isMaximum(shown.pooling)) return '−∞';
  const isLeftOut = isAverage(shown.pooling) && !shown.isDivisorGiven && !isCounted(shown, cell);
  return isLeftOut ? '–' : '0';
}

export function paddingName({ analysis }: Shown, cell: number): string {
  const [row, column] = analysis.spots[cell].map(precise);
  return `[${row}, ${column}]`;
}

export function paddingText(shown: Shown, cell: number): string {
  const at = paddingName(shown, cell);
  const name = isOverhang(shown, cell) ? `Only rounding up reaches ${at}: it` : `Padding at ${at}`;
  const holders = shown.analysis.holders[cell];
  if (holders.length === 0) return `${name} is in no window.`;
  const held = holders.length === 1 ? 'the window of' : `${holders.length} windows:`;
  return `${name} is in ${held} ${outputNames(shown, holders)}. ${meaning(shown, cell)}${lostText(shown, cell)}`;
}

function meaning(shown: Shown, cell: number): string {
  if (isMaximum(shown.pooling)) return 'It counts as −∞, and never wins.';
  if (!isAverage(shown.pooling)) return 'It adds 0 to the norm.';
  if (shown.isDivisorGiven) return 'It adds 0 to the sum; the divisor is a given one.';
  return isCounted(shown, cell) ? 'It adds 0 to the sum, and counts in the divisor.' : 'It is not counted.';
}

/** A counted cell takes a share of dy as the elements do, and no input gets it. */
function lostText(shown: Shown, cell: number): string {
  const { result, analysis, withGradient } = shown;
  if (!withGradient) return '';
  if (!result.divisors || !isCounted(shown, cell)) return ' No gradient comes here.';
  const shares = analysis.holders[cell].map((output) => result.dy[output] / result.divisors![output]);
  return ` Its share of dy, ${precise(sum(shares))}, reaches no element.`;
}

function isCounted(shown: Shown, cell: number): boolean {
  return shown.isPaddingCounted && !shown.isDivisorGiven && !isOverhang(shown, cell);
}

/** Windows of ceil mode reach it, but it is no padding: no average counts it. */
function isOverhang({ image, result, analysis }: Shown, cell: number): boolean {
  const [row, column] = analysis.spots[cell];
  const { frame, overhang } = result;
  return row >= image.height + frame.bottom - overhang[0] || column >= image.width + frame.right - overhang[1];
}
