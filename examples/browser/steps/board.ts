/** Everything with numbers in it: x, the matrix, y, and their gradients; forward from left to right, backward from right to left. */
import { element } from '../ui/dom';
import type { Algorithm } from './algorithm';
import { linked } from './origin';
import { type Part, planes, table, tonesOf } from './parts';
import { type Block, type Cell, type Scene, type View, arrivals } from './scene';
import { type Step, isBackward } from './walk';
import type { Words } from './words';

export interface Board {
  readonly root: HTMLElement;
  show(scene: Scene, step: Step): void;
  /** Lights the cells that hold the same number, and says where it came from. */
  point(cell: Cell): string;
  /** Scrolls to the rows of a long matrix that the step is about, if they are out of sight. */
  reveal(): void;
  /** Lets numbers fly to where the step takes them. */
  fly(scene: Scene, milliseconds: number): void;
}

export function board(a: Algorithm, words: Words, onPoint: (cell: Cell) => void): Board {
  const tones = tonesOf(a);
  const pointed = (block: Block) => (index: number) => onPoint({ block, index });
  const plane = (block: Block) => planes(a, words, block, tones, pointed(block));
  const rows = (block: Block, isBare?: boolean) => table(a, words, block, tones, pointed(block), isBare);
  const parts: Record<Block, Part> = {
    x: plane('x'),
    dx: plane('dx'),
    matrix: rows('matrix'),
    argmax: rows('argmax', true),
    max: rows('max', true),
    sent: rows('sent', true),
    last: rows('last'),
    y: plane('y'),
    dy: plane('dy'),
  };
  const blocks = Object.keys(parts) as Block[];
  const arrow = () => element('span', { class: 'walk-arrow', 'aria-hidden': 'true' });
  const [left, right] = [arrow(), arrow()];
  const { matrix, argmax, max, sent } = parts;
  const root = element(
    'div',
    { class: `walk-board${a.input.shape[1] > 1 ? ' has-channels' : ''}` },
    element('div', { class: 'walk-side' }, parts.x.root, parts.dx.root),
    left,
    element('div', { class: 'walk-middle' }, matrix.root, argmax.root, max.root, sent.root),
    right,
    element('div', { class: 'walk-side' }, parts.dy.root, parts.last.root, parts.y.root),
  );
  let shown: { scene: Scene; arrived: readonly number[] } | undefined;
  /** The cell of each block that Tab reaches. */
  const reached = new Map<Block, number>();

  function showBlock(block: Block, view: View): void {
    const { scene, arrived } = shown!;
    const title = block === 'matrix' ? scene.matrix : block;
    parts[block].show(view, {
      symbol: block === 'matrix' ? scene.matrix : block.replace(/^(last|argmax|max|sent)$/, ''),
      title: words.titles[title],
      name: (index) => words.origin(a, scene, { block, index }, arrived),
      marks: (index) => ((block === 'x' || block === 'dx') && a.inside[index] < 0 ? 'is-padding' : ''),
      badge: (index) => (block === 'dx' && arrived[index] > 1 ? `×${arrived[index]}` : ''),
    });
    parts[block].light('in-window', view.window);
    parts[block].light('is-argmax', view.winners);
    parts[block].light('is-linked', []);
    parts[block].choose(reached.get(block) ?? 0);
  }

  return {
    root,
    show(scene, step) {
      shown = { scene, arrived: arrivals(a, step) };
      const isBack = isBackward(step.phase);
      root.classList.toggle('backward', isBack);
      left.textContent = isBack ? '←' : '→';
      right.textContent = left.textContent;
      left.classList.toggle('is-lit', ['im2col', 'col2im'].includes(step.phase));
      right.classList.toggle('is-lit', ['max', 'last', 'y', 'sent', 'place'].includes(step.phase));
      for (const block of blocks) {
        const view = scene.blocks[block];
        const { root: part } = parts[block];
        part.hidden = view === undefined;
        part.classList.toggle('is-idle', view?.isActive === false);
        if (view) showBlock(block, view);
      }
    },
    point(cell) {
      const { scene, arrived } = shown!;
      const links = linked(a, cell);
      for (const block of blocks) if (scene.blocks[block]) parts[block].light('is-linked', links[block]);
      reached.set(cell.block, cell.index);
      parts[cell.block].choose(cell.index);
      return words.origin(a, scene, cell, arrived);
    },
    reveal() {
      const { window = [] } = shown!.scene.blocks.matrix ?? {};
      const row =
        matrix.root.classList.contains('many') && window.length > 0 ? matrix.cell(window[window.length - 1]) : null;
      row?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    },
    fly({ moves }, milliseconds) {
      for (const [from, to] of moves)
        flyFrom(parts[from.block].cell(from.index), parts[to.block].cell(to.index), milliseconds);
    },
  };
}

/** What a small screen leaves out does not fly. */
function flyFrom(from: HTMLElement | null, to: HTMLElement | null, milliseconds: number): void {
  if (!from?.offsetParent || !to?.offsetParent) return;
  const [start, end] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
  const way = `translate(${start.left - end.left}px, ${start.top - end.top}px)`;
  to.classList.add('is-flying');
  const flight = to.animate([{ transform: way }, { transform: 'none' }], {
    duration: milliseconds,
    easing: 'ease-in-out',
  });
  const land = () => to.classList.remove('is-flying');
  flight.finished.then(land, land);
}
