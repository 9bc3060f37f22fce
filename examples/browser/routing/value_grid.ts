/**
 * A matrix drawn as cells, which are pointed at by pointer, finger or arrow keys (one stop of the Tab key). A number has as
 * many digits as fit into its cell; the rest is in the cell's title.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/grid/
 */
import { type Frame, NO_FRAME, numbersIn } from '../shared/frame';
import { element } from '../ui/dom';
import { paint, paintPadding, write } from './grid_cell';
import { type Pointing, listen } from './grid_pointing';

export interface GridContent {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  /** The share of bright (or of the gradient's colour) in a cell, 0 to 1; of the other sign, below 0. */
  readonly tone: (value: number) => number;
  readonly kind: 'value' | 'gradient';
  /** Class names of a cell, besides those of its value. */
  readonly marks?: (index: number) => string;
  /** A small remark in a cell's corner. */
  readonly badge?: (index: number) => string;
  /** The padding around the matrix. Its cells are numbered after those of the matrix (see shared/frame.ts); `text` stands in them. */
  readonly frame?: { readonly sides: Frame; text(cell: number): string };
  /** What a screen reader says of a cell. */
  readonly name?: (index: number) => string;
  /** What a screen reader says of the whole. */
  readonly summary: string;
}

export interface ValueGrid {
  readonly root: HTMLElement;
  show(content: GridContent): void;
  /** Sets one class on exactly these cells. */
  light(className: string, indices: Iterable<number>): void;
  /** Says that a cell is the chosen one, and makes Tab reach it; undefined: the chosen one is in another grid. */
  choose(index: number | undefined): void;
  /** Whether its cells can be pointed at: not while it is drawn on. */
  setPointing(on: boolean): void;
}

/** In pixels of a cell's side. */
const SMALLEST_LEGIBLE = 15;
const SMALLEST_WITH_BADGE = 30;
/** The size of a number's letters, in pixels, as routing.css has it; and how many times that size fits into a cell's side. */
const SMALLEST_LETTERS = 6.2;
const LETTERS_PER_SIDE = 1.45;

export function valueGrid(pointing: Pointing): ValueGrid {
  const root = element('div', { class: 'grid', role: 'grid' });
  /** By number; `order` has the numbers row by row. */
  let cells: HTMLElement[] = [];
  let order: readonly number[] = [];
  let columns = 0;
  let form = '';
  let content: GridContent | undefined;
  let chosen: number | undefined;
  /** The cell that Tab reaches. */
  let stop = 0;
  let isPointing = true;
  /** Characters that fit into a cell. */
  let room = 0;
  const lit = new Map<string, number[]>();
  const size = new ResizeObserver(() => sizeText());
  size.observe(root);

  function sizeText(): void {
    // Hidden, it has no size; its numbers stay for when it is shown again.
    if (root.clientWidth === 0) return;
    const side = root.clientWidth / Math.max(1, columns);
    root.classList.toggle('tiny', side < SMALLEST_LEGIBLE);
    root.classList.toggle('small', side < SMALLEST_WITH_BADGE);
    root.style.setProperty('--cell', `${side}px`);
    const fits = Math.floor((side * LETTERS_PER_SIDE) / SMALLEST_LETTERS);
    if (fits === room) return;
    room = fits;
    if (content) cells.forEach((cell, index) => write(cell, content!.values[index], room));
  }

  function build(rows: readonly number[][]): void {
    order = rows.flat();
    [columns, chosen, stop] = [rows[0].length, undefined, 0];
    cells = [];
    root.replaceChildren(
      ...rows.map((numbers) =>
        element(
          'div',
          { class: 'grid-row' },
          ...numbers.map((index) => (cells[index] = element('div', { 'data-index': index }))),
        ),
      ),
    );
    root.style.setProperty('--columns', String(columns));
    sizeText();
  }

  /** What a screen reader and the Tab key need of cells that can be pointed at. */
  function dress(): void {
    const set = (target: Element, name: string, value: string | undefined) =>
      isPointing && value !== undefined ? target.setAttribute(name, value) : target.removeAttribute(name);
    for (const row of Array.from(root.children)) set(row, 'role', 'row');
    cells.forEach((cell, index) => {
      set(cell, 'role', 'gridcell');
      set(cell, 'tabindex', index === stop ? '0' : '-1');
      set(cell, 'aria-selected', String(index === chosen));
      set(cell, 'aria-label', content?.name?.(index));
    });
  }

  listen(
    root,
    () => ({ cells, order, columns }),
    () => !isPointing,
    pointing,
  );
  return {
    root,
    show(next) {
      content = next;
      const { rows: height, columns: width, frame } = next;
      const nextForm = JSON.stringify([height, width, frame?.sides]);
      if (nextForm !== form) build(numbersIn(frame?.sides ?? NO_FRAME, height, width));
      form = nextForm;
      root.setAttribute('aria-label', next.summary);
      lit.clear();
      cells.forEach((cell, index) => {
        if (index < height * width) paint(cell, index, next);
        else paintPadding(cell, index, next);
        write(cell, next.values[index], room);
      });
      dress();
    },
    light(className, indices) {
      lit.get(className)?.forEach((index) => cells[index]?.classList.remove(className));
      const now = [...indices];
      now.forEach((index) => cells[index]?.classList.add(className));
      lit.set(className, now);
    },
    choose(index) {
      if (chosen !== undefined) cells[chosen]?.setAttribute('aria-selected', 'false');
      chosen = index;
      if (index === undefined || !isPointing || !cells[index]) return;
      if (cells[stop]) cells[stop].tabIndex = -1;
      cells[index].tabIndex = 0;
      cells[index].setAttribute('aria-selected', 'true');
      stop = index;
    },
    setPointing(on) {
      if (on === isPointing) return;
      isPointing = on;
      dress();
    },
  };
}
