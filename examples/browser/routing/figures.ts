/** The matrices of the Routing part, forward above and backward below: input, ours, the built-in. */
import { element } from '../ui/dom';
import { type Shown, winnerOf } from './analysis';
import { showBackward } from './backward';
import { type Figure, figure } from './figure';
import { showForward, showInput, showUnpooled } from './forward';
import type { Image } from './images';
import type { Settings } from './settings';
import type { Pointing } from './value_grid';

export interface Figures {
  readonly root: HTMLElement;
  readonly input: Figure;
  show(shown: Shown): void;
  /** The image alone, before there is a result, or when it is refused. */
  showInput(image: Image): void;
  /** Lights an output, its window and its winner. */
  light(shown: Shown, output: number): void;
  /** The output that stays. */
  pin(output: number): void;
  setVisible(which: Pick<Settings, 'pooling' | 'showGradient' | 'showBuiltin' | 'showUnpooling'>): void;
  setDrawing(on: boolean): void;
}

/** `between` stands below the forward row: what is said of the chosen output. */
export function figures(outputs: Pointing, between: HTMLElement): Figures {
  const input = figure('x', 'x', 'input');
  const ours = figure('y', 'y', 'ours', outputs);
  const builtin = figure('y-builtin', 'y', 'built-in');
  const dy = figure('dy', 'dy', 'sent back');
  const dx = figure('dx', 'dx', 'ours');
  const dxBuiltin = figure('dx-builtin', 'dx', 'built-in');
  const unpooled = figure('unpooled', 'x', 'maxima where they came from, zeros elsewhere');
  const unpooling = row('unpooling', 'Unpooling', unpooled);
  const forward = row('forward', 'Forward', input, ours, builtin);
  const backward = row('backward', 'Backward', dy, dx, dxBuiltin);
  return {
    root: element('div', { class: 'figures' }, forward, between, backward, unpooling),
    input,
    show(shown) {
      showForward(shown, input, ours, builtin);
      showBackward(shown, dy, dx, dxBuiltin);
      showUnpooled(shown, unpooled);
    },
    showInput: (image) => showInput(image, input),
    light({ result, analysis }, output) {
      const winner = winnerOf(result, output);
      const window = result.windows[output].filter((index) => index >= 0);
      for (const { grid } of [input, dx, dxBuiltin, unpooled]) {
        grid.light('in-window', window);
        grid.light('is-argmax', winner === undefined ? [] : [winner]);
      }
      input.grid.light('is-tied', analysis.tied[output]);
      for (const { grid } of [ours, dy]) grid.light('is-selected', [output]);
      const place = analysis.places.indexOf(output);
      builtin.grid.light('is-selected', place < 0 ? [] : [place]);
    },
    pin: (output) => ours.grid.choose(output),
    setVisible({ pooling, showGradient, showBuiltin, showUnpooling }) {
      backward.hidden = !showGradient;
      unpooling.hidden = !showUnpooling || pooling !== 'max';
      builtin.root.hidden = !showBuiltin;
      dxBuiltin.root.hidden = !showBuiltin;
    },
    setDrawing(on) {
      const { root } = input.grid;
      input.root.classList.toggle('drawing', on);
      // Arrow keys and Space draw on it: they are for the page, not for a screen reader's own commands.
      root.setAttribute('role', on ? 'application' : 'img');
      if (on) root.tabIndex = 0;
      else root.removeAttribute('tabindex');
    },
  };
}

function row(id: string, title: string, ...list: Figure[]): HTMLElement {
  return element(
    'section',
    { class: 'figure-row', 'aria-labelledby': `row-${id}` },
    element('h3', { id: `row-${id}` }, title),
    element('div', { class: 'figure-list' }, ...list.map(({ root }) => root)),
  );
}
