/**
 * The kernels as plain loops over typed arrays, for every backend whose memory the host can see.
 *
 * Each walks the windows in row-major order, then the real taps of a window, with the channel
 * innermost, so that memory is read and written in order. They allocate nothing but small tables.
 * An argmax that names no real tap of its window routes nothing and reads 0.
 */
import { type PoolGeometry, realTaps } from '../geometry';

export type Values = Float32Array | Int32Array;

/** A window position: where its outputs start in y, and its real taps per axis. */
interface Window {
  /** Offset of channel 0 in y, dy and argmax. */
  y: number;
  /** Offset of channel 0 of tap (0, 0, 0) in x; outside of x where that tap is padding. */
  origin: number;
  depthTaps: readonly [number, number];
  heightTaps: readonly [number, number];
  widthTaps: readonly [number, number];
  /** No tap of this window is padding. */
  whole: boolean;
}

/** x -> y and, where given, argmax. */
export function maxPoolLoop(g: PoolGeometry, x: Values, y: Values, argmax?: Int32Array): void {
  const { channels } = g;
  const ignoreNan = g.spec.nan === 'ignore';
  const offsets = tapOffsets(g);
  forEachWindow(g, (window) => {
    let first = true;
    forEachTap(g, window, (tap) => {
      const from = window.origin + offsets[tap];
      for (let c = 0; c < channels; c++) {
        const value = x[from + c];
        const best = y[window.y + c];
        // `value !== value` is the NaN test; the first tap wins ties because of the strict `>`.
        const wins = first || value > best ||
          (ignoreNan ? best !== best && value === value : value !== value && best === best);
        if (wins) {
          y[window.y + c] = value;
          if (argmax) argmax[window.y + c] = tap;
        }
      }
      first = false;
    });
  });
}

/** dy, argmax -> dx. */
export function scatterArgmaxLoop(g: PoolGeometry, dy: Values, argmax: Int32Array, dx: Values): void {
  const offsets = tapOffsets(g);
  dx.fill(0);
  forEachWindow(g, (window) => {
    for (let c = 0; c < g.channels; c++) {
      const tap = argmax[window.y + c];
      if (isReal(g, window, tap)) dx[window.origin + offsets[tap] + c] += dy[window.y + c];
    }
  });
}

/** x, argmax -> y. */
export function gatherArgmaxLoop(g: PoolGeometry, x: Values, argmax: Int32Array, y: Values): void {
  const offsets = tapOffsets(g);
  forEachWindow(g, (window) => {
    for (let c = 0; c < g.channels; c++) {
      const tap = argmax[window.y + c];
      y[window.y + c] = isReal(g, window, tap) ? x[window.origin + offsets[tap] + c] : 0;
    }
  });
}

/** x -> columns. */
export function im2colLoop(g: PoolGeometry, x: Values, columns: Values, padValue: number): void {
  const { channels, taps } = g;
  const offsets = tapOffsets(g);
  columns.fill(padValue);
  forEachWindow(g, (window) => {
    forEachTap(g, window, (tap) => {
      const from = window.origin + offsets[tap];
      const to = window.y * taps + tap;
      for (let c = 0; c < channels; c++) columns[to + c * taps] = x[from + c];
    });
  });
}

/** columns -> dx. */
export function col2imLoop(g: PoolGeometry, columns: Values, dx: Values): void {
  const { channels, taps } = g;
  const offsets = tapOffsets(g);
  dx.fill(0);
  forEachWindow(g, (window) => {
    forEachTap(g, window, (tap) => {
      const to = window.origin + offsets[tap];
      const from = window.y * taps + tap;
      for (let c = 0; c < channels; c++) dx[to + c] += columns[from + c * taps];
    });
  });
}

/** The distance in x from a window's tap (0, 0, 0) to each tap. */
function tapOffsets(g: PoolGeometry): Int32Array {
  const { depth, height, width, channels } = g;
  const offsets = new Int32Array(g.taps);
  let tap = 0;
  for (let td = 0; td < depth.window; td++) {
    for (let th = 0; th < height.window; th++) {
      for (let tw = 0; tw < width.window; tw++) {
        const row = td * depth.dilation * height.input + th * height.dilation;
        offsets[tap++] = (row * width.input + tw * width.dilation) * channels;
      }
    }
  }
  return offsets;
}

/** All window positions in row-major order. The object is reused from call to call. */
function forEachWindow(g: PoolGeometry, visit: (window: Window) => void): void {
  const { depth, height, width, channels } = g;
  const start = (axis: PoolGeometry['width'], o: number) => o * axis.stride - axis.padBefore;
  const isWhole = (axis: PoolGeometry['width'], [first, end]: readonly [number, number]) =>
    end - first === axis.window;
  const taps = (axis: PoolGeometry['width']) =>
    Array.from({ length: axis.output }, (_, o) => realTaps(axis, o));
  const [depthTaps, heightTaps, widthTaps] = [taps(depth), taps(height), taps(width)];
  const window: Window = {
    y: 0, origin: 0, depthTaps: [0, 0], heightTaps: [0, 0], widthTaps: [0, 0], whole: false,
  };
  for (let b = 0; b < g.batch; b++) {
    for (let od = 0; od < depth.output; od++) {
      window.depthTaps = depthTaps[od];
      for (let oh = 0; oh < height.output; oh++) {
        window.heightTaps = heightTaps[oh];
        const plane = (b * depth.input + start(depth, od)) * height.input + start(height, oh);
        const wholeRow = isWhole(depth, depthTaps[od]) && isWhole(height, heightTaps[oh]);
        for (let ow = 0; ow < width.output; ow++) {
          window.widthTaps = widthTaps[ow];
          window.whole = wholeRow && isWhole(width, widthTaps[ow]);
          window.origin = (plane * width.input + start(width, ow)) * channels;
          visit(window);
          window.y += channels;
        }
      }
    }
  }
}

/** The real taps of a window in row-major order. */
function forEachTap(g: PoolGeometry, window: Window, visit: (tap: number) => void): void {
  for (let td = window.depthTaps[0]; td < window.depthTaps[1]; td++) {
    for (let th = window.heightTaps[0]; th < window.heightTaps[1]; th++) {
      const row = (td * g.height.window + th) * g.width.window;
      for (let tw = window.widthTaps[0]; tw < window.widthTaps[1]; tw++) visit(row + tw);
    }
  }
}

function isReal(g: PoolGeometry, window: Window, tap: number): boolean {
  if (!(tap >= 0 && tap < g.taps)) return false;
  if (window.whole) return true;
  const tw = tap % g.width.window;
  const row = (tap - tw) / g.width.window;
  const th = row % g.height.window;
  const td = (row - th) / g.height.window;
  return td >= window.depthTaps[0] && td < window.depthTaps[1] &&
    th >= window.heightTaps[0] && th < window.heightTaps[1] &&
    tw >= window.widthTaps[0] && tw < window.widthTaps[1];
}
