/**
 * Exchanging the pooling layers of models: `tfjs-im2col-pooling/convert`.
 *
 * @module
 */
export { convertPooling } from './convert_model';
export { type ConvertOptions, convertPoolingTopology } from './convert_topology';
export type { ConvertTarget } from './exchange_layer';
