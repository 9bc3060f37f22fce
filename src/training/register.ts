/** registerWasmTrainingKernels: what stock tfjs lacks or does slowly when a network is trained on wasm. */
import {
  BatchMatMul,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
  type KernelConfig,
  Sum,
  type TensorInfo,
  _FusedMatMul,
  getKernel,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { registerWasmConv2DGradient } from '../conv/wasm_conv2d_gradient';
import { convolveKernel, filterGradientKernel, inputGradientKernel } from './conv2d';
import { type HeapCall, heapCall } from './heap';
import { matMulKernel } from './mat_mul';
import { sumKernel } from './sum';

const BACKEND = 'wasm';

/** Undefined: left to the kernel that was there before. */
type TrainingKernel = (call: HeapCall) => TensorInfo | undefined;

const KERNELS: Readonly<Record<string, TrainingKernel>> = {
  [BatchMatMul]: matMulKernel,
  [_FusedMatMul]: matMulKernel,
  [Conv2D]: convolveKernel,
  [FusedConv2D]: convolveKernel,
  [Conv2DBackpropFilter]: filterGradientKernel,
  [Conv2DBackpropInput]: inputGradientKernel,
  [Sum]: sumKernel,
};

/** Under this name a kernel of ours carries the one that it was put in the place of, for any copy of this package. */
const BEFORE = Symbol.for('tfjs-im2col-pooling.kernelBeforeTraining');
type Exchanged = KernelConfig & { [BEFORE]?: KernelConfig };

/** What {@link registerWasmTrainingKernels} returns. */
export interface WasmTrainingKernels {
  /** Puts the kernels back that were there before. A second call does nothing. */
  unregister(): void;
}

/**
 * Makes training on the backend 'wasm' possible and fast, by kernels of this package in the place of tfjs's own: the gradients
 * of `conv2d`, of which stock tfjs lacks the filter's up to 4.22; matrix products, which it computes ten times slower where a
 * factor is transposed, as in the gradient of every dense layer; sums over the outer axes, the gradient of a bias; and
 * `conv2d` itself, with bias, relu and relu6, for one or two input channels (for more, tfjs's own is faster).
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
 * host has no SIMD or its policy forbids to compile WebAssembly. They run in one thread.
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
  const before = getKernel(kernelName, BACKEND) as Exchanged;
  if (before[BEFORE]) return;
  const kernelFunc: KernelConfig['kernelFunc'] = (call) => {
    const onHeap = heapCall(call);
    return (onHeap && kernel(onHeap)) ?? before.kernelFunc(call);
  };
  // Set-up and disposal stay those of the kernel before: what is left to it needs them in a backend that is made anew.
  set(Object.defineProperty({ ...before, kernelFunc }, BEFORE, { value: before, enumerable: false }));
}

function unregister(): void {
  for (const name of Object.keys(KERNELS)) {
    const before = (getKernel(name, BACKEND) as Exchanged | undefined)?.[BEFORE];
    if (before) set(before);
  }
}

/** Registering over a kernel would be warned of. */
function set(config: KernelConfig): void {
  unregisterKernel(config.kernelName, BACKEND);
  registerKernel(config);
}
