/** What is on the board at a step: which numbers there are by then, which of them are lit, and which come from where. */
import { type Algorithm, addedUp, entriesOfRow, range, rowsOfWindow, winnerOf } from './algorithm';
import { type Phase, type Step, isBackward, isFrom } from './walk';

/** `last` has a row for each window and a column for each channel; x, dx, y and dy are planes, one for each image and channel. */
export type Block = 'x' | 'dx' | 'matrix' | 'argmax' | 'max' | 'sent' | 'last' | 'y' | 'dy';
export type MatrixName = 'col' | 'dmax' | 'dcol';

export interface Cell {
  readonly block: Block;
  readonly index: number;
}

/** One block of numbers. */
export interface View {
  /** Each has colours of its own; places have none. */
  readonly kind: 'value' | 'gradient' | 'place';
  readonly values: readonly number[];
  readonly columns: number;
  /** Numbers that do not exist yet are not shown. */
  readonly known: (index: number) => boolean;
  /** The step is about these: blue. */
  readonly window: readonly number[];
  /** The largest of their row: orange. */
  readonly winners: readonly number[];
  /** Whether a small screen shows it at this step. */
  readonly isActive: boolean;
}

export interface Scene {
  readonly blocks: Partial<Record<Block, View>>;
  readonly matrix: MatrixName;
  /** The numbers that a step takes from one block into another. */
  readonly moves: ReadonlyArray<readonly [from: Cell, to: Cell]>;
}

/** For each element of dx, how many gradients were added to it by this step. */
export function arrivals(a: Algorithm, { phase, window }: Step): number[] {
  const count = a.image.map(() => 0);
  if (!isFrom(phase, 'col2im')) return count;
  const rows = phase === 'col2im' ? (a.rows / a.windows) * (window + 1) : a.rows;
  for (const row of range(0, rows)) count[winnerOf(a, row)]++;
  return count;
}

export function sceneAt(a: Algorithm, step: Step): Scene {
  const at = aboutOf(a, step);
  return isBackward(step.phase) ? backward(a, step, at) : forward(a, step, at);
}

/** What a step with a window is about: its rows, their elements of the matrix, and the elements of x that these are. */
interface About {
  readonly rows: readonly number[];
  readonly entries: readonly number[];
  readonly winners: readonly number[];
  readonly pixels: readonly number[];
  /** Of rows: those of this window and of all before. */
  readonly done: number;
}

function aboutOf(a: Algorithm, { window }: Step): About {
  const rows = window < 0 ? [] : rowsOfWindow(a, window);
  const entries = rows.flatMap((row) => entriesOfRow(a, row));
  const winners = rows.map((row) => row * a.taps + a.argmax[row]);
  const pixels = entries.map((entry) => a.sources[entry]);
  return { rows, entries, winners, pixels, done: rows.length === 0 ? 0 : rows[rows.length - 1] + 1 };
}

type Moves = Partial<Record<Phase, Scene['moves']>>;
const NONE: readonly number[] = [];
const always = () => true;
const never = () => false;
const upTo = (end: number) => (index: number) => index < end;
const cell = (block: Block, index: number): Cell => ({ block, index });

function forward(a: Algorithm, { phase }: Step, { rows, entries, pixels, done }: About): Scene {
  const is = (...phases: Phase[]) => phases.includes(phase);
  const { taps } = a;
  const [, channels] = a.input.shape;
  const all = a.argmax.map((tap, row) => row * taps + tap);
  const value = { kind: 'value', window: NONE, winners: NONE } as const;
  const found = phase === 'argmax' ? done : isFrom(phase, 'argmax') ? a.rows : 0;
  const written = phase === 'im2col' ? entries[entries.length - 1] + 1 : isFrom(phase, 'im2col') ? a.col.length : 0;
  const views: Scene['blocks'] = {
    x: {
      ...value,
      values: a.image,
      columns: a.imageWidth,
      known: phase === 'input' ? (index) => a.inside[index] >= 0 : always,
      window: pixels,
      winners: phase === 'argmax' ? rows.map((row) => winnerOf(a, row)) : NONE,
      isActive: is('input', 'padding', 'im2col'),
    },
    matrix: {
      ...value,
      values: a.col,
      columns: isFrom(phase, 'rows') ? taps : channels * taps,
      known: upTo(written),
      window: entries,
      winners: phase === 'argmax' ? all.slice(0, done) : phase === 'max' ? all : NONE,
      isActive: is('im2col', 'rows', 'argmax', 'max'),
    },
    y: {
      ...value,
      values: a.y,
      columns: a.outWidth,
      known: phase === 'y' ? always : never,
      isActive: is('y'),
    },
  };
  if (isFrom(phase, 'argmax'))
    views.argmax = {
      ...value,
      kind: 'place',
      values: a.argmax,
      columns: 1,
      known: upTo(found),
      window: rows,
      isActive: is('argmax'),
    };
  if (isFrom(phase, 'max'))
    views.max = { ...value, values: a.max, columns: 1, known: always, isActive: is('max', 'last') };
  if (isFrom(phase, 'last'))
    views.last = { ...value, values: a.max, columns: channels, known: always, isActive: is('last', 'y') };
  const moves: Moves = {
    im2col: entries.map((at) => [cell('x', a.sources[at]), cell('matrix', at)]),
    max: all.map((at, row) => [cell('matrix', at), cell('max', row)]),
    last: a.max.map((_, row) => [cell('max', row), cell('last', row)]),
    y: a.outputs.map((output, row) => [cell('last', row), cell('y', output)]),
  };
  return { blocks: views, matrix: 'col', moves: moves[phase] ?? [] };
}

function backward(a: Algorithm, { phase }: Step, { rows, entries, winners, pixels, done }: About): Scene {
  const is = (...phases: Phase[]) => phases.includes(phase);
  const { taps } = a;
  const [, channels] = a.input.shape;
  const isWide = isFrom(phase, 'dcol');
  const gradient = { kind: 'gradient', window: NONE, winners: NONE } as const;
  const placed = phase === 'place' ? done : isFrom(phase, 'place') ? a.rows : 0;
  const added = phase === 'col2im' ? entries[entries.length - 1] + 1 : phase === 'end' ? a.dmax.length : 0;
  const views: Scene['blocks'] = {
    dx: {
      ...gradient,
      values: addedUp(a, added),
      columns: a.imageWidth,
      known: isFrom(phase, 'col2im') ? always : never,
      window: pixels,
      winners: rows.map((row) => winnerOf(a, row)),
      isActive: is('col2im', 'end'),
    },
    matrix: {
      ...gradient,
      values: a.dmax.map((value, at) => (at < placed * taps ? value : 0)),
      columns: isWide ? channels * taps : taps,
      known: isFrom(phase, 'zeros') ? always : never,
      window: entries,
      winners,
      isActive: is('zeros', 'place', 'dcol', 'col2im'),
    },
    dy: { ...gradient, values: a.dy, columns: a.outWidth, known: always, isActive: is('dy', 'sent', 'end') },
  };
  if (phase === 'sent') views.last = { ...gradient, values: a.sent, columns: channels, known: always, isActive: true };
  if (is('zeros', 'place')) {
    views.argmax = {
      ...gradient,
      kind: 'place',
      values: a.argmax,
      columns: 1,
      known: always,
      window: rows,
      isActive: is('place'),
    };
    views.sent = { ...gradient, values: a.sent, columns: 1, known: always, window: rows, isActive: is('place') };
  }
  const moves: Moves = {
    sent: a.outputs.map((output, row) => [cell('dy', output), cell('last', row)]),
    place: rows.map((row, i) => [cell('sent', row), cell('matrix', winners[i])]),
    col2im: winners.map((at) => [cell('matrix', at), cell('dx', a.sources[at])]),
  };
  return { blocks: views, matrix: isWide ? 'dcol' : 'dmax', moves: moves[phase] ?? [] };
}
