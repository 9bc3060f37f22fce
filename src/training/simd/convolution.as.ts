// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/**
 * The convolution that the next kernel works on, in globals of the module, and where its windows read: x itself or,
 * where windows reach into the padding, copies of some images at a time with zeros around them. Sizes are in elements, steps in bytes.
 */

export let batch: i32 = 0;
export let channels: i32 = 0;
export let filters: i32 = 0;
export let hOutput: i32 = 0;
export let wOutput: i32 = 0;
export let hFilter: i32 = 0;
export let wFilter: i32 = 0;
export let hStride: i32 = 0;
export let wStride: i32 = 0;
export let hDilation: i32 = 0;
export let wDilation: i32 = 0;
export let hInput: i32 = 0;
export let wInput: i32 = 0;
export let hPad: i32 = 0;
export let wPad: i32 = 0;

/** A batch is worked off in chunks: so many whole images or, of a large image, so many output rows. */
export let chunkImages: i32 = 0;
export let chunkRows: i32 = 0;

/** What windows read: bytes from pixel to pixel, from row to row, from image to image. */
export let pixel: usize = 0;
export let row: usize = 0;
export let image: usize = 0;
/** Where padded copies are; 0: windows read x. Their size. */
let frames: usize = 0;
let hFrame: i32 = 0;
let wFrame: i32 = 0;

export function setSizes(images: i32, inChannels: i32, outChannels: i32): void {
  batch = images; channels = inChannels; filters = outChannels;
}

export function setHeight(input: i32, output: i32, filter: i32, stride: i32, dilation: i32, pad: i32): void {
  hInput = input; hOutput = output; hFilter = filter; hStride = stride; hDilation = dilation; hPad = pad;
}

export function setWidth(input: i32, output: i32, filter: i32, stride: i32, dilation: i32, pad: i32): void {
  wInput = input; wOutput = output; wFilter = filter; wStride = stride; wDilation = dilation; wPad = pad;
}

/** Chunks have about `positions` windows, but at least one output row of one image. */
export function cutIntoChunks(positions: i32): void {
  const ofImage = hOutput * wOutput;
  chunkImages = max(1, min(batch, positions / ofImage));
  chunkRows = chunkImages > 1 ? hOutput : max(1, min(hOutput, positions / wOutput));
}

/** Elements along an axis that windows see, from the start of the padding on. */
@inline
function reach(output: i32, filter: i32, stride: i32, dilation: i32): i32 {
  return (output - 1) * stride + (filter - 1) * dilation + 1;
}

function isPadded(): bool {
  return hPad > 0 || wPad > 0 || reach(hOutput, hFilter, hStride, hDilation) > hInput ||
    reach(wOutput, wFilter, wStride, wDilation) > wInput;
}

/** Bytes of the padded copies; after cutIntoChunks. */
export function framesBytes(): usize {
  if (!isPadded()) return 0;
  return <usize>(chunkImages * reach(hOutput, hFilter, hStride, hDilation) * reach(wOutput, wFilter, wStride, wDilation) * channels) << 2;
}

/** Zeroes the padded copies in `memory`, if there are any, and sets the steps. */
export function beginReading(scratch: usize): void {
  const bytes = framesBytes();
  frames = bytes > 0 ? scratch : 0;
  pixel = <usize>channels << 2;
  hFrame = frames ? reach(hOutput, hFilter, hStride, hDilation) : hInput;
  wFrame = frames ? reach(wOutput, wFilter, wStride, wDilation) : wInput;
  row = <usize>wFrame * pixel;
  image = <usize>hFrame * row;
  if (frames) memory.fill(frames, 0, bytes);
}

/** Where the windows of `images` images from image `b` on read. */
export function read(x: usize, b: i32, images: i32): usize {
  const inputRow = <usize>wInput * pixel, from = x + <usize>(b * hInput) * inputRow;
  if (!frames) return from;
  const rows = max(0, min(hInput, hFrame - hPad)), rowBytes = <usize>max(0, min(wInput, wFrame - wPad)) * pixel;
  for (let i = 0; i < images; i++) {
    let to = frames + <usize>i * image + <usize>hPad * row + <usize>wPad * pixel, source = from + <usize>(i * hInput) * inputRow;
    for (let r = 0; r < rows; r++, to += row, source += inputRow) memory.copy(to, source, rowBytes);
  }
  return frames;
}

/** The taps of the filter for each channel: their offsets in a window. */
export function writeTaps(table: usize): usize {
  for (let h = 0; h < hFilter; h++) {
    for (let w = 0; w < wFilter; w++) {
      const tap = <usize>(h * hDilation) * row + <usize>(w * wDilation) * pixel;
      for (let c = 0; c < channels; c++, table += 4) store<usize>(table, tap + (<usize>c << 2));
    }
  }
  return table;
}

@inline
export function taps(): i32 {
  return hFilter * wFilter * channels;
}
