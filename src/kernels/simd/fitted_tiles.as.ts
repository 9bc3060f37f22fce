// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * Images of one channel whose windows are fitted to the outputs, in tiles: some rows of windows of some images, small enough for the
 * first-level cache. In a tile, four neighbouring columns are followed downwards, so that what depends on the columns is found once.
 */
import {
  batch, channels, fitted, hFitStep, hInput, hOffset, hOutput, hPad, hPer, hStride, hWindow, wDilation, wFitStep, wInput, wOffset, wPad, wPer,
  wStride, wWindow,
} from './geometry.as';

const TILE_BYTES: i32 = 24576;
/** Rows of windows, of all images together, for which it is worth it. */
const LEAST_ROWS: i32 = 16;

/** Rows of windows of a tile: kernels have a bit for each. */
const MOST_ROWS: i32 = 31;

/** Rows of windows of a tile, and its images. */
export let tileRows: i32 = 1;
export let tileImages: i32 = 1;
/** From the start of one window along the height to the next: whole rows, and the rest of a division by `perRow`. */
export let rowWhole: i32 = 0;
export let rowRest: i32 = 0;
export let perRow: i32 = 1;
/** The same along the width: window `o` starts at column `(o * columnStep + columnOffset) / perColumn`. */
export let columnStep: i32 = 0;
export let columnOffset: i32 = 0;
export let perColumn: i32 = 1;
export let columnWhole: i32 = 0;
export let columnRest: i32 = 0;

/** Whether windows are fitted along some axis, and side by side along the others. To be called first. */
export function isTiled(): bool {
  if (channels != 1 || !fitted) return false;
  columnStep = wPer ? wFitStep : wStride;
  columnOffset = wPer ? wOffset : 0;
  perColumn = max(1, wPer);
  columnWhole = columnStep / perColumn;
  columnRest = columnStep % perColumn;
  return (hPer ? hFitStep >= hPer : hStride == hWindow && hPad == 0) && (wPer > 0 || wStride == wWindow && wPad == 0 && wDilation == 1);
}

/** `images`: so many at least, if there are. */
export function setTiles(images: i32): void {
  const bytes = max(1, hInput / hOutput) * wInput * 4, step = hPer ? hFitStep : hStride;
  tileRows = max(1, min(min(hOutput, MOST_ROWS), TILE_BYTES / (bytes * min(images, batch))));
  tileImages = min(batch, max((LEAST_ROWS + tileRows - 1) / tileRows, TILE_BYTES / (bytes * tileRows)));
  perRow = max(1, hPer);
  rowWhole = step / perRow;
  rowRest = step % perRow;
}

/** The rest of that division where row `oh` of the windows starts. */
export function restOfRow(oh: i32): i32 {
  return hPer ? <i32>((<i64>oh * hFitStep + hOffset) % hPer) : 0;
}
