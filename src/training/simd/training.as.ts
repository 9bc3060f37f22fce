// @ts-nocheck AssemblyScript: compiled by build.mjs, not by tsc.
/** The second SIMD module: what training a CNN needs beside pooling. */
export { matMul, matMulScratch, setProduct } from './mat_mul.as';
export { setHeight, setSizes, setWidth } from './convolution.as';
export { filterGradient, filterGradientScratch } from './filter_gradient.as';
export { convolve, convolveScratch } from './convolve.as';
export { inputGradient, inputGradientScratch } from './input_gradient.as';
export { sumRows, sumSegments } from './sum.as';
export { combine, transform } from './elementwise.as';
export { depthwiseFilterGradient, depthwiseInputGradient, repeatChannels, sumChannels } from './depthwise.as';
