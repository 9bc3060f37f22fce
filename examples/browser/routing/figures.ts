/** The matrices of the Routing part, forward above and backward below: input, ours, the built-in. */
import { element } from '../ui/dom';
import type { Shown } from './analysis';
import { showBackward } from './backward';
import { type Cell, type Grid, INPUT_GRIDS } from './cell';
import { type Figure, figure } from './figure';
import { showForward, showInput, showUnpooled } from './forward';
import type { Pointing } from './grid_pointing';
import type { Image } from './images';
import { MARKS, lightsOf } from './lights';
import type { Settings } from './settings';

export interface Figures {
  readonly root: HTMLElement;
  readonly input: Figure;
  show(shown: Shown): void;
  /** The image alone, before there is a result, or when it is refused. */
  showInput(image: Image): void;
  /** Lights what has to do with a cell. */
  light(shown: Shown, cell: Cell): void;
  /** The cell that stays. */
  pin(cell: Cell): void;
  setVisible(which: Pick<Settings, 'pooling' | 'showGradient' | 'showBuiltin' | 'showUnpooling'>): void;
  setDrawing(on: boolean): void;
}

/** `between` stands below the forward row: what is said of the cell that is pointed at. */
export function figures(pointing: (grid: Grid) => Pointing, between: HTMLElement): Figures {
  const draw = (grid: Grid, symbol: string, title: string) => figure(grid, symbol, title, pointing(grid));
  const drawn: Readonly<Record<Grid, Figure>> = {
    x: draw('x', 'x', 'input'),
    y: draw('y', 'y', 'ours'),
    'y-builtin': draw('y-builtin', 'y', 'built-in'),
    dy: draw('dy', 'dy', 'sent back'),
    dx: draw('dx', 'dx', 'ours'),
    'dx-builtin': draw('dx-builtin', 'dx', 'built-in'),
    unpooled: draw('unpooled', 'x', 'maxima where they came from, zeros elsewhere'),
  };
  const { x: input, y, 'y-builtin': yBuiltin, dy, dx, 'dx-builtin': dxBuiltin, unpooled } = drawn;
  const unpooling = row('unpooling', 'Unpooling', unpooled);
  const forward = row('forward', 'Forward', input, y, yBuiltin);
  const backward = row('backward', 'Backward', dy, dx, dxBuiltin);
  return {
    root: element('div', { class: 'figures' }, forward, between, backward, unpooling),
    input,
    show(shown) {
      showForward(shown, input, y, yBuiltin);
      showBackward(shown, dy, dx, dxBuiltin);
      showUnpooled(shown, unpooled);
    },
    showInput: (image) => showInput(image, input),
    light(shown, cell) {
      const { inputs, outputs, builtinOutputs } = lightsOf(shown, cell);
      for (const mark of MARKS) {
        for (const grid of INPUT_GRIDS) drawn[grid].grid.light(mark, inputs[mark] ?? []);
        for (const { grid } of [y, dy]) grid.light(mark, outputs[mark] ?? []);
        yBuiltin.grid.light(mark, builtinOutputs[mark] ?? []);
      }
    },
    pin({ grid: pinned, index }) {
      for (const [id, { grid }] of Object.entries(drawn)) grid.choose(id === pinned ? index : undefined);
    },
    setVisible({ pooling, showGradient, showBuiltin, showUnpooling }) {
      backward.hidden = !showGradient;
      unpooling.hidden = !showUnpooling || pooling !== 'max';
      yBuiltin.root.hidden = !showBuiltin;
      dxBuiltin.root.hidden = !showBuiltin;
    },
    setDrawing(on) {
      const { grid, root } = input;
      root.classList.toggle('drawing', on);
      // Arrow keys and Space draw on it: they are for the page, not for a screen reader's own commands.
      grid.root.setAttribute('role', on ? 'application' : 'grid');
      if (on) grid.root.tabIndex = 0;
      else grid.root.removeAttribute('tabindex');
      grid.setPointing(!on);
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
