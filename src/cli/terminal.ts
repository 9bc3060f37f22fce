/** What a stream can show: colours, and how many columns. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export interface Terminal {
  readonly colors: Colors;
  /** Infinity for a file or a pipe, where lines may have any length. */
  readonly width: number;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function terminalOf(stream: Output): Terminal {
  return { colors: colorsFor(stream), width: widthOf(stream) };
}

/** Colour on a terminal, unless NO_COLOR says otherwise. */
function colorsFor({ isTTY }: Output): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isWanted = FORCE_COLOR ? FORCE_COLOR !== '0' : isTTY === true && TERM !== 'dumb';
  return picocolors.createColors(isWanted && !NO_COLOR);
}

/** COLUMNS counts where the stream is no terminal: a user who sets it wants lines of that length. */
function widthOf({ isTTY, columns }: Output): number {
  if (isTTY) return columns || 80;
  const wanted = Number(process.env.COLUMNS);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : Infinity;
}
