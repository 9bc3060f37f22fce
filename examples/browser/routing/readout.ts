/** One sentence about the chosen output. */
import { winnerOf, windowOf } from './analysis';
import type { Shown } from './figures';
import { precise } from './format';

export function readout({ image, result, analysis }: Shown, output: number): string {
  const at = (index: number, width: number) => `[${Math.floor(index / width)}, ${index % width}]`;
  const window = windowOf(result, output).map((input) => (input < 0 ? 'padding' : precise(image.values[input])));
  const tap = result.argmax[output];
  const winner = winnerOf(result, output);
  const ties = analysis.tied[output].length;
  const shownWindow = window.length > 9 ? `${window.slice(0, 9).join(', ')}, …` : window.join(', ');
  return (
    `y${at(output, result.outWidth)} = ${precise(result.ours.y![output])}: of its window (${shownWindow}) tap ${tap} wins` +
    `${ties > 0 ? `, the first of ${ties + 1} that are equal` : ''}. It is x${at(winner, image.width)}, which ` +
    `${analysis.wins[winner] > 1 ? `wins ${analysis.wins[winner]} windows and gets` : 'gets'} the gradient ${precise(result.ours.dx![winner])}.`
  );
}
