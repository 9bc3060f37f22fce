// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, or averages, for images of one channel and windows that are fitted to the outputs, two to four
 * columns wide: four neighbouring windows of a row at a time, in several images. Of each window four columns are loaded from its start
 * on, and then turned into four vectors of one column each; the columns that a narrower one lacks are masked.
 */
import { countsTaps, rowCells } from './divisor.as';
import {
  dCount, enterWindow, firstRowOffset, hCount, hStep, imageBytes, outputImageBytes, planeSkip, wFitStep, wFitWhole, wInput, wOffset, wOutput,
  wPad, wPer, wWindow,
} from './geometry.as';
import { storeTaps } from './kept_taps.as';
import { larger, lowest, zip } from './lanes.as';

/** How many outputs of a row, from the first on, may be done so. */
export function outputsByFours(): i32 {
  if (!wPer || wFitWhole < 1 || wFitWhole > 2) return 0;
  // Those that have four columns from their start on.
  const some = (<i64>(wInput - 3) * wPer - wOffset + wFitStep - 1) / wFitStep;
  return some < 4 ? 0 : min(wOutput, <i32>some) & ~3;
}

/** Whether there is no NaN in what was read; else the outputs are garbage. Infinities of both signs also make it false. */
export function maxFours(from: usize, y: usize, outputs: i32, images: i32): bool {
  return foursOf(from, y, 0, outputs, images, false, false);
}
export function argmaxFours(from: usize, y: usize, argmaxOffset: usize, outputs: i32, images: i32): bool {
  return foursOf(from, y, argmaxOffset, outputs, images, true, false);
}
export function averageFours(from: usize, y: usize, outputs: i32, images: i32): void {
  foursOf(from, y, 0, outputs, images, false, true);
}

/** Bytes from one image to the next. An engine would compute a local anew for each. */
let apart: usize = 0;
let apartInY: usize = 0;

@inline
function foursOf(from: usize, y: usize, argmaxOffset: usize, outputs: i32, images: i32, withArgmax: bool, averages: bool): bool {
  apart = imageBytes();
  apartInY = outputImageBytes();
  const origin = from + firstRowOffset();
  const rows = hCount, all = rows * dCount, rowStep = hStep, skip = planeSkip(), counts = countsTaps();
  const cellsOfRow = i32x4.splat(averages ? rowCells() : 1), none = lowest<f32>(), four = i32x4.splat(4);
  let total = i32x4.splat(0);
  for (let ow = 0; ow < outputs; ow += 4, y += 16) {
    enterWindow(ow);
    const start = -wPad;
    let widths = i32x4.splat(wWindow);
    enterWindow(ow + 1);
    const b = <usize>(-wPad - start) << 2;
    widths = i32x4.replace_lane(widths, 1, wWindow);
    enterWindow(ow + 2);
    const c = <usize>(-wPad - start) << 2;
    widths = i32x4.replace_lane(widths, 2, wWindow);
    enterWindow(ow + 3);
    const d = <usize>(-wPad - start) << 2;
    widths = i32x4.replace_lane(widths, 3, wWindow);
    const cells = f32x4.convert_i32x4_s(averages && counts ? i32x4.mul(widths, cellsOfRow) : cellsOfRow);
    const hasThird = i32x4.gt_s(widths, i32x4.splat(2)), hasFourth = i32x4.gt_s(widths, i32x4.splat(3));
    let top = origin + (<usize>start << 2), to = y, image = images;
    // The loop tests at its end: only out of such a loop V8 moves what stays the same.
    do {
      let p = top, line = rows;
      if (averages) {
        let sums = i32x4.splat(0);
        let row = all;
        do {
          const v0 = v128.load(p), v1 = v128.load(p + b), v2 = v128.load(p + c), v3 = v128.load(p + d);
          const low0 = zip(v0, v1, false), low1 = zip(v2, v3, false), high0 = zip(v0, v1, true), high1 = zip(v2, v3, true);
          sums = f32x4.add(f32x4.add(sums, v128.shuffle<i64>(low0, low1, 0, 2)), v128.shuffle<i64>(low0, low1, 1, 3));
          sums = f32x4.add(sums, v128.and(v128.shuffle<i64>(high0, high1, 0, 2), hasThird));
          sums = f32x4.add(sums, v128.and(v128.shuffle<i64>(high0, high1, 1, 3), hasFourth));
          p += rowStep;
          if (--line == 0) { line = rows; p += skip; }
        } while (--row > 0);
        v128.store(to, f32x4.div(sums, cells));
        top += apart; to += apartInY;
        continue;
      }
      let m0 = v128.load(p), m1 = v128.load(p + b), m2 = v128.load(p + c), m3 = v128.load(p + d);
      let k0 = i32x4.splat(0), k1 = k0, k2 = k0, k3 = k0, number = k0;
      total = f32x4.add(total, f32x4.add(f32x4.add(m0, m1), f32x4.add(m2, m3)));
      // The largest of each column of each window; its number is four times that of its first row.
      let row = all - 1;
      if (row > 0) do {
        p += rowStep;
        if (--line == 0) { line = rows; p += skip; }
        const v0 = v128.load(p), v1 = v128.load(p + b), v2 = v128.load(p + c), v3 = v128.load(p + d);
        if (withArgmax) {
          number = i32x4.add(number, four);
          k0 = i32x4.max_s(k0, v128.and(f32x4.gt(v0, m0), number));
          k1 = i32x4.max_s(k1, v128.and(f32x4.gt(v1, m1), number));
          k2 = i32x4.max_s(k2, v128.and(f32x4.gt(v2, m2), number));
          k3 = i32x4.max_s(k3, v128.and(f32x4.gt(v3, m3), number));
        }
        m0 = larger<f32>(m0, v0); m1 = larger<f32>(m1, v1); m2 = larger<f32>(m2, v2); m3 = larger<f32>(m3, v3);
        total = f32x4.add(total, f32x4.add(f32x4.add(v0, v1), f32x4.add(v2, v3)));
      } while (--row > 0);
      const low0 = zip(m0, m1, false), low1 = zip(m2, m3, false), high0 = zip(m0, m1, true), high1 = zip(m2, m3, true);
      const first = v128.shuffle<i64>(low0, low1, 0, 2), second = v128.shuffle<i64>(low0, low1, 1, 3);
      const third = v128.bitselect(v128.shuffle<i64>(high0, high1, 0, 2), none, hasThird);
      const fourth = v128.bitselect(v128.shuffle<i64>(high0, high1, 1, 3), none, hasFourth);
      const best = larger<f32>(larger<f32>(first, second), larger<f32>(third, fourth));
      v128.store(to, best);
      if (withArgmax) {
      const l0 = zip(k0, k1, false), l1 = zip(k2, k3, false), h0 = zip(k0, k1, true), h1 = zip(k2, k3, true);
      // The lowest of those that have the largest value. Where that is -Infinity, the first column's is 0.
      const left = i32x4.min_u(
        numberOf(v128.shuffle<i64>(l0, l1, 0, 2), 0, first, best), numberOf(v128.shuffle<i64>(l0, l1, 1, 3), 1, second, best));
      const right = i32x4.min_u(
        numberOf(v128.shuffle<i64>(h0, h1, 0, 2), 2, third, best), numberOf(v128.shuffle<i64>(h0, h1, 1, 3), 3, fourth, best));
      const found = i32x4.min_u(left, right);
      storeTaps(
        to, argmaxOffset, i32x4.add(i32x4.mul(i32x4.shr_u(found, 2), widths), v128.and(found, i32x4.splat(3))));
      }
      top += apart; to += apartInY;
    } while (--image > 0);
  }
  return !v128.any_true(f32x4.ne(total, total));
}

/** A column's number; more than any where its value is not the best. */
@inline
function numberOf(row: v128, column: i32, value: v128, best: v128): v128 {
  return v128.or(v128.or(row, i32x4.splat(column)), f32x4.ne(value, best));
}
