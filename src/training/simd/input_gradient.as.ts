// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * The gradient with respect to the input: dy * filter^T, a gradient of some rows of the im2col matrix at a time, and
 * col2im, which adds them up into dx while they are in the cache.
 */
import { sum } from '../../kernels/simd/lanes.as';
import {
  batch, channels, filters, hDilation, hFilter, hInput, hOutput, hPad, hStride, taps, wDilation, wFilter, wInput, wOutput, wPad, wStride,
} from './convolution.as';
import { begin, beginWithZeros, COLUMNS_BYTES, HEAD_BYTES, layOut, multiplyTiles, panelsBytes, readColumns, readSegments } from './tiles.as';

/** Bytes of the matrix's gradient at a time, but for its rows of one output row. */
const CHUNK_BYTES = 1 << 18;

/** Where windows are the pixels of x one by one, the matrix is x. */
@inline
function isProduct(): bool {
  return hFilter * wFilter == 1 && hStride * wStride == 1 && hPad + wPad == 0 && hInput == hOutput && wInput == wOutput;
}

/** Windows at a time. */
@inline
function chunk(): i32 {
  return min(batch * hOutput * wOutput, max(6, CHUNK_BYTES / (taps() << 2)));
}

export function inputGradientScratch(): usize {
  const columns: usize = isProduct() ? 0 : <usize>chunk() * (<usize>taps() << 2);
  return HEAD_BYTES + (<usize>(chunk() + 1) << 2) + 16 + panelsBytes(filters, taps()) + columns;
}

/**
 * dx[b, h, w, c] = sum over the windows that see it, in row-major order, of the sum of dy[b, oh, ow, o] * filter[tap, c, o], added
 * in the order of o.
 */
export function inputGradient(dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const all = batch * hOutput * wOutput, most = chunk(), dyPixel = <usize>filters << 2, columnsRow = <usize>taps() << 2;
  const rows = scratch + HEAD_BYTES, segment = rows + (<usize>most << 2), panels = (segment + 4 + 15) & ~15;
  const columns = panels + panelsBytes(filters, taps());
  begin(scratch);
  for (let i = 0; i < most; i++) store<usize>(rows + (<usize>i << 2), <usize>i * dyPixel);
  store<i32>(segment, 0);
  layOut(filter, 4, dyPixel, filters, taps(), panels);
  readColumns(COLUMNS_BYTES, panelsBytes(filters, 1));
  readSegments(segment, 1, filters, 4);
  beginWithZeros();
  if (isProduct()) {
    for (let i = 0; i < all; i += most) {
      multiplyTiles(min(most, all - i), taps(), rows, dy + <usize>i * dyPixel, panels, dx + <usize>i * columnsRow, columnsRow);
    }
    return;
  }
  memory.fill(dx, 0, <usize>(batch * hInput * wInput) * (<usize>channels << 2));
  for (let i = 0; i < all; i += most) {
    const count = min(most, all - i);
    multiplyTiles(count, taps(), rows, dy + <usize>i * dyPixel, panels, columns, columnsRow);
    for (let p = 0; p < count; p++) addWindow(i + p, columns + <usize>p * columnsRow, dx);
  }
}

/** Adds the gradient of one window. */
function addWindow(position: i32, columns: usize, dx: usize): void {
  const pixel = <usize>channels << 2, ofRow = position / wOutput;
  const hStart = ofRow % hOutput * hStride - hPad, wStart = position % wOutput * wStride - wPad;
  const image = dx + <usize>(ofRow / hOutput * hInput) * <usize>wInput * pixel;
  for (let h = 0, y = hStart; h < hFilter; h++, y += hDilation) {
    if (<u32>y >= <u32>hInput) continue;
    const from = columns + <usize>(h * wFilter) * pixel, to = image + <usize>(y * wInput) * pixel;
    if (wDilation == 1) {
      const first = max(0, -wStart), end = min(wFilter, wInput - wStart);
      if (first < end) addRun(to + <usize>(wStart + first) * pixel, from + <usize>first * pixel, (end - first) * channels);
    } else {
      for (let w = 0, x = wStart; w < wFilter; w++, x += wDilation) {
        if (<u32>x < <u32>wInput) addRun(to + <usize>x * pixel, from + <usize>w * pixel, channels);
      }
    }
  }
}

@inline
function addRun(to: usize, from: usize, length: i32): void {
  for (; length >= 4; length -= 4, to += 16, from += 16) v128.store(to, sum<f32>(v128.load(to), v128.load(from)));
  for (; length > 0; length--, to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}
