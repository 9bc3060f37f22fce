/** A picture of at most 256 colours as a small PNG: a screenshot has few, and anti-aliased letters many alike. No dithering. */
import { crc32, deflateSync } from 'node:zlib';

const COLOURS = 256;
type Colour = readonly [red: number, green: number, blue: number];
interface Counted {
  readonly colour: Colour;
  readonly count: number;
}

/** `rgba` are the pixels row by row; they are taken as opaque. */
export function palettePng(width: number, height: number, rgba: Uint8Array): Buffer {
  const counted = coloursOf(rgba);
  const palette = medianCut(counted).map(mean);
  const indices = new Map(counted.map(({ colour }) => [keyOf(...colour), nearest(palette, colour)]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      rows[y * (width + 1) + 1 + x] = indices.get(keyOf(rgba[from], rgba[from + 1], rgba[from + 2]))!;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, with a palette.
  header.set([8, 3], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const keyOf = (red: number, green: number, blue: number) => (red << 16) | (green << 8) | blue;

function coloursOf(rgba: Uint8Array): Counted[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < rgba.length; i += 4) {
    const key = keyOf(rgba[i], rgba[i + 1], rgba[i + 2]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => ({ colour: [key >> 16, (key >> 8) & 255, key & 255], count }));
}

/** The box whose colours differ most, weighted by the root of their number, is cut at its middle until there are enough. */
function medianCut(all: readonly Counted[]): Counted[][] {
  const boxes = [[...all]];
  while (boxes.length < COLOURS) {
    const scored = boxes.map((box, i) => ({ i, ...widest(box), weight: Math.sqrt(sum(box)) }));
    const { i, axis, width } = scored.reduce((a, b) => (b.width * b.weight > a.width * a.weight ? b : a));
    if (width === 0) break;
    const box = boxes[i].sort((a, b) => a.colour[axis] - b.colour[axis]);
    const half = (box[0].colour[axis] + box[box.length - 1].colour[axis]) / 2;
    const cut = box.findIndex(({ colour }) => colour[axis] > half);
    boxes.splice(i, 1, box.slice(0, cut), box.slice(cut));
  }
  return boxes;
}

function widest(box: readonly Counted[]): { axis: number; width: number } {
  const widths = [0, 1, 2].map((axis) => {
    let [least, most] = [255, 0];
    for (const { colour } of box) [least, most] = [Math.min(least, colour[axis]), Math.max(most, colour[axis])];
    return most - least;
  });
  const width = Math.max(...widths);
  return { axis: widths.indexOf(width), width };
}

const sum = (box: readonly Counted[]) => box.reduce((total, { count }) => total + count, 0);

/** Of a box, its commonest colour if that is most of it: flat surfaces keep theirs. */
function mean(box: readonly Counted[]): Colour {
  const total = sum(box);
  const commonest = box.reduce((a, b) => (b.count > a.count ? b : a));
  if (commonest.count > total / 2) return commonest.colour;
  const of = (axis: number) =>
    Math.round(box.reduce((part, { colour, count }) => part + colour[axis] * count, 0) / total);
  return [of(0), of(1), of(2)];
}

function nearest(palette: readonly Colour[], [red, green, blue]: Colour): number {
  let [best, least] = [0, Infinity];
  palette.forEach(([r, g, b], i) => {
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
