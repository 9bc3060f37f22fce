/**
 * The windows of every pooling, as lists of the elements in them: sliding ones, the whole image, and those of
 * adaptive pooling. It shares no code with the operations' geometry (but the reading of options).
 */
import type { AdaptivePoolSpec } from '../../adaptive';
import type { GlobalPoolSpec } from '../../global';
import type { DataFormat, PoolSpec } from '../../spec';

/** All windows of an input. */
export interface Windows {
  readonly yShape: readonly number[];
  /**
   * Calls `visit` for each output in row-major order of the image: its index in y, the indices in x of the window's real
   * elements in row-major order, and the number of the window's cells on the padded input.
   */
  each(visit: (y: number, elements: readonly number[], cells: number) => void): void;
}

/** A window along one axis. */
interface Span {
  /** The positions of its real elements. */
  readonly positions: readonly number[];
  readonly cells: number;
}

/** The windows of a poolSize, wherever strides, padding and dilation put them. */
export function slidingWindows(shape: readonly number[], spec: PoolSpec): Windows {
  const axes = spatialOf(shape, spec.dataFormat).map((input, i) => slidingSpans(input, i, spec));
  return windowsOf(
    shape,
    spec.dataFormat,
    axes,
    axes.map((spans) => spans.length),
  );
}

/** One window: the whole image. */
export function wholeImage(shape: readonly number[], { dataFormat, keepDims }: GlobalPoolSpec): Windows {
  const axes = spatialOf(shape, dataFormat).map((input) => [
    { positions: Array.from({ length: input }, (_, position) => position), cells: input },
  ]);
  return windowsOf(shape, dataFormat, axes, keepDims ? axes.map(() => 1) : []);
}

/** Output i of an axis pools `[floor(i * in / out), ceil((i + 1) * in / out))`. */
export function adaptiveWindows(
  shape: readonly number[],
  { dataFormat, outputSize }: Pick<AdaptivePoolSpec, 'dataFormat' | 'outputSize'>,
): Windows {
  const axes = spatialOf(shape, dataFormat).map((input, i) => {
    const output = outputSize[i] ?? input;
    const all = Array.from({ length: input }, (_, position) => position);
    return Array.from({ length: output }, (_, o) => {
      // Multiplied by the output's size, floor and ceil become comparisons of whole numbers.
      const positions = all.filter((p) => (p + 1) * output > o * input && p * output < (o + 1) * input);
      return { positions, cells: positions.length };
    });
  });
  return windowsOf(
    shape,
    dataFormat,
    axes,
    axes.map((spans) => spans.length),
  );
}

function windowsOf(
  shape: readonly number[],
  dataFormat: DataFormat,
  axes: ReadonlyArray<readonly Span[]>,
  outputs: readonly number[],
): Windows {
  const isFirst = dataFormat === 'channelsFirst';
  const [batch, channels] = [shape[0]!, isFirst ? shape[1]! : shape[shape.length - 1]!];
  const inputs = spatialOf(shape, dataFormat);
  const area = product(inputs);
  const images = combinations(axes).map((spans) => ({
    places: combinations(spans.map(({ positions }) => positions)).map((position) =>
      position.reduce((index, p, i) => index * inputs[i]! + p, 0),
    ),
    cells: product(spans.map(({ cells }) => cells)),
  }));
  const indexOf = (b: number, place: number, places: number, c: number) =>
    isFirst ? (b * channels + c) * places + place : (b * places + place) * channels + c;
  return {
    yShape: isFirst ? [batch, channels, ...outputs] : [batch, ...outputs, channels],
    each(visit) {
      images.forEach(({ places, cells }, at) => {
        for (let b = 0; b < batch; b++) {
          for (let c = 0; c < channels; c++) {
            visit(
              indexOf(b, at, images.length, c),
              places.map((place) => indexOf(b, place, area, c)),
              cells,
            );
          }
        }
      });
    },
  };
}

function slidingSpans(input: number, axis: number, spec: PoolSpec): Span[] {
  const [window, stride, dilation] = [spec.poolSize[axis]!, spec.strides[axis]!, spec.dilationRate[axis]!];
  const { output, before, after } = sizesOf(input, axis, stride, (window - 1) * dilation + 1, spec);
  return Array.from({ length: output }, (_, o) => {
    const taps = Array.from({ length: window }, (__, tap) => o * stride - before + tap * dilation);
    return {
      positions: taps.filter((position) => position >= 0 && position < input),
      cells: taps.filter((position) => position < input + after).length,
    };
  });
}

function sizesOf(
  input: number,
  axis: number,
  stride: number,
  span: number,
  spec: PoolSpec,
): { output: number; before: number; after: number } {
  if (spec.padding === 'same') {
    const output = Math.ceil(input / stride);
    const total = Math.max(0, (output - 1) * stride + span - input);
    return { output, before: Math.floor(total / 2), after: Math.ceil(total / 2) };
  }
  const [before, after] = spec.padding === 'valid' ? [0, 0] : spec.padding[axis]!;
  const steps = (input + before + after - span) / stride;
  const output = (spec.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
  const startsPastTheEnd = spec.ceilMode && (output - 1) * stride >= input + before;
  return { before, after, output: startsPastTheEnd ? output - 1 : output };
}

function spatialOf(shape: readonly number[], dataFormat: DataFormat): readonly number[] {
  return dataFormat === 'channelsFirst' ? shape.slice(2) : shape.slice(1, -1);
}

/** One of each list, in every way, the last list fastest. */
function combinations<T>(lists: ReadonlyArray<readonly T[]>): T[][] {
  return lists.reduce<T[][]>((some, list) => some.flatMap((one) => list.map((next) => [...one, next])), [[]]);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}
