/** The gradients of depthwiseConv2d, which tfjs lacks on wasm. */
import { type Tensor4D, type TensorInfo, backend_util, util } from '@tensorflow/tfjs-core';
import { show } from '../show';
import { makeInChunks, partsFor, rangesOf } from './chunks';
import { type Convolution, inputChunks, setConvolution, workOf } from './convolution';
import { type HeapCall, addressOf } from './heap';

/** So many channels are added up side by side. */
const CHANNELS = 16;

type Shape4D = Tensor4D['shape'];

/** What both kernels of tfjs-core have, and the shape that is not that of an input. */
interface DepthwiseAttrs {
  readonly strides: number | [number, number];
  readonly dilations: number | [number, number];
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export function depthwiseFilterGradientKernel(call: HeapCall): TensorInfo {
  const { x, dy } = call.inputs as { x: TensorInfo; dy: TensorInfo };
  const { filterShape, ...attrs } = call.attrs as unknown as DepthwiseAttrs & { filterShape: Shape4D };
  const multiplier = filterShape[3];
  const conv = depthwiseOf('DepthwiseConv2dNativeBackpropFilter', attrs, x.shape as Shape4D, filterShape, dy);
  const [xStart, dyStart] = [addressOf(call, x), addressOf(call, dy)];
  const size = util.sizeFromShape(x.shape);
  const work = depthwiseWork(conv);
  // Whoever repeats the channels of x needs all of them.
  const chunks = rangesOf(conv.inChannels, multiplier > 1 ? 1 : partsFor(call, work), CHANNELS);
  return makeInChunks(call, [...filterShape], work, chunks, {
    set: (module) => setConvolution(module, conv),
    scratchBytes: () => (multiplier > 1 ? 4 * size * multiplier : 0),
    compute(module, [first, end], dw, scratch) {
      if (multiplier > 1) module.repeatChannels(xStart, size, multiplier, scratch);
      const from = multiplier > 1 ? scratch : xStart;
      module.depthwiseFilterGradient(from + 4 * first, dyStart + 4 * first, dw + 4 * first, end - first);
    },
  });
}

export function depthwiseInputGradientKernel(call: HeapCall): TensorInfo {
  const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo };
  const { inputShape, ...attrs } = call.attrs as unknown as DepthwiseAttrs & { inputShape: Shape4D };
  const filterShape = filter.shape as Shape4D;
  const multiplier = filterShape[3];
  const conv = depthwiseOf('DepthwiseConv2dNativeBackpropInput', attrs, inputShape, filterShape, dy);
  const [dyStart, filterStart] = [addressOf(call, dy), addressOf(call, filter)];
  const work = depthwiseWork(conv);
  const elements = ({ batch, height, width }: Convolution) => batch * height.input * width.input * inputShape[3];
  return makeInChunks(call, [...inputShape], work, inputChunks(conv, partsFor(call, work)), {
    set: setConvolution,
    scratchBytes: (_, chunk) => (multiplier > 1 ? 4 * elements(chunk) * multiplier : 0),
    compute(module, chunk, dx, scratch) {
      // Where the chunk begins is counted in the repeated channels.
      const to = dx + chunk.x / multiplier;
      module.depthwiseInputGradient(dyStart + chunk.y, filterStart, multiplier > 1 ? scratch : to);
      if (multiplier > 1) module.sumChannels(scratch, elements(chunk), multiplier, to);
    },
  });
}

/** Several filters for a channel count as one for each of so many more channels. */
function depthwiseOf(
  name: string,
  { strides, dilations, pad, dimRoundingMode }: DepthwiseAttrs,
  xShape: Shape4D,
  filterShape: Shape4D,
  dy: TensorInfo,
): Convolution {
  const info = backend_util.computeConv2DInfo(xShape, filterShape, strides, dilations ?? 1, pad, dimRoundingMode, true);
  const channels = filterShape[2] * filterShape[3];
  const [, outHeight, outWidth] = info.outShape;
  const expected = [xShape[0], outHeight, outWidth, channels];
  if (xShape[3] !== filterShape[2] || expected.some((size, axis) => size !== dy.shape[axis])) {
    throw new Error(
      `${name} on wasm: expected dy of shape ${show(expected)} and as many channels of x as the filter has; ` +
        `got dy of shape ${show([...dy.shape])}, x ${show([...xShape])} and a filter ${show([...filterShape])}.`,
    );
  }
  return {
    batch: xShape[0],
    inChannels: channels,
    outChannels: channels,
    height: {
      input: info.inHeight,
      output: outHeight,
      filter: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      padBefore: info.padInfo.top,
    },
    width: {
      input: info.inWidth,
      output: outWidth,
      filter: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      padBefore: info.padInfo.left,
    },
  };
}

/** Multiplications: each channel has a filter of its own. */
function depthwiseWork(conv: Convolution): number {
  return workOf({ ...conv, outChannels: 1 });
}
