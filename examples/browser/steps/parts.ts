/** The parts of the board: planes of x, y and their gradients, and tables whose rows belong to windows. */
import { toneOf } from '../routing/backward';
import { type Figure, figure } from '../routing/figure';
import { valueTone } from '../routing/forward';
import type { Pointing } from '../routing/grid_pointing';
import { element } from '../ui/dom';
import { type Algorithm, addedUp, range } from './algorithm';
import { windowAt } from './places';
import type { Block, View } from './scene';
import type { Words } from './words';

/** What a part is told of its cells. */
interface Telling {
  readonly symbol: string;
  readonly title: string;
  /** What a screen reader says of a cell. */
  name(index: number): string;
  marks(index: number): string;
  badge(index: number): string;
}

export interface Part {
  readonly root: HTMLElement;
  show(view: View, telling: Telling): void;
  light(className: string, indices: readonly number[]): void;
  /** Makes Tab reach this cell. */
  choose(index: number): void;
  cell(index: number): HTMLElement | null;
}

type OnPoint = (index: number) => void;

/** Here the last cell that was pointed at stays, however that was done. */
function pointing(onPoint: OnPoint): Pointing {
  return {
    preview(index) {
      if (index !== undefined) onPoint(index);
    },
  };
}

/** The colours of numbers, the same ones in every block. */
export function tonesOf(a: Algorithm): Record<View['kind'], (value: number) => number> {
  return { value: valueTone(a.image), gradient: toneOf([a.dy, addedUp(a)]), place: () => 0 };
}

/** One grid for each image and channel: images below each other, channels side by side. */
export function planes(
  a: Algorithm,
  words: Words,
  block: Block,
  tones: ReturnType<typeof tonesOf>,
  onPoint: OnPoint,
): Part {
  const [batch, channels] = a.input.shape;
  const count = batch * channels;
  const size = block === 'x' || block === 'dx' ? a.image.length / count : a.y.length / count;
  const list = range(0, count).map((plane) =>
    figure(
      `walk-${block}-${plane}`,
      '',
      words.plane(Math.floor(plane / channels), plane % channels),
      pointing((index) => onPoint(plane * size + index)),
    ),
  );
  const heading = element('p', { class: 'walk-heading' });
  const root = element(
    'section',
    { class: `walk-planes${count === 1 ? ' is-one' : ''}`, id: `walk-${block}` },
    heading,
    element('div', { class: 'walk-plane-list', 'data-channels': channels }, ...list.map((plane) => plane.root)),
  );
  return {
    root,
    show(view, telling) {
      const shape = block === 'x' || block === 'dx' ? a.input.shape : [batch, channels, a.outHeight, a.outWidth];
      heading.replaceChildren(element('var', {}, telling.symbol), ` ${telling.title} `, shapeOf(shape));
      list.forEach((plane, i) => showIn(plane, view, telling, [i * size, (i + 1) * size], tones));
    },
    light: (className, indices) =>
      list.forEach(({ grid }, i) =>
        grid.light(
          className,
          indices.filter((index) => Math.floor(index / size) === i).map((index) => index % size),
        ),
      ),
    choose: (index) => list[Math.floor(index / size)].grid.choose(index % size),
    cell: (index) => cellIn(list[Math.floor(index / size)], index % size),
  };
}

/** Rows that belong to windows, or to windows and channels, with their names at the left unless `isBare`. */
export function table(
  a: Algorithm,
  words: Words,
  block: Block,
  tones: ReturnType<typeof tonesOf>,
  onPoint: OnPoint,
  isBare = false,
): Part {
  const drawn = figure(`walk-${block}`, '', '', pointing(onPoint));
  const names = element('div', { class: 'walk-names', 'aria-hidden': 'true' });
  const heads = element('div', { class: 'walk-heads', 'aria-hidden': 'true' });
  drawn.grid.root.before(heads);
  const root = element(
    'div',
    { class: `walk-table${isBare ? ' is-bare' : ''}`, id: `walk-${block}` },
    !isBare && names,
    drawn.root,
  );
  return {
    root,
    show(view, telling) {
      const rows = view.values.length / view.columns;
      root.classList.toggle('many', rows > 12);
      root.style.setProperty('--columns', String(view.columns));
      drawn.caption(telling.symbol, telling.title);
      names.replaceChildren(...range(0, rows).map((row) => element('span', {}, rowName(a, words, rows, row))));
      heads.replaceChildren(...headsOf(a, words, block, view.columns));
      showIn(drawn, view, telling, [0, view.values.length], tones);
    },
    light: (className, indices) => drawn.grid.light(className, indices),
    choose: (index) => drawn.grid.choose(index),
    cell: (index) => cellIn(drawn, index),
  };
}

function showIn(
  drawn: Figure,
  view: View,
  telling: Telling,
  [start, end]: readonly [number, number],
  tones: ReturnType<typeof tonesOf>,
): void {
  const rows = (end - start) / view.columns;
  drawn.show(
    {
      rows,
      columns: view.columns,
      values: view.values.slice(start, end),
      kind: view.kind === 'value' ? 'value' : 'gradient',
      tone: tones[view.kind],
      marks: (index) => `${view.known(start + index) ? '' : 'is-unknown'} ${telling.marks(start + index)}`,
      badge: (index) => telling.badge(start + index),
      name: (index) => telling.name(start + index),
      summary: `${telling.symbol}, ${telling.title}: ${rows} × ${view.columns}`,
    },
    '',
  );
}

function rowName(a: Algorithm, words: Words, rows: number, row: number): string {
  const [batch, channels] = a.input.shape;
  const window = rows === a.windows ? row : Math.floor(row / channels);
  const { image, place } = windowAt(a, window);
  const isSplit = channels > 1 && rows === a.rows;
  return words.row(batch > 1 ? image : undefined, place, isSplit ? row % channels : undefined);
}

/** Channels above taps; of a vector nothing. */
function headsOf(a: Algorithm, words: Words, block: Block, columns: number): HTMLElement[] {
  const channels = a.input.shape[1];
  const group = (text: string, taps: readonly (number | string)[]) =>
    element(
      'div',
      { class: 'walk-head' },
      element('span', {}, text),
      element('div', {}, ...taps.map((tap) => element('span', {}, String(tap)))),
    );
  if (block === 'last') return [group(channels > 1 ? words.channel : '', channels > 1 ? range(0, channels) : [''])];
  if (block !== 'matrix') return [group('', [''])];
  const taps = range(0, a.taps);
  if (columns === a.taps) return [group(words.tap, taps)];
  return range(0, channels).map((channel) => group(`${words.channel} ${channel}`, taps));
}

const shapeOf = (shape: readonly number[]) => element('span', { class: 'walk-shape' }, `[${shape.join(', ')}]`);

const cellIn = ({ grid }: Figure, index: number) => grid.root.querySelector<HTMLElement>(`[data-index="${index}"]`);
