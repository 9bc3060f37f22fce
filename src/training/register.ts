/** registerWasmTrainingKernels: what stock tfjs lacks or does slowly when a network is trained on wasm. */
import {
  Add,
  BatchMatMul,
  Cast,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  FusedConv2D,
  Identity,
  type KernelConfig,
  Multiply,
  RealDiv,
  Relu,
  Sqrt,
  Square,
  Step,
  Sub,
  Sum,
  type TensorInfo,
  UnsortedSegmentSum,
  _FusedMatMul,
  getKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { registerWasmConv2DGradient } from '../conv/wasm_conv2d_gradient';
import { setKernel } from '../set_kernel';
import { convolveKernel, filterGradientKernel, inputGradientKernel } from './conv2d';
import { depthwiseFilterGradientKernel, depthwiseInputGradientKernel } from './depthwise';
import { combineKernel, transformKernel } from './elementwise';
import { type HeapCall, heapCall } from './heap';
import { matMulKernel } from './mat_mul';
import { castKernel, identityKernel } from './share';
import { segmentSumKernel, sumKernel } from './sum';

const BACKEND = 'wasm';

/** Undefined: left to the kernel that this one replaces. */
type TrainingKernel = (call: HeapCall) => TensorInfo | undefined;

const KERNELS: Readonly<Record<string, TrainingKernel>> = {
  [BatchMatMul]: matMulKernel,
  [_FusedMatMul]: matMulKernel,
  [Conv2D]: convolveKernel,
  [FusedConv2D]: convolveKernel,
  [Conv2DBackpropFilter]: filterGradientKernel,
  [Conv2DBackpropInput]: inputGradientKernel,
  [DepthwiseConv2dNativeBackpropFilter]: depthwiseFilterGradientKernel,
  [DepthwiseConv2dNativeBackpropInput]: depthwiseInputGradientKernel,
  [Add]: combineKernel(Add),
  [Sub]: combineKernel(Sub),
  [Multiply]: combineKernel(Multiply),
  [RealDiv]: combineKernel(RealDiv),
  [Relu]: transformKernel(Relu),
  [Step]: transformKernel(Step),
  [Sqrt]: transformKernel(Sqrt),
  [Square]: transformKernel(Square),
  [Sum]: sumKernel,
  [Identity]: identityKernel,
  [Cast]: castKernel,
  [UnsortedSegmentSum]: segmentSumKernel,
};

/** Under this name a kernel of ours carries the one that it was put in the place of, for any copy of this package. */
const BEFORE = Symbol.for('tfjs-im2col-pooling.kernelBeforeTraining');
type Exchanged = KernelConfig & { [BEFORE]?: KernelConfig | null };

/** What {@link registerWasmTrainingKernels} returns. */
export interface WasmTrainingKernels {
  /** Puts the kernels back that were there before. A second call does nothing. */
  unregister(): void;
}

/**
 * Makes training on the backend 'wasm' possible and fast, by kernels of this package in the place of tfjs's own: the gradients
 * of `conv2d`, of which stock tfjs lacks the filter's up to 4.22; matrix products, which it computes ten times slower where a
 * factor is transposed, as in the gradient of every dense layer; a bias, and the sums over the outer axes that are its gradient;
 * `conv2d` itself, with bias, relu and relu6; relu, its gradient and the arithmetic of optimizers; and copies, where tfjs makes them of
 * what it keeps for a gradient. Depthwise convolutions and embeddings, whose gradients stock tfjs lacks as well, can be trained, too.
 *
 * `dW[kh, kw, c, o] = sum over b, oh, ow of x[b, oh * stride + kh * dilation - padTop, ..., c] * dY[b, oh, ow, o]`
 *
 * `dX[b, h, w, c] = sum over the windows that see it of the sum over o of dY[b, oh, ow, o] * W[kh, kw, c, o]`
 *
 * `c[i, j] = bias[j] + sum over k of a[i, k] * b[k, j]`
 *
 * Shapes: as in tfjs, batches that broadcast included. Rules: each sum is added in this order, in float32, so results are equal
 * to the last bit from run to run and to a plain loop; tfjs's own kernels add in another order. The gradient with respect to
 * x adds up windows in row-major order, and for each the products in the order of o. Padding counts as zeros.
 * What these kernels do not compute (other types, other activations) the kernels before compute; and all of it where the
 * host has no SIMD or its policy forbids to compile WebAssembly. Where the backend has several threads, that is in a browser on a
 * cross-origin isolated page, so have these kernels: workers share large ones, some time after the first of them ran; the bits
 * stay the same. In Node tfjs uses one thread, and so do these.
 *
 * With these, every layer of tf.layers can be trained on wasm that can be trained on any backend of tfjs. What none can: a
 * dilated `conv2d`, `conv3dTranspose` and `thresholdedReLU`, of which tfjs-core has no gradient. Without them `conv1d`, `conv2d`,
 * `conv2dTranspose`, `convLstm2d`, `depthwiseConv2d`, `separableConv2d` and `embedding` cannot. tf.layers' max pooling loses
 * gradient on wasm; this package's layers and `installPoolingKernels` do not.
 *
 * Idempotent. `@tensorflow/tfjs-backend-wasm` must be imported before; the backend may be made later, removed, and made again.
 *
 * @returns unregister() puts the kernels back that were there before
 * @throws Error if `@tensorflow/tfjs-backend-wasm` is not imported yet
 *
 * @example
 * ```js
 * registerWasmTrainingKernels();
 * await tf.setBackend('wasm'); // and model.fit works
 * ```
 * @see Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for Document Processing (2006)
 */
export function registerWasmTrainingKernels(): WasmTrainingKernels {
  if (getKernel(BatchMatMul, BACKEND) == null) {
    throw new Error(
      'registerWasmTrainingKernels: expected @tensorflow/tfjs-backend-wasm to be imported before this call; ' +
        "got no kernels for the backend 'wasm'.",
    );
  }
  registerWasmConv2DGradient();
  for (const [name, kernel] of Object.entries(KERNELS)) exchange(name, kernel);
  return Object.freeze({ unregister });
}

function exchange(kernelName: string, kernel: TrainingKernel): void {
  const before = getKernel(kernelName, BACKEND) as Exchanged | undefined;
  if (before && BEFORE in before) return;
  const kernelFunc: KernelConfig['kernelFunc'] = (call) => {
    const onHeap = heapCall(call);
    const result = onHeap && kernel(onHeap);
    if (result) return result;
    if (before) return before.kernelFunc(call);
    throw new Error(
      `${kernelName} on wasm: expected a host with SIMD that allows to compile WebAssembly; got none, and tfjs has no such kernel.`,
    );
  };
  // Set-up and disposal stay those of the kernel before: what is left to it needs them in a backend that is made anew.
  const config: Exchanged = { ...before, kernelName, backendName: BACKEND, kernelFunc };
  setKernel(Object.defineProperty(config, BEFORE, { value: before ?? null, enumerable: false }));
}

function unregister(): void {
  for (const name of Object.keys(KERNELS)) {
    const before = (getKernel(name, BACKEND) as Exchanged | undefined)?.[BEFORE];
    if (before) setKernel(before);
    else if (before === null) unregisterKernel(name, BACKEND);
  }
}
