/**
 * A matrix drawn as cells. It can be looked at only, or be a grid whose cells are chosen by pointer, finger or arrow
 * keys (one stop of the Tab key). A number has as many digits as fit into its cell; the rest is in the cell's title.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/grid/
 */
import { element } from '../ui/dom';
import { fitted, precise } from './format';

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
  /** What a screen reader says of a cell (of a grid that can be chosen from). */
  readonly name?: (index: number) => string;
  /** What a screen reader says of the whole. */
  readonly summary: string;
}

/** What a grid tells of its cells. */
export interface Pointing {
  /** The pointer or the Tab key passes over a cell. Undefined: it has left the grid. */
  preview(index: number | undefined): void;
  /** A cell is clicked, tapped, or gone to by arrow keys: it stays until another one is. Left out: nothing stays. */
  pin?(index: number): void;
}

export interface ValueGrid {
  readonly root: HTMLElement;
  show(content: GridContent): void;
  /** Sets one class on exactly these cells. */
  light(className: string, indices: Iterable<number>): void;
  /** Marks the cell that Tab reaches, and says that it is the chosen one. */
  choose(index: number): void;
}

/** In pixels of a cell's side. */
const SMALLEST_LEGIBLE = 15;
const SMALLEST_WITH_BADGE = 30;
/** The size of a number's letters, in pixels, as routing.css has it; and how many times that size fits into a cell's side. */
const SMALLEST_LETTERS = 6.2;
const LETTERS_PER_SIDE = 1.45;

export function valueGrid(pointing?: Pointing): ValueGrid {
  const root = element('div', { class: 'grid', role: pointing ? 'grid' : 'img' });
  let cells: HTMLElement[] = [];
  let columns = 0;
  let chosen = -1;
  let values: ArrayLike<number> = [];
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
    cells.forEach((cell, index) => write(cell, values[index], room));
  }

  function build(rows: number): void {
    cells = [];
    chosen = -1;
    root.replaceChildren(
      ...Array.from({ length: rows }, () => {
        const row = element('div', { class: 'grid-row', role: pointing ? 'row' : undefined });
        for (let column = 0; column < columns; column++) {
          const cell = element('div', pointing ? { role: 'gridcell', tabindex: -1, 'aria-selected': 'false' } : {});
          cell.dataset.index = String(cells.length);
          cells.push(cell);
          row.append(cell);
        }
        return row;
      }),
    );
    root.style.setProperty('--columns', String(columns));
    sizeText();
  }

  if (pointing) listen(root, () => ({ cells, columns }), pointing);
  return {
    root,
    show(content) {
      ({ values } = content);
      if (cells.length !== content.rows * content.columns || columns !== content.columns) {
        columns = content.columns;
        build(content.rows);
      }
      root.setAttribute('aria-label', content.summary);
      lit.clear();
      cells.forEach((cell, index) => {
        paint(cell, index, content);
        write(cell, values[index], room);
      });
    },
    light(className, indices) {
      lit.get(className)?.forEach((index) => cells[index]?.classList.remove(className));
      const now = [...indices];
      now.forEach((index) => cells[index]?.classList.add(className));
      lit.set(className, now);
    },
    choose(index) {
      for (const cell of [cells[chosen], cells[index]]) {
        const isChosen = cell === cells[index];
        if (!cell) continue;
        cell.tabIndex = isChosen ? 0 : -1;
        cell.setAttribute('aria-selected', String(isChosen));
      }
      chosen = index;
    },
  };
}

/**
 * Above which share of its colour, in percent, a cell's number is written otherwise, so that its contrast is 4.5 to 1 in both
 * themes: dark on what is bright; in a gradient black (on what is strong in the light theme white).
 */
const BRIGHT = 44;
const STRENGTHS = { positive: [68, 83], negative: [60, 94] } as const;

function strengthOf(value: number, percent: number, kind: GridContent['kind']): string {
  if (kind === 'value') return percent > BRIGHT ? 'bright' : 'dark';
  if (value === 0) return 'none';
  const sign = percent < 0 ? 'negative' : 'positive';
  const [middle, full] = STRENGTHS[sign];
  const size = Math.abs(percent);
  return size > full ? `${sign} strong` : size > middle ? `${sign} middle` : sign;
}

function paint(cell: HTMLElement, index: number, content: GridContent): void {
  const value = content.values[index];
  const percent = Math.round(content.tone(value) * 100);
  const special = Number.isFinite(value) ? '' : ' special';
  cell.className = `cell ${content.kind} ${strengthOf(value, percent, content.kind)}${special} ${content.marks?.(index) ?? ''}`;
  cell.style.setProperty('--tone', `${Math.abs(percent)}%`);
  cell.replaceChildren(element('span', { class: 'number' }));
  const badge = content.badge?.(index);
  if (badge) cell.append(element('span', { class: 'badge', 'aria-hidden': 'true' }, badge));
  const name = content.name?.(index);
  if (name !== undefined) cell.setAttribute('aria-label', name);
}

/** The number, and in the title what of it does not fit. */
function write(cell: HTMLElement, value: number, room: number): void {
  const number = cell.firstElementChild as HTMLElement | null;
  if (!number || value === undefined) return;
  const text = fitted(value, room);
  number.textContent = text;
  number.style.setProperty('--length', String(text.length));
  if (precise(value) === text) cell.removeAttribute('title');
  else cell.title = precise(value);
}

/** Hovering and Tab preview a cell; a click, a tap, arrow keys, Enter and Space pin it. */
function listen(
  root: HTMLElement,
  grid: () => { cells: HTMLElement[]; columns: number },
  { preview, pin }: Pointing,
): void {
  const indexOf = (event: Event) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    return cell ? Number(cell.dataset.index) : undefined;
  };
  const told = (tell: (index: number) => void) => (event: Event) => {
    const index = indexOf(event);
    if (index !== undefined) tell(index);
  };
  const leave = () => preview(undefined);
  root.addEventListener('pointerover', told(preview));
  root.addEventListener('pointerleave', leave);
  root.addEventListener('focusin', told(preview));
  root.addEventListener('focusout', leave);
  root.addEventListener('click', told(pin ?? preview));
  root.addEventListener('keydown', (event) => {
    const from = indexOf(event);
    if (from === undefined) return;
    const { cells, columns } = grid();
    if ((event.key === 'Enter' || event.key === ' ') && pin) {
      event.preventDefault();
      pin(from);
      return;
    }
    const target = targetOf(event, from, columns, cells.length);
    if (target === undefined) return;
    event.preventDefault();
    cells[target].focus();
    pin?.(target);
  });
}

function targetOf(event: KeyboardEvent, from: number, columns: number, count: number): number | undefined {
  const column = from % columns;
  switch (event.key) {
    case 'ArrowRight':
      return column < columns - 1 ? from + 1 : from;
    case 'ArrowLeft':
      return column > 0 ? from - 1 : from;
    case 'ArrowDown':
      return from + columns < count ? from + columns : from;
    case 'ArrowUp':
      return from >= columns ? from - columns : from;
    case 'Home':
      return event.ctrlKey ? 0 : from - column;
    case 'End':
      return event.ctrlKey ? count - 1 : from - column + columns - 1;
    default:
      return undefined;
  }
}
