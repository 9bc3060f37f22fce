/** The six matrices of the Routing part, forward above and backward below: input, ours, the built-in. */
import { element } from '../ui/dom';
import type { RoutingResult, Side } from '../workers/routing_protocol';
import { type Analysis, sum, winnerOf, windowOf } from './analysis';
import { type Figure, figure } from './figure';
import { precise } from './format';
import type { Image } from './images';
import type { GridContent } from './value_grid';

export interface Shown {
  readonly image: Image;
  readonly result: RoutingResult;
  readonly analysis: Analysis;
}

export interface Figures {
  readonly root: HTMLElement;
  readonly input: Figure;
  show(shown: Shown): void;
  /** The image alone, before there is a result, or when it is refused. */
  showInput(image: Image): void;
  select(shown: Shown, output: number): void;
  setVisible(gradient: boolean, builtin: boolean): void;
  setDrawing(on: boolean): void;
}

type Tone = GridContent['tone'];

/** `between` stands below the forward row: what is said of the chosen output. */
export function figures(onChoose: (output: number) => void, between: HTMLElement): Figures {
  const input = figure('x', 'x', 'input');
  const ours = figure('y', 'y', 'ours', onChoose);
  const builtin = figure('y-builtin', 'y', 'built-in');
  const dy = figure('dy', 'dy', 'sent back');
  const dx = figure('dx', 'dx', 'ours');
  const dxBuiltin = figure('dx-builtin', 'dx', 'built-in');
  const forward = row('forward', 'Forward', input, ours, builtin);
  const backward = row('backward', 'Backward', dy, dx, dxBuiltin);
  return {
    root: element('div', { class: 'figures' }, forward, between, backward),
    input,
    show(shown) {
      showForward(shown, input, ours, builtin);
      showBackward(shown, dy, dx, dxBuiltin);
    },
    showInput(image) {
      input.show(inputContent(image, valueTone(image.values)), shapeNote(image.height, image.width));
    },
    select({ result, analysis }, output) {
      const winner = winnerOf(result, output);
      const window = windowOf(result, output).filter((index) => index >= 0);
      for (const { grid } of [input, dx, dxBuiltin]) {
        grid.light('in-window', window);
        grid.light('is-argmax', [winner]);
      }
      input.grid.light('is-tied', analysis.tied[output]);
      for (const { grid } of [ours, builtin, dy]) grid.light('is-selected', [output]);
      ours.grid.choose(output);
    },
    setVisible(gradient, showBuiltin) {
      backward.hidden = !gradient;
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

function showForward(shown: Shown, input: Figure, ours: Figure, builtin: Figure): void {
  const { image, result, analysis } = shown;
  const tone = valueTone(image.values);
  input.show(inputContent(image, tone), shapeNote(image.height, image.width));
  const [rows, columns] = [result.outHeight, result.outWidth];
  const at = (index: number) => `[${Math.floor(index / columns)}, ${index % columns}]`;
  ours.show(
    {
      rows,
      columns,
      values: result.ours.y!,
      tone,
      kind: 'value',
      name: (index) => `${at(index)}: ${precise(result.ours.y![index])}, tap ${result.argmax[index]}`,
      summary: `Output of ours, ${rows} by ${columns}; choose a cell to see its window`,
    },
    shapeNote(rows, columns),
  );
  const { builtin: theirs } = result;
  if (theirs.y === null) {
    builtin.showMessage(`Throws: ${theirs.error}`, '');
    builtin.verdict('throws', 'bad');
    return;
  }
  const [, height, width] = theirs.shape!;
  builtin.show(
    {
      rows: height,
      columns: width,
      values: theirs.y,
      tone,
      kind: 'value',
      marks: (index) => (analysis.yDiffers.has(index) ? 'differs' : ''),
      summary: `Output of the built-in, ${height} by ${width}; ${differenceText(analysis.yDiffers.size, theirs.y.length)}`,
    },
    shapeNote(height, width),
  );
  const wrongShape = height !== rows || width !== columns;
  verdictOf(builtin, analysis.yDiffers.size, theirs.y.length, wrongShape ? 'wrong shape' : undefined);
}

function showBackward({ image, result, analysis }: Shown, dy: Figure, dx: Figure, dxBuiltin: Figure): void {
  const [rows, columns] = [image.height, image.width];
  const largest = Math.max(...[result.dy, result.ours.dx!, result.builtin.dx ?? []].map(largestOf), 1e-30);
  const tone: Tone = (value) => (Number.isFinite(value) ? value / largest : 1);
  dy.show(
    {
      rows: result.outHeight,
      columns: result.outWidth,
      values: result.dy,
      tone,
      kind: 'gradient',
      summary: `Gradient sent back, ${result.outHeight} by ${result.outWidth}, sum ${precise(sum(result.dy))}`,
    },
    `sum ${precise(sum(result.dy))}`,
  );
  const gradient = (values: Float32Array, differs: ReadonlySet<number>, who: string): GridContent => ({
    rows,
    columns,
    values,
    tone,
    kind: 'gradient',
    marks: (index) => marksOf(index, analysis, differs),
    badge: (index) => (analysis.wins[index] > 1 && who === 'ours' ? `×${analysis.wins[index]}` : ''),
    summary: `Gradient that arrived, ${who}, ${rows} by ${columns}, sum ${precise(sum(values))}`,
  });
  dx.show(gradient(result.ours.dx!, new Set(), 'ours'), `sum ${precise(sum(result.ours.dx!))}`);
  const { builtin } = result;
  if (builtin.dx === null) {
    dxBuiltin.showMessage(
      builtin.y === null ? `Throws: ${builtin.error}` : `No gradient: ${builtin.gradientError}.`,
      '',
    );
    dxBuiltin.verdict('no gradient', 'bad');
    return;
  }
  dxBuiltin.show(gradient(builtin.dx, analysis.dxDiffers, 'the built-in'), lossNote(builtin, result.dy));
  verdictOf(dxBuiltin, analysis.dxDiffers.size, builtin.dx.length);
}

function marksOf(index: number, { wins, losers }: Analysis, differs: ReadonlySet<number>): string {
  const marks = [];
  if (wins[index] > 1) marks.push('overlap');
  if (losers.has(index)) marks.push('tie');
  if (differs.has(index)) marks.push('differs');
  return marks.join(' ');
}

function inputContent(image: Image, tone: Tone): GridContent {
  return {
    rows: image.height,
    columns: image.width,
    values: image.values,
    tone,
    kind: 'value',
    summary: `Input, ${image.height} by ${image.width}`,
  };
}

/** From the smallest finite value, dark, to the largest, bright. */
function valueTone(values: Float32Array): Tone {
  const finite = [...values].filter(Number.isFinite);
  const low = Math.min(...finite);
  const range = Math.max(...finite) - low;
  return (value) => {
    if (!Number.isFinite(value)) return value > 0 ? 1 : 0;
    return range > 0 ? Math.min(1, Math.max(0, (value - low) / range)) : 0.3;
  };
}

function largestOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
}

function verdictOf(target: Figure, differing: number, total: number, extra?: string): void {
  if (differing === 0) target.verdict('same as ours', 'good');
  else target.verdict(extra ?? differenceText(differing, total), 'bad');
}

function differenceText(differing: number, total: number): string {
  return differing === 0 ? 'the same as ours' : `${differing} of ${total} ${differing === 1 ? 'differs' : 'differ'}`;
}

function lossNote({ dx }: Side, dy: Float32Array): string {
  const [got, sent] = [sum(dx!), sum(dy)];
  return `sum ${precise(got)}${got === sent ? '' : ` instead of ${precise(sent)}`}`;
}

const shapeNote = (height: number, width: number) => `${height} × ${width}`;
