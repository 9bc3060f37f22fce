/** What the marks in the matrices mean. */
import { element } from '../ui/dom';

const ENTRIES: ReadonlyArray<readonly [mark: string, meaning: string]> = [
  ['in-window', 'window of the chosen output'],
  ['is-argmax', 'its argmax'],
  ['is-tied', 'equal, but not the first'],
  ['overlap', 'wins several windows: gradients add up'],
  ['differs', 'built-in differs from ours'],
];

export function legend(): HTMLElement {
  return element(
    'ul',
    { class: 'legend', role: 'list', 'aria-label': 'Legend' },
    ...ENTRIES.map(([mark, meaning]) =>
      element('li', {}, element('span', { class: `cell sample ${mark}`, 'aria-hidden': 'true' }), meaning),
    ),
  );
}
