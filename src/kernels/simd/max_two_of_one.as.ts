// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, for one channel, for windows of 2x2 and of 2x2x2 that don't overlap. Eight outputs of a row are
 * found at a time. A sum of all elements becomes NaN where one is.
 */
import {
  dDilation, dStep, dStride, dWindow, firstRowOffset, fitted, hStep, hStride, hWindow, outputRowBytes, wDilation, wPad, wStride, wWindow,
} from './geometry.as';
import { isInBytes, storeEight, storeTaps } from './kept_taps.as';
import { greater, larger, unzip } from './lanes.as';
import { numberOf, numberOfTwo } from './max_two_by_two.as';

/** Whether {@link twoByTwoRowsOfOne} can do the output rows of two real rows and all planes, as far as its whole windows go. */
@inline
export function isTwoByTwoOfOne(): bool {
  return !fitted && wWindow == 2 && hWindow == 2 && wDilation == 1 && wStride == 2 && hStride >= 2 &&
    (dWindow == 1 || dWindow == 2 && dDilation == 1 && dStride >= 2);
}

/**
 * The outputs [begin, end), four at least, of `count` rows: those of x start `jump` bytes after one another. And, if `apart` is not 0, of as
 * many rows so many bytes after, by turns: memory is read faster in two places. Whether there is no NaN; else they are garbage. Infinities
 * of both signs also make it false. The next two rows are read ahead, to have them in the cache in order, which is faster than two rows at
 * a time; nothing from `endOfX` on.
 */
export function twoByTwoRowsOfOne(
  from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, count: i32, jump: usize, apart: usize, endOfX: usize,
): bool {
  const inBytes = isInBytes(argmaxOffset);
  if (dWindow == 2) {
    return argmaxOffset ? rowsOf(from, y, argmaxOffset, begin, end, count, jump, apart, endOfX, true, true, inBytes)
      : rowsOf(from, y, 0, begin, end, count, jump, apart, endOfX, false, true, false);
  }
  if (!argmaxOffset) return rowsOf(from, y, 0, begin, end, count, jump, apart, endOfX, false, false, false);
  return inBytes ? rowsOf(from, y, argmaxOffset, begin, end, count, jump, apart, endOfX, true, false, true)
    : rowsOf(from, y, argmaxOffset, begin, end, count, jump, apart, endOfX, true, false, false);
}

/** What is read only to have it in the cache. */
let touched: v128 = i32x4.splat(0);

@inline
function rowsOf(
  from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, count: i32, jump: usize, apart: usize, endOfX: usize,
  withArgmax: bool, twoDeep: bool, inBytes: bool,
): bool {
  const below = hStep, behind = dStep, bytes = <usize>(end - begin) << 2;
  let top = from + firstRowOffset() + (<usize>(begin * 2 - wPad) << 2), seen = i32x4.splat(0), even = seen, odd = seen;
  y += <usize>begin << 2;
  // Rows of both places come by turns: from one to the next, and to that after it.
  const rowY = outputRowBytes(), two = apart ? jump : 2 * jump, twoY = apart ? rowY : 2 * rowY;
  let move = jump, moveY = rowY, rows = count;
  // Two lines for eight outputs, side by side or one in each place.
  let ahead = top + jump, step: usize = 128, other: usize = 64;
  if (apart) {
    move = apart; moveY = apart / jump * rowY; rows *= 2;
    step = 64; other = apart;
  }
  if (ahead + <usize>count * jump + apart > endOfX) { ahead = top; step = 0; }
  for (; rows > 0; rows--, top += move, y += moveY, move = two - move, moveY = twoY - moveY) {
    const last = y + bytes;
    let tap = top, to = y;
    if (bytes >= 32) {
      // The loop tests at its end: only out of such a loop V8 moves what stays the same.
      do {
        seen = v128.or(v128.load(ahead), v128.or(seen, v128.load(ahead + other)));
        if (withArgmax && inBytes && !twoDeep) even = argmaxOfEight(tap, below, to, argmaxOffset, even);
        else {
          even = largestOf(tap, below, behind, to, argmaxOffset, even, withArgmax, twoDeep, inBytes);
          odd = largestOf(tap + 32, below, behind, to + 16, argmaxOffset, odd, withArgmax, twoDeep, inBytes);
        }
        tap += 64; to += 32; ahead += step;
      } while (to + 32 <= last);
      if (to == last) continue;
    }
    if (to + 16 < last) even = largestOf(tap, below, behind, to, argmaxOffset, even, withArgmax, twoDeep, inBytes);
    tap += (last - to - 16) << 1;
    odd = largestOf(tap, below, behind, last - 16, argmaxOffset, odd, withArgmax, twoDeep, inBytes);
  }
  touched = seen;
  const total = f32x4.add(even, odd);
  return !v128.any_true(f32x4.ne(total, total));
}

/** Stores four outputs; adds their elements to `before`. */
@inline
function largestOf(
  tap: usize, below: usize, behind: usize, to: usize, argmaxOffset: usize, before: v128, withArgmax: bool, twoDeep: bool, inBytes: bool,
): v128 {
  const a = v128.load(tap), b = v128.load(tap, 16), c = v128.load(tap + below), d = v128.load(tap + below, 16);
  const total = f32x4.add(before, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  const left = larger<f32>(a, c), right = larger<f32>(b, d), front = larger<f32>(unzip(left, right, false), unzip(left, right, true));
  if (!twoDeep) {
    v128.store(to, front);
    if (withArgmax) storeTaps(to, argmaxOffset, numberIn(a, b, c, d), inBytes);
    return total;
  }
  const next = tap + behind;
  const e = v128.load(next), f = v128.load(next, 16), g = v128.load(next + below), h = v128.load(next + below, 16);
  const backLeft = larger<f32>(e, g), backRight = larger<f32>(f, h);
  const back = larger<f32>(unzip(backLeft, backRight, false), unzip(backLeft, backRight, true));
  v128.store(to, larger<f32>(front, back));
  if (withArgmax) {
    const inBack = i32x4.add(numberIn(e, f, g, h), i32x4.splat(4));
    storeTaps(to, argmaxOffset, v128.bitselect(inBack, numberIn(a, b, c, d), greater<f32>(back, front)), inBytes);
  }
  return f32x4.add(total, f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
}

/** The numbers in four windows side by side, of whose two rows a and b, c and d are the elements. */
@inline
function numberIn(a: v128, b: v128, c: v128, d: v128): v128 {
  return numberOf<f32>(unzip(a, b, false), unzip(a, b, true), unzip(c, d, false), unzip(c, d, true));
}

/** As {@link largestOf}, for eight outputs whose numbers are bytes: masks of both halves fit into one vector, and so do their numbers. */
@inline
function argmaxOfEight(tap: usize, below: usize, to: usize, argmaxOffset: usize, before: v128): v128 {
  const p = v128.load(tap), q = v128.load(tap, 16), r = v128.load(tap + below), s = v128.load(tap + below, 16);
  const a = unzip(p, q, false), b = unzip(p, q, true), c = unzip(r, s, false), d = unzip(r, s, true);
  v128.store(to, larger<f32>(larger<f32>(a, b), larger<f32>(c, d)));
  const total = f32x4.add(f32x4.add(p, q), f32x4.add(r, s));
  const t = v128.load(tap, 32), u = v128.load(tap, 48), v = v128.load(tap + below, 32), w = v128.load(tap + below, 48);
  const e = unzip(t, u, false), f = unzip(t, u, true), g = unzip(v, w, false), h = unzip(v, w, true);
  v128.store(to, larger<f32>(larger<f32>(e, f), larger<f32>(g, h)), 16);
  storeEight(to, argmaxOffset, numberOfTwo(a, b, c, d, e, f, g, h));
  return f32x4.add(before, f32x4.add(total, f32x4.add(f32x4.add(t, u), f32x4.add(v, w))));
}
