/** Everything of this package, without side effects: nothing is registered by importing it. */
export type {
  AxisPadding, DataFormat, Implementation, NanRule, Padding, PerAxis, PoolOptions,
} from './spec';
export {
  type ValuesAndArgmax, maxPool1d, maxPool2d, maxPool3d, maxPoolWithArgmax1d, maxPoolWithArgmax2d,
  maxPoolWithArgmax3d,
} from './ops/max_pool';
export { type Im2ColOptions, col2im, im2col } from './ops/columns';
export { gatherArgmax, scatterArgmax } from './ops/routing';
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from './ops/max_unpool';
export { type IndexFormat, argmaxToIndices } from './ops/argmax_to_indices';
export { registerPoolingKernels } from './kernels/register';
