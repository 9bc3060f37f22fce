/** The format and size of a picture, read from its first bytes: a huge one is refused before anything is decoded. */

export interface PictureHeader {
  readonly format: 'PNG' | 'JPEG' | 'GIF' | 'WebP';
  /** 0 by 0 where the bytes do not say it. */
  readonly width: number;
  readonly height: number;
  /** The end is missing: browsers show a picture as far as it goes. */
  readonly isCut: boolean;
}

/** `rest`: where the bytes after the size begin. */
type Size = readonly [width: number, height: number, rest: number];
const UNKNOWN: Size = [0, 0, Infinity];

/** Undefined: the bytes are no picture of these formats. */
export function pictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return header('PNG', pngSize, bytes);
  if (text(0, 3) === '\xff\xd8\xff') return header('JPEG', jpegSize, bytes);
  if (/^GIF8[79]a$/.test(text(0, 6))) return header('GIF', gifSize, bytes);
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') return header('WebP', webpSize, bytes);
  return undefined;
}

function header(
  format: PictureHeader['format'],
  sizeOf: (view: DataView, bytes: Uint8Array) => Size,
  bytes: Uint8Array,
): PictureHeader {
  let size = UNKNOWN;
  try {
    size = sizeOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes);
  } catch (error) {
    // The bytes end before the size.
    if (!(error instanceof RangeError)) throw error;
  }
  const [width, height, rest] = size;
  return { format, width, height, isCut: isCut(format, bytes, rest) };
}

function isCut(format: PictureHeader['format'], bytes: Uint8Array, rest: number): boolean {
  switch (format) {
    case 'PNG': // IEND
      return !includes(bytes, [0x49, 0x45, 0x4e, 0x44], rest);
    case 'JPEG': // The mark of the end, which pixels cannot contain.
      return !includes(bytes, [0xff, 0xd9], rest);
    case 'GIF':
      return pastBlocks(bytes, rest) > bytes.length;
    case 'WebP':
      return rest > bytes.length;
  }
}

function includes(bytes: Uint8Array, wanted: readonly number[], from: number): boolean {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

/** The end of a GIF's list of blocks, each of which begins with its length; the last has none. */
function pastBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] > 0) at += 1 + bytes[at];
  return at + 1;
}

/** @see https://www.w3.org/TR/png-3/#11IHDR */
function pngSize(view: DataView): Size {
  const isHeader = view.getUint32(12) === 0x49484452; // IHDR
  return isHeader ? [view.getUint32(16), view.getUint32(20), 24] : UNKNOWN;
}

/** The size is in the first frame header, after segments that each say their length. @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf */
function jpegSize(view: DataView): Size {
  let at = 2;
  while (view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5), at];
    const isFill = marker === 0xff;
    const isAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    if (isFill) at += 1;
    else if (isAlone) at += 2;
    else if (marker === 0xda || view.getUint16(at + 2) < 2) return UNKNOWN;
    else at += 2 + view.getUint16(at + 2);
  }
  return UNKNOWN;
}

/** The screen, or the first frame where that reaches further, as browsers do. @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function gifSize(view: DataView, bytes: Uint8Array): Size {
  const word = (at: number) => view.getUint16(at, true);
  const colours = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + colours(view.getUint8(10));
  while (view.getUint8(at) === 0x21) at = pastBlocks(bytes, at + 2);
  if (view.getUint8(at) !== 0x2c) return UNKNOWN;
  const [width, height] = [word(at + 1) + word(at + 5), word(at + 3) + word(at + 7)];
  return [Math.max(word(6), width), Math.max(word(8), height), at + 11 + colours(view.getUint8(at + 9))];
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(view: DataView): Size {
  const chunk = view.getUint32(12);
  const word = (at: number) => view.getUint16(at, true);
  const three = (at: number) => word(at) + view.getUint8(at + 2) * 0x10000;
  const end = 8 + view.getUint32(4, true);
  if (chunk === 0x56503820) return [word(26) & 0x3fff, word(28) & 0x3fff, end]; // 'VP8 '
  if (chunk === 0x56503858) return [three(24) + 1, three(27) + 1, end]; // VP8X
  if (chunk !== 0x5650384c) return UNKNOWN; // VP8L
  const bits = view.getUint32(21, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, end];
}
