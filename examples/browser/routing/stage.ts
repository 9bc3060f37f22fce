/** What is shown of a result: the matrices, the sentence, the legend, the table; and the cell that they speak of. */
import { element, setText } from '../ui/dom';
import { type Shown, sendersOf, telling } from './analysis';
import { type Cell, isInputCell, isThere, outputOf } from './cell';
import { cellText } from './cell_text';
import type { Figure } from './figure';
import { figures } from './figures';
import type { Image } from './images';
import { legend } from './legend';
import { matrix } from './matrix';
import type { Settings } from './settings';
import { stepper } from './stepper';

export interface Stage {
  readonly input: Figure;
  /** Above and below what the part itself says. */
  readonly roots: readonly HTMLElement[];
  /** The cell that the reader chose; undefined: the most telling output is shown. */
  chosen: Cell | undefined;
  /** The output that stays, or that stayed last: a dy of one cell is sent from there. */
  readonly output: number;
  show(shown: Shown, settings: Settings): void;
  /** The image alone: nothing stays that was said of an earlier result. */
  refuse(image: Image): void;
  setVisible(settings: Settings): void;
  setDrawing(on: boolean): void;
}

/** `onChoose`: the reader has chosen another cell; `onOutput`: another output stays. */
export function stage(onChoose: () => void, onOutput: () => void): Stage {
  let shown: Shown | undefined;
  let output = 0;
  /** The cell that stays while the pointer passes over others; the address has it, if the reader chose it. */
  let pinned: Cell = { grid: 'y', index: 0 };
  let isChosen = false;
  /** The cell that the pointer or Tab is on. */
  let previewed: Cell | undefined;
  /** In pixels, of the sentences that were said of this result. */
  let tallest = 0;

  const sentence = element('p', { class: 'readout', 'aria-live': 'polite' });
  const below = element('div', { class: 'below' }, sentence);
  const pointing = (grid: Cell['grid']) => ({
    preview(index: number | undefined) {
      previewed = index === undefined ? undefined : { grid, index };
      light();
    },
    pin(index: number) {
      steps.stop();
      isChosen = true;
      pin({ grid, index });
      onChoose();
    },
  });
  const drawn = figures(pointing, below);
  const table = matrix(pointing('y'));
  const marks = legend();
  const stepTo = (next: number) => {
    isChosen = true;
    pin({ grid: 'y', index: next });
  };
  const isLast = () => !shown || output + 1 >= shown.result.windows.length;
  const steps = stepper(
    () => {
      if (isLast()) stepTo(0);
    },
    () => {
      if (isLast()) return false;
      stepTo(output + 1);
      return true;
    },
  );
  below.append(steps.root);

  function pin(cell: Cell): void {
    const before = output;
    pinned = cell;
    previewed = undefined;
    if (shown && !isInputCell(cell)) output = outputOf(shown, cell) ?? output;
    drawn.pin(cell);
    light();
    if (output !== before) onOutput();
  }

  /** Shows the cell that is pointed at, or else the one that stays. */
  function light(): void {
    const cell = previewed ?? pinned;
    if (!shown || !isThere(shown, cell)) return;
    drawn.light(shown, cell);
    table.select(rowOf(shown, cell) ?? output);
    setText(sentence, cellText(shown, cell));
    // What stands below must not move away from under the pointer, as it would with every shorter sentence.
    tallest = Math.max(tallest, sentence.offsetHeight);
    sentence.style.minHeight = `${tallest}px`;
  }

  return {
    input: drawn.input,
    roots: [drawn.root, marks.root, table.root],
    get chosen() {
      return isChosen ? pinned : undefined;
    },
    set chosen(cell) {
      isChosen = cell !== undefined;
      if (!cell) return;
      pinned = cell;
      if (cell.grid === 'y') output = cell.index;
    },
    get output() {
      return output;
    },
    show(next, settings) {
      shown = next;
      tallest = 0;
      sentence.style.minHeight = '';
      drawn.show(next);
      table.show(next);
      marks.show(settings, next.result);
      // Of a single window there is nothing to step through.
      steps.root.hidden = next.result.windows.length === 1;
      // There may be fewer cells than there were, or than a link says.
      isChosen &&= isThere(next, pinned);
      const cell: Cell = isChosen ? pinned : { grid: 'y', index: telling(next) };
      // Of a dy that is 1 at one output alone, its own result is asked for, and will tell otherwise.
      if (settings.dy === 'selected') isChosen = true;
      pin(cell);
    },
    refuse(image) {
      shown = undefined;
      steps.stop();
      drawn.showInput(image);
      setText(sentence, '');
    },
    setVisible(settings) {
      drawn.setVisible(settings);
      table.root.hidden = !settings.showMatrix;
    },
    setDrawing: (on) => drawn.setDrawing(on),
  };
}

/** The row of the table that has most to do with a cell. */
function rowOf(shown: Shown, cell: Cell): number | undefined {
  if (!isInputCell(cell)) return outputOf(shown, cell);
  const isPadding = cell.index >= shown.image.values.length;
  const [row] = [...(isPadding ? [] : sendersOf(shown, cell.index)), ...shown.analysis.holders[cell.index]];
  return row;
}
