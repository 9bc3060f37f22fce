/** The article's matrix: one row per window, one column per tap, and what pooling makes of every row. */
import { isAverage, isMaximum } from '../shared/poolings';
import { element, setText } from '../ui/dom';
import type { Shown } from './analysis';
import type { Pointing } from './grid_pointing';
import { headOf, rowOf } from './matrix_row';

/** Rows in the page at a time: more would make a slow page of a large image. */
const PAGE = 64;

export interface Matrix {
  readonly root: HTMLElement;
  show(shown: Shown): void;
  select(output: number): void;
}

export function matrix({ preview, pin }: Required<Pointing>): Matrix {
  const head = element('thead');
  const body = element('tbody');
  const caption = element('p', { class: 'matrix-note' });
  const scroller = element(
    'div',
    { class: 'matrix-scroll', tabindex: 0, role: 'region', 'aria-label': 'The im2col matrix' },
    element('table', { class: 'matrix' }, head, body),
  );
  const root = element(
    'section',
    { class: 'matrix-section', 'aria-labelledby': 'matrix-title' },
    element('h3', { id: 'matrix-title' }, 'im2col matrix'),
    caption,
    scroller,
  );
  let shown: Shown | undefined;
  let first = -1;
  let selected = 0;
  /** The pointer is on the matrix: what it points at must not move. */
  let isPointed = false;
  const told = (tell: (output: number) => void) => (event: Event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-output]');
    isPointed = true;
    if (row) tell(Number(row.dataset.output));
    isPointed = false;
  };
  body.addEventListener('pointerover', told(preview));
  body.addEventListener('pointerleave', () => preview(undefined));
  body.addEventListener('click', told(pin));

  function showPage(): void {
    if (!shown) return;
    const { result } = shown;
    const count = result.windows.length;
    const start = Math.floor(selected / PAGE) * PAGE;
    if (start !== first) {
      first = start;
      const end = Math.min(count, start + PAGE);
      const taps = mostTaps(shown);
      body.replaceChildren(...Array.from({ length: end - start }, (_, i) => rowOf(shown!, start + i, taps)));
      setText(
        caption,
        describe(shown) +
          (count > PAGE ? ` Rows ${start} to ${end - 1} are shown: those around the chosen output.` : ''),
      );
    }
    body.querySelector('tr.chosen')?.classList.remove('chosen');
    const row = body.children[selected - first] as HTMLElement | undefined;
    row?.classList.add('chosen');
    if (row && !root.hidden && !isPointed) reveal(row);
  }

  /** Scrolls the matrix, never the page: to the row, and sideways to its argmax, or to its first element that is not padding. */
  function reveal(row: HTMLElement): void {
    const [top, height] = [row.offsetTop - head.offsetHeight, scroller.clientHeight - head.offsetHeight];
    if (top < scroller.scrollTop || top + row.offsetHeight > scroller.scrollTop + height)
      scroller.scrollTop = top - height / 2;
    const cell = row.querySelector<HTMLElement>('td.argmax') ?? row.querySelector<HTMLElement>('td:not(.padding)');
    if (!cell) return;
    // The window's name stays at the left.
    const name = (row.firstElementChild as HTMLElement).offsetWidth;
    const [left, width] = [cell.offsetLeft - name, scroller.clientWidth - name];
    if (left < scroller.scrollLeft || left + cell.offsetWidth > scroller.scrollLeft + width)
      scroller.scrollLeft = left - (width - cell.offsetWidth) / 2;
  }

  return {
    root,
    show(next) {
      shown = next;
      first = -1;
      head.replaceChildren(headOf(next, mostTaps(next)));
      showPage();
    },
    select(output) {
      selected = output;
      showPage();
    },
  };
}

const mostTaps = ({ result }: Shown) => Math.max(...result.windows.map(({ length }) => length));

function describe(shown: Shown): string {
  const { result } = shown;
  const { length: count } = result.windows;
  const taps = mostTaps(shown);
  const rows = count === 1 ? '1 row: the only window' : `${count} rows, one per window`;
  const isUneven = result.windows.some(({ length }) => length < taps);
  const columns = isUneven
    ? `up to ${taps} taps: windows differ in size, and a row holds the taps of its own`
    : `${taps} columns, one per tap`;
  return `${rows}; ${columns}. ${meaning(shown)}`;
}

function meaning({ pooling, withGradient }: Shown): string {
  const back = (text: string) => (withGradient ? text : '');
  if (isMaximum(pooling))
    return `The maximum of a row is y; its column is the argmax${back(', where dy goes back to')}.`;
  const small = back('; the small number is what the element gets of dy');
  return isAverage(pooling)
    ? `The sum of a row by n is y${small}${back(', dy / n')}.`
    : `The p-norm of a row is y${small}.`;
}
