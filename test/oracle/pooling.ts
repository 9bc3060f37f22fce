/**
 * The oracle: what the contract says, written down a second time and as directly as possible.
 *
 * Nothing is imported from src, and nothing is shared with it in structure: here each output collects
 * its candidates, each with its tap and its place in x, and everything else is read off that list. Slow.
 * Additions are rounded to float32 one by one, in row-major order of the outputs.
 */

export interface OracleTensor {
  shape: number[];
  dtype: 'float32' | 'int32';
  data: number[];
}

/** Written as the user writes them; defaults are the contract's. */
export interface OracleOptions {
  poolSize?: number | readonly number[];
  strides?: number | readonly number[] | null;
  padding?: 'valid' | 'same' | number | ReadonlyArray<number | readonly number[]>;
  dilationRate?: number | readonly number[];
  ceilMode?: boolean;
  dataFormat?: 'channelsLast' | 'channelsFirst' | undefined;
  nan?: 'propagate' | 'ignore' | undefined;
  padValue?: number;
  implementation?: string;
}

/** A real element under a window. */
interface Candidate {
  tap: number;
  /** Where it lies in x's data. */
  at: number;
}

/** One output element of one channel. */
interface Output {
  /** Where it lies in y's data. */
  at: number;
  candidates: Candidate[];
  /** How many taps lie on the padded input. */
  cells: number;
  /** Where its window starts in a row of the article's matrix, and which row that is. */
  row: number;
  column: number;
}

/** Everything about one pooling: its output shape, and its outputs in row-major order. */
export interface Layout {
  xShape: number[];
  yShape: number[];
  columnsShape: [number, number];
  outputs: Output[];
  taps: number;
}

interface Axis {
  window: number;
  stride: number;
  dilation: number;
  before: number;
  after: number;
  input: number;
  output: number;
}

export function layoutOf(rank: number, options: OracleOptions, xShape: number[]): Layout {
  const first = options.dataFormat === 'channelsFirst';
  const batched = xShape.length === rank + 2;
  const batch = batched ? xShape[0] : 1;
  const inner = batched ? xShape.slice(1) : xShape;
  const channels = first ? inner[0] : inner[rank];
  const axes = (first ? inner.slice(1) : inner.slice(0, rank)).map((input, k) => axisOf(options, k, input));
  const [inputs, sizes] = [axes.map((a) => a.input), axes.map((a) => a.output)];
  const taps = positions(axes.map((a) => a.window));
  const place = (spatial: number[], b: number, at: number[], c: number) =>
    first ? flat([batch, channels, ...spatial], [b, c, ...at]) : flat([batch, ...spatial, channels], [b, ...at, c]);
  const windows = positions([batch, ...sizes]);
  const outputs = windows.flatMap(([b, ...o], row) =>
    Array.from({ length: channels }, (_, c): Output => ({
      at: place(sizes, b, o, c),
      row,
      column: c * taps.length,
      cells: taps.filter((t) =>
        axes.every((a, k) => o[k] * a.stride + t[k] * a.dilation < a.before + a.input + a.after),
      ).length,
      candidates: taps.flatMap((t, tap) => {
        const at = axes.map((a, k) => o[k] * a.stride - a.before + t[k] * a.dilation);
        return at.every((p, k) => p >= 0 && p < inputs[k]) ? [{ tap, at: place(inputs, b, at, c) }] : [];
      }),
    })),
  );
  const spatialY = first ? [channels, ...sizes] : [...sizes, channels];
  return {
    xShape,
    yShape: batched ? [batch, ...spatialY] : spatialY,
    outputs,
    taps: taps.length,
    columnsShape: [windows.length, channels * taps.length],
  };
}

/** One axis; sizes are counted, not computed. */
function axisOf(options: OracleOptions, k: number, input: number): Axis {
  const each = (value: number | readonly number[]) => (typeof value === 'number' ? value : value[k]);
  const window = each(options.poolSize ?? 2);
  const stride = each(options.strides ?? options.poolSize ?? 2);
  const dilation = each(options.dilationRate ?? 1);
  const span = (window - 1) * dilation + 1;
  const axis = { window, stride, dilation, input };
  if (options.padding === 'same') {
    const output = countWhile((o) => o * stride < input);
    const missing = Math.max(0, (output - 1) * stride + span - input);
    return { ...axis, output, before: Math.floor(missing / 2), after: Math.ceil(missing / 2) };
  }
  const padding = options.padding ?? 'valid';
  const own = padding === 'valid' ? 0 : typeof padding === 'number' ? padding : padding[k];
  const [before, after] = typeof own === 'number' ? [own, own] : own;
  const padded = before + input + after;
  if (!options.ceilMode) return { ...axis, output: countWhile((o) => o * stride + span <= padded), before, after };
  // Rounding up keeps a window if the one in front of it does not reach the end; a last one that begins too late goes.
  const kept = countWhile((o) => (o - 1) * stride + span < padded);
  return { ...axis, output: (kept - 1) * stride < before + input ? kept : kept - 1, before, after };
}

/** The winner of each window, as rules 2 to 5 have it. */
export function poolOracle(
  rank: number,
  options: OracleOptions,
  x: OracleTensor,
): { y: OracleTensor; argmax: OracleTensor } {
  const layout = layoutOf(rank, options, x.shape);
  const y = blank(layout.yShape, x.dtype);
  const argmax = blank(layout.yShape, 'int32');
  for (const { at, candidates } of layout.outputs) {
    const winner = winnerOf(candidates, x.data, options.nan ?? 'propagate');
    y.data[at] = x.data[winner.at];
    argmax.data[at] = winner.tap;
  }
  return { y, argmax };
}

function winnerOf(candidates: Candidate[], x: number[], nan: 'propagate' | 'ignore'): Candidate {
  const isNan = (c: Candidate) => Number.isNaN(x[c.at]);
  const numbers = candidates.filter((c) => !isNan(c));
  const nans = candidates.filter(isNan);
  if (nans.length > 0 && (nan === 'propagate' || numbers.length === 0)) return nans[0];
  const greatest = Math.max(...numbers.map((c) => x[c.at]));
  return numbers.filter((c) => x[c.at] === greatest)[0];
}

/** dy to where argmax points; an argmax that names no real element routes nothing. */
export function scatterOracle(
  rank: number,
  options: OracleOptions,
  dy: OracleTensor,
  argmax: OracleTensor,
  xShape: number[],
  overlaps: 'add' | 'write' = 'add',
): OracleTensor {
  const dx = blank(xShape, dy.dtype);
  for (const { at, candidates } of layoutOf(rank, options, xShape).outputs) {
    const winner = candidates.find((c) => c.tap === argmax.data[at]);
    if (winner)
      dx.data[winner.at] = overlaps === 'write' ? dy.data[at] : sum(dy.dtype, dx.data[winner.at], dy.data[at]);
  }
  return dx;
}

/** The adjoint of scatterOracle that writes: what stands where argmax points, for the last output that points there, else 0. */
export function readWrittenOracle(
  rank: number,
  options: OracleOptions,
  x: OracleTensor,
  argmax: OracleTensor,
): OracleTensor {
  const { outputs, yShape } = layoutOf(rank, options, x.shape);
  const y = blank(yShape, x.dtype);
  const last = new Map<number, number>();
  for (const { at, candidates } of outputs) {
    const winner = candidates.find((c) => c.tap === argmax.data[at]);
    if (winner) last.set(winner.at, at);
  }
  for (const [from, at] of last) y.data[at] = x.data[from];
  return y;
}

/** What stands where argmax points; an argmax that names no real element reads 0. */
export function gatherOracle(
  rank: number,
  options: OracleOptions,
  x: OracleTensor,
  argmax: OracleTensor,
): OracleTensor {
  const layout = layoutOf(rank, options, x.shape);
  const y = blank(layout.yShape, x.dtype);
  for (const { at, candidates } of layout.outputs) {
    const winner = candidates.find((c) => c.tap === argmax.data[at]);
    y.data[at] = winner ? x.data[winner.at] : 0;
  }
  return y;
}

/** The article's matrix. */
export function im2colOracle(rank: number, options: OracleOptions, x: OracleTensor): OracleTensor {
  const { columnsShape, outputs } = layoutOf(rank, options, x.shape);
  const columns = blank(columnsShape, x.dtype, options.padValue ?? 0);
  for (const { row, column, candidates } of outputs) {
    for (const { tap, at } of candidates) columns.data[row * columnsShape[1] + column + tap] = x.data[at];
  }
  return columns;
}

/** The adjoint of im2col. */
export function col2imOracle(
  rank: number,
  options: OracleOptions,
  columns: OracleTensor,
  xShape: number[],
): OracleTensor {
  const { columnsShape, outputs } = layoutOf(rank, options, xShape);
  const dx = blank(xShape, columns.dtype);
  for (const { row, column, candidates } of outputs) {
    for (const { tap, at } of candidates) {
      dx.data[at] = sum(columns.dtype, dx.data[at], columns.data[row * columnsShape[1] + column + tap]);
    }
  }
  return dx;
}

/**
 * The gradient of sum(y * dy), and the gradient of sum(g * g) / 2 where g is the gradient of
 * sum(y * y * dy) / 2: with the argmax fixed, g = scatter(y * dy) and the second is scatter(dy * gather(g)).
 */
export function gradientsOracle(
  rank: number,
  options: OracleOptions,
  x: OracleTensor,
  dy: OracleTensor,
): { dx: OracleTensor; g: OracleTensor; ddx: OracleTensor } {
  const { y, argmax } = poolOracle(rank, options, x);
  const times = (a: OracleTensor, b: OracleTensor): OracleTensor => ({
    ...a,
    data: a.data.map((v, i) => Math.fround(v * b.data[i])),
  });
  const scatter = (t: OracleTensor) => scatterOracle(rank, options, t, argmax, x.shape);
  const g = scatter(times(y, dy));
  return { dx: scatter(dy), g, ddx: scatter(times(gatherOracle(rank, options, g, argmax), dy)) };
}

/** The flat indices that other frameworks give to the winners, from where those lie in x's data. */
export function indicesOracle(
  rank: number,
  options: OracleOptions,
  argmax: OracleTensor,
  xShape: number[],
  format: 'tensorflow' | 'pytorch' | 'onnx',
): OracleTensor {
  const first = options.dataFormat === 'channelsFirst';
  const inner = xShape.slice(xShape.length - rank - 1);
  const channels = inner[first ? 0 : rank];
  const plane = inner.reduce((a, b) => a * b, 1) / channels;
  const indices = blank([argmax.data.length], 'int32');
  for (const { at, candidates } of layoutOf(rank, options, xShape).outputs) {
    const place = candidates.find((c) => c.tap === argmax.data[at])!.at;
    const image = Math.floor(place / (plane * channels));
    const inPlane = (first ? place : Math.floor(place / channels)) % plane;
    const channel = (first ? Math.floor(place / plane) : place) % channels;
    indices.data[at] =
      format === 'pytorch'
        ? inPlane
        : format === 'tensorflow'
          ? inPlane * channels + channel
          : (image * channels + channel) * plane + inPlane;
  }
  return indices;
}

function sum(dtype: string, a: number, b: number): number {
  return dtype === 'int32' ? (a + b) | 0 : Math.fround(a + b);
}

function blank(shape: number[], dtype: OracleTensor['dtype'], value = 0): OracleTensor {
  return { shape, dtype, data: new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(value) };
}

function countWhile(holds: (n: number) => boolean): number {
  let n = 0;
  while (holds(n)) n++;
  return n;
}

/** All positions in a box, row-major. */
function positions(box: readonly number[]): number[][] {
  return box.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, i) => [...head, i])),
    [[]],
  );
}

function flat(shape: number[], at: number[]): number {
  return at.reduce((offset, position, k) => offset * shape[k] + position, 0);
}
