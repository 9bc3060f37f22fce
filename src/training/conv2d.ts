/** The gradients of conv2d: Conv2DBackpropFilter, which tfjs lacks, and Conv2DBackpropInput. */
import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { type ConvAxis, type FilterGradientAttrs, checkArguments, windowOf } from '../conv/wasm_conv2d_gradient';
import { type HeapCall, addressOf, makeFilled } from './heap';
import type { TrainingModule } from './module';

/** Undefined for what is left to the kernel before. */
export function filterGradientKernel(call: HeapCall): TensorInfo | undefined {
  const { x, dy } = call.inputs as unknown as { x: Tensor4D; dy: Tensor4D };
  const attrs = call.attrs as unknown as FilterGradientAttrs;
  const { filterShape } = attrs;
  checkArguments(x, dy, attrs);
  if (x.dtype !== 'float32' || dy.dtype !== 'float32' || x.size * dy.size === 0) return undefined;
  const { module } = call;
  setConvolution(module, x.shape[0], filterShape, windowOf(x, dy, attrs));
  return makeFilled(call, [...filterShape], module.filterGradientScratch(), (dw, scratch) =>
    module.filterGradient(addressOf(call, x), addressOf(call, dy), dw, scratch),
  );
}

function setConvolution(
  module: TrainingModule,
  batch: number,
  [filterHeight, filterWidth, inChannels, outChannels]: readonly number[],
  [height, width]: readonly [ConvAxis, ConvAxis],
): void {
  module.setSizes(batch, inChannels, outChannels);
  module.setHeight(height.input, height.output, filterHeight, height.stride, height.dilation, height.padBefore);
  module.setWidth(width.input, width.output, filterWidth, width.stride, width.dilation, width.padBefore);
}
