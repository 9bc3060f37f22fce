// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * x -> y and, where asked for, argmax, for one channel and windows of four columns side by side. The largest of each column comes
 * first, then that of both columns of a half, then that of both halves. A sum of all elements becomes NaN where one is.
 */
import { dCount, dFirst, firstRowOffset, hCount, hFirst, hStep, hWindow, planeSkip, wDilation, wPad, wStride, wWindow } from './geometry.as';
import { storeTaps } from './kept_taps.as';
import { larger, unzip } from './lanes.as';
import { winner } from './max_argmax.as';

/** Whether the geometry is of this kind. */
export function isFourOfOne(): bool {
  return wWindow == 4 && wStride == 4 && wDilation == 1;
}

/**
 * The outputs [begin, end) of a row: four at least, whose windows have no column in the padding. Whether there is no NaN; else they are
 * garbage. Infinities of both signs also make it false.
 */
export function fourRowOfOne(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32): bool {
  return argmaxOffset ? rowOf(from, y, argmaxOffset, begin, end, true) : rowOf(from, y, 0, begin, end, false);
}

@inline
function rowOf(from: usize, y: usize, argmaxOffset: usize, begin: i32, end: i32, withArgmax: bool): bool {
  const origin = from + firstRowOffset() - (<usize>wPad << 2), rows = hCount, planes = dCount, rowStep = hStep, skip = planeSkip();
  const first = i32x4.splat((dFirst * hWindow + hFirst) * 4), planeNumbers = i32x4.splat((hWindow - rows) * 4), rowNumbers = i32x4.splat(4);
  const isSingle = rows * planes == 1;
  let total = i32x4.splat(0);
  for (let ow = begin; ow < end; ow += 4) {
    ow = min(ow, end - 4);
    let tap = origin + (<usize>ow << 4), number = first, k0 = first, k1 = first, k2 = first, k3 = first;
    let m0 = v128.load(tap), m1 = v128.load(tap, 16), m2 = v128.load(tap, 32), m3 = v128.load(tap, 48);
    total = f32x4.add(total, f32x4.add(f32x4.add(m0, m1), f32x4.add(m2, m3)));
    for (let d = isSingle ? 0 : planes; d > 0; d--, tap += skip, number = i32x4.add(number, planeNumbers)) {
      for (let h = rows; h > 0; h--, tap += rowStep, number = i32x4.add(number, rowNumbers)) {
        const a = v128.load(tap), b = v128.load(tap, 16), c = v128.load(tap, 32), e = v128.load(tap, 48);
        if (withArgmax) {
          k0 = winner<f32>(k0, m0, a, number); k1 = winner<f32>(k1, m1, b, number);
          k2 = winner<f32>(k2, m2, c, number); k3 = winner<f32>(k3, m3, e, number);
        }
        total = f32x4.add(total, f32x4.add(f32x4.add(a, b), f32x4.add(c, e)));
        m0 = larger<f32>(m0, a); m1 = larger<f32>(m1, b); m2 = larger<f32>(m2, c); m3 = larger<f32>(m3, e);
      }
    }
    const low = halfOf(m0, m1), high = halfOf(m2, m3), to = y + (<usize>ow << 2);
    v128.store(to, halfOf(low, high));
    if (!withArgmax) continue;
    const even = i32x4(0, 2, 0, 2), odd = i32x4(1, 3, 1, 3);
    const lowNumber = firstOf(m0, m1, i32x4.add(unzip(k0, k1, false), even), i32x4.add(unzip(k0, k1, true), odd));
    const highNumber = firstOf(m2, m3, i32x4.add(unzip(k2, k3, false), even), i32x4.add(unzip(k2, k3, true), odd));
    storeTaps(to, argmaxOffset, firstOf(low, high, unzip(lowNumber, highNumber, false), unzip(lowNumber, highNumber, true)));
  }
  return !v128.any_true(f32x4.ne(total, total));
}

/** The larger of both elements of each pair. */
@inline
function halfOf(a: v128, b: v128): v128 {
  return larger<f32>(unzip(a, b, false), unzip(a, b, true));
}

/** The lowest number of those that have the larger value of a pair. */
@inline
function firstOf(a: v128, b: v128, evenNumber: v128, oddNumber: v128): v128 {
  const left = unzip(a, b, false), right = unzip(a, b, true);
  const best = larger<f32>(left, right);
  return i32x4.min_u(v128.or(evenNumber, f32x4.ne(left, best)), v128.or(oddNumber, f32x4.ne(right, best)));
}
