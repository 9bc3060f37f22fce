/** conv2d and its gradients: Conv2D, FusedConv2D, Conv2DBackpropInput and, which tfjs lacks, Conv2DBackpropFilter. */
import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import {
  type ConvAxis,
  type FilterGradientAttrs,
  type WindowAttrs,
  checkArguments,
  windowOf,
} from '../conv/wasm_conv2d_gradient';
import { show } from '../spec';
import { clampOf } from './activation';
import { type HeapCall, addressOf, hasThreads, makeFilled } from './heap';
import type { TrainingModule } from './module';

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
  const shape = [xShape[0], window[0].output, window[1].output, outChannels];
  const windows = xShape[0] * window[0].output * window[1].output;
  if (shape.some((size) => size < 1)) return undefined;
  if ((windows < LEAST_WINDOWS || hasThreads(call)) && isRightInTfjs(attrs, filterShape, window)) return undefined;
  const { module } = call;
  setConvolution(module, xShape[0], filterShape, window);
  return makeFilled(call, shape, module.convolveScratch(), (y, scratch) => {
    const biasStart = bias ? addressOf(call, bias) : 0;
    module.convolve(addressOf(call, x), addressOf(call, filter), y, biasStart, ...clamp, scratch);
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
  const { module } = call;
  setConvolution(module, x.shape[0], filterShape, windowOf(x.shape, dy.shape, attrs));
  return makeFilled(call, [...filterShape], module.filterGradientScratch(), (dw, scratch) =>
    module.filterGradient(addressOf(call, x), addressOf(call, dy), dw, scratch),
  );
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
  const { module } = call;
  setConvolution(
    module,
    inputShape[0],
    filterShape,
    windowOf(inputShape, dy.shape as Shape4D, { ...attrs, filterShape }),
  );
  return makeFilled(call, [...inputShape], module.inputGradientScratch(), (dx, scratch) =>
    module.inputGradient(addressOf(call, dy), addressOf(call, filter), dx, scratch),
  );
}

/** float32, with channels last, and not empty. */
function isForUs({ dataFormat }: ConvAttrs, inputs: ReadonlyArray<TensorInfo | undefined>): boolean {
  const isRight = (input: TensorInfo | undefined) =>
    input == null || (input.dtype === 'float32' && !input.shape.includes(0));
  return dataFormat !== 'NCHW' && inputs.every(isRight);
}

function setConvolution(
  module: TrainingModule,
  batch: number,
  [filterHeight, filterWidth, inChannels, outChannels]: Shape4D,
  [height, width]: readonly [ConvAxis, ConvAxis],
): void {
  module.setSizes(batch, inChannels, outChannels);
  module.setHeight(height.input, height.output, filterHeight, height.stride, height.dilation, height.padBefore);
  module.setWidth(width.input, width.output, filterWidth, width.stride, width.dilation, width.padBefore);
}
