// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * The geometry that the next kernel works on, in globals of the module, so that no table, stack or heap
 * is needed in a memory that belongs to somebody else. Sizes are in elements, steps in bytes.
 *
 * Addresses wrap around like the unsigned numbers they are: the address of a tap in the padding may be
 * formed, as long as it is not used.
 */

export let batch: i32 = 0;
export let channels: i32 = 0;
/** Bytes of one pixel: all channels of one position. */
export let pixel: usize = 0;

export let dInput: i32 = 0;
export let dOutput: i32 = 0;
export let dWindow: i32 = 0;
export let dStride: i32 = 0;
export let dDilation: i32 = 0;
export let dPad: i32 = 0;
export let hInput: i32 = 0;
export let hOutput: i32 = 0;
export let hWindow: i32 = 0;
export let hStride: i32 = 0;
export let hDilation: i32 = 0;
export let hPad: i32 = 0;
export let wInput: i32 = 0;
export let wOutput: i32 = 0;
export let wWindow: i32 = 0;
export let wStride: i32 = 0;
export let wDilation: i32 = 0;
export let wPad: i32 = 0;

/** Bytes from one tap to the next along each axis. */
export let dStep: usize = 0;
export let hStep: usize = 0;
export let wStep: usize = 0;

/**
 * Windows fitted to the outputs, as adaptive pooling has them: output `o` sees the elements from `(o * step + offset) / per`
 * to `((o + 1) * step + offset) / per`, rounded outwards. `per` is 0 along an axis without. There the stride and padding are 0,
 * the dilation is 1, and the window is that of the current row (or, along the width, of the current output).
 */
export let dPer: i32 = 0;
export let dFitStep: i32 = 0;
export let dOffset: i32 = 0;
export let hPer: i32 = 0;
export let hFitStep: i32 = 0;
export let hOffset: i32 = 0;
export let wPer: i32 = 0;
export let wFitStep: i32 = 0;
export let wOffset: i32 = 0;
/** Whether windows are fitted along some axis. */
export let fitted: bool = false;

/** The current output row: where its windows start, and which taps of theirs are real. */
export let dStart: i32 = 0;
export let hStart: i32 = 0;
export let dFirst: i32 = 0;
export let hFirst: i32 = 0;
export let dCount: i32 = 0;
export let hCount: i32 = 0;

export function setSizes(batchSize: i32, channelCount: i32): void {
  batch = batchSize;
  channels = channelCount;
  pixel = <usize>channelCount * 4;
  dPer = 0;
  hPer = 0;
  wPer = 0;
  fitted = false;
}

export function setDepth(input: i32, output: i32, window: i32, stride: i32, dilation: i32, pad: i32): void {
  dInput = input; dOutput = output; dWindow = window; dStride = stride; dDilation = dilation; dPad = pad;
}

export function setHeight(input: i32, output: i32, window: i32, stride: i32, dilation: i32, pad: i32): void {
  hInput = input; hOutput = output; hWindow = window; hStride = stride; hDilation = dilation; hPad = pad;
}

/** To be called last: the steps follow from all sizes. */
export function setWidth(input: i32, output: i32, window: i32, stride: i32, dilation: i32, pad: i32): void {
  wInput = input; wOutput = output; wWindow = window; wStride = stride; wDilation = dilation; wPad = pad;
  wStep = <usize>wDilation * pixel;
  hStep = <usize>hDilation * wInput * pixel;
  dStep = <usize>dDilation * hInput * wInput * pixel;
}

/** To be called after the sizes, where windows are fitted. */
export function setFitted(
  dOf: i32, dFrom: i32, dEach: i32, hOf: i32, hFrom: i32, hEach: i32, wOf: i32, wFrom: i32, wEach: i32,
): void {
  dPer = dEach; dFitStep = dOf; dOffset = dFrom;
  hPer = hEach; hFitStep = hOf; hOffset = hFrom;
  wPer = wEach; wFitStep = wOf; wOffset = wFrom;
  wFitWhole = wPer ? wFitStep / wPer : 0;
  wFitRest = wPer ? wFitStep % wPer : 0;
  fitted = true;
}

@inline
function fittedStart(output: i32, step: i32, offset: i32, per: i32): i32 {
  return <i32>((<i64>output * step + offset) / per);
}

@inline
function fittedEnd(output: i32, step: i32, offset: i32, per: i32): i32 {
  return <i32>((<i64>(output + 1) * step + offset + per - 1) / per);
}

/** Where the window after the current one starts along the width, and the rest of that division. */
let nextStart: i32 = 0;
let nextRest: i32 = 0;
/** From one start to the next. */
export let wFitWhole: i32 = 0;
let wFitRest: i32 = 0;

/** Enters a window that is fitted along the width, each after the one before: with stride 0, it then is the only one of its row. */
export function enterWindow(ow: i32): void {
  if (ow == 0) {
    nextStart = wOffset / wPer;
    nextRest = wOffset % wPer;
  }
  const start = nextStart;
  nextStart += wFitWhole;
  nextRest += wFitRest;
  if (nextRest >= wPer) {
    nextRest -= wPer;
    nextStart++;
  }
  wPad = -start;
  wWindow = nextStart + (nextRest > 0 ? 1 : 0) - start;
}

/** The first tap at or after element 0 of a window that starts at `start`. */
@inline
export function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

/** The end of the taps before element `input` of a window that starts at `start`. */
@inline
export function endTap(start: i32, input: i32, window: i32, dilation: i32): i32 {
  return start + (window - 1) * dilation < input ? window : (input - start + dilation - 1) / dilation;
}

/** Takes planes whose windows leave no row out and have none in common for a single one, as they follow one another. */
export function stackImages(): void {
  if (dPer || hPer || dInput != 1 || dOutput != 1 || dWindow != 1 || hPad != 0 || hInput != hOutput * hStride) return;
  if ((hWindow - 1) * hDilation >= hStride) return;
  hInput *= batch;
  hOutput *= batch;
  dStep *= <usize>batch;
  batch = 1;
}

/** Bytes of a row of y, dy or argmax. */
@inline
export function outputRowBytes(): usize {
  return <usize>wOutput * pixel;
}

/** Bytes of an image of x, or dx. */
@inline
export function imageBytes(): usize {
  return <usize>(dInput * hInput * wInput) * pixel;
}

/** Bytes of an image of y, dy or argmax. */
@inline
export function outputImageBytes(): usize {
  return <usize>(dOutput * hOutput) * outputRowBytes();
}

/** The first output in [begin, end) whose window starts inside x. Fitted windows along the width are done one by one. */
export function firstWhole(begin: i32, end: i32): i32 {
  if (wPer) return begin;
  return min(end, max(begin, (wPad + wStride - 1) / wStride));
}

/** The end of the outputs in [begin, end) whose windows end inside x; `begin` if there is none. */
export function endWhole(begin: i32, end: i32): i32 {
  if (wPer) return begin;
  const room = wInput + wPad - (wWindow - 1) * wDilation - 1;
  return room < 0 ? begin : max(begin, min(end, room / wStride + 1));
}

/** Enters the output row (b, od, oh) and returns the address of column 0 in the row of its tap (0, 0). */
export function enterRow(x: usize, b: i32, od: i32, oh: i32): usize {
  dStart = od * dStride - dPad;
  hStart = oh * hStride - hPad;
  if (dPer) {
    dStart = fittedStart(od, dFitStep, dOffset, dPer);
    dWindow = fittedEnd(od, dFitStep, dOffset, dPer) - dStart;
  }
  if (hPer) {
    hStart = fittedStart(oh, hFitStep, hOffset, hPer);
    hWindow = fittedEnd(oh, hFitStep, hOffset, hPer) - hStart;
  }
  dFirst = firstTap(dStart, dDilation);
  hFirst = firstTap(hStart, hDilation);
  dCount = endTap(dStart, dInput, dWindow, dDilation) - dFirst;
  hCount = endTap(hStart, hInput, hWindow, hDilation) - hFirst;
  return x + <usize>((b * dInput + dStart) * hInput + hStart) * wInput * pixel;
}

/**
 * How many output rows from `oh` on, the one entered, see as many rows of x, one `hStride` after the other; at most about a piece of
 * the cache, or one.
 */
export function rowsAlike(oh: i32): i32 {
  if (hPer || hCount < hWindow) return 1;
  const whole = (hInput + hPad - (hWindow - 1) * hDilation - 1) / hStride + 1;
  return max(1, min(min(hOutput, whole) - oh, CACHED_BYTES / (hStride * wInput * <i32>pixel)));
}

const CACHED_BYTES: i32 = 8192;

/** Bytes from a window's tap (0, 0, 0) to its first real tap of depth and height. */
@inline
export function firstRowOffset(): usize {
  return <usize>dFirst * dStep + <usize>hFirst * hStep;
}

/** Bytes from the end of a plane's real rows to the first real row of the next plane's. */
@inline
export function planeSkip(): usize {
  return dStep - <usize>hCount * hStep;
}

/**
 * With two or three channels, the lanes that a window leaves over reach into the pixel after a tap, and into the windows after
 * it, which are still to come and set them right. Of a row's outputs before `end`: those before which windows have room for that.
 * The last one has none, nor any with a tap at the end of the row, which may be the end of x.
 */
export function endOfRoomy(end: i32): i32 {
  if (channels >= 4) return end;
  // Windows that are fitted to the outputs have no stride.
  if (wPer) return 0;
  const before = wInput - 1 - (wWindow - 1) * wDilation + wPad;
  return min(end - 1, before <= 0 ? 0 : (before + wStride - 1) / wStride);
}
