/** The layers that tfjs and Keras 3 both have, and where one name means two things. No tfjs. */
import type { LayerConfig } from '../convert/exchange_layer';
import { show } from '../show';

/** Layers whose configuration means the same to tfjs and to Keras 3, but for {@link refusalOf} and {@link forKeras}. */
const SHARED_LAYERS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  (
    'Activation ELU LeakyReLU PReLU ReLU Softmax ' +
    'Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose DepthwiseConv2D SeparableConv2D ' +
    'Cropping2D UpSampling2D ZeroPadding2D ' +
    'Dense Dropout SpatialDropout1D Embedding Flatten Permute RepeatVector Reshape Masking ' +
    'Add Average Concatenate Dot Maximum Minimum Multiply ' +
    'BatchNormalization LayerNormalization AlphaDropout GaussianDropout GaussianNoise ' +
    'GRU GRUCell LSTM LSTMCell SimpleRNN SimpleRNNCell RNN StackedRNNCells ConvLSTM2D ' +
    'Bidirectional TimeDistributed Rescaling'
  ).split(' '),
);

export function isSharedLayer(className: string): boolean {
  return SHARED_LAYERS.has(className);
}

/** Activations that compute the same in both. */
export const SHARED_ACTIVATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  'elu gelu linear relu relu6 selu sigmoid softmax softplus softsign swish tanh mish log_softmax'.split(' '),
);

/** Where Keras takes the channels' place from its user's settings unless the model says it. */
const HAVE_DATA_FORMAT = /^(Flatten|(Conv|DepthwiseConv|SeparableConv|UpSampling|ZeroPadding|Cropping|ConvLSTM)[123]D)/;

/** tfjs's hard_sigmoid is clip(0.2 x + 0.5), that of Keras 3 clip(x / 6 + 0.5). */
export const HARD_SIGMOID = 'hard_sigmoid';
/** The function of im2col_pooling.py that computes as tfjs does. */
export const OWN_HARD_SIGMOID = {
  module: 'builtins',
  class_name: 'function',
  config: 'tfjs_im2col_pooling>tfjs_hard_sigmoid',
  registered_name: 'function',
} as const;

const ACTIVATION_KEYS = ['activation', 'recurrent_activation'] as const;
const RECURRENT = /^(GRU|LSTM|SimpleRNN|RNN|ConvLSTM2D|Bidirectional)$/;

/** Why a layer cannot go to Keras; null if it can. Pooling layers are not asked about here. */
export function refusalOf(className: string, config: LayerConfig, calls: unknown, hasOwnFile: boolean): string | null {
  if (!SHARED_LAYERS.has(className)) return 'Keras 3 has no such layer of this meaning';
  for (const key of ACTIVATION_KEYS) {
    const activation = config[key];
    if (activation == null || (typeof activation === 'string' && SHARED_ACTIVATIONS.has(activation))) continue;
    if (activation === HARD_SIGMOID) {
      if (hasOwnFile) continue;
      return `${key} hard_sigmoid is another function in Keras 3; with pooling 'im2col' the layer keeps tfjs's`;
    }
    return `Keras 3 has no ${key} ${show(activation)} of this meaning`;
  }
  if (className === 'UpSampling2D' && config.interpolation === 'bilinear') {
    return 'bilinear interpolation takes other samples in Keras 3';
  }
  if (
    RECURRENT.test(className) &&
    Array.isArray(calls) &&
    calls.some((call) => Array.isArray(call) && call.length > 1)
  ) {
    return 'an initial state that comes from another layer is not supported';
  }
  return null;
}

/** A configuration as Keras 3 takes it. */
export function forKeras(className: string, config: LayerConfig): LayerConfig {
  const { batch_input_shape, input_dtype, ...rest } = config;
  const kept: Record<string, unknown> = { ...rest };
  for (const key of ACTIVATION_KEYS) if (kept[key] === HARD_SIGMOID) kept[key] = OWN_HARD_SIGMOID;
  if (HAVE_DATA_FORMAT.test(className)) kept.data_format ??= 'channels_last';
  if (className === 'LeakyReLU') {
    const { alpha, ...others } = kept;
    return { ...others, negative_slope: alpha ?? 0.3 };
  }
  if (className === 'ELU') kept.alpha ??= 1;
  if (className === 'Embedding') delete kept.input_length;
  if (/^(GRU|LSTM)(Cell)?$|^SimpleRNN/.test(className)) delete kept.implementation;
  return kept;
}

/** The name of a weight in Keras 3. */
export function kerasWeightName(className: string | undefined, name: string): string {
  return className === 'DepthwiseConv2D' && name === 'depthwise_kernel' ? 'kernel' : name;
}
