/**
 * The missing kernel for training CNNs on wasm: Conv2DBackpropFilter, by im2col. Opt-in.
 *
 * dW = columns^T * dY, where `columns` is the im2col matrix of x. The transposed matrix is built
 * directly: seen with batch and channels exchanged, a tap of the filter is an output position and an
 * output position is a tap, strides and dilations swap places, and im2col of *that* pooling is
 * columns^T, row for row. So wasm's matrix product gets both operands as its fast path wants them
 * (its path for transposed operands took four to ten times as long).
 */
import {
  type Conv2DBackpropFilterAttrs,
  Conv2DBackpropFilter,
  type KernelFunc,
  type Tensor,
  type Tensor4D,
  add,
  backend_util,
  getKernel,
  matMul,
  pad,
  registerKernel,
  reshape,
  slice,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import { run } from '../dispatch';
import { type PoolGeometry, geometryFrom } from '../geometry';
import { registerMissing } from '../kernels/register_missing';
import { wasmKernels } from '../kernels/wasm';
import { mapTuple } from '../map_tuple';
import { show } from '../show';

const NAME = 'Conv2DBackpropFilter on wasm';

/** The matrix is built for as many images at a time as fit into this many elements (64 MiB). */
const MAX_COLUMNS_SIZE = 2 ** 24;

/** tfjs-core's attributes, and dilations, which its gradient of conv2d refuses but a caller of the kernel may give. */
export type FilterGradientAttrs = Conv2DBackpropFilterAttrs & { dilations?: number | [number, number] };

type Shape4D = Tensor4D['shape'];

/** The attributes from which windows follow. */
export type WindowAttrs = Pick<
  FilterGradientAttrs,
  'filterShape' | 'strides' | 'dilations' | 'pad' | 'dimRoundingMode'
>;

/**
 * Registers the gradient of `conv2d` with respect to its filter for the backend 'wasm', which tfjs
 * lacks up to 4.22: without it `fit` throws for every model with a convolution.
 *
 * `dW[kh, kw, c, o] = sum over b, oh, ow of x[b, oh * stride + kh * dilation - padTop, ..., c] * dY[b, oh, ow, o]`
 *
 * Idempotent; leaves a kernel that somebody else registered alone. The wasm backend need not be loaded yet.
 * Strides, dilations and every padding of tfjs work; only `NHWC`, as everywhere on wasm.
 *
 * @example
 * ```js
 * registerWasmConv2DGradient();
 * await tf.setBackend('wasm'); // and model.fit works
 * ```
 * @see Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for Document Processing (2006)
 */
export function registerWasmConv2DGradient(): void {
  registerMissing(wasmKernels);
  if (getKernel(Conv2DBackpropFilter, 'wasm') != null) return;
  registerKernel({ kernelName: Conv2DBackpropFilter, backendName: 'wasm', kernelFunc: filterGradientKernel });
}

// The engine hands a kernel whole tensors; core operations on them are off the tape here, and what a
// tidy returns is the kernel's output.
const filterGradientKernel: KernelFunc = ({ inputs, attrs }) =>
  tidy(() => filterGradient(inputs.x as Tensor4D, inputs.dy as Tensor4D, attrs as unknown as FilterGradientAttrs));

function filterGradient(x: Tensor4D, dy: Tensor4D, attrs: FilterGradientAttrs): Tensor {
  const { filterShape } = attrs;
  checkArguments(x, dy, attrs);
  const [batch] = x.shape;
  const [filterHeight, filterWidth, inChannels, outChannels] = filterShape;
  if (x.size === 0 || dy.size === 0) return zeros(filterShape);
  const window = windowOf(x.shape, dy.shape, attrs);
  const sizePerImage = inChannels * filterHeight * filterWidth * dy.shape[1] * dy.shape[2];
  const step = Math.max(1, Math.floor(MAX_COLUMNS_SIZE / sizePerImage));
  let total: Tensor | undefined;
  for (let start = 0; start < batch; start += step) {
    const count = Math.min(step, batch - start);
    const next: Tensor = tidy(() => {
      const product = matMul(transposedColumns(images(x, start, count), window), rows(images(dy, start, count)));
      return total ? add(total, product) : product;
    });
    total?.dispose();
    total = next;
  }
  return transpose(reshape(total!, [inChannels, filterHeight, filterWidth, outChannels]), [1, 2, 0, 3]);
}

// tfjs-core's operation makes the other checks; a batch that does not match it would let through.
export function checkArguments(x: Tensor4D, dy: Tensor4D, { dataFormat, filterShape }: FilterGradientAttrs): void {
  if (dataFormat === 'NCHW') throw new Error(`${NAME}: expected dataFormat NHWC; got NCHW, which wasm does not have.`);
  const [, , inChannels, outChannels] = filterShape;
  if (dy.shape[0] !== x.shape[0] || x.shape[3] !== inChannels || dy.shape[3] !== outChannels) {
    throw new Error(
      `${NAME}: expected x of shape [batch, height, width, ${inChannels}] and dy of shape ` +
        `[batch, outHeight, outWidth, ${outChannels}] for filterShape ${show([...filterShape])}; ` +
        `got ${show([...x.shape])} and ${show([...dy.shape])}.`,
    );
  }
}

/** One spatial axis of the convolution. */
export interface ConvAxis {
  readonly input: number;
  readonly output: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBefore: number;
  /** How far the windows reach, from the start of the padding on. */
  readonly reach: number;
}

/** Sizes and padding by tfjs's own rules, which are not those of this package's pooling; the number of outputs is dy's, if given. */
export function windowOf(xShape: Shape4D, dyShape: Shape4D | undefined, attrs: WindowAttrs): [ConvAxis, ConvAxis] {
  const { filterShape, strides, dilations = 1, dimRoundingMode } = attrs;
  const info = backend_util.computeConv2DInfo(
    xShape,
    filterShape,
    strides,
    dilations,
    attrs.pad,
    dimRoundingMode,
    false,
    'channelsLast',
  );
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const axis = (i: 1 | 2, window: number, stride: number, dilation: number, padBefore: number): ConvAxis => {
    // The number of outputs is dy's: tfjs-core's gradient of conv2d forgets the rounding mode that decided it.
    const output = (dyShape ?? info.outShape)[i];
    const reach = (output - 1) * stride + (window - 1) * dilation + 1;
    return { input: xShape[i], output, stride, dilation, padBefore, reach };
  };
  const [filterHeight, filterWidth] = filterShape;
  return [
    axis(1, filterHeight, strideHeight, dilationHeight, padInfo.top),
    axis(2, filterWidth, strideWidth, dilationWidth, padInfo.left),
  ];
}

/** [inChannels * filterHeight * filterWidth, batch * outHeight * outWidth] */
function transposedColumns(x: Tensor4D, window: [ConvAxis, ConvAxis]): Tensor {
  const exchanged = transpose(fit(x, window), [3, 1, 2, 0]);
  const g = exchangedGeometry(exchanged.shape, window);
  return run('im2col', [exchanged], { geometry: g, padValue: 0 })[0];
}

/** Taps and outputs change places, and with them strides and dilations. */
function exchangedGeometry(shape: number[], window: [ConvAxis, ConvAxis]): PoolGeometry {
  const axes = window.map(({ output, dilation, stride }) => ({ window: output, stride: dilation, dilation: stride }));
  return geometryFrom({ xShape: shape, axes });
}

/** Exactly what the windows see: zeros for padding, and nothing past the last window. */
function fit(x: Tensor4D, window: [ConvAxis, ConvAxis]): Tensor4D {
  const [top, left] = mapTuple(window, ({ padBefore }) => padBefore);
  const [bottom, right] = mapTuple(window, ({ input, padBefore, reach }) => Math.max(0, reach - input - padBefore));
  const padded: Tensor4D =
    top + left + bottom + right > 0
      ? pad(x, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ])
      : x;
  const [height, width] = mapTuple(window, ({ reach }) => reach);
  const [count, paddedHeight, paddedWidth, channels] = padded.shape;
  if (paddedHeight === height && paddedWidth === width) return padded;
  return slice(padded, [0, 0, 0, 0], [count, height, width, channels]);
}

/** Some images of a batch; all of them without a copy. */
function images(x: Tensor4D, start: number, count: number): Tensor4D {
  return count === x.shape[0] ? x : slice(x, [start, 0, 0, 0], [count, -1, -1, -1]);
}

function rows(dy: Tensor4D): Tensor {
  return reshape(dy, [-1, dy.shape[3]]);
}
