/** Small models of tfjs that between them have what a bridge to Keras has to carry. */
import * as tf from '@tensorflow/tfjs';
import {
  im2colAdaptiveAveragePooling2d,
  im2colAdaptiveMaxPooling2d,
  im2colAveragePooling2d,
  im2colGlobalAveragePooling1d,
  im2colGlobalMaxPooling3d,
  im2colLpPooling2d,
  im2colMaxPooling1d,
  im2colMaxPooling2d,
  im2colMaxPooling3d,
  maxUnpooling2d,
} from '../../src/index';

/** One model of the list. */
export interface BridgedModel {
  readonly make: () => tf.LayersModel;
  /** Whether stock Keras has layers for all of it. */
  readonly builtin: boolean;
  /** Inputs that are whole numbers below this. */
  readonly tokens?: number;
  /** tfjs's own gradient by the input is wrong on cpu (of resizeNearestNeighbor). */
  readonly isInputGradientWrong?: boolean;
}

const { layers } = tf;

/** Sequential: convolution, batch normalisation, pooling by tf.layers. */
function digits(): tf.LayersModel {
  return tf.sequential({
    name: 'digits',
    layers: [
      layers.conv2d({ inputShape: [8, 8, 1], filters: 3, kernelSize: 3, activation: 'relu', name: 'digits_conv' }),
      layers.batchNormalization({ name: 'digits_norm' }),
      layers.maxPooling2d({ poolSize: 2, name: 'digits_pool' }),
      layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same', name: 'digits_average' }),
      layers.dropout({ rate: 0.5, name: 'digits_dropout' }),
      layers.flatten({ name: 'digits_flat' }),
      layers.dense({ units: 4, activation: 'softmax', name: 'digits_dense' }),
    ],
  });
}

/** Functional: two inputs, two outputs, a layer that is called twice. */
function twins(): tf.LayersModel {
  const [a, b] = ['a', 'b'].map((name) => tf.input({ shape: [7, 7, 2], name: `twins_${name}` }));
  const conv = layers.conv2d({ filters: 2, kernelSize: 2, padding: 'same', activation: 'tanh', name: 'twins_conv' });
  const pool = im2colMaxPooling2d({ poolSize: 2, name: 'twins_pool' });
  const [fromA, fromB] = [a, b].map((x) => pool.apply(conv.apply(x)) as tf.SymbolicTensor);
  const sum = layers.add({ name: 'twins_sum' }).apply([fromA, fromB]) as tf.SymbolicTensor;
  const one = layers.dense({ units: 2, name: 'twins_one' }).apply(layers.flatten({ name: 'twins_flat' }).apply(sum));
  const two = layers.globalAveragePooling2d({ dataFormat: 'channelsLast', name: 'twins_two' }).apply(fromB);
  return tf.model({ name: 'twins', inputs: [a, b], outputs: [one, two] as tf.SymbolicTensor[] });
}

/** Models in a model: a Sequential that is called twice, and a functional one. */
function nested(): tf.LayersModel {
  const inner = tf.sequential({
    name: 'inner',
    layers: [
      layers.dense({ inputShape: [4, 4, 2], units: 3, activation: 'elu', name: 'inner_dense' }),
      im2colMaxPooling2d({ poolSize: 2, name: 'inner_pool' }),
    ],
  });
  const deepIn = tf.input({ shape: [2, 2, 3], name: 'deep_in' });
  const deepOut = layers.dense({ units: 2, name: 'deep_dense' }).apply(deepIn) as tf.SymbolicTensor;
  const deep = tf.model({ name: 'deep', inputs: deepIn, outputs: deepOut });
  const [a, b] = ['a', 'b'].map((name) => tf.input({ shape: [4, 4, 2], name: `nested_${name}` }));
  const [fromA, fromB] = [a, b].map((x) => inner.apply(x) as tf.SymbolicTensor);
  const joined = layers.concatenate({ name: 'nested_join' }).apply([deep.apply(fromA), fromB] as tf.SymbolicTensor[]);
  const flat = layers.flatten({ name: 'nested_flat' }).apply(joined) as tf.SymbolicTensor;
  return tf.model({
    name: 'nested',
    inputs: [a, b],
    outputs: [layers.dense({ units: 2, name: 'nested_out' }).apply(flat) as tf.SymbolicTensor, fromB],
  });
}

/** A model whose outputs are those of nested models. */
function endsNested(): tf.LayersModel {
  const first = tf.sequential({
    name: 'first',
    layers: [layers.dense({ inputShape: [4], units: 3, name: 'first_dense' })],
  });
  const last = tf.sequential({
    name: 'last',
    layers: [layers.dense({ inputShape: [3], units: 2, activation: 'sigmoid', name: 'last_dense' })],
  });
  return tf.sequential({ name: 'ends_nested', layers: [first, last] });
}

/** Recurrent layers, one over time and one in both directions, and a wrapper of pooling. */
function sequences(): tf.LayersModel {
  const recurrentActivation = 'sigmoid' as const;
  const pool = layers.maxPooling1d({ poolSize: 2, name: 'sequences_pool' });
  return tf.sequential({
    name: 'sequences',
    layers: [
      layers.timeDistributed({ inputShape: [5, 6, 2], layer: pool, name: 'sequences_over_time' }),
      layers.timeDistributed({ layer: layers.flatten({ name: 'sequences_flat' }), name: 'sequences_flat_over_time' }),
      layers.bidirectional({
        layer: layers.lstm({ units: 3, recurrentActivation, returnSequences: true, name: 'sequences_lstm' }),
        mergeMode: 'concat',
        name: 'sequences_both',
      }),
      layers.gru({ units: 3, recurrentActivation, returnSequences: true, name: 'sequences_gru' }),
      layers.simpleRNN({ units: 2, name: 'sequences_rnn' }),
      layers.dense({ units: 2, name: 'sequences_dense' }),
    ],
  });
}

/** What tfjs has by default in recurrent layers, hard_sigmoid, is another function in Keras 3. */
function hardSigmoid(): tf.LayersModel {
  return tf.sequential({
    name: 'hard',
    layers: [
      layers.lstm({ inputShape: [4, 2], units: 3, returnSequences: true, name: 'hard_lstm' }),
      layers.gru({ units: 2, name: 'hard_gru' }),
      layers.dense({ units: 2, activation: 'hardSigmoid', name: 'hard_dense' }),
    ],
  });
}

/** Depthwise, separable and transposed convolutions; paddings, crops, zooms. */
function convolutions(): tf.LayersModel {
  return tf.sequential({
    name: 'convolutions',
    layers: [
      layers.upSampling2d({ inputShape: [4, 3, 2], size: [2, 2], name: 'convolutions_zoom' }),
      layers.zeroPadding2d({ padding: [[1, 0], [0, 1]], name: 'convolutions_zeros' }), // prettier-ignore
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, activation: 'relu', name: 'convolutions_depth' }),
      layers.separableConv2d({ filters: 3, kernelSize: 2, name: 'convolutions_separable' }),
      layers.conv2dTranspose({
        filters: 2,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        name: 'convolutions_transposed',
      }),
      layers.cropping2D({ cropping: [[1, 1], [2, 2]], name: 'convolutions_crop' }), // prettier-ignore
      layers.globalMaxPooling2d({ dataFormat: 'channelsLast', name: 'convolutions_max' }),
    ],
  });
}

/** Words with a mask, which the average honours. */
function words(): tf.LayersModel {
  return tf.sequential({
    name: 'words',
    layers: [
      layers.embedding({ inputShape: [6], inputDim: 9, outputDim: 3, maskZero: true, name: 'words_embedding' }),
      im2colGlobalAveragePooling1d({ name: 'words_average' }),
      layers.dense({ units: 2, name: 'words_dense' }),
    ],
  });
}

/** Three axes and one. */
function volumes(): tf.LayersModel {
  const x = tf.input({ shape: [4, 4, 4, 1], name: 'volumes_x' });
  const conv = layers.conv3d({ filters: 2, kernelSize: 2, name: 'volumes_conv' }).apply(x) as tf.SymbolicTensor;
  const pooled = im2colMaxPooling3d({ poolSize: 2, strides: 1, name: 'volumes_pool' }).apply(conv);
  const average = layers.averagePooling3d({ poolSize: 2, strides: 1, name: 'volumes_average' }).apply(conv);
  const sum = layers.average({ name: 'volumes_mean' }).apply([pooled, average] as tf.SymbolicTensor[]);
  const line = layers.reshape({ targetShape: [8, 2], name: 'volumes_line' }).apply(sum) as tf.SymbolicTensor;
  const signal = layers.conv1d({ filters: 2, kernelSize: 3, name: 'volumes_signal' }).apply(line) as tf.SymbolicTensor;
  const short = im2colMaxPooling1d({ poolSize: 2, name: 'volumes_short' }).apply(signal);
  return tf.model({ name: 'volumes', inputs: x, outputs: short as tf.SymbolicTensor });
}

/** Activations, norms and merges. */
function odds(): tf.LayersModel {
  const x = tf.input({ shape: [6], name: 'odds_x' });
  const parts = [
    layers.leakyReLU({ alpha: 0.2, name: 'odds_leaky' }),
    layers.elu({ name: 'odds_elu' }),
    layers.prelu({ name: 'odds_prelu' }),
    layers.reLU({ maxValue: 0.5, name: 'odds_relu' }),
    layers.softmax({ name: 'odds_softmax' }),
    layers.activation({ activation: 'softplus', name: 'odds_softplus' }),
    layers.layerNormalization({ name: 'odds_norm' }),
  ].map((layer) => layer.apply(x) as tf.SymbolicTensor);
  const pair = (layer: tf.layers.Layer, a: number, b: number) => layer.apply([parts[a], parts[b]]) as tf.SymbolicTensor;
  const merged = [
    pair(layers.multiply({ name: 'odds_multiply' }), 2, 3),
    pair(layers.maximum({ name: 'odds_maximum' }), 0, 4),
    pair(layers.minimum({ name: 'odds_minimum' }), 1, 5),
    pair(layers.dot({ axes: 1, name: 'odds_dot' }), 5, 6),
  ];
  const joined = layers.concatenate({ axis: -1, name: 'odds_join' }).apply(merged) as tf.SymbolicTensor;
  const repeated = layers.repeatVector({ n: 2, name: 'odds_repeat' }).apply(joined) as tf.SymbolicTensor;
  const turned = layers.permute({ dims: [2, 1], name: 'odds_permute' }).apply(repeated) as tf.SymbolicTensor;
  const noisy = layers.gaussianNoise({ stddev: 1, name: 'odds_noise' }).apply(turned) as tf.SymbolicTensor;
  return tf.model({ name: 'odds', inputs: x, outputs: noisy });
}

/** Pooling that stock Keras has not: padding, ceil, dilation, argmax and unpooling, adaptive, Lp. */
function unstock(): tf.LayersModel {
  const x = tf.input({ shape: [7, 7, 2], name: 'unstock_x' });
  const conv = layers.conv2d({ filters: 2, kernelSize: 2, padding: 'same', name: 'unstock_conv' }).apply(x);
  const windows = { poolSize: 3, strides: 2, padding: 1, ceilMode: true };
  const pooled = im2colMaxPooling2d({ ...windows, returnArgmax: true, name: 'unstock_pool' }).apply(conv);
  const unpooled = maxUnpooling2d({ ...windows, outputSize: 7, name: 'unstock_unpool' }).apply(pooled);
  const dilated = im2colMaxPooling2d({ poolSize: 2, strides: 1, dilationRate: 2, name: 'unstock_dilated' });
  const average = im2colAveragePooling2d({ ...windows, countIncludePad: true, name: 'unstock_average' });
  const adaptive = im2colAdaptiveMaxPooling2d({ outputSize: [3, 2], name: 'unstock_adaptive' });
  const adaptiveAverage = im2colAdaptiveAveragePooling2d({ outputSize: 2, name: 'unstock_adaptive_average' });
  const lp = im2colLpPooling2d({ poolSize: 2, p: 2, name: 'unstock_lp' });
  const outputs = [dilated, average, adaptive, adaptiveAverage, lp].map((layer) => layer.apply(unpooled as tf.SymbolicTensor)); // prettier-ignore
  return tf.model({ name: 'unstock', inputs: x, outputs: outputs as tf.SymbolicTensor[] });
}

/** Pooling of volumes that tf.layers has not, and Keras has. */
function depths(): tf.LayersModel {
  return tf.sequential({
    name: 'depths',
    layers: [
      layers.conv3d({ inputShape: [3, 4, 3, 1], filters: 2, kernelSize: 2, name: 'depths_conv' }),
      im2colGlobalMaxPooling3d({ keepDims: true, name: 'depths_max' }),
      layers.flatten({ name: 'depths_flat' }),
    ],
  });
}

export const MODELS: Readonly<Record<string, BridgedModel>> = {
  digits: { make: digits, builtin: true },
  twins: { make: twins, builtin: true },
  nested: { make: nested, builtin: true },
  ends_nested: { make: endsNested, builtin: true },
  sequences: { make: sequences, builtin: true },
  hard: { make: hardSigmoid, builtin: false },
  convolutions: { make: convolutions, builtin: true, isInputGradientWrong: true },
  words: { make: words, builtin: true, tokens: 9 },
  volumes: { make: volumes, builtin: true },
  odds: { make: odds, builtin: true },
  unstock: { make: unstock, builtin: false },
  depths: { make: depths, builtin: true },
};
