/** The layers that convertPooling exchanges: a family is added by its lines here. Data alone. */

/** Each layer of tf.layers with its counterpart of this package. */
export const LAYER_PAIRS: ReadonlyArray<readonly [builtin: string, im2col: string]> = [
  ['MaxPooling1D', 'Im2ColMaxPooling1D'],
  ['MaxPooling2D', 'Im2ColMaxPooling2D'],
  ['MaxPooling3D', 'Im2ColMaxPooling3D'],
  ['AveragePooling1D', 'Im2ColAveragePooling1D'],
  ['AveragePooling2D', 'Im2ColAveragePooling2D'],
  ['AveragePooling3D', 'Im2ColAveragePooling3D'],
  ['GlobalMaxPooling1D', 'Im2ColGlobalMaxPooling1D'],
  ['GlobalMaxPooling2D', 'Im2ColGlobalMaxPooling2D'],
  ['GlobalAveragePooling1D', 'Im2ColGlobalAveragePooling1D'],
  ['GlobalAveragePooling2D', 'Im2ColGlobalAveragePooling2D'],
];

/** Class names of this package begin so; one that LAYER_PAIRS has not has no counterpart in tf.layers. */
export const OWN_PREFIXES: readonly string[] = ['Im2Col', 'MaxUnpooling'];

/** The options of pooling that tf.layers has. */
export const BUILTIN_OPTIONS: readonly string[] = ['poolSize', 'strides', 'padding', 'dataFormat'];

/** Our options that tf.layers lacks, and the only value that it can express. */
export const ONLY_VALUES: ReadonlyArray<readonly [option: string, value: unknown]> = [
  ['dilationRate', 1],
  ['ceilMode', false],
  ['returnArgmax', false],
  ['keepDims', false],
  ['countIncludePad', false],
];
