/** Small picture files, written by hand, for browser_picture.test.ts. */
import { deflateSync } from 'node:zlib';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const u16 = (value: number) => u32(value).subarray(2);
const u16le = (value: number) => Buffer.from([value & 255, value >> 8]);

/** PNG's checksum; zlib's own came with Node 20.15. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([u32(data.length), body, u32(crc32(body))]);
}

/** Rows of pixels; each pixel has 1 (gray), 3 (RGB) or 4 (RGBA) numbers. */
export function png(
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  pixel: (row: number, column: number) => number[],
) {
  const rows = Array.from({ length: height }, (_, row) => [
    0,
    ...Array.from({ length: width }, (__, column) => pixel(row, column)).flat(),
  ]);
  return pngOf(width, height, 8, { 1: 0, 3: 2, 4: 6 }[channels], deflateSync(Buffer.from(rows.flat())));
}

/** All black, one bit per pixel. */
export const blackPng = (side: number) =>
  pngOf(side, side, 1, 0, deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8)))));

function pngOf(width: number, height: number, bits: number, colour: number, data: Buffer): Buffer {
  const head = Buffer.concat([u32(width), u32(height), Buffer.from([bits, colour, 0, 0, 0])]);
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', data), end]);
}

/** Frames of one colour, each of the palette [black, white, red, red]. */
export function gif(width: number, height: number, frames: ReadonlyArray<{ colour: number; width?: number }>): Buffer {
  const frame = ({ colour, width: own = width }: { colour: number; width?: number }) => {
    // Codes of three bits; a clear before every pixel keeps them so.
    const codes = [...Array.from({ length: own * height }, () => [4, colour]).flat(), 5];
    const data: number[] = [];
    codes.forEach((code, i) => {
      for (let bit = 0; bit < 3; bit++) data[(3 * i + bit) >> 3] |= ((code >> bit) & 1) << ((3 * i + bit) & 7);
    });
    const blocks: number[] = [];
    for (let at = 0; at < data.length; at += 255)
      blocks.push(Math.min(255, data.length - at), ...data.slice(at, at + 255));
    const delay = [0x21, 0xf9, 4, 0, 10, 0, 0, 0];
    return Buffer.from([...delay, 0x2c, 0, 0, 0, 0, ...u16le(own), ...u16le(height), 0, 2, ...blocks, 0]);
  };
  const palette = [0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 0, 0];
  const head = [...u16le(width), ...u16le(height), 0x81, 0, 0, ...palette];
  return Buffer.concat([Buffer.from('GIF89a'), Buffer.from(head), ...frames.map(frame), Buffer.from(';')]);
}

/** A JPEG of flat blocks, 8 by 8 pixels each, one number per component (4: CMYK as Adobe writes it, 255 is no ink). */
export function jpeg(blocksWide: number, blocksHigh: number, components: readonly number[]): Buffer {
  const count = components.length;
  const segment = (marker: number, ...data: number[]) => Buffer.from([0xff, marker, ...u16(data.length + 2), ...data]);
  const ids = components.map((_, i) => i + 1);
  // Every category of differences has a code of four bits, its own number; the only code of other coefficients says: no more.
  const dc = [0, 0, 0, 12, ...new Array<number>(12).fill(0), ...Array.from({ length: 12 }, (_, i) => i)];
  const ac = [1, ...new Array<number>(15).fill(0), 0];
  let bits = '';
  for (let block = 0; block < blocksWide * blocksHigh; block++) {
    for (const value of components) {
      // The first coefficient is eight times the mean; later blocks differ by nothing.
      const difference = block === 0 ? 8 * (value - 128) : 0;
      const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      const raw = difference < 0 ? difference + 2 ** size - 1 : difference;
      bits += size.toString(2).padStart(4, '0') + (size ? raw.toString(2).padStart(size, '0') : '') + '0';
    }
  }
  const padded = bits.padEnd(8 * Math.ceil(bits.length / 8), '1');
  const data = padded.match(/.{8}/g)!.flatMap((byte) => (byte === '11111111' ? [255, 0] : [parseInt(byte, 2)]));
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    count === 4 ? segment(0xee, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0) : Buffer.alloc(0),
    segment(0xdb, 0, ...new Array<number>(64).fill(1)),
    segment(0xc0, 8, ...u16(8 * blocksHigh), ...u16(8 * blocksWide), count, ...ids.flatMap((id) => [id, 0x11, 0])),
    segment(0xc4, 0x00, ...dc),
    segment(0xc4, 0x10, ...ac),
    segment(0xda, count, ...ids.flatMap((id) => [id, 0]), 0, 63, 0),
    Buffer.from(data),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** The first bytes of a JPEG that says it is as large, after a thumbnail. */
export const jpegHead = (width: number, height: number) =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe1, ...u16(2 + 8), 0xff, 0xd8, 0xff, 0xd9, 0, 0, 0, 0]),
    Buffer.from([0xff, 0xff, 0xc2, 0, 17, 8, ...u16(height), ...u16(width), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),
  ]);

/** The first 30 bytes of a WebP. */
export function webpHead(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('RIFF');
  bytes.writeUInt32LE(22, 4);
  bytes.write('WEBP', 8);
  bytes.write(kind, 12);
  if (kind === 'VP8 ') {
    bytes.set([0x9d, 0x01, 0x2a, ...u16le(width), ...u16le(height)], 23);
  } else if (kind === 'VP8L') {
    bytes[20] = 0x2f;
    bytes.writeUInt32LE(width - 1 + (height - 1) * 2 ** 14, 21);
  } else {
    bytes.writeUIntLE(width - 1, 24, 3);
    bytes.writeUIntLE(height - 1, 27, 3);
  }
  return bytes;
}
