/** Models to and from Keras 3, as JSON; nothing is registered by importing it. */
export type { KerasPooling } from './keras_pooling';
export { type KerasModelJson, type KerasOptions, toKerasModel } from './to_keras';
export { type TfjsTopology, fromKerasModel } from './from_keras';
