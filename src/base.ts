/** Everything of this package, without side effects: nothing is registered by importing it. */
export type {
  ArgmaxOption,
  AxisList,
  AxisPadding,
  DataFormat,
  DataFormatOption,
  Implementation,
  ImplementationOption,
  NanOption,
  NanRule,
  OrDefault,
  OrNull,
  Padding,
  PerAxis,
  Overlaps,
  PoolOptions,
  PoolSpec,
  SpatialRank,
  WindowOptions,
  UnpoolOptions,
} from './spec';
export {
  type ValuesAndArgmax,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithArgmax1d,
  maxPoolWithArgmax2d,
  maxPoolWithArgmax3d,
} from './ops/max_pool';
export type { PoolingInput } from './ops/pooling_input';
export { type Im2ColOptions, col2im, im2col } from './ops/columns';
export { gatherArgmax, scatterArgmax } from './ops/routing';
export { maxUnpool1d, maxUnpool2d, maxUnpool3d } from './ops/max_unpool';
export type { IndexFormat } from './ops/index_formats';
export type { Numbers } from './ops/read_numbers';
export { argmaxToIndices } from './ops/argmax_to_indices';
export { indicesToArgmax } from './ops/indices_to_argmax';
export type { GlobalMaxPoolOptions, GlobalMaxPoolSpec, GlobalPoolOptions, GlobalPoolSpec } from './global';
export { globalMaxPool1d, globalMaxPool2d, globalMaxPool3d } from './ops/global_max_pool';
export type { AveragePoolOptions, AveragePoolSpec } from './average';
export { averagePool1d, averagePool2d, averagePool3d } from './ops/average_pool';
export { globalAveragePool1d, globalAveragePool2d, globalAveragePool3d } from './ops/global_average_pool';
export type { AdaptiveMaxPoolOptions, AdaptiveMaxPoolSpec, AdaptivePoolOptions, AdaptivePoolSpec } from './adaptive';
export {
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  adaptiveMaxPoolWithArgmax1d,
  adaptiveMaxPoolWithArgmax2d,
  adaptiveMaxPoolWithArgmax3d,
} from './ops/adaptive_max_pool';
export { adaptiveAveragePool1d, adaptiveAveragePool2d, adaptiveAveragePool3d } from './ops/adaptive_average_pool';
export type { LpPoolOptions, LpPoolSpec } from './lp';
export { lpPool1d, lpPool2d, lpPool3d } from './ops/lp_pool';
export {
  type ForeignPoolOptions,
  type SizedForeignPoolOptions,
  type TorchPoolSettings,
  poolOptionsFromTorch,
} from './elsewhere/from_torch';
export { type OnnxPoolAttributes, type OnnxPoolOperator, poolOptionsFromOnnx } from './elsewhere/from_onnx';
export { type RegisterOptions, registerPoolingKernels } from './kernels/register';
export { registerWasmConv2DGradient } from './conv/wasm_conv2d_gradient';
export type { TfjsCopy } from './layers/host';
export type { BaseLayerArgs, OrdinaryLayerArgs } from './layers/layer_args';
export type { PoolingKinds, RestoredSizeOption } from './kinds';
export type {
  Im2ColLayers,
  PoolingLayer,
  PoolingLayerArgs,
  PoolingLayerClass,
  PoolingLayerFactory,
} from './layers/types';
export { registerIm2ColLayers } from './layers/define_layers';
export {
  Im2ColMaxPooling1D,
  Im2ColMaxPooling2D,
  Im2ColMaxPooling3D,
  MaxUnpooling1D,
  MaxUnpooling2D,
  MaxUnpooling3D,
  im2colMaxPooling1d,
  im2colMaxPooling2d,
  im2colMaxPooling3d,
  maxUnpooling1d,
  maxUnpooling2d,
  maxUnpooling3d,
} from './layers/max_layers';
export { type InstallOptions, type InstalledKernels, installPoolingKernels } from './install';
export {
  Im2ColGlobalMaxPooling1D,
  Im2ColGlobalMaxPooling2D,
  Im2ColGlobalMaxPooling3D,
  im2colGlobalMaxPooling1d,
  im2colGlobalMaxPooling2d,
  im2colGlobalMaxPooling3d,
  Im2ColGlobalAveragePooling1D,
  Im2ColGlobalAveragePooling2D,
  Im2ColGlobalAveragePooling3D,
  im2colGlobalAveragePooling1d,
  im2colGlobalAveragePooling2d,
  im2colGlobalAveragePooling3d,
} from './layers/global_layers';
export {
  Im2ColAveragePooling1D,
  Im2ColAveragePooling2D,
  Im2ColAveragePooling3D,
  im2colAveragePooling1d,
  im2colAveragePooling2d,
  im2colAveragePooling3d,
} from './layers/average_layers';
export {
  Im2ColAdaptiveMaxPooling1D,
  Im2ColAdaptiveMaxPooling2D,
  Im2ColAdaptiveMaxPooling3D,
  im2colAdaptiveMaxPooling1d,
  im2colAdaptiveMaxPooling2d,
  im2colAdaptiveMaxPooling3d,
  Im2ColAdaptiveAveragePooling1D,
  Im2ColAdaptiveAveragePooling2D,
  Im2ColAdaptiveAveragePooling3D,
  im2colAdaptiveAveragePooling1d,
  im2colAdaptiveAveragePooling2d,
  im2colAdaptiveAveragePooling3d,
} from './layers/adaptive_layers';
export {
  Im2ColLpPooling1D,
  Im2ColLpPooling2D,
  Im2ColLpPooling3D,
  im2colLpPooling1d,
  im2colLpPooling2d,
  im2colLpPooling3d,
} from './layers/lp_layers';
export { version } from './version';
