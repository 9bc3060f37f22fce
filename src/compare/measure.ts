/** What can be measured of a pooling on the current backend: its kernels, its time, the bytes it keeps. */
import {
  type DataId,
  type KernelBackend,
  type Tensor,
  backend,
  clone,
  customGrad,
  dispose,
  engine,
  getBackend,
  grad,
  memory,
  relu,
  scalar,
  slice,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Timing } from './report';
import { median } from './statistics';

export type Pooling = (x: Tensor) => Tensor;

/** Runs `f`; and the names of the kernels that it ran, in order of their first call. */
export function withKernelNames<T>(f: () => T): { result: T; kernels: string[] } {
  const tfjs = engine();
  const own = Object.getOwnPropertyDescriptor(tfjs, 'runKernel');
  const { runKernel } = tfjs;
  const ran: string[] = [];
  // tf.profile would read every result back; and what throws inside it leaves profiling on.
  tfjs.runKernel = (name, ...rest) => {
    const at = ran.push(name) - 1;
    try {
      return runKernel.call(tfjs, name, ...rest) as never;
    } catch (error) {
      // One that is asked for and not there has not run.
      ran.splice(at, 1);
      throw error;
    }
  };
  try {
    return { result: f(), kernels: [...new Set(ran)] };
  } finally {
    if (own) Object.defineProperty(tfjs, 'runKernel', own);
    else delete (tfjs as Partial<typeof tfjs>).runKernel;
  }
}

/**
 * Medians of alternating runs, each until one element has been read back, which finishes what is queued on a GPU.
 * One run of each before the first that counts compiles shaders and code.
 */
export async function timeOf(
  ours: () => Tensor,
  builtin: (() => Tensor) | null,
  repeats: number,
  rest: () => Promise<void>,
): Promise<Timing> {
  const own = { run: ours, samples: [] as number[] };
  const other = builtin && { run: builtin, samples: [] as number[] };
  for (let round = 0; round <= repeats; round++) {
    // Taking turns, so that a drift of the machine hits both.
    for (const contestant of round % 2 === 0 ? [own, other] : [other, own]) {
      if (contestant === null) continue;
      await rest();
      const ms = await milliseconds(contestant.run);
      if (round > 0) contestant.samples.push(ms);
    }
  }
  const [ourMs, builtinMs] = [median(own.samples), other && median(other.samples)];
  // A coarse clock may see no time pass.
  const ratio = builtinMs === null || ourMs === 0 ? null : builtinMs / ourMs;
  return { ours: ourMs, builtin: builtinMs, ratio };
}

/**
 * Bytes that only the tape keeps alive between forward and backward: the input, where nobody else holds it, and all that the
 * pooling saves. Measured at the start of the backward pass, when everything else is gone.
 */
export function keptBytes(pooling: Pooling, x: Tensor): number {
  return bytesInBackward(pooling, x) - bytesInBackward((t) => clone(t), x);
}

function bytesInBackward(pooling: Pooling, source: Tensor): number {
  let bytes = 0;
  const before = memory().numBytes;
  // Ends the forward pass as a loss does, without keeping y; its gradient is the first that runs.
  const end = ({ shape }: Tensor) => ({
    value: scalar(0),
    gradFunc: () => {
      bytes = memory().numBytes - before;
      return zeros(shape);
    },
  });
  // The result of relu has no other owner than the pooling.
  dispose(grad((t) => customGrad((y) => end(y as Tensor))(pooling(relu(t))))(source));
  return bytes;
}

async function milliseconds(run: () => Tensor): Promise<number> {
  const start = performance.now();
  const result = run();
  await finish(result);
  const ms = performance.now() - start;
  result.dispose();
  return ms;
}

/** Waits until a tensor is computed, by reading one element of it. */
async function finish(tensor: Tensor): Promise<void> {
  if (getBackend() === 'wasm') {
    // tf.slice would copy all of it there.
    (backend() as KernelBackend & { readSync(id: DataId, start: number, end: number): unknown }).readSync(
      tensor.dataId,
      0,
      1,
    );
    return;
  }
  const one: Tensor = slice(
    tensor,
    tensor.shape.map(() => 0),
    tensor.shape.map(() => 1),
  );
  // WebGL's asynchronous read would add the delays of its polling; WebGPU has no other.
  if (getBackend() === 'webgpu') await one.data();
  else one.dataSync();
  one.dispose();
}
