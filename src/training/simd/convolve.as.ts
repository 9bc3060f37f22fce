// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** The convolution itself: columns * filter, where a window reads its inputs where they are. */
import {
  batch, beginReading, channels, chunkImages, chunkRows, cutIntoChunks, filters, framesBytes, hDilation, hFilter, hOutput, hStride, image,
  pixel, read, row, taps, wDilation, wFilter, wOutput, wStride,
} from './convolution.as';
import {
  begin, beginWithMatrix, beginWithRow, beginWithZeros, COLUMNS_BYTES, endBetween, HEAD_BYTES, layOut, multiplyTiles, panelsBytes, readColumns,
  readSegments,
} from './tiles.as';

const CHUNK = 1024;
/** A sum is cut into parts of about so many elements, so that what they need of the filter stays in the cache. */
const BLOCK = 512;

/** A segment is a row of taps, if they follow each other, or else a tap. */
@inline
function tapsOfSegment(): i32 {
  return wDilation == 1 ? wFilter : 1;
}

@inline
function segmentCount(): i32 {
  return hFilter * wFilter / tapsOfSegment();
}

@inline
function tablesBytes(): usize {
  return <usize>(chunkImages * chunkRows * wOutput + segmentCount()) << 2;
}

/** Of the convolution that is set. */
export function convolveScratch(): usize {
  cutIntoChunks(CHUNK);
  return HEAD_BYTES + tablesBytes() + 16 + framesBytes() + panelsBytes(taps(), filters);
}

/**
 * y[b, oh, ow, o] = bias[o] + sum of x[b, oh, ow at the tap, c] * filter[tap, c, o], added in the order of (tap, c), then kept
 * between `low` and `high`; `bias` 0: no bias.
 */
export function convolve(x: usize, filter: usize, y: usize, bias: usize, low: f32, high: f32, scratch: usize): void {
  cutIntoChunks(CHUNK);
  const windows = scratch + HEAD_BYTES, memory = (windows + tablesBytes() + 15) & ~15, panels = memory + framesBytes();
  const yPixel = <usize>filters << 2, length = tapsOfSegment() * channels, all = segmentCount(), ofBlock = max(1, BLOCK / length);
  begin(scratch);
  beginReading(memory);
  const segments = writeWindows(windows);
  writeSegments(segments);
  layOut(filter, yPixel, 4, taps(), filters, panels);
  readColumns(COLUMNS_BYTES, panelsBytes(taps(), 1));
  for (let b = 0; b < batch; b += chunkImages) {
    const images = min(chunkImages, batch - b), source = read(x, b, images);
    for (let r = 0; r < hOutput; r += chunkRows) {
      const count = images * min(chunkRows, hOutput - r) * wOutput;
      const to = y + <usize>((b * hOutput + r) * wOutput) * yPixel, from = source + <usize>(r * hStride) * row;
      for (let s = 0; s < all; s += ofBlock) {
        const isLast = s + ofBlock >= all;
        readSegments(segments + (<usize>s << 2), min(ofBlock, all - s), length, 4);
        endBetween(isLast ? low : -Infinity, isLast ? high : Infinity);
        if (s > 0) beginWithMatrix(to, yPixel);
        else if (bias) beginWithRow(bias);
        else beginWithZeros();
        multiplyTiles(count, filters, windows, from, panels + <usize>(s * length) * COLUMNS_BYTES, to, yPixel);
      }
    }
  }
}

/** Where the windows of a chunk begin. Returns the end. */
function writeWindows(table: usize): usize {
  for (let i = 0; i < chunkImages; i++) {
    for (let r = 0; r < chunkRows; r++) {
      let at = <usize>i * image + <usize>(r * hStride) * row;
      for (let w = 0; w < wOutput; w++, table += 4, at += <usize>wStride * pixel) store<usize>(table, at);
    }
  }
  return table;
}

function writeSegments(table: usize): void {
  const step = tapsOfSegment();
  for (let h = 0; h < hFilter; h++) {
    for (let w = 0; w < wFilter; w += step, table += 4) {
      store<usize>(table, <usize>(h * hDilation) * row + <usize>(w * wDilation) * pixel);
    }
  }
}
