/** The SIMD module of pooling (pool.as.ts) on this side. */
import { type AxisGeometry, type PoolGeometry, hasFitted } from '../../geometry';
import { compiler, linker } from './link';
import { MODULE_TEXT, SHARED_FLAG_OFFSET } from './module_bytes';

/** What pool.as.ts exports. Numbers are bytes' addresses unless said otherwise. */
export interface PoolModule {
  setSizes(batch: number, channels: number): void;
  setDepth: SetAxis;
  setHeight: SetAxis;
  /** To be called last. */
  setWidth: SetAxis;
  /** To be called after that, where windows are fitted to the outputs: step, offset and per along each axis, as geometry.as.ts has them. */
  setFitted(...perAxis: number[]): void;
  /** `argmax` 0: values alone. `inBytes`, here and below: it has a byte for each tap, and arrays begin at multiples of eight bytes. */
  maxPool(x: number, y: number, argmax: number, isFloat: boolean, ignoreNan: boolean, inBytes: boolean): void;
  /** The first `kept` bytes of dx hold what windows before gave; `writes`: over these, in place of adding to them. */
  scatter(
    dy: number,
    argmax: number,
    dx: number,
    isFloat: boolean,
    writes: boolean,
    kept: number,
    inBytes: boolean,
  ): void;
  gather(x: number, argmax: number, y: number, inBytes: boolean): void;
  /** Whether all int32 from `argmax` to `end` lie in [0, last]. */
  areTaps(argmax: number, end: number, last: number): number;
  /** Padding reads as the number that has these bits. */
  im2col(x: number, columns: number, padBits: number): void;
  /** The first `kept` bytes of dx are added to; the rest is written. */
  col2im(columns: number, dx: number, isFloat: boolean, kept: number): void;
  /** What averages divide by: an int32, times 0 nothing, 1 the real taps, 2 those on the input with this padding after it. */
  setDivisor(mode: number, given: number, depthAfter: number, heightAfter: number, widthAfter: number): void;
  averagePool(x: number, y: number): void;
  /** The first `kept` bytes of dx are added to; the rest is written. */
  averageSpread(dy: number, dx: number, kept: number): void;
  /** p is 3 with `cubes`, else 2; so below. */
  lpPool(x: number, y: number, cubes: boolean): void;
  /** The first `kept` bytes of dx are added to; the rest is written. */
  lpPoolGradient(x: number, y: number, dy: number, dx: number, cubes: boolean, kept: number): void;
}

type SetAxis = (
  input: number,
  output: number,
  window: number,
  stride: number,
  dilation: number,
  padBefore: number,
) => void;

export const poolCode = /* @__PURE__ */ compiler({
  text: MODULE_TEXT,
  sharedFlagOffset: SHARED_FLAG_OFFSET,
});

/** See {@link Linker}. */
export const poolModule = /* @__PURE__ */ linker<PoolModule>(poolCode);

/** Tells the module the geometry that its next kernel works on. */
export function setGeometry(module: PoolModule, g: PoolGeometry): void {
  const { depth, height, width } = g;
  module.setSizes(g.batch, g.channels);
  module.setDepth(depth.input, depth.output, depth.window, depth.stride, depth.dilation, depth.padBefore);
  module.setHeight(height.input, height.output, height.window, height.stride, height.dilation, height.padBefore);
  module.setWidth(width.input, width.output, width.window, width.stride, width.dilation, width.padBefore);
  if (hasFitted(g)) module.setFitted(...[depth, height, width].flatMap(fittedArgs));
}

function fittedArgs({ fitted }: AxisGeometry): readonly number[] {
  return fitted ? [fitted.step, fitted.offset, fitted.per] : [0, 0, 0];
}
