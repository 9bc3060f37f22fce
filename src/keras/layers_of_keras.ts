/** One layer's configuration of Keras 3, as tfjs has it; or the reason why tfjs cannot. No tfjs. */
import { type LayerConfig, exchangeLayer } from '../convert/exchange_layer';
import type { JsonObject } from '../convert/walk_topology';
import { show } from '../show';
import { HARD_SIGMOID, OWN_HARD_SIGMOID, SHARED_ACTIVATIONS, isSharedLayer } from './keras_layers';
import { type KerasPooling, isPoolingLayer } from './keras_pooling';

const RENAMED_ACTIVATIONS: Readonly<Record<string, string>> = { silu: 'swish' };
const RENAMED_CLASSES: Readonly<Record<string, string>> = {
  OrthogonalInitializer: 'Orthogonal',
  IdentityInitializer: 'Identity',
};

/** Settings of Keras 3 that tfjs lacks, and the values that ask for nothing. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = {
  groups: [1],
  reset_after: [false],
  rms_scaling: [false],
  synchronized: [false],
  sparse: [false],
  renorm: [false],
};
/** Settings that say how to compute, not what. */
const SILENT = [
  'dtype',
  'quantization_config',
  'lora_rank',
  'lora_alpha',
  'use_cudnn',
  'zero_output_for_mask',
  'synchronized',
  'groups',
  'rms_scaling',
  'output_padding',
  'ragged',
  'optional',
];

/** A class's name and configuration, or why there is none. */
export type FromKeras = { readonly className: string; readonly config: LayerConfig } | { readonly refused: string };

/** A layer, without those in it, which `inner` makes. */
export function layerOfKeras(
  className: string,
  given: LayerConfig,
  pooling: KerasPooling,
  inner: (layer: JsonObject) => JsonObject,
): FromKeras {
  const policy = nameOfPolicy(given.dtype);
  if (policy !== undefined && policy !== 'float32' && policy !== 'int32') {
    return { refused: `tfjs has no dtype ${show(policy)} for layers` };
  }
  if (isPoolingLayer(className)) {
    const config = Object.fromEntries(Object.entries(given).filter(([key]) => key !== 'dtype'));
    const exchange = exchangeLayer(className, config, pooling) ?? { className, config };
    return 'refused' in exchange ? exchange : { ...exchange, config: withoutSilent(exchange.config) };
  }
  const refused = refusalOf(className, given);
  if (refused !== null) return { refused };
  const entries = Object.entries(withoutSilent(given)).map(
    ([key, value]) => [key, valueFor(key, value, inner)] as const,
  );
  return { className, config: renamed(className, Object.fromEntries(entries)) };
}

function refusalOf(className: string, config: LayerConfig): string | null {
  if (!isSharedLayer(className)) return 'tfjs has no such layer of this meaning';
  for (const key of ['activation', 'recurrent_activation']) {
    const activation = config[key];
    if (activation == null || isOwnHardSigmoid(activation)) continue;
    if (activation === HARD_SIGMOID) return `${key} hard_sigmoid is another function in tfjs`;
    const name = typeof activation === 'string' ? (RENAMED_ACTIVATIONS[activation] ?? activation) : '';
    if (!SHARED_ACTIVATIONS.has(name)) return `tfjs has no ${key} ${show(activation)} of this meaning`;
  }
  if (className === 'UpSampling2D' && config.interpolation === 'bilinear') {
    return 'bilinear interpolation takes other samples in tfjs';
  }
  // Keras' own default, and of files without the key.
  if (/^GRU(Cell)?$/.test(className) && config.reset_after !== false) return 'tfjs has no GRU with reset_after';
  if (className === 'ELU' && (config.alpha ?? 1) !== 1) return `tfjs has no ELU with alpha ${show(config.alpha)}`;
  if (className === 'Bidirectional' && !isMirrored(config)) return 'tfjs has no backward layer of its own';
  if (className === 'ReLU' && (config.negative_slope || config.threshold))
    return 'tfjs has no ReLU with a slope or threshold';
  if (/Transpose$/.test(className) && config.output_padding != null) return 'tfjs has no output_padding';
  const lack = Object.entries(NEUTRAL).find(([key, values]) => config[key] != null && !values.includes(config[key]));
  return lack === undefined ? null : `tfjs has no ${lack[0]} (here ${show(config[lack[0]])})`;
}

/** Whether the layer that goes backwards is that which goes forwards. */
function isMirrored({ layer, backward_layer }: LayerConfig): boolean {
  if (backward_layer == null) return true;
  const bare = (given: unknown) => {
    const { name, go_backwards, ...config } = (given as JsonObject).config as JsonObject;
    const isSilent = (key: string) => key === 'shared_object_id' || key === 'seed';
    return JSON.stringify([(given as JsonObject).class_name, config], (key, value: unknown) =>
      isSilent(key) ? null : value,
    );
  };
  return bare(layer) === bare(backward_layer);
}

function renamed(className: string, config: LayerConfig): LayerConfig {
  if (className === 'LeakyReLU') {
    const { negative_slope, ...rest } = config;
    return { ...rest, alpha: negative_slope ?? config.alpha ?? 0.3 };
  }
  if (className === 'ReLU') {
    const { negative_slope, threshold, ...rest } = config;
    return rest;
  }
  if (className === 'Bidirectional') {
    const { backward_layer, layer, ...rest } = config as LayerConfig & { layer: JsonObject };
    const { name, ...inner } = layer.config as JsonObject & { name: string };
    return { ...rest, layer: { ...layer, config: { ...inner, name: name.replace(/^forward_/, '') } } };
  }
  return config;
}

function valueFor(key: string, value: unknown, inner: (layer: JsonObject) => JsonObject): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => valueFor(key, element, inner));
  if (/activation$/.test(key)) {
    if (isOwnHardSigmoid(value)) return HARD_SIGMOID;
    return typeof value === 'string' ? (RENAMED_ACTIVATIONS[value] ?? value) : value;
  }
  if (typeof value !== 'object' || value === null || !('class_name' in value)) return value;
  return /_(initializer|regularizer|constraint)$/.test(key) ? bareObject(value) : inner(value);
}

/** An initializer, a regularizer or a constraint. tfjs has one class of norms. */
function bareObject(given: JsonObject): JsonObject {
  const className = given.class_name as string;
  const config = Object.fromEntries(
    Object.entries((given.config ?? {}) as JsonObject).filter(([key]) => !/^(input|output)_axes$/.test(key)),
  );
  if (className === 'L1' || className === 'L2') {
    return { class_name: 'L1L2', config: { l1: config.l1 ?? 0, l2: config.l2 ?? 0 } };
  }
  return { class_name: RENAMED_CLASSES[className] ?? className, config };
}

function withoutSilent(config: LayerConfig): LayerConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !SILENT.includes(key)));
}

function isOwnHardSigmoid(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as JsonObject).config === OWN_HARD_SIGMOID.config;
}

/** 'float32', of a policy too. */
function nameOfPolicy(dtype: unknown): string | undefined {
  if (typeof dtype === 'string') return dtype;
  const name = ((dtype as JsonObject | null | undefined)?.config as JsonObject | undefined)?.name;
  return typeof name === 'string' ? name : undefined;
}
