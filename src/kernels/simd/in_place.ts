/** The SIMD kernels on arrays that lie in the module's memory: no copies. */
import type { PoolGeometry } from '../../geometry';
import { col2imLoop, im2colLoop } from '../loops';
import { type PoolKernels, isFloat32 } from '../pool_kernels';
import { type PoolModule, poolModule, setGeometry } from './module';

const made = new WeakMap<PoolModule, PoolKernels>();

/** Kernels for views of `memory`, or undefined where there is no SIMD. */
export function simdKernels(memory: WebAssembly.Memory): PoolKernels | undefined {
  const module = poolModule(memory);
  if (!module) return undefined;
  const known = made.get(module);
  if (known) return known;
  const kernels = kernelsOf(module);
  made.set(module, kernels);
  return kernels;
}

function kernelsOf(module: PoolModule): PoolKernels {
  return {
    variant: 'simd',
    maxPool(g, x, y, argmax) {
      setGeometry(module, g);
      module.maxPool(x.byteOffset, y.byteOffset, argmax ? argmax.byteOffset : 0, isFloat32(x), ignoresNan(g));
    },
    scatterArgmax(g, dy, argmax, dx) {
      setGeometry(module, g);
      module.scatter(dy.byteOffset, argmax.byteOffset, dx.byteOffset, isFloat32(dy), 0);
    },
    gatherArgmax(g, x, argmax, y) {
      setGeometry(module, g);
      module.gather(x.byteOffset, argmax.byteOffset, y.byteOffset);
    },
    // These transpose, channel-major, and gain nothing from lanes of channels.
    im2col: im2colLoop,
    col2im: col2imLoop,
  };
}

export function ignoresNan(g: PoolGeometry): boolean {
  return g.spec.nan === 'ignore';
}
