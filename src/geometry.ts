/**
 * Pooling geometry: a PoolSpec and an input shape become one frozen PoolGeometry.
 *
 * The only place that computes a size, a padding or a position. One function handles one axis; 1-D
 * and 2-D get axes of size 1, so that everything below works on [batch, depth, height, width,
 * channels]. The im2col index map is: input position = output * stride - padBefore + tap * dilation,
 * axis by axis, or that of windows fitted to the outputs (fitted_windows.ts). No tensors and no tfjs import.
 */
import { type FittedWindows, fittedEnd, fittedStart } from './fitted_windows';
import {
  AXIS_NAMES,
  batchOf,
  channelsOf,
  checkElements,
  checkLayerRank,
  checkRank,
  spatialOf,
  withSpatial,
} from './layout';
import { type Recent, recently } from './recent';
import { show } from './show';
import type { PoolSpec, SpatialRank } from './spec';

/** One spatial axis: sizes, the window, and where windows start. */
export interface AxisGeometry {
  readonly input: number;
  readonly output: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBefore: number;
  readonly padAfter: number;
  /** From the first tap to the last, both counted: `(window - 1) * dilation + 1`. */
  readonly span: number;
  /**
   * Where windows are fitted to the outputs (adaptive pooling): then `window` is the longest, `stride` 0, `dilation` 1, and
   * there is no padding. Each has taps of its own number: {@link windowStart} and {@link windowSize} say which.
   */
  readonly fitted?: FittedWindows;
}

/** Everything a kernel needs to know. Frozen. */
export interface PoolGeometry {
  readonly spec: Rules;
  /** The user's shapes, in the user's data format, with or without batch. */
  readonly xShape: readonly number[];
  readonly yShape: readonly number[];
  /**
   * Kernels see [batch, depth, height, width, channels], in the order of the user's elements: channels first are
   * batch * channels images of one channel, as pooling is per channel.
   */
  readonly batch: number;
  readonly channels: number;
  readonly depth: AxisGeometry;
  readonly height: AxisGeometry;
  readonly width: AxisGeometry;
  /** Number of positions in a window. Taps are numbered row-major from 0. */
  readonly taps: number;
}

/** The part of a spec that is more than sizes. */
export type Rules = Pick<PoolSpec, 'rank' | 'dataFormat' | 'nan' | 'implementation'>;
/** The options that determine sizes. */
type SizeSpec = Omit<PoolSpec, 'nan' | 'implementation'>;
/** [batch, depth, height, width, channels] */
export type CanonicalShape = [number, number, number, number, number];

const UNIT_AXIS: AxisGeometry = Object.freeze({
  input: 1,
  output: 1,
  window: 1,
  stride: 1,
  dilation: 1,
  padBefore: 0,
  padAfter: 0,
  span: 1,
});

/** The last geometries of each spec. */
const recent = new WeakMap<object, Recent<PoolGeometry>>();

/**
 * The geometry of pooling an input of shape `xShape` (rank + 2, or rank + 1 without batch).
 *
 * @throws Error if the rank is wrong, a size is not a non-negative integer, the window does not fit,
 *     or padding leaves a window without a real element (rule 1 of the contract)
 */
export function poolGeometry(name: string, spec: PoolSpec, xShape: readonly number[], argument = 'x'): PoolGeometry {
  return recentGeometry(spec, xShape, () => checkedGeometry(name, spec, xShape, argument));
}

/** The geometry that was made of the same frozen spec and the same shape, if it is remembered; else `make()`. */
export function recentGeometry(spec: object, xShape: readonly number[], make: () => PoolGeometry): PoolGeometry {
  let known = recent.get(spec);
  if (!known) {
    if (!Object.isFrozen(spec)) return make();
    recent.set(spec, (known = []));
  }
  return recently(known, xShape, make);
}

function checkedGeometry(name: string, spec: PoolSpec, xShape: readonly number[], argument: string): PoolGeometry {
  const geometry = geometryOfAnySize(name, spec, xShape, argument);
  checkElements(name, argument, geometry.xShape);
  checkElements(name, 'an output', geometry.yShape);
  checkPositions(name, spec, geometry);
  return geometry;
}

/** {@link poolGeometry} for what is computed in double precision: tensors may be larger than a backend can hold. */
export function geometryOfAnySize(
  name: string,
  spec: PoolSpec,
  xShape: readonly number[],
  argument = 'x',
): PoolGeometry {
  checkRank(name, spec, xShape, argument);
  checkSizes(name, xShape, argument);
  const axes = spatialOf(spec, xShape).map((input, axis) => axisGeometry(name, spec, axis, input, argument));
  return geometryOf(spec, xShape, axes);
}

/** An axis of a pooling that this package makes up. Its input is the shape's. */
export interface OwnAxis {
  readonly window: number;
  /** Default: `window`. */
  readonly stride?: number;
  readonly dilation?: number;
  readonly padBefore?: number;
  readonly padAfter?: number;
  /** Default: as many windows as fit. */
  readonly output?: number;
  readonly fitted?: FittedWindows;
}

/** The geometry of a pooling that this package makes up, of whose windows it knows that they hold elements. */
export function geometryFrom({
  xShape,
  axes,
  dataFormat = 'channelsLast',
  nan = 'propagate',
  implementation = 'fused',
}: Partial<Omit<Rules, 'rank'>> & {
  readonly xShape: readonly number[];
  readonly axes: readonly OwnAxis[];
}): PoolGeometry {
  const rules: Rules = Object.freeze({ rank: axes.length as SpatialRank, dataFormat, nan, implementation });
  const inputs = spatialOf(rules, xShape);
  const whole = axes.map(
    ({ window, stride = window, dilation = 1, padBefore = 0, padAfter = 0, output, fitted }, i) => {
      const span = (window - 1) * dilation + 1;
      const input = inputs[i]!;
      const fitting = Math.floor((input + padBefore + padAfter - span) / stride) + 1;
      const axis = { input, output: output ?? fitting, window, stride, dilation, padBefore, padAfter, span };
      return fitted ? { ...axis, fitted } : axis;
    },
  );
  return geometryOf(rules, xShape, whole.map(Object.freeze) as AxisGeometry[]);
}

function geometryOf(spec: Rules, xShape: readonly number[], axes: readonly AxisGeometry[]): PoolGeometry {
  const outputs = axes.map((axis) => axis.output);
  const [width = UNIT_AXIS, height = UNIT_AXIS, depth = UNIT_AXIS] = [...axes].reverse();
  const [batch, channels] = [batchOf(spec, xShape), channelsOf(spec, xShape)];
  const isFirst = spec.dataFormat === 'channelsFirst';
  return Object.freeze({
    spec,
    xShape: Object.freeze([...xShape]),
    yShape: Object.freeze(withSpatial(spec, xShape, outputs)),
    batch: isFirst ? batch * channels : batch,
    channels: isFirst ? 1 : channels,
    depth,
    height,
    width,
    taps: depth.window * height.window * width.window,
  });
}

/** x as kernels see it. */
export function canonicalXShape(g: PoolGeometry): CanonicalShape {
  return [g.batch, g.depth.input, g.height.input, g.width.input, g.channels];
}

/** y, dy and argmax as kernels see them. */
export function canonicalYShape(g: PoolGeometry): CanonicalShape {
  return [g.batch, g.depth.output, g.height.output, g.width.output, g.channels];
}

/** The im2col matrix: one row per window position, columns channel-major, then tap. */
export function columnsShape(g: PoolGeometry): [number, number] {
  return [g.batch * g.depth.output * g.height.output * g.width.output, g.channels * g.taps];
}

/**
 * The output shape of a layer, whose batch and spatial sizes may be unknown (`null`) when a model is
 * built. Known sizes are checked as {@link poolGeometry} checks them.
 */
export function symbolicOutputShape(
  name: string,
  spec: SizeSpec,
  shape: ReadonlyArray<number | null>,
): Array<number | null> {
  checkLayerRank(name, spec, shape);
  const outputs = spatialOf(spec, shape).map((input, axis) =>
    input === null ? null : axisGeometry(name, spec, axis, input, 'the input').output,
  );
  const output = withSpatial(spec, shape, outputs);
  checkElements(name, 'an output', output);
  return output;
}

/** Whether the windows along some axis are fitted to the outputs. */
export function hasFitted({ depth, height, width }: PoolGeometry): boolean {
  return depth.fitted !== undefined || height.fitted !== undefined || width.fitted !== undefined;
}

/** Where the window at `output` has its first tap. */
export function windowStart({ stride, padBefore, fitted }: AxisGeometry, output: number): number {
  return fitted ? fittedStart(fitted, output) : output * stride - padBefore;
}

/** The number of taps of the window at `output`. */
export function windowSize({ window, fitted }: AxisGeometry, output: number): number {
  return fitted ? fittedEnd(fitted, output) - fittedStart(fitted, output) : window;
}

/** The tap range [first, end) of the window at `output` that lies on real elements of this axis. */
export function realTaps(axis: AxisGeometry, output: number): [first: number, end: number] {
  if (axis.fitted) return [0, windowSize(axis, output)];
  const start = output * axis.stride - axis.padBefore;
  const first = start >= 0 ? 0 : Math.ceil(-start / axis.dilation);
  const end = Math.min(axis.window, Math.ceil((axis.input - start) / axis.dilation));
  return [first, Math.max(first, end)];
}

/** The output and the padding that 'same' gives an axis. */
export function sameAxis(
  input: number,
  stride: number,
  span: number,
): Pick<AxisGeometry, 'output' | 'padBefore' | 'padAfter'> {
  const output = Math.ceil(input / stride);
  const total = Math.max(0, (output - 1) * stride + span - input);
  const padBefore = Math.floor(total / 2);
  return { output, padBefore, padAfter: total - padBefore };
}

/** One axis: the size formulas of the contract. */
function axisGeometry(name: string, spec: SizeSpec, index: number, input: number, argument: string): AxisGeometry {
  const window = spec.poolSize[index]!;
  const stride = spec.strides[index]!;
  const dilation = spec.dilationRate[index]!;
  const span = (window - 1) * dilation + 1;
  let output: number;
  let padBefore = 0;
  let padAfter = 0;
  if (spec.padding === 'same') {
    ({ output, padBefore, padAfter } = sameAxis(input, stride, span));
  } else {
    if (spec.padding !== 'valid') [padBefore, padAfter] = spec.padding[index]!;
    const steps = (input + padBefore + padAfter - span) / stride;
    output = (spec.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A last window that would start at or past input + padBefore sees nothing and is dropped.
    if (spec.ceilMode && (output - 1) * stride >= input + padBefore) output--;
  }
  const axis = { input, output, window, stride, dilation, padBefore, padAfter, span };
  checkAxis(name, `the ${AXIS_NAMES[spec.rank][index]!} of ${argument}`, axis);
  if (output === 1) axis.stride = Math.min(stride, ANY_STEP);
  if (window === 1) axis.dilation = Math.min(dilation, ANY_STEP);
  return Object.freeze(axis);
}

/** What kernels, which compute in int32, get for a larger step that is never taken: from an only window or tap to the next. */
const ANY_STEP = 2 ** 30;

/** Positions and tap numbers are int32 in kernels. */
const MAX_INT32 = 2 ** 31 - 1;

function checkPositions(name: string, spec: PoolSpec, { taps, depth, height, width }: PoolGeometry): void {
  if (taps > MAX_INT32) {
    throw new Error(
      `${name}: expected poolSize of at most ${MAX_INT32} elements; got ${taps} for poolSize ${show(spec.poolSize)}.`,
    );
  }
  const ends = [depth, height, width].map(({ input, output, stride, span, padBefore, padAfter }) =>
    Math.max(input + padBefore + padAfter, (output - 1) * stride + span),
  );
  if (Math.max(...ends) > MAX_INT32) {
    throw new Error(
      `${name}: expected an input with its padding and its windows of at most ${MAX_INT32} elements along each axis; ` +
        `got ${Math.max(...ends)}.`,
    );
  }
}

/** Rule 1: at least one window, and a real element in each of them. */
function checkAxis(name: string, label: string, axis: AxisGeometry): void {
  const { input, output, window, stride, dilation, padBefore, padAfter, span } = axis;
  const facts =
    `input ${input}, padding [${padBefore}, ${padAfter}], window ${window}, ` +
    `dilation ${dilation} (span ${span}), stride ${stride}`;
  if (output < 1) {
    throw new Error(`${name}: expected at least one window to fit into ${label}; got ${facts}.`);
  }
  const empty = emptyWindow(axis);
  if (empty !== undefined) {
    throw new Error(
      `${name}: expected every window to hold at least one real element; ` +
        `window ${empty} along ${label} holds only padding: got ${facts}.`,
    );
  }
}

/**
 * The first window without a real element. Only those that start outside the input can be empty; of those that start
 * before it, only the first, unless taps are so far apart that they may step over the input.
 */
function emptyWindow(axis: AxisGeometry): number | undefined {
  const isEmpty = (o: number) => {
    const [first, end] = realTaps(axis, o);
    return end === first;
  };
  const startsInside = Math.min(axis.output, Math.ceil(axis.padBefore / axis.stride));
  const suspects = axis.dilation <= axis.input ? Math.min(1, startsInside) : startsInside;
  const startsPastEnd = Math.max(startsInside, Math.ceil((axis.input + axis.padBefore) / axis.stride));
  for (let o = 0; o < suspects; o++) if (isEmpty(o)) return o;
  for (let o = startsPastEnd; o < axis.output; o++) if (isEmpty(o)) return o;
  return undefined;
}

function checkSizes(name: string, shape: readonly number[], argument: string): void {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new Error(`${name}: expected the shape of ${argument} to be non-negative integers; got ${show([...shape])}.`);
  }
}
