/** What the marks in the matrices mean. */
import { hasPadding } from '../shared/frame';
import { isMaximum } from '../shared/poolings';
import { element } from '../ui/dom';
import type { RoutingResult } from '../workers/routing_protocol';
import type { Settings } from './settings';

const WINDOW = ['in-window', 'window of the chosen output, or the windows over a chosen input'] as const;
const DIFFERS = ['differs', 'built-in differs from ours'] as const;
const PADDING = ['padding', 'padding'] as const;
const OF_MAXIMA = [
  WINDOW,
  ['is-argmax', 'its argmax, or the windows it won'],
  ['is-tied', 'equal, but not the first'],
  ['overlap', 'wins several windows: gradients add up'],
  DIFFERS,
  PADDING,
] as const;
const OF_SUMS = [WINDOW, ['overlap', 'in several windows: gradients add up'], DIFFERS, PADDING] as const;

type Shown = Pick<Settings, 'pooling' | 'showGradient' | 'showBuiltin'>;

export function legend(): { root: HTMLElement; show(settings: Shown, result: RoutingResult): void } {
  const root = element('ul', { class: 'legend', role: 'list', 'aria-label': 'Legend' });
  return {
    root,
    show({ pooling, showGradient, showBuiltin }, { frame }) {
      const entries = isMaximum(pooling) ? OF_MAXIMA : OF_SUMS;
      // Of the marks on what is hidden nothing is said.
      const seen = entries.filter(
        ([mark]) =>
          (showBuiltin || mark !== 'differs') &&
          (showGradient || mark !== 'overlap') &&
          (hasPadding(frame) || mark !== 'padding'),
      );
      root.replaceChildren(...seen.map(entry));
    },
  };
}

function entry([mark, meaning]: readonly [mark: string, meaning: string]): HTMLElement {
  return element('li', {}, element('span', { class: `cell sample ${mark}`, 'aria-hidden': 'true' }), meaning);
}
