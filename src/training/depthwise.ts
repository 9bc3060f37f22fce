/** The gradients of depthwiseConv2d, which tfjs lacks on wasm. */
import { type Tensor4D, type TensorInfo, backend_util, util } from '@tensorflow/tfjs-core';
import { show } from '../spec';
import { type HeapCall, addressOf, makeFilled } from './heap';

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
  setDepthwise(call, 'DepthwiseConv2dNativeBackpropFilter', attrs, x.shape as Shape4D, filterShape, dy);
  const size = util.sizeFromShape(x.shape);
  const { module } = call;
  return makeFilled(call, [...filterShape], multiplier > 1 ? 4 * size * multiplier : 0, (dw, scratch) => {
    const from = addressOf(call, x);
    if (multiplier > 1) module.repeatChannels(from, size, multiplier, scratch);
    module.depthwiseFilterGradient(multiplier > 1 ? scratch : from, addressOf(call, dy), dw);
  });
}

export function depthwiseInputGradientKernel(call: HeapCall): TensorInfo {
  const { dy, filter } = call.inputs as { dy: TensorInfo; filter: TensorInfo };
  const { inputShape, ...attrs } = call.attrs as unknown as DepthwiseAttrs & { inputShape: Shape4D };
  const filterShape = filter.shape as Shape4D;
  const multiplier = filterShape[3];
  setDepthwise(call, 'DepthwiseConv2dNativeBackpropInput', attrs, inputShape, filterShape, dy);
  const size = util.sizeFromShape(inputShape);
  const { module } = call;
  return makeFilled(call, [...inputShape], multiplier > 1 ? 4 * size * multiplier : 0, (dx, scratch) => {
    module.depthwiseInputGradient(addressOf(call, dy), addressOf(call, filter), multiplier > 1 ? scratch : dx);
    if (multiplier > 1) module.sumChannels(scratch, size, multiplier, dx);
  });
}

/** Several filters for a channel count as one for each of so many more channels. */
function setDepthwise(
  { module }: HeapCall,
  name: string,
  { strides, dilations, pad, dimRoundingMode }: DepthwiseAttrs,
  xShape: Shape4D,
  filterShape: Shape4D,
  dy: TensorInfo,
): void {
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
  module.setSizes(xShape[0], channels, channels);
  const { top, left } = info.padInfo;
  module.setHeight(info.inHeight, outHeight, info.filterHeight, info.strideHeight, info.dilationHeight, top);
  module.setWidth(info.inWidth, outWidth, info.filterWidth, info.strideWidth, info.dilationWidth, left);
}
