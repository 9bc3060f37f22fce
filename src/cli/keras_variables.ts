/** The variables of a model in Keras: where a .keras file has each, and what tfjs calls it. */
import type { JsonObject } from '../convert/walk_topology';
import { isModelClass } from '../keras/model_json';

/** One variable. */
export interface KerasVariable {
  /** In a .keras file: layers/dense/vars/0. */
  readonly place: string;
  /** The layer that has it, and its own name in Keras 3. */
  readonly owner: string;
  readonly own: string;
  /** As tfjs's manifests name it. */
  readonly name: string;
}

/** All variables of a model's JSON, as Keras wrote it. */
export function variablesOf(model: JsonObject, place = ''): KerasVariable[] {
  const config = model.config as JsonObject;
  const layers = (Array.isArray(config) ? config : config.layers) as readonly JsonObject[];
  const counts = new Map<string, number>();
  return layers.flatMap((layer) => {
    const base = snakeOf((layer.class_name as string).replace(/^.*>/, ''));
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const here = `${place}layers/${base}${count === 0 ? '' : `_${count}`}/`;
    return variablesIn(layer, here, '');
  });
}

/** @param scope what tfjs puts before the layer's name */
function variablesIn(layer: JsonObject, place: string, scope: string, name = nameOf(layer)): KerasVariable[] {
  const className = (layer.class_name as string) === 'Functional' ? 'Model' : (layer.class_name as string);
  const config = layer.config as JsonObject;
  if (isModelClass(className)) return variablesOf(layer, place);
  if (className === 'TimeDistributed') {
    // tfjs builds the inner layer under the wrapper's name.
    return variablesIn(config.layer as JsonObject, `${place}layer/`, scope, name);
  }
  if (className === 'Bidirectional') {
    const inner = config.layer as JsonObject;
    const bare = nameOf(inner).replace(/^forward_/, '');
    return ['forward', 'backward'].flatMap((way) =>
      variablesIn(inner, `${place}${way}_layer/`, `${scope}${name}/`, `${way}_${bare}`),
    );
  }
  const cell = /^(GRU|LSTM|SimpleRNN|ConvLSTM2D)$/.test(className) ? 'cell/' : '';
  return namesOf(className, config).map((own, i) => ({
    place: `${place}${cell}vars/${i}`,
    owner: name,
    own,
    name: `${scope}${name}/${className === 'DepthwiseConv2D' && own === 'kernel' ? 'depthwise_kernel' : own}`,
  }));
}

/** The variables that a layer has, in Keras' order. */
function namesOf(className: string, config: JsonObject): string[] {
  const bias = config.use_bias === false ? [] : ['bias'];
  switch (className) {
    case 'Dense':
    case 'Conv1D':
    case 'Conv2D':
    case 'Conv3D':
    case 'Conv2DTranspose':
    case 'Conv3DTranspose':
    case 'DepthwiseConv2D':
      return ['kernel', ...bias];
    case 'SeparableConv2D':
      return ['depthwise_kernel', 'pointwise_kernel', ...bias];
    case 'GRU':
    case 'LSTM':
    case 'SimpleRNN':
    case 'ConvLSTM2D':
      return ['kernel', 'recurrent_kernel', ...bias];
    case 'Embedding':
      return ['embeddings'];
    case 'PReLU':
      return ['alpha'];
    case 'BatchNormalization':
      return [...scaleAndCenter(config), 'moving_mean', 'moving_variance'];
    case 'LayerNormalization':
      return scaleAndCenter(config);
    default:
      return [];
  }
}

function scaleAndCenter({ scale, center }: JsonObject): string[] {
  return [...(scale === false ? [] : ['gamma']), ...(center === false ? [] : ['beta'])];
}

function nameOf({ config }: JsonObject): string {
  return String((config as JsonObject).name);
}

/** As Keras names the parts of its files. */
function snakeOf(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
