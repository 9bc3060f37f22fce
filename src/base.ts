/** Everything of this package, without side effects: nothing is registered by importing it. */
export type {
  AxisPadding, DataFormat, Implementation, NanRule, Padding, PerAxis, PoolOptions, PoolSpec, SpatialRank,
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
export { registerWasmConv2DGradient } from './conv/wasm_conv2d_gradient';
export type { TfjsCopy } from './layers/host';
export type { BaseLayerArgs, LayerClass, PoolingLayerArgs, PoolingLayerProperties } from './layers/pooling_layer';
export type {
  Im2ColMaxPoolingArgs, Im2ColMaxPoolingClass, Im2ColMaxPoolingClasses, Im2ColMaxPoolingFactory, Im2ColMaxPoolingLayer,
  Im2ColMaxPoolingProperties,
} from './layers/max_pooling';
export type {
  MaxUnpoolingArgs, MaxUnpoolingClass, MaxUnpoolingClasses, MaxUnpoolingFactory, MaxUnpoolingLayer, MaxUnpoolingProperties,
} from './layers/max_unpooling';
export { type Im2ColLayers, registerIm2ColLayers } from './layers/define_layers';
export {
  Im2ColMaxPooling1D, Im2ColMaxPooling2D, Im2ColMaxPooling3D, MaxUnpooling1D, MaxUnpooling2D, MaxUnpooling3D,
  im2colMaxPooling1d, im2colMaxPooling2d, im2colMaxPooling3d, maxUnpooling1d, maxUnpooling2d, maxUnpooling3d,
} from './layers';
