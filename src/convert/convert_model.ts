/** convertPooling: a LayersModel like another, with its pooling layers exchanged. */
import { type serialization, engine } from '@tensorflow/tfjs-core';
import { LayersModel } from '@tensorflow/tfjs-layers';
import { registerIm2ColLayers } from '../layers/define_layers';
import { layersIn } from '../layers/nested';
import { isReadable, show } from '../show';
import { type ConvertOptions, convertTopology } from './convert_topology';
import { copyTrainable, copyWeights } from './copy_weights';
import { type ConvertTarget, exchangeLayer, problemOf } from './exchange_layer';
import { refusalText } from './refusals';

type ModelClass = serialization.SerializableConstructor<LayersModel> & {
  fromConfig(
    cls: ModelClass,
    config: serialization.ConfigDict,
    customObjects: object,
    fastWeightInit: boolean,
  ): LayersModel;
};

/**
 * A copy of a model with every pooling layer exchanged: `tf.layers.maxPooling1d/2d/3d` and `averagePooling1d/2d/3d` for
 * `im2colMaxPooling1d/2d/3d` and `im2colAveragePooling1d/2d/3d`, `globalMaxPooling1d/2d` and `globalAveragePooling1d/2d`
 * for `im2colGlobalMaxPooling1d/2d` and `im2colGlobalAveragePooling1d/2d`; or the other way round.
 *
 * Rules:
 * - Everything else stays: the layers' names and order, weights, shared layers, nested models, wrappers
 *   (TimeDistributed, Bidirectional), inputs and outputs, what is trainable.
 * - The original stays usable. The copy's weights are variables of its own (training one does not change
 *   the other), which share memory with the original's until one of them is trained.
 * - The copy is not compiled: optimizer, loss and metrics belong to the original. Compile it again to train it.
 * - Maxima stay the same to the last bit; averages may differ there, where the built-in adds up or divides in another way.
 * - To `'builtin'`, a layer that tf.layers cannot express is refused, and nothing is made: dilation, ceilMode,
 *   numeric padding, returnArgmax, countIncludePad, divisorOverride, keepDims, 'channelsFirst' in 1-D; MaxUnpooling, adaptive and Lp pooling,
 *   global pooling in 3-D. `nan` and `implementation` are given
 *   up silently: tf.layers says nothing about NaN, whose fate then depends on the backend.
 * - Custom layers must be registered with `tf.serialization`, as for loading a model. So must ours, by
 *   `registerIm2ColLayers(tf)`, where the model belongs to another copy of tfjs than this package imports.
 *
 * @param model any LayersModel: Sequential, functional, nested
 * @throws Error naming every layer that cannot be exchanged, one per line, with the reasons
 *
 * @example
 * ```js
 * const model = tf.sequential({ layers: [tf.layers.maxPooling2d({ inputShape: [4, 4, 1] })] });
 * const ours = await convertPooling(model, { to: 'im2col' });
 * console.log(ours.layers[0].getClassName()); // Im2ColMaxPooling2D
 * ```
 * @see convertPoolingTopology, for a saved model
 */
export function convertPooling(model: LayersModel, options: ConvertOptions): Promise<LayersModel> {
  return new Promise((resolve) => {
    resolve(converted('convertPooling', model, options));
  });
}

function converted(name: string, model: LayersModel, options: ConvertOptions): LayersModel {
  checkModel(name, model);
  const { config } = convertTopology(name, { className: model.getClassName(), config: model.getConfig() }, options);
  checkInputs(name, model, options.to);
  if (model instanceof LayersModel) registerIm2ColLayers();
  const modelClass = model.constructor as ModelClass;
  return disposingVariablesOnError(() => {
    // Weights come from the original, so that computing random ones would be wasted.
    const copy = modelClass.fromConfig(modelClass, config, {}, true);
    copyTrainable(model, copy);
    copyWeights(name, model, copy);
    return copy;
  });
}

/** The error of an exchanged layer names the class alone; this one names the layer, too. */
function checkInputs(name: string, model: LayersModel, to: ConvertTarget): void {
  for (const layer of layersIn(model, () => true)) {
    const exchange = exchangeLayer(layer.getClassName(), layer.getConfig(), to);
    if (exchange === null || 'refused' in exchange) continue;
    for (const { inputShapes } of layer.inboundNodes ?? []) {
      const problem = problemOf(exchange.className, exchange.config, inputShapes[0] as Array<number | null>);
      const found = { name: layer.name, className: layer.getClassName() };
      if (problem !== null) throw new Error(`${name}: ${refusalText(found, problem)}.`);
    }
  }
}

/** Layers that were made before an error belong to no model that could be disposed; their variables are known to the engine. */
function disposingVariablesOnError<T>(make: () => T): T {
  const { registeredVariables } = engine().state;
  const before = new Set(Object.values(registeredVariables));
  try {
    return make();
  } catch (error) {
    Object.values(registeredVariables)
      .filter((variable) => !before.has(variable))
      .forEach((variable) => {
        variable.dispose();
      });
    throw error;
  }
}

/** A model of another copy of tfjs has another class; it looks like one all the same. */
function checkModel(name: string, model: unknown): asserts model is LayersModel {
  const looksRight =
    typeof model === 'object' &&
    model !== null &&
    isReadable(model) &&
    'getConfig' in model &&
    'layers' in model &&
    'getClassName' in model &&
    typeof (model.constructor as Partial<ModelClass>).fromConfig === 'function';
  if (!looksRight) throw new Error(`${name}: expected a LayersModel; got ${show(model)}.`);
}
