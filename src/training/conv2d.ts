/** conv2d and its gradients: Conv2D, FusedConv2D, Conv2DBackpropInput and, which tfjs lacks, Conv2DBackpropFilter. */
import { type Tensor4D, type TensorInfo, util } from '@tensorflow/tfjs-core';
import {
  type ConvAxis,
  type FilterGradientAttrs,
  type WindowAttrs,
  checkArguments,
  windowOf,
} from '../conv/wasm_conv2d_gradient';
import { show } from '../show';
import { clampOf } from './activation';
import { COLUMNS, type Range, ROWS, makeInChunks, partsFor, rangesOf } from './chunks';
import { type Convolution, inputChunks, outputChunks, setConvolution, workOf } from './convolution';
import { type HeapCall, addressOf } from './heap';

type Shape4D = Tensor4D['shape'];
type ConvAttrs = Omit<WindowAttrs, 'filterShape'> & { readonly dataFormat?: string; readonly activation?: string };

/** With fewer windows most time goes into laying out the filter, which the kernel of tfjs keeps from call to call: that is for predictions. */
const LEAST_WINDOWS = 32;

/** Undefined for what is left to the kernel before. */
export function convolveKernel(call: HeapCall): TensorInfo | undefined {
  const { x, filter, bias } = call.inputs as Record<string, TensorInfo | undefined>;
  const attrs = call.attrs as unknown as ConvAttrs;
  const clamp = clampOf(attrs.activation ?? 'linear');
  if (!x || !filter || !clamp || !isForUs(attrs, [x, filter, bias])) return undefined;
  const [xShape, filterShape] = [x.shape as Shape4D, filter.shape as Shape4D];
  const [, , inChannels, outChannels] = filterShape;
  if (xShape[3] !== inChannels || (bias && (bias.shape.length !== 1 || bias.shape[0] !== outChannels)))
    return undefined;
  const window = windowOf(xShape, undefined, { ...attrs, filterShape });
  const conv = convolutionOf(xShape[0], filterShape, window);
  const shape = [conv.batch, conv.height.output, conv.width.output, outChannels];
  if (shape.some((size) => size < 1)) return undefined;
  const windows = util.sizeFromShape(shape.slice(0, 3));
  if (windows < LEAST_WINDOWS && isRightInTfjs(attrs, filterShape, window)) return undefined;
  const [xStart, filterStart, biasStart] = [
    addressOf(call, x),
    addressOf(call, filter),
    bias ? addressOf(call, bias) : 0,
  ];
  const work = workOf(conv);
  return makeInChunks(call, shape, work, outputChunks(conv, partsFor(call, work)), {
    set: setConvolution,
    scratchBytes: (module) => module.convolveScratch(),
    compute: (module, chunk, y, scratch) =>
      module.convolve(xStart + chunk.x, filterStart, y + chunk.y, biasStart, ...clamp, scratch),
  });
}

/**
 * Whether the kernel of tfjs may be used. With `'same'` it gives zeros where strides leave out the end of x; with a number it writes
 * past its output unless the filter is square, as tfjs-core takes the height of the filter for its width.
 */
function isRightInTfjs({ pad }: ConvAttrs, [height, width]: Shape4D, window: readonly ConvAxis[]): boolean {
  if (pad === 'same') return window.every(({ reach, input }) => reach >= input);
  return typeof pad !== 'number' || height === width;
}

/** Undefined for what is left to the kernel before. */
export function filterGradientKernel(call: HeapCall): TensorInfo | undefined {
  const { x, dy } = call.inputs as unknown as { x: Tensor4D; dy: Tensor4D };
  const attrs = call.attrs as unknown as FilterGradientAttrs;
  const { filterShape } = attrs;
  checkArguments(x, dy, attrs);
  if (!isForUs(attrs, [x, dy])) return undefined;
  const conv = convolutionOf(x.shape[0], filterShape, windowOf(x.shape, dy.shape, attrs));
  const [xStart, dyStart] = [addressOf(call, x), addressOf(call, dy)];
  const work = workOf(conv);
  return makeInChunks(call, [...filterShape], work, filterChunks(conv, partsFor(call, work)), {
    set: (module) => setConvolution(module, conv),
    scratchBytes: (module, { filters }) => module.filterGradientScratch(filters[1] - filters[0]),
    compute(module, { taps: [first, end], filters: [from, to] }, dw, scratch) {
      const dwStart = dw + 4 * (first * conv.outChannels + from);
      module.filterGradient(xStart, dyStart + 4 * from, dwStart, first, end - first, to - from, scratch);
    },
  });
}

/** With so many taps in a chunk, it takes hardly longer that each chunk lays out dy. */
const MANY_TAPS = 32;

/** By taps for each channel, or by filters. */
function filterChunks(
  { height, width, inChannels, outChannels }: Convolution,
  parts: number,
): Array<{ taps: Range; filters: Range }> {
  const taps = height.filter * width.filter * inChannels;
  return taps >= MANY_TAPS * parts || outChannels <= COLUMNS
    ? rangesOf(taps, parts, ROWS).map((some) => ({ taps: some, filters: [0, outChannels] }))
    : rangesOf(outChannels, parts, COLUMNS).map((some) => ({ taps: [0, taps], filters: some }));
}

/** Undefined for what is left to the kernel before. */
export function inputGradientKernel(call: HeapCall): TensorInfo | undefined {
  const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo };
  const attrs = call.attrs as unknown as ConvAttrs & { readonly inputShape: Shape4D };
  const { inputShape } = attrs;
  if (!isForUs(attrs, [dy, filter]) || inputShape.includes(0)) return undefined;
  const filterShape = filter.shape as Shape4D;
  const [, , inChannels, outChannels] = filterShape;
  if (dy.shape[0] !== inputShape[0] || inputShape[3] !== inChannels || dy.shape[3] !== outChannels) {
    throw new Error(
      `Conv2DBackpropInput on wasm: expected dy of shape [${inputShape[0]}, outHeight, outWidth, ${outChannels}] and ` +
        `inputShape [${dy.shape[0]}, height, width, ${inChannels}] for a filter of shape ${show([...filterShape])}; ` +
        `got ${show([...dy.shape])} and ${show([...inputShape])}.`,
    );
  }
  const window = windowOf(inputShape, dy.shape as Shape4D, { ...attrs, filterShape });
  const conv = convolutionOf(inputShape[0], filterShape, window);
  const [dyStart, filterStart] = [addressOf(call, dy), addressOf(call, filter)];
  const work = workOf(conv);
  return makeInChunks(call, [...inputShape], work, inputChunks(conv, partsFor(call, work)), {
    set: setConvolution,
    scratchBytes: (module) => module.inputGradientScratch(),
    compute: (module, chunk, dx, scratch) =>
      module.inputGradient(dyStart + chunk.y, filterStart, dx + chunk.x, scratch),
  });
}

/** float32, with channels last, and not empty. */
function isForUs({ dataFormat }: ConvAttrs, inputs: ReadonlyArray<TensorInfo | undefined>): boolean {
  const isRight = (input: TensorInfo | undefined) =>
    input == null || (input.dtype === 'float32' && !input.shape.includes(0));
  return dataFormat !== 'NCHW' && inputs.every(isRight);
}

function convolutionOf(
  batch: number,
  [filterHeight, filterWidth, inChannels, outChannels]: Shape4D,
  [height, width]: readonly [ConvAxis, ConvAxis],
): Convolution {
  return {
    batch,
    inChannels,
    outChannels,
    height: { ...height, filter: filterHeight },
    width: { ...width, filter: filterWidth },
  };
}
