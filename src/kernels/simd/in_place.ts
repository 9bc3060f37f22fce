/** The SIMD kernels on arrays that lie in the module's memory: no copies. */
import type { Divisor } from '../../average';
import { type PoolGeometry, hasFitted } from '../../geometry';
import type { Overlaps } from '../../spec';
import { col2imLoop, im2colLoop, lastTap } from '../loops';
import { isLowPower, lpPoolGradientLoop, lpPoolLoop } from '../lp_loops';
import { type Argmax, type PoolKernels, type Values, isFloat32, isInBytes } from '../pool_kernels';
import { type PoolModule, poolModule, setGeometry } from './module';

export interface SimdKernels extends PoolKernels {
  /** As scatterArgmax, but the first `kept` elements of dx hold the sums of windows before, and are added to. */
  scatterOnto(
    g: PoolGeometry,
    dy: Values,
    argmax: Argmax,
    dx: Values,
    overlaps: Overlaps | undefined,
    kept: number,
  ): void;
  /** As col2im, in the same way, for windows that are not fitted to the outputs. */
  col2imOnto(g: PoolGeometry, columns: Values, dx: Values, kept: number): void;
  /** As averageSpread, in the same way. */
  spreadOnto(g: PoolGeometry, dy: Values, dx: Values, divisor: Divisor, kept: number): void;
  /** As lpPoolGradient, in the same way; p is {@link isLowPower}. */
  lpGradientOnto(g: PoolGeometry, x: Values, y: Values, dy: Values, dx: Values, p: number, kept: number): void;
}

const made = new WeakMap<PoolModule, SimdKernels>();

/** Kernels for views of `memory`, or undefined where there is no SIMD. */
export function simdKernels(memory: WebAssembly.Memory): SimdKernels | undefined {
  const module = poolModule(memory);
  if (!module) return undefined;
  const known = made.get(module);
  if (known) return known;
  const kernels = kernelsOf(module);
  made.set(module, kernels);
  return kernels;
}

/** Kernels that call `module`. */
export function kernelsOf(module: PoolModule): SimdKernels {
  return {
    variant: 'simd',
    maxPool(g, x, y, argmax) {
      setGeometry(module, g);
      const ignoreNan = g.spec.nan === 'ignore';
      const inBytes = argmax !== undefined && isInBytes(argmax);
      module.maxPool(x.byteOffset, y.byteOffset, argmax ? argmax.byteOffset : 0, isFloat32(x), ignoreNan, inBytes);
    },
    scatterArgmax(g, dy, argmax, dx, overlaps) {
      this.scatterOnto(g, dy, argmax, dx, overlaps, 0);
    },
    scatterOnto(g, dy, argmax, dx, overlaps, kept) {
      setGeometry(module, g);
      const [isFloat, writes] = [isFloat32(dy), overlaps === 'write'];
      const inBytes = isInBytes(argmax);
      module.scatter(dy.byteOffset, argmax.byteOffset, dx.byteOffset, isFloat, writes, kept * 4, inBytes);
    },
    gatherArgmax(g, x, argmax, y) {
      setGeometry(module, g);
      module.gather(x.byteOffset, argmax.byteOffset, y.byteOffset, isInBytes(argmax));
    },
    areTaps(argmax, taps) {
      const { byteOffset, byteLength } = argmax;
      return module.areTaps(byteOffset, byteOffset + byteLength, lastTap(taps)) !== 0;
    },
    im2col(g, x, columns, padValue) {
      if (hasFitted(g)) return im2colLoop(g, x, columns, padValue);
      setGeometry(module, g);
      module.im2col(x.byteOffset, columns.byteOffset, isFloat32(x) ? bitsOf(padValue) : padValue);
    },
    col2im(g, columns, dx) {
      if (hasFitted(g)) col2imLoop(g, columns, dx);
      else this.col2imOnto(g, columns, dx, 0);
    },
    col2imOnto(g, columns, dx, kept) {
      setGeometry(module, g);
      module.col2im(columns.byteOffset, dx.byteOffset, isFloat32(dx), kept * 4);
    },
    averagePool(g, x, y, divisor) {
      setGeometry(module, g);
      setDivisor(module, g, divisor);
      module.averagePool(x.byteOffset, y.byteOffset);
    },
    averageSpread(g, dy, dx, divisor) {
      this.spreadOnto(g, dy, dx, divisor, 0);
    },
    spreadOnto(g, dy, dx, divisor, kept) {
      setGeometry(module, g);
      setDivisor(module, g, divisor);
      module.averageSpread(dy.byteOffset, dx.byteOffset, kept * 4);
    },
    lpPool(g, x, y, p) {
      if (!isLowPower(p)) return lpPoolLoop(g, x, y, p);
      setGeometry(module, g);
      module.lpPool(x.byteOffset, y.byteOffset, p === 3);
    },
    lpPoolGradient(g, x, y, dy, dx, p) {
      if (isLowPower(p)) this.lpGradientOnto(g, x, y, dy, dx, p, 0);
      else lpPoolGradientLoop(g, x, y, dy, dx, p);
    },
    lpGradientOnto(g, x, y, dy, dx, p, kept) {
      setGeometry(module, g);
      module.lpPoolGradient(x.byteOffset, y.byteOffset, dy.byteOffset, dx.byteOffset, p === 3, kept * 4);
    },
  };
}

/** The bits of a number as a float32. */
function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}

const MODES = { one: 0, real: 1, padded: 2 };

function setDivisor(module: PoolModule, { depth, height, width }: PoolGeometry, divisor: Divisor): void {
  const [mode, given] = typeof divisor === 'number' ? [MODES.one, divisor] : [MODES[divisor], 1];
  module.setDivisor(mode, given, depth.padAfter, height.padAfter, width.padAfter);
}
