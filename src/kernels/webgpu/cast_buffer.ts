/** Tensors whose buffer holds another dtype than theirs: `tf.cast` on webgpu copies nothing where no value would change. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { sizeOf } from '../../layout';

const WORKGROUP = 128;

/** The tensor itself, or a copy in a buffer of its dtype, which is to be disposed of. WGSL goes by the buffer's. */
export function withOwnDtype(backend: WebGPUBackend, info: TensorInfo): TensorInfo {
  if (backend.tensorMap.get(info.dataId).dtype === info.dtype) return info;
  const size = sizeOf(info.shape);
  const type = info.dtype === 'int32' ? 'i32' : 'f32';
  return backend.runWebGPUProgram(
    {
      outputShape: [size],
      shaderKey: 'im2col_cast',
      dispatchLayout: { x: [0] },
      dispatch: [Math.ceil(size / WORKGROUP), 1, 1],
      workgroupSize: [WORKGROUP, 1, 1],
      variableNames: ['x'],
      uniforms: 'count : i32',
      getUserCode: () => `
fn main(index : i32) {
  if (index < uniforms.count) { result[index] = ${type}(x[index]); }
}`,
    },
    [{ ...info, shape: [size] }],
    info.dtype,
    [{ type: 'int32', data: [size] }],
  );
}
