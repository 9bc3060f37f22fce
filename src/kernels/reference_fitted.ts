/**
 * The im2col matrix for windows that are fitted to the outputs, in core operations: slices, concatenations and
 * transpositions, which copy and never compare or multiply. A window has a row as long as the longest one's; its taps have
 * numbers of their own there.
 */
import { type Tensor, add, concat, fill, reshape, slice, tensor, tile, transpose } from '@tensorflow/tfjs-core';
import { alongAxis } from '../along_axis';
import { type AxisGeometry, type PoolGeometry, columnsShape, realTaps, windowSize, windowStart } from '../geometry';

/** No slice of x: what stands where a window is shorter than the longest. */
const NOTHING = -1;

/** x -> columns: windows are laid side by side, axis by axis. */
export function fittedColumns(x: Tensor, g: PoolGeometry, padValue: number): Tensor {
  const { batch, channels, depth, height, width } = g;
  const laid = axesOf(g).reduce((image, axis, i) => slicesOf(image, i + 1, windowsOf(axis), padValue), x);
  const planes = [batch * depth.output, depth.window, height.output, height.window];
  const rows = transpose(reshape(laid, [...planes, width.output * width.window * channels]), [0, 2, 1, 3, 4]);
  const perRow = [depth.window * height.window, width.output, width.window, channels];
  const windows = reshape(rows, [batch * depth.output * height.output, ...perRow]);
  return reshape(transpose(windows, [0, 2, 4, 1, 3]), columnsShape(g));
}

/** columns -> dx: the first of the windows over each element, then the second, and so on, in row-major order of the outputs. */
export function fittedImage(columns: Tensor, g: PoolGeometry): Tensor {
  const { batch, channels, depth, height, width } = g;
  const perRow = [width.output, channels, depth.window * height.window, width.window];
  const windows = reshape(columns, [batch * depth.output * height.output, ...perRow]);
  const rows = transpose(windows, [0, 3, 1, 4, 2]);
  const ofPlanes = [height.output, depth.window, height.window, width.output * width.window * channels];
  const planes = transpose(reshape(rows, [batch * depth.output, ...ofPlanes]), [0, 2, 1, 3, 4]);
  const laidOut = axesOf(g).map(({ output, window }) => output * window);
  const images = axesOf(g).reduce<Tensor[]>(
    (parts, axis, i) => parts.flatMap((part) => copiesOf(axis).map((copies) => slicesOf(part, i + 1, copies, 0))),
    [reshape(planes, [batch, ...laidOut, channels])],
  );
  return images.reduce((total, image) => add(total, image));
}

/** int32 [rows * channels, taps]: the numbers that the columns' taps have in their windows, -1 where there is none. */
export function fittedNumbers(g: PoolGeometry): Tensor {
  const { batch, channels, depth, height, width, taps } = g;
  const outputs = depth.output * height.output * width.output;
  const numbers = new Int32Array(outputs * taps).fill(-1);
  for (let output = 0; output < outputs; output++) {
    const row = Math.floor(output / width.output);
    const [planes, rows, columns] = [
      windowSize(depth, Math.floor(row / height.output)),
      windowSize(height, row % height.output),
      windowSize(width, output % width.output),
    ];
    for (let number = 0; number < planes * rows * columns; number++) {
      const line = Math.floor(number / columns);
      const [plane, inPlane] = [Math.floor(line / rows), line % rows];
      const column = (plane * height.window + inPlane) * width.window + (number % columns);
      numbers[output * taps + column] = number;
    }
  }
  const image = tile(tensor(numbers, [outputs, 1, taps], 'int32'), [1, channels, 1]);
  return reshape(tile(reshape(image, [1, -1]), [batch, 1]), [-1, taps]);
}

function axesOf({ depth, height, width }: PoolGeometry): AxisGeometry[] {
  return [depth, height, width];
}

/** Where the elements of the windows lie. */
function windowsOf(axis: AxisGeometry): Int32Array {
  const sources = new Int32Array(axis.output * axis.window).fill(NOTHING);
  forEachTap(axis, (element, place) => {
    sources[place] = element;
  });
  return sources;
}

/** Where an element is found in the windows: in the first one that holds it, in the second, and so on. */
function copiesOf(axis: AxisGeometry): Int32Array[] {
  const copies: Int32Array[] = [];
  const held = new Int32Array(axis.input);
  forEachTap(axis, (element, place) => {
    const copy = held[element]!++;
    const places = (copies[copy] ??= new Int32Array(axis.input).fill(NOTHING));
    places[element] = place;
  });
  return copies;
}

/** The taps of all windows along an axis: the element of each, and its place among windows side by side. */
function forEachTap(axis: AxisGeometry, visit: (element: number, place: number) => void): void {
  for (let output = 0; output < axis.output; output++) {
    const start = windowStart(axis, output);
    const [first, end] = realTaps(axis, output);
    for (let tap = first; tap < end; tap++) visit(start + tap * axis.dilation, output * axis.window + tap);
  }
}

/** Slices of x side by side, those that follow one another in x as one. */
function slicesOf(x: Tensor, axis: number, sources: Int32Array, value: number): Tensor {
  return alongAxis(x, axis, (x3) => {
    const [outer, , inner] = x3.shape;
    const pieces: Tensor[] = [];
    for (let at = 0; at < sources.length;) {
      const source = sources[at]!;
      const step = source === NOTHING ? 0 : 1;
      let length = 1;
      while (sources[at + length] === source + length * step) length++;
      const shape: [number, number, number] = [outer, length, inner];
      pieces.push(source === NOTHING ? fill(shape, value, x.dtype as 'float32') : slice(x3, [0, source, 0], shape));
      at += length;
    }
    return pieces.length === 1 ? pieces[0]! : concat(pieces, 1);
  });
}
