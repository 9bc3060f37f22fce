/** The backward row's matrices: the gradient sent back, and where it arrives by ours and by the built-in. */
import { type Analysis, type Shown, largestOf, sum } from './analysis';
import type { Figure } from './figure';
import { precise } from './format';
import type { GridContent } from './value_grid';
import { showFailure, verdictOf } from './verdict';

export function showBackward({ image, result, analysis }: Shown, dy: Figure, dx: Figure, dxBuiltin: Figure): void {
  const { ours, builtin, outHeight, outWidth } = result;
  const largest = Math.max(...[result.dy, ours.dx!, builtin.dx ?? []].map(largestOf), 1e-30);
  const tone = (value: number) => (Number.isFinite(value) ? value / largest : 1);
  const sent = `sum ${precise(sum(result.dy))}`;
  dy.show(
    {
      rows: outHeight,
      columns: outWidth,
      values: result.dy,
      tone,
      kind: 'gradient',
      summary: `Gradient sent back, ${outHeight} by ${outWidth}, ${sent}`,
    },
    sent,
  );
  const gradient = (values: Float32Array, differs: ReadonlySet<number>, who: string): GridContent => ({
    rows: image.height,
    columns: image.width,
    values,
    tone,
    kind: 'gradient',
    marks: (index) => marksOf(index, analysis, differs),
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

function marksOf(index: number, { senders, losers }: Analysis, differs: ReadonlySet<number>): string {
  const marks = [];
  if (senders[index] > 1) marks.push('overlap');
  if (losers.has(index)) marks.push('tie');
  if (differs.has(index)) marks.push('differs');
  return marks.join(' ');
}
