/** How the cells of a grid are pointed at: by pointer, finger, Tab and arrow keys. */

/** What a grid tells of its cells. */
export interface Pointing {
  /** The pointer or the Tab key passes over a cell. Undefined: it has left the grid. */
  preview(index: number | undefined): void;
  /** A cell is clicked, tapped, or gone to by arrow keys: it stays until another one is. Left out: nothing stays. */
  pin?(index: number): void;
}

/** The cells by number, and their numbers row by row. */
export interface Cells {
  readonly cells: readonly HTMLElement[];
  readonly order: readonly number[];
  readonly columns: number;
}

/** Hovering and Tab preview a cell; a click, a tap, arrow keys, Enter and Space pin it. Nothing does while the grid `isOff`. */
export function listen(root: HTMLElement, grid: () => Cells, isOff: () => boolean, { preview, pin }: Pointing): void {
  const indexOf = (event: Event) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    return cell && !isOff() ? Number(cell.dataset.index) : undefined;
  };
  const told = (tell: (index: number) => void) => (event: Event) => {
    const index = indexOf(event);
    if (index !== undefined) tell(index);
  };
  const leave = () => preview(undefined);
  root.addEventListener('pointerover', (event) => {
    // A finger that scrolls passes over cells, too; where it taps it clicks.
    if (event.pointerType !== 'touch') told(preview)(event);
  });
  root.addEventListener('pointerleave', leave);
  root.addEventListener('focusin', told(preview));
  root.addEventListener('focusout', leave);
  root.addEventListener('click', told(pin ?? preview));
  root.addEventListener('keydown', (event) => {
    const from = indexOf(event);
    if (from === undefined) return;
    if ((event.key === 'Enter' || event.key === ' ') && pin) {
      event.preventDefault();
      pin(from);
      return;
    }
    const { cells, order, columns } = grid();
    const place = targetOf(event, order.indexOf(from), columns, order.length);
    if (place === undefined) return;
    event.preventDefault();
    cells[order[place]].focus();
    pin?.(order[place]);
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
