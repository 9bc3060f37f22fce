/** The article's matrix: one row per window, one column per tap, the argmax of every row marked. */
import { element, setText } from '../ui/dom';
import type { Shown } from './figures';
import { short } from './format';

/** Rows in the page at a time: more would make a slow page of a large image. */
const PAGE = 64;

export interface Matrix {
  readonly root: HTMLElement;
  show(shown: Shown): void;
  select(output: number): void;
}

export function matrix(windowSize: () => [height: number, width: number], onChoose: (output: number) => void): Matrix {
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
  const choose = (event: Event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-output]');
    if (row) onChoose(Number(row.dataset.output));
  };
  body.addEventListener('pointerover', choose);
  body.addEventListener('click', choose);

  function showPage(): void {
    if (!shown) return;
    const { result } = shown;
    const count = result.outHeight * result.outWidth;
    const start = Math.floor(selected / PAGE) * PAGE;
    if (start !== first) {
      first = start;
      const end = Math.min(count, start + PAGE);
      body.replaceChildren(...Array.from({ length: end - start }, (_, i) => rowOf(shown!, start + i)));
      setText(
        caption,
        `${count} rows, one per window; ${result.taps} columns, one per tap. The maximum of a row is y; its column is the argmax, where dy goes back to.` +
          (count > PAGE ? ` Rows ${start} to ${end - 1} are shown: those around the chosen output.` : ''),
      );
    }
    body.querySelector('tr.chosen')?.classList.remove('chosen');
    const row = body.children[selected - first] as HTMLElement | undefined;
    row?.classList.add('chosen');
    // Scrolls the matrix, never the page.
    if (row && !root.hidden) {
      const [top, height] = [row.offsetTop - head.offsetHeight, scroller.clientHeight - head.offsetHeight];
      if (top < scroller.scrollTop || top + row.offsetHeight > scroller.scrollTop + height)
        scroller.scrollTop = top - height / 2;
    }
  }

  return {
    root,
    show(next) {
      shown = next;
      first = -1;
      const [, width] = windowSize();
      head.replaceChildren(
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'window'),
          ...Array.from({ length: next.result.taps }, (_, tap) =>
            element(
              'th',
              { scope: 'col' },
              `tap ${tap}`,
              element('small', {}, `${Math.floor(tap / width)}, ${tap % width}`),
            ),
          ),
          ...['maximum', 'argmax', 'dy'].map((name) => element('th', { scope: 'col', class: 'derived' }, name)),
        ),
      );
      showPage();
    },
    select(output) {
      selected = output;
      showPage();
    },
  };
}

function rowOf({ image, result, analysis }: Shown, output: number): HTMLElement {
  const { taps, indexMap, argmax, outWidth, ours, dy } = result;
  const cells = Array.from({ length: taps }, (_, tap) => {
    const input = indexMap[output * taps + tap];
    if (input < 0) return element('td', { class: 'padding' }, element('span', { class: 'hidden' }, 'padding'));
    const isArgmax = tap === argmax[output];
    const isTied = analysis.tied[output].includes(input);
    return element(
      'td',
      { class: isArgmax ? 'argmax' : isTied ? 'tied' : '' },
      short(image.values[input]),
      isArgmax && element('span', { class: 'hidden' }, ' argmax'),
    );
  });
  const derived = [short(ours.y![output]), String(argmax[output]), short(dy[output])];
  return element(
    'tr',
    { 'data-output': output },
    element('th', { scope: 'row' }, `${Math.floor(output / outWidth)}, ${output % outWidth}`),
    ...cells,
    ...derived.map((text) => element('td', { class: 'derived' }, text)),
  );
}
