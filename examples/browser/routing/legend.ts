/** What the marks in the matrices mean. */
import { type Pooling, isMaximum } from '../shared/poolings';
import { element } from '../ui/dom';

const WINDOW = ['in-window', 'window of the chosen output'] as const;
const DIFFERS = ['differs', 'built-in differs from ours'] as const;
const OF_MAXIMA = [
  WINDOW,
  ['is-argmax', 'its argmax'],
  ['is-tied', 'equal, but not the first'],
  ['overlap', 'wins several windows: gradients add up'],
  DIFFERS,
] as const;
const OF_SUMS = [WINDOW, ['overlap', 'in several windows: gradients add up'], DIFFERS] as const;

export function legend(): { root: HTMLElement; show(pooling: Pooling): void } {
  const root = element('ul', { class: 'legend', role: 'list', 'aria-label': 'Legend' });
  let shown: unknown;
  return {
    root,
    show(pooling) {
      const entries = isMaximum(pooling) ? OF_MAXIMA : OF_SUMS;
      if (shown !== entries) root.replaceChildren(...entries.map(entry));
      shown = entries;
    },
  };
}

function entry([mark, meaning]: readonly [mark: string, meaning: string]): HTMLElement {
  return element('li', {}, element('span', { class: `cell sample ${mark}`, 'aria-hidden': 'true' }), meaning);
}
