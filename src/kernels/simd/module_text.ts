/**
 * A WebAssembly module as text of a JavaScript file: what gzip and Brotli make of it is as small as of the bytes themselves, two
 * thirds of what they make of base64, since a byte is always the same one or two characters.
 *
 * A byte plus {@link SHIFT}, modulo 256, is page times 86 plus letter; the letter is a character from '(' to '~', without the
 * backslash; before it stands '!' on page 1 and '#' on page 2. build.mjs writes it so.
 */
const SHIFT = 3;
const FIRST = 40;
const LETTERS = 86;
const BACKSLASH = 92;
/** '!' of page 1; '#' of page 2 is two further. */
const PREFIX = 33;

export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let page = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < FIRST) {
      page = (code - PREFIX) / 2 + 1;
    } else {
      const letter = code - FIRST - (code > BACKSLASH ? 1 : 0);
      bytes[length++] = page * LETTERS + letter - SHIFT;
      page = 0;
    }
  }
  return bytes.subarray(0, length);
}
