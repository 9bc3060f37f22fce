/** Which cells hold the same number: where the number of a cell came from, and where it goes. */
import { type Algorithm, winnerOf, wonBy } from './algorithm';
import type { Block, Cell } from './scene';

/** A cell as what it stands for: an element of the image, an element of the matrix, or a row of it after the reshape. */
export type Meaning =
  | { readonly of: 'pixel'; readonly pixel: number }
  | { readonly of: 'entry'; readonly entry: number; readonly row: number; readonly tap: number; readonly pixel: number }
  | { readonly of: 'row'; readonly row: number; readonly pixel: number };

export function meaningOf(a: Algorithm, { block, index }: Cell): Meaning {
  if (block === 'x' || block === 'dx') return { of: 'pixel', pixel: index };
  if (block === 'matrix') {
    const row = Math.floor(index / a.taps);
    return { of: 'entry', entry: index, row, tap: index % a.taps, pixel: a.sources[index] };
  }
  const row = block === 'y' || block === 'dy' ? a.outputs.indexOf(index) : index;
  return { of: 'row', row, pixel: winnerOf(a, row) };
}

/** For each block, the cells that belong to the one that is pointed at. */
export function linked(a: Algorithm, cell: Cell): Record<Block, readonly number[]> {
  const meaning = meaningOf(a, cell);
  const pixels = [meaning.pixel];
  const [entries, rows] = matrixOf(a, cell, meaning);
  const outputs = rows.map((row) => a.outputs[row]);
  return {
    x: pixels,
    dx: pixels,
    matrix: entries,
    argmax: rows,
    max: rows,
    sent: rows,
    last: rows,
    y: outputs,
    dy: outputs,
  };
}

function matrixOf(a: Algorithm, { block }: Cell, meaning: Meaning): [entries: number[], rows: number[]] {
  if (meaning.of === 'row') return [[meaning.row * a.taps + a.argmax[meaning.row]], [meaning.row]];
  if (meaning.of === 'entry') return [[meaning.entry], [meaning.row]];
  if (block === 'dx') {
    const rows = wonBy(a, meaning.pixel);
    return [rows.map((row) => row * a.taps + a.argmax[row]), rows];
  }
  const entries = [...a.sources.keys()].filter((at) => a.sources[at] === meaning.pixel);
  return [entries, entries.map((at) => Math.floor(at / a.taps))];
}
