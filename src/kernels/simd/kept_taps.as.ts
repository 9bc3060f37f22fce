// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * Where the argmax of an output lies: `offset` bytes after the output itself, an int32 each. Or, where `offset` is odd, in bytes of one
 * tap each: three after the sum of the offset and a fourth of the output's address.
 */
import { loadApart, loadLanes, storeApart, storeLanes } from './lanes.as';

/** Never 0. The bytes and the outputs begin at multiples of eight, or as many elements after those. */
export function tapsOffset(argmax: usize, y: usize, inBytes: bool): usize {
  return inBytes ? argmax - (y >> 2) - 3 : argmax - y;
}

@inline
export function isInBytes(offset: usize): bool {
  return (offset & 1) != 0;
}

@inline
function narrow(taps: v128): v128 {
  const half = i16x8.narrow_i32x4_s(taps, taps);
  return i8x16.narrow_i16x8_u(half, half);
}

@inline
function widen(taps: v128): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(taps));
}

/** Of four outputs side by side. */
@inline
export function storeTaps(y: usize, offset: usize, taps: v128, inBytes: bool = isInBytes(offset)): void {
  if (inBytes) v128.store32_lane((y >> 2) + offset, narrow(taps), 0, 3);
  else v128.store(y + offset, taps);
}

/** Of eight, in bytes; they come in words of 16 bits. */
@inline
export function storeEight(y: usize, offset: usize, taps: v128): void {
  v128.store64_lane((y >> 2) + offset, i8x16.narrow_i16x8_u(taps, taps), 0, 3);
}

/** Of sixteen. */
@inline
export function storeSixteen(y: usize, offset: usize, a: v128, b: v128, c: v128, d: v128, inBytes: bool = isInBytes(offset)): void {
  if (inBytes) {
    v128.store((y >> 2) + offset, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)), 3);
    return;
  }
  const to = y + offset;
  v128.store(to, a); v128.store(to, b, 16); v128.store(to, c, 32); v128.store(to, d, 48);
}

/** Of the first `n`, 1 to 4; nothing beyond them is written. */
@inline
export function storeTapLanes(y: usize, offset: usize, taps: v128, n: i32): void {
  if (n >= 4) return storeTaps(y, offset, taps);
  if (isInBytes(offset)) {
    const to = (y >> 2) + offset, bytes = narrow(taps);
    v128.store8_lane(to, bytes, 0, 3);
    if (n > 1) v128.store8_lane(to, bytes, 1, 4);
    if (n > 2) v128.store8_lane(to, bytes, 2, 5);
  } else storeLanes(y + offset, taps, n);
}

/** Of four that are `apart` bytes apart. */
@inline
export function storeTapsApart(y: usize, apart: usize, offset: usize, taps: v128, inBytes: bool = isInBytes(offset)): void {
  if (inBytes) {
    const to = (y >> 2) + offset, step = apart >> 2, bytes = narrow(taps);
    v128.store8_lane(to, bytes, 0, 3);
    v128.store8_lane(to + step, bytes, 1, 3);
    v128.store8_lane(to + 2 * step, bytes, 2, 3);
    v128.store8_lane(to + 3 * step, bytes, 3, 3);
  } else storeApart(y + offset, apart, taps);
}

@inline
export function loadTap(y: usize, offset: usize, inBytes: bool = isInBytes(offset)): i32 {
  return inBytes ? <i32>load<u8>((y >> 2) + offset, 3) : load<i32>(y + offset);
}

@inline
export function loadTaps(y: usize, offset: usize, inBytes: bool = isInBytes(offset)): v128 {
  return inBytes ? widen(v128.load32_zero((y >> 2) + offset, 3)) : v128.load(y + offset);
}

@inline
export function loadSixteenBytes(y: usize, offset: usize): v128 {
  return v128.load((y >> 2) + offset, 3);
}

/** Of the first `n`, 1 to 4; nothing beyond them is read. */
@inline
export function loadTapLanes(y: usize, offset: usize, n: i32): v128 {
  if (n >= 4) return loadTaps(y, offset);
  if (!isInBytes(offset)) return loadLanes(y + offset, n);
  const from = (y >> 2) + offset;
  let bytes = v128.load8_lane(from, i32x4.splat(0), 0, 3);
  if (n > 1) bytes = v128.load8_lane(from, bytes, 1, 4);
  if (n > 2) bytes = v128.load8_lane(from, bytes, 2, 5);
  return widen(bytes);
}

@inline
export function loadTapsApart(y: usize, apart: usize, offset: usize): v128 {
  if (!isInBytes(offset)) return loadApart(y + offset, apart);
  const from = (y >> 2) + offset, step = apart >> 2;
  const two = v128.load8_lane(from + step, v128.load8_lane(from, i32x4.splat(0), 0, 3), 1, 3);
  return widen(v128.load8_lane(from + 3 * step, v128.load8_lane(from + 2 * step, two, 2, 3), 3, 3));
}
