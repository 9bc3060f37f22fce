/** The backward row's matrices: the gradient sent back, and where it arrives by ours and by the built-in. */
import { isMaximum } from '../shared/poolings';
import { type Analysis, type Shown, largestOf, sum } from './analysis';
import type { Figure } from './figure';
import { place, precise } from './format';
import { cellName, differs as differsText, framed } from './forward';
import type { GridContent } from './value_grid';
import { showFailure, verdictOf } from './verdict';

export function showBackward(shown: Shown, dy: Figure, dx: Figure, dxBuiltin: Figure): void {
  const { image, pooling, result, analysis } = shown;
  const { ours, builtin, outHeight, outWidth } = result;
  const arriving = [ours.dx!, builtin.dx ?? []];
  // Maxima pass a gradient on whole, and it keeps its colour; shares of it would be too pale.
  const toneOfDy = toneOf(isMaximum(pooling) ? [result.dy, ...arriving] : [result.dy]);
  const toneOfDx = isMaximum(pooling) ? toneOfDy : toneOf(arriving);
  const sent = `sum ${precise(sum(result.dy))}`;
  dy.show(
    {
      rows: outHeight,
      columns: outWidth,
      values: result.dy,
      tone: toneOfDy,
      kind: 'gradient',
      name: (index) => `dy${place(index, outWidth)}: ${precise(result.dy[index])}`,
      summary: `Gradient sent back, ${outHeight} by ${outWidth}, ${sent}`,
    },
    sent,
  );
  const gradient = (values: Float32Array, differs: ReadonlySet<number>, who: string): GridContent => ({
    rows: image.height,
    columns: image.width,
    values,
    tone: toneOfDx,
    kind: 'gradient',
    ...framed(shown, () => ''),
    marks: (index) => marksOf(index, analysis, differs),
    name: (cell) => `${cellName(shown, 'dx', cell, values)}${differsText(differs, cell)}`,
    badge: (index) => (analysis.senders[index] > 1 && who === 'ours' ? `×${analysis.senders[index]}` : ''),
    summary: `Gradient that arrived, ${who}, ${image.height} by ${image.width}, sum ${precise(sum(values))}`,
  });
  const arrived = precise(sum(ours.dx!));
  dx.show(gradient(ours.dx!, new Set(), 'ours'), `sum ${arrived}`);
  if (builtin.dx === null) {
    if (builtin.failure) showFailure(dxBuiltin, builtin.failure);
    else {
      dxBuiltin.showMessage(`No gradient: ${builtin.gradientError}.`, 'bad');
      dxBuiltin.verdict('no gradient', 'bad');
    }
    return;
  }
  const got = precise(sum(builtin.dx));
  dxBuiltin.show(
    gradient(builtin.dx, analysis.dxDiffers, 'the built-in'),
    `sum ${got}${got === arrived ? '' : ` instead of ${arrived}`}`,
  );
  verdictOf(dxBuiltin, analysis.dxDiffers.size, builtin.dx.length, analysis.isRounded.dx);
}

/** From 0, none of the gradient's colour, to the largest magnitude of all, all of it. */
export function toneOf(all: ReadonlyArray<ArrayLike<number>>): GridContent['tone'] {
  const largest = Math.max(...all.map(largestOf), 1e-30);
  return (value) => (Number.isFinite(value) ? value / largest : 1);
}

function marksOf(index: number, { senders, losers }: Analysis, differs: ReadonlySet<number>): string {
  const marks = [];
  if (senders[index] > 1) marks.push('overlap');
  if (losers.has(index)) marks.push('tie');
  if (differs.has(index)) marks.push('differs');
  return marks.join(' ');
}
