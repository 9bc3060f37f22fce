/** One captioned matrix: a title, the cells, a line below them, and perhaps a verdict. */
import { element, setText } from '../ui/dom';
import type { Pointing } from './grid_pointing';
import { type GridContent, type ValueGrid, valueGrid } from './value_grid';

export interface Figure {
  readonly root: HTMLElement;
  readonly grid: ValueGrid;
  show(content: GridContent, note: string): void;
  /** Another name for what is shown. */
  caption(symbol: string, title: string): void;
  /** In place of the matrix. */
  showMessage(message: string, kind: 'bad' | 'plain'): void;
  verdict(text: string, kind: 'good' | 'bad' | 'none'): void;
}

export function figure(id: string, symbol: string, title: string, pointing: Pointing): Figure {
  const grid = valueGrid(pointing);
  const message = element('p', { class: 'figure-message' });
  const note = element('p', { class: 'figure-note' });
  const verdict = element('span', { class: 'verdict none' });
  const [symbolText, titleText] = [element('var', {}, symbol), element('span', { class: 'figure-title' }, title)];
  const root = element(
    'figure',
    { class: 'figure', id: `figure-${id}` },
    element('figcaption', {}, symbolText, ' ', titleText, verdict),
    message,
    grid.root,
    note,
  );
  message.hidden = true;
  return {
    root,
    grid,
    show(content, text) {
      message.hidden = true;
      grid.root.hidden = false;
      grid.show(content);
      setText(note, text);
    },
    caption(newSymbol, newTitle) {
      setText(symbolText, newSymbol);
      setText(titleText, newTitle);
    },
    showMessage(text, kind) {
      grid.root.hidden = true;
      message.hidden = false;
      message.className = `figure-message ${kind}`;
      setText(message, text);
      setText(note, '');
    },
    verdict(text, kind) {
      verdict.className = `verdict ${kind}`;
      setText(verdict, text);
    },
  };
}
