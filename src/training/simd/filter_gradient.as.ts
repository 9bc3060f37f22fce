// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** The gradient with respect to the filter: columns^T * dy, where no row of the im2col matrix is laid out: a tap reads its inputs where they are. */
import {
  batch, beginReading, channels, chunkImages, chunkRows, cutIntoChunks, filters, framesBytes, hOutput, hStride, image, read, row, taps, wOutput,
  writeTaps, wStride,
} from './convolution.as';
import {
  begin, beginWithMatrix, beginWithZeros, COLUMNS, HEAD_BYTES, layOut, multiplyTiles, panelsBytes, readColumns, readSegments,
} from './tiles.as';

const CHUNK = 512;

@inline
function tablesBytes(): usize {
  return <usize>(taps() + chunkImages * chunkRows) << 2;
}

/** Of the convolution that is set, for so many filters. */
export function filterGradientScratch(filterCount: i32): usize {
  cutIntoChunks(CHUNK);
  const panels = filterCount % COLUMNS == 0 ? 0 : panelsBytes(chunkImages * chunkRows * wOutput, filterCount);
  return HEAD_BYTES + tablesBytes() + 16 + framesBytes() + panels;
}

/**
 * dw[tap][c][o] = sum of x[b, oh, ow at the tap, c] * dy[b, oh, ow, o], added in row-major order of (b, oh, ow), for `count` of all (tap, c) from
 * `first` on and for `filterCount` filters; `dy` and `dw` are where the first of these are.
 */
export function filterGradient(x: usize, dy: usize, dw: usize, first: i32, count: i32, filterCount: i32, scratch: usize): void {
  cutIntoChunks(CHUNK);
  const tapOffsets = scratch + HEAD_BYTES, memory = (tapOffsets + tablesBytes() + 15) & ~15, panels = memory + framesBytes();
  const isPanel = filterCount % COLUMNS == 0, dyPixel = <usize>filters << 2, step = <usize>wStride * (<usize>channels << 2);
  begin(scratch);
  beginReading(memory);
  const rowOffsets = writeTaps(tapOffsets);
  for (let i = 0; i < chunkImages; i++) {
    for (let r = 0; r < chunkRows; r++) {
      store<usize>(rowOffsets + (<usize>(i * chunkRows + r) << 2), <usize>i * image + <usize>(r * hStride) * row);
    }
  }
  const firstOffset = tapOffsets + (<usize>first << 2);
  beginWithZeros();
  for (let b = 0; b < batch; b += chunkImages) {
    const images = min(chunkImages, batch - b), source = read(x, b, images);
    for (let r = 0; r < hOutput; r += chunkRows) {
      const rows = min(chunkRows, hOutput - r), positions = images * rows * wOutput;
      const from = dy + <usize>((b * hOutput + r) * wOutput) * dyPixel;
      if (!isPanel) layOut(from, dyPixel, 4, positions, filterCount, panels);
      if (isPanel) readColumns(dyPixel, 32);
      else readColumns(32, <usize>positions * 32);
      readSegments(rowOffsets, images * rows, wOutput, step);
      multiplyTiles(count, filterCount, firstOffset, source + <usize>(r * hStride) * row, isPanel ? from : panels, dw, dyPixel);
      beginWithMatrix(dw, dyPixel);
    }
  }
}
