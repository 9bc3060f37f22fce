/**
 * The node backend (tfjs-node): the SIMD module on copies that TensorFlow makes.
 *
 * TensorFlow's own pooling is no use here: its MaxPool takes denormal numbers for zero, loses NaN, and makes
 * -3.4e38 of -Infinity. Its values cannot be seen in place either, and `readSync` brings a fresh array
 * each time, which costs several times the pooling. But a tensor made of an array shares the array's memory. So
 * TensorFlow's InplaceUpdate copies tensors into the SIMD module's memory, and its DeepCopy copies results out.
 * Where that does not hold (a GPU, another alignment) or for large tensors, `readSync` and `write` serve.
 */
import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { readWriteBackend } from './cpu';
import { type HostBackend, type OutputInfo, hostKernels } from './host_kernels';
import type { Values } from './pool_kernels';
import { Scratch } from './simd/scratch';

/** What this file uses of tfjs-node's NodeJSKernelBackend. */
interface NodeBackend extends KernelBackend {
  readonly binding: { TF_ATTR_TYPE: number; TF_FLOAT: number; TF_INT32: number };
  executeSingleOutput(name: string, opAttrs: unknown[], inputs: TensorInfo[]): Tensor;
}

/** Enough for the inputs and outputs of most poolings; it is kept. */
const MAX_BYTES = 2 ** 26;

let scratch: Scratch | null | undefined;

const nodeBackend: HostBackend<NodeBackend> = (backend, inputs, outputs, body) => {
  scratch ??= makeScratch(backend);
  const infos = [...inputs, ...outputs];
  const arrays = scratch?.arrays(infos.map(sizeOf), infos.map(dtypeOf));
  if (!scratch || !arrays) return readWriteBackend(backend, inputs, outputs, body);
  inputs.forEach((info, i) => copyIn(backend, info, arrays[i]));
  const results = arrays.slice(inputs.length);
  body(scratch.kernels, arrays.slice(0, inputs.length), results);
  return outputs.map((info, i) => copyOut(backend, info, results[i]));
};

/** Null where copies don't arrive, or where there is no SIMD. */
function makeScratch(backend: NodeBackend): Scratch | null {
  const made = Scratch.make(MAX_BYTES);
  const [array] = made?.arrays([2], ['float32']) ?? [];
  if (!made || !array) return null;
  const trial = asTensor(backend, Float32Array.of(1, 2), [1, 2], 'float32');
  try {
    array.fill(0);
    copyIn(backend, trial, array);
    return array[0] === 1 && array[1] === 2 ? made : null;
  } catch {
    return null;
  } finally {
    backend.disposeData(trial.dataId);
  }
}

/** tensor -> array. InplaceUpdate writes a row of its third input into its first, which shares `array`. */
function copyIn(backend: NodeBackend, info: TensorInfo, array: Values): void {
  const rowShape = [1, array.length];
  const target = asTensor(backend, array, rowShape, info.dtype);
  const rowNumbers = asTensor(backend, Int32Array.of(0), [1], 'int32');
  const newShape = asTensor(backend, Int32Array.from(rowShape), [2], 'int32');
  try {
    const types = [typeAttribute(backend, 'T', info), typeAttribute(backend, 'Tshape', newShape)];
    const row = backend.executeSingleOutput('Reshape', types, [info, newShape]);
    backend.executeSingleOutput('InplaceUpdate', types.slice(0, 1), [target, rowNumbers, row]).dispose();
    row.dispose();
  } finally {
    for (const { dataId } of [target, rowNumbers, newShape]) backend.disposeData(dataId);
  }
}

/** array -> tensor */
function copyOut(backend: NodeBackend, { shape, dtype }: OutputInfo, array: Values): TensorInfo {
  const source = asTensor(backend, array, shape, dtype);
  try {
    return backend.executeSingleOutput('DeepCopy', [typeAttribute(backend, 'T', source)], [source]);
  } finally {
    backend.disposeData(source.dataId);
  }
}

function asTensor(backend: NodeBackend, array: Values, shape: number[], dtype: TensorInfo['dtype']): TensorInfo {
  return { dataId: backend.write(array, shape, dtype), shape, dtype };
}

function typeAttribute({ binding }: NodeBackend, name: string, { dtype }: TensorInfo): unknown {
  return { name, type: binding.TF_ATTR_TYPE, value: dtype === 'int32' ? binding.TF_INT32 : binding.TF_FLOAT };
}

function sizeOf({ shape }: { shape: number[] }): number {
  return shape.reduce((a, b) => a * b, 1);
}

function dtypeOf({ dtype }: { dtype: string }): 'float32' | 'int32' {
  return dtype === 'int32' ? 'int32' : 'float32';
}

export const nodeKernels = hostKernels('tensorflow', nodeBackend);
