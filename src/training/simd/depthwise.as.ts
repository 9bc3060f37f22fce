// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * The gradients of a depthwise convolution with one filter for each channel (`filters` is not read). Windows leave padding
 * out: for a tap, only the columns whose windows see x there are gone through.
 */
import { loadLanes, storeLanes } from '../../kernels/simd/lanes.as';
import {
  batch, channels, hDilation, hFilter, hInput, hOutput, hPad, hStride, wDilation, wFilter, wInput, wOutput, wPad, wStride,
} from './convolution.as';

/** Of the columns of y, those whose tap `w` sees x: the first, and the end. */
@inline
function firstColumn(w: i32): i32 {
  return max(0, (wPad - w * wDilation + wStride - 1) / wStride);
}
@inline
function endColumn(w: i32): i32 {
  const last = wInput - 1 + wPad - w * wDilation;
  return last < 0 ? 0 : min(wOutput, last / wStride + 1);
}

/**
 * dw[tap][c] = sum of x[b, oh, ow at the tap, c] * dy[b, oh, ow, c], added in row-major order of (b, oh, ow), for `count` channels;
 * x, dy and dw are where the first of these are.
 */
export function depthwiseFilterGradient(x: usize, dy: usize, dw: usize, count: i32): void {
  const pixel = <usize>channels << 2, xStep = <usize>wStride * pixel;
  for (let tap = 0, to = dw; tap < hFilter * wFilter; tap++, to += pixel) memory.fill(to, 0, <usize>count << 2);
  for (let b = 0; b < batch; b++) {
    for (let oh = 0; oh < hOutput; oh++) {
      for (let h = 0; h < hFilter; h++) {
        const y = oh * hStride + h * hDilation - hPad;
        if (<u32>y >= <u32>hInput) continue;
        for (let w = 0; w < wFilter; w++) {
          const first = firstColumn(w), pixels = endColumn(w) - first;
          if (pixels <= 0) continue;
          const column = first * wStride + w * wDilation - wPad;
          const from = x + <usize>((b * hInput + y) * wInput + column) * pixel;
          const gradients = dy + <usize>((b * hOutput + oh) * wOutput + first) * pixel;
          addProducts(from, xStep, gradients, pixel, pixels, dw + <usize>(h * wFilter + w) * pixel, count);
        }
      }
    }
  }
}

/** to[c] += the sum over `count` pixels of a * b. */
@inline
function addProducts(a: usize, aStep: usize, b: usize, bStep: usize, count: i32, to: usize, left: i32): void {
  for (; left >= 16; left -= 16, a += 64, b += 64, to += 64) addProductsOf(4, a, aStep, b, bStep, count, to);
  for (; left >= 4; left -= 4, a += 16, b += 16, to += 16) addProductsOf(1, a, aStep, b, bStep, count, to);
  if (left == 0) return;
  let sum = loadLanes(to, left);
  for (; count > 0; count--, a += aStep, b += bStep) sum = f32x4.add(sum, f32x4.mul(loadLanes(a, left), loadLanes(b, left)));
  storeLanes(to, sum, left);
}

@inline
function addProductsOf(vectors: i32, a: usize, aStep: usize, b: usize, bStep: usize, count: i32, to: usize): void {
  let s0 = v128.load(to), s1 = s0, s2 = s0, s3 = s0;
  if (vectors == 4) { s1 = v128.load(to, 16); s2 = v128.load(to, 32); s3 = v128.load(to, 48); }
  for (; count > 0; count--, a += aStep, b += bStep) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    if (vectors == 4) {
      s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
    }
  }
  v128.store(to, s0);
  if (vectors == 4) { v128.store(to, s1, 16); v128.store(to, s2, 32); v128.store(to, s3, 48); }
}

/** dx[b, h, w, c] = sum of dy[b, oh, ow, c] * filter[tap, c], added in row-major order of (oh, tap). */
export function depthwiseInputGradient(dy: usize, filter: usize, dx: usize): void {
  const pixel = <usize>channels << 2, xStep = <usize>wStride * pixel;
  memory.fill(dx, 0, <usize>(batch * hInput * wInput) * pixel);
  for (let b = 0; b < batch; b++) {
    for (let oh = 0; oh < hOutput; oh++) {
      for (let h = 0; h < hFilter; h++) {
        const y = oh * hStride + h * hDilation - hPad;
        if (<u32>y >= <u32>hInput) continue;
        for (let w = 0; w < wFilter; w++) {
          const first = firstColumn(w), end = endColumn(w);
          let to = dx + <usize>((b * hInput + y) * wInput + first * wStride + w * wDilation - wPad) * pixel;
          let gradients = dy + <usize>((b * hOutput + oh) * wOutput + first) * pixel;
          for (let ow = first; ow < end; ow++, to += xStep, gradients += pixel) {
            addScaled(gradients, filter + <usize>(h * wFilter + w) * pixel, to, channels);
          }
        }
      }
    }
  }
}

/** to += a * b */
@inline
function addScaled(a: usize, b: usize, to: usize, left: i32): void {
  for (; left >= 4; left -= 4, a += 16, b += 16, to += 16) {
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(a), v128.load(b))));
  }
  if (left > 0) storeLanes(to, f32x4.add(loadLanes(to, left), f32x4.mul(loadLanes(a, left), loadLanes(b, left))), left);
}

/** Each channel `times` times: so several filters for a channel are one for each of more channels. */
export function repeatChannels(x: usize, elements: i32, times: i32, to: usize): void {
  for (; elements > 0; elements--, x += 4) {
    const value = load<f32>(x);
    for (let i = 0; i < times; i++, to += 4) store<f32>(to, value);
  }
}

/** The adjoint of repeatChannels: sums of `times` neighbours, in their order. */
export function sumChannels(x: usize, elements: i32, times: i32, to: usize): void {
  for (; elements > 0; elements--, to += 4) {
    let sum: f32 = 0;
    for (let i = 0; i < times; i++, x += 4) sum += load<f32>(x);
    store<f32>(to, sum);
  }
}
