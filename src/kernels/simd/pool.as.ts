// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** The module's exports; module.ts has their types and says how to call them. */
export { averagePool } from './average_pool.as';
export { averageSpread } from './average_spread.as';
export { col2im, im2col } from './columns.as';
export { setDivisor } from './divisor.as';
export { setDepth, setFitted, setHeight, setSizes, setWidth } from './geometry.as';
export { gather } from './gather.as';
export { lpPoolGradient } from './lp_gradient.as';
export { lpPool } from './lp_pool.as';
export { maxPool } from './max_pool.as';
export { scatter } from './scatter.as';
export { areTaps } from './taps.as';
