/** Which cells light up for the one that is pointed at. */
import { type Shown, sendersOf, winnerOf } from './analysis';
import { type Cell, isInputCell, outputOf } from './cell';

/** Class names: chosen; in the chosen output's window, or with the chosen input in its window; won; equal to the winner. */
export const MARKS = ['is-selected', 'in-window', 'is-argmax', 'is-tied'] as const;
type Marked = Readonly<Partial<Record<(typeof MARKS)[number], readonly number[]>>>;

export interface Lights {
  readonly inputs: Marked;
  readonly outputs: Marked;
  /** By the built-in's own numbers. */
  readonly builtinOutputs: Marked;
}

export function lightsOf(shown: Shown, cell: Cell): Lights {
  const { places } = shown.analysis;
  const { inputs, outputs } = isInputCell(cell) ? ofInput(shown, cell.index) : ofOutput(shown, outputOf(shown, cell));
  const placed = Object.entries(outputs).map(([mark, list]) => [mark, list.map((o) => places.indexOf(o))]);
  const isOwn = cell.grid === 'y-builtin';
  const builtinOutputs: Marked = { ...Object.fromEntries(placed), ...(isOwn && { 'is-selected': [cell.index] }) };
  return { inputs, outputs, builtinOutputs };
}

function ofInput(shown: Shown, cell: number): Pick<Lights, 'inputs' | 'outputs'> {
  const won = shown.result.argmax ? sendersOf(shown, cell) : [];
  return {
    inputs: { 'is-selected': [cell] },
    outputs: { 'in-window': shown.analysis.holders[cell], 'is-argmax': won },
  };
}

function ofOutput({ result, analysis }: Shown, output: number | undefined): Pick<Lights, 'inputs' | 'outputs'> {
  if (output === undefined) return { inputs: {}, outputs: {} };
  const winner = winnerOf(result, output);
  return {
    inputs: {
      'in-window': result.cells[output],
      'is-argmax': winner === undefined ? [] : [winner],
      'is-tied': analysis.tied[output],
    },
    outputs: { 'is-selected': [output] },
  };
}
