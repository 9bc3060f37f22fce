/** Models with pooling layers in every place that a LayersModel has for them. */
import * as tf from '@tensorflow/tfjs';

const { layers } = tf;

/** Each makes a model anew, with seeded weights. */
export const MODELS: Record<string, () => tf.LayersModel> = {
  'a Sequential': () =>
    tf.sequential({
      name: 'sequential_net',
      layers: [
        conv({ inputShape: [9, 9, 2] }),
        layers.maxPooling2d({ poolSize: 3, strides: 2, name: 'pool_a' }),
        layers.batchNormalization(),
        layers.maxPooling2d({ padding: 'same', name: 'pool_b' }),
        layers.flatten(),
        dense(),
      ],
    }),
  'a branching model with two inputs and two outputs': () => {
    const [a, b] = [tf.input({ shape: [3, 8, 8], name: 'a' }), tf.input({ shape: [16, 4], name: 'b' })];
    const image = layers
      .maxPooling2d({ poolSize: [2, 4], dataFormat: 'channelsFirst', name: 'channels_first' })
      .apply(a) as tf.SymbolicTensor;
    const row = layers.maxPooling1d({ poolSize: 4, name: 'row' }).apply(b) as tf.SymbolicTensor;
    const both = layers
      .concatenate()
      .apply([layers.flatten().apply(image), layers.flatten().apply(row)] as tf.SymbolicTensor[]);
    const outputs = [dense().apply(both), layers.reshape({ targetShape: [16] }).apply(row)] as tf.SymbolicTensor[];
    return tf.model({ inputs: [a, b], outputs, name: 'two_and_two' });
  },
  'a shared pooling layer': () => {
    const inputs = [1, 2].map((i) => tf.input({ shape: [6, 6, 1], name: `in${i}` }));
    const pool = layers.maxPooling2d({ name: 'shared' });
    return tf.model({
      inputs,
      outputs: layers.add().apply(inputs.map((x) => pool.apply(x) as tf.SymbolicTensor)) as tf.SymbolicTensor,
    });
  },
  'models in models': () => {
    const inner = tf.sequential({
      name: 'inner',
      layers: [conv({ inputShape: [8, 8, 1] }), layers.maxPooling2d({ name: 'deep' })],
    });
    const x = tf.input({ shape: [8, 8, 1] });
    const middle = tf.model({ inputs: x, outputs: inner.apply(x) as tf.SymbolicTensor, name: 'middle' });
    return tf.sequential({ layers: [middle, layers.maxPooling2d({ name: 'outer' }), layers.flatten(), dense()] });
  },
  TimeDistributed: () =>
    tf.sequential({
      layers: [
        layers.timeDistributed({ layer: layers.maxPooling2d({ name: 'each' }), inputShape: [3, 4, 4, 2] }),
        layers.flatten(),
        dense(),
      ],
    }),
  'Bidirectional around a recurrent layer': () =>
    tf.sequential({
      layers: [
        layers.maxPooling1d({ inputShape: [8, 2], name: 'steps' }),
        layers.bidirectional({
          layer: layers.lstm({ units: 3, ...seeded('recurrentInitializer') }) as tf.RNN,
          mergeMode: 'concat',
        }),
      ],
    }),
  'averages of every rank': () => {
    const [image, row, volume] = [
      [9, 8, 2],
      [9, 3],
      [5, 4, 4, 2],
    ].map((shape, i) => tf.input({ shape, name: `in${i}` }));
    const outputs = [
      layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same', name: 'border' }).apply(image),
      layers
        .averagePooling2d({ poolSize: [3, 2], dataFormat: 'channelsFirst', padding: 'same', name: 'first' })
        .apply(image),
      layers.averagePooling1d({ poolSize: 3, strides: 1, padding: 'same', name: 'row' }).apply(row),
      layers.averagePooling3d({ poolSize: 2, padding: 'same', name: 'volume' }).apply(volume),
    ] as tf.SymbolicTensor[];
    return tf.model({ inputs: [image, row, volume], outputs, name: 'averages' });
  },
  'global maxima': () => {
    const [image, row] = [
      [4, 4, 3],
      [8, 2],
    ].map((shape, i) => tf.input({ shape, name: `in${i}` }));
    const outputs = [
      layers.globalMaxPooling2d({ name: 'of_image' }).apply(image),
      layers.globalMaxPooling2d({ name: 'first', dataFormat: 'channelsFirst' }).apply(image),
      layers.globalMaxPooling1d({ name: 'of_row' }).apply(row),
    ] as tf.SymbolicTensor[];
    return tf.model({ inputs: [image, row], outputs, name: 'maxima' });
  },
  // Of powers of two of small integers: the built-in divides before it adds up.
  'global averages': () => {
    const [image, row] = [
      [4, 4, 4],
      [8, 2],
    ].map((shape, i) => tf.input({ shape, name: `in${i}` }));
    const outputs = [
      layers.globalAveragePooling2d({ name: 'of_image' }).apply(image),
      layers.globalAveragePooling2d({ name: 'first', dataFormat: 'channelsFirst' }).apply(image),
      layers.globalAveragePooling1d({ name: 'of_row' }).apply(row),
    ] as tf.SymbolicTensor[];
    return tf.model({ inputs: [image, row], outputs, name: 'averages' });
  },
  volumes: () =>
    tf.sequential({
      layers: [
        layers.maxPooling3d({ inputShape: [4, 6, 6, 2], poolSize: 2, name: 'volume' }),
        layers.flatten(),
        dense(),
      ],
    }),
};

/** Seeded inputs for a model; ties and negatives among them. */
export function inputsFor(model: tf.LayersModel): tf.Tensor[] {
  return model.inputs.map(({ shape }, i) =>
    tf.randomUniform([2, ...(shape.slice(1) as number[])], -4, 5, 'int32', i + 1).toFloat(),
  );
}

/** The model's outputs as plain numbers. */
export function outputsOf(model: tf.LayersModel, inputs: tf.Tensor[]): number[][] {
  return tf.tidy(() => {
    const outputs = model.predict(inputs.length === 1 ? inputs[0] : inputs);
    return (Array.isArray(outputs) ? outputs : [outputs]).map((output) => Array.from(output.dataSync()));
  });
}

/** Class names of all layers, inside models and wrappers too, with their names. */
export function layerList(model: tf.LayersModel): string[] {
  const list: string[] = [];
  JSON.stringify(model.toJSON(null, false), (_, value) => {
    if (value?.class_name && value.config?.name) list.push(`${value.config.name}: ${value.class_name}`);
    return value;
  });
  return list;
}

function conv(args: { inputShape?: number[] }) {
  return layers.conv2d({
    filters: 3,
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    ...seeded('kernelInitializer'),
    ...args,
  });
}

function dense() {
  return layers.dense({ units: 2, ...seeded('kernelInitializer') });
}

function seeded(key: string) {
  return { [key]: tf.initializers.glorotUniform({ seed: 7 }) };
}
