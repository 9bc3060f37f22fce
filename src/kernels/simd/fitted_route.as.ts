// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * dy, argmax -> dx for images of one channel and windows that are fitted to the outputs along the width: the addresses of four neighbouring
 * windows' gradients are found at once, and then each is added to what dx has there. dx may hold garbage; it is zeroed some rows ahead.
 */
import {
  batch, dCount, dOutput, dStart, dStep, dWindow, enterRow, hCount, hInput, hOutput, hStart, hStep, hWindow, imageBytes, outputImageBytes,
  outputRowBytes, wInput, wOutput, wWindow,
} from './geometry.as';
import { columnOffset, columnRest, columnStep, columnWhole, isTiled, perColumn } from './fitted_tiles.as';
import { isInBytes, loadTapLanes, loadTaps } from './kept_taps.as';
import { loadLanes } from './lanes.as';
import { imagesAtOnce } from './windows_one_channel.as';

const PIECE_BYTES: usize = 8192;

/** Whether the geometry is of this kind: 16 bits are enough for a tap's number times the width of its window. */
export function routesFitted(): bool {
  return isTiled() && <i64>dWindow * hWindow * wWindow * wWindow < 65536;
}

/** Bytes from one image to the next. An engine would compute a local anew for each. */
let apart: usize = 0;
let apartInY: usize = 0;

export function routeFitted(dy: usize, argmaxOffset: usize, dx: usize): void {
  apart = imageBytes();
  apartInY = outputImageBytes();
  const rowBytes = <usize>wInput << 2;
  for (let left = batch, images = 0; left > 0; left -= images) {
    images = imagesAtOnce(left);
    let from = dy, clean: usize = 0;
    for (let od = 0; od < dOutput; od++) {
      for (let oh = 0; oh < hOutput; oh++, from += outputRowBytes()) {
        const to = enterRow(dx, 0, od, oh), needed = <usize>((dStart + dCount - 1) * hInput + hStart + hCount) * rowBytes;
        if (needed > clean) {
          const until = max(needed, min(apart, clean + PIECE_BYTES));
          for (let image = 0; image < images; image++) memory.fill(dx + <usize>image * apart + clean, 0, until - clean);
          clean = until;
        }
        if (isInBytes(argmaxOffset)) routeBytes(from, argmaxOffset, to, images);
        else routeRow(from, argmaxOffset, to, images);
      }
    }
    for (let image = 0; clean < apart && image < images; image++) memory.fill(dx + <usize>image * apart + clean, 0, apart - clean);
    dx += <usize>images * apart;
    dy += <usize>images * apartInY;
  }
}

function routeBytes(dy: usize, argmaxOffset: usize, dx: usize, images: i32): void {
  rowOf(dy, argmaxOffset, dx, images, true);
}
function routeRow(dy: usize, argmaxOffset: usize, dx: usize, images: i32): void {
  rowOf(dy, argmaxOffset, dx, images, false);
}

/** A row of windows; dx is column 0 of their first row. */
@inline
function rowOf(dy: usize, argmaxOffset: usize, dx: usize, images: i32, inBytes: bool): void {
  const outputs = wOutput, lines = hCount, planes = dCount, zero = i32x4.splat(0), one = i32x4.splat(1), per = i32x4.splat(perColumn);
  const whole = i32x4.splat(columnWhole), restStep = i32x4.splat(columnRest), rowStep = i32x4.splat(<i32>hStep);
  const fourWhole = i32x4.splat(4 * columnStep / perColumn), fourRest = i32x4.splat(4 * columnStep % perColumn);
  const planeSkip = i32x4.splat(<i32>(dStep - <usize>lines * hStep)), ofLines = i32x4.splat(65536 / lines + 1), isFlat = planes == 1;
  const most = i32x4.splat(lines * planes), each = i32x4(0, 1, 2, 3);
  let starts = i32x4.splat(columnOffset / perColumn), rests = i32x4.splat(columnOffset % perColumn);
  for (let k = 1; k < 4; k++) {
    const at = <i64>k * columnStep + columnOffset, later = i32x4.ge_s(each, i32x4.splat(k));
    starts = v128.bitselect(i32x4.splat(<i32>(at / perColumn)), starts, later);
    rests = v128.bitselect(i32x4.splat(<i32>(at % perColumn)), rests, later);
  }
  for (let ow = 0; ow < outputs; ow += 4) {
    let rest = i32x4.add(rests, restStep), carried = i32x4.ge_s(rest, per);
    const ends = i32x4.sub(i32x4.sub(i32x4.add(starts, whole), carried), i32x4.ne(rest, v128.and(carried, per)));
    const widths = i32x4.sub(ends, starts), lanes = outputs - ow;
    const inverse = i32x4.add(i32x4.trunc_sat_f32x4_s(f32x4.div(f32x4.splat(65536), f32x4.convert_i32x4_s(widths))), one);
    const mostTaps = v128.and(i32x4.mul(widths, most), i32x4.lt_s(each, i32x4.splat(lanes))), first = i32x4.shl(starts, 2);
    let to = dx, from = dy + (<usize>ow << 2), image = images;
    // The loop tests at its end: only out of such a loop V8 moves what stays the same.
    do {
      let values = zero, taps = zero;
      if (lanes >= 4) {
        values = v128.load(from);
        taps = loadTaps(from, argmaxOffset, inBytes);
      } else {
        values = loadLanes(from, lanes);
        taps = loadTapLanes(from, argmaxOffset, lanes);
      }
      // A number that names no tap adds 0 to the row's first element.
      const isTap = i32x4.lt_u(taps, mostTaps), row = i32x4.shr_u(i32x4.mul(taps, inverse), 16);
      let at = i32x4.add(i32x4.add(first, i32x4.mul(row, rowStep)), i32x4.shl(i32x4.sub(taps, i32x4.mul(row, widths)), 2));
      if (!isFlat) at = i32x4.add(at, i32x4.mul(i32x4.shr_u(i32x4.mul(row, ofLines), 16), planeSkip));
      at = v128.and(at, isTap);
      values = v128.and(values, isTap);
      add(to + <usize>i32x4.extract_lane(at, 0), f32x4.extract_lane(values, 0));
      add(to + <usize>i32x4.extract_lane(at, 1), f32x4.extract_lane(values, 1));
      add(to + <usize>i32x4.extract_lane(at, 2), f32x4.extract_lane(values, 2));
      add(to + <usize>i32x4.extract_lane(at, 3), f32x4.extract_lane(values, 3));
      to += apart; from += apartInY;
    } while (--image > 0);
    rests = i32x4.add(rests, fourRest);
    carried = i32x4.ge_s(rests, per);
    starts = i32x4.sub(i32x4.add(starts, fourWhole), carried);
    rests = i32x4.sub(rests, v128.and(carried, per));
  }
}

@inline
function add(p: usize, value: f32): void {
  store<f32>(p, load<f32>(p) + value);
}
