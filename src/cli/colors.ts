/** Colour, where it is wanted: on a terminal, unless NO_COLOR or --no-color says otherwise. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export function colorsFor(stream: { readonly isTTY?: boolean }): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isWanted = FORCE_COLOR ? FORCE_COLOR !== '0' : stream.isTTY === true && TERM !== 'dumb';
  return picocolors.createColors(isWanted && !NO_COLOR);
}

/** What cli-table3 shall not colour by itself. */
const PLAIN_TABLE = { style: { head: [], border: [] } };
/** The same, without lines between rows. */
export const DENSE_TABLE = { ...PLAIN_TABLE, chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' } };
