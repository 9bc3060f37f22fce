/** `inspect model.json`: its pooling layers, their sizes, and what the built-in gets wrong there. Reads no weights. */
import type { layers } from '@tensorflow/tfjs-layers';
import Table from 'cli-table3';
import { camel } from '../convert/exchange_layer';
import { pairOf } from '../convert/layer_pairs';
import { type FoundLayer, findLayers, modelPath, valueAt } from '../convert/walk_topology';
import { messageOf } from './command_error';
import { loadModel } from './compare_in_node';
import { BACKENDS, defectsOf } from './defects';
import { type Shape, inspectedLayer } from './inspected_layer';
import { type ModelFile, readModelFile } from './model_file';
import { type Colors, DENSE_TABLE } from './style';

/** One pooling layer, as `--json` prints it. */
export interface InspectedPooling {
  readonly name: string;
  readonly class: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Null where the model cannot be built here. */
  readonly input: ReadonlyArray<number | null> | null;
  readonly output: ReadonlyArray<number | null> | null;
  /** Backend by backend, what the built-in pooling gets wrong with these options; ours doesn't. */
  readonly builtinDefects: Readonly<Record<string, readonly string[]>>;
}

export async function inspectCommand(path: string, json: boolean, colors: Colors): Promise<string> {
  const file = await readModelFile(path);
  const root = modelPath(path, file.json);
  const found = findLayers(valueAt(file.json, root), root).filter(({ className }) => isPooling(className));
  const { shapes, problem } = await shapesOf(file);
  const pools = found.map((layer) => inspected(layer, shapes));
  if (json) return `${JSON.stringify({ model: path, layers: pools, ...(problem && { problem }) }, null, 1)}\n`;
  const text =
    pools.length === 0
      ? `${path}: no pooling layer\n`
      : `${layerTable(pools, colors)}\n\n${defectList(pools, colors)}\n`;
  return problem ? `${text}\n${colors.yellow(`Sizes are unknown: ${problem}`)}\n` : text;
}

function isPooling(className: string): boolean {
  return pairOf(className) !== undefined || /^Im2Col.*Pooling[123]D$/.test(className);
}

function inspected({ name, className, config }: FoundLayer, shapes: Map<string, Shapes>): InspectedPooling {
  const optionNamed = (key: string) => pairOf(className)?.kerasNames[key] ?? camel(key);
  const options = Object.entries(config)
    .map(([key, value]) => [optionNamed(key), value] as const)
    .filter(([option]) => OPTIONS.includes(option));
  const { inputs, outputs } = shapes.get(name) ?? { inputs: [], outputs: [] };
  const layer = inspectedLayer(className, config, inputs);
  return {
    name,
    class: className,
    options: Object.fromEntries(options),
    input: inputs[0] ?? null,
    output: outputs[0] ?? null,
    builtinDefects: Object.fromEntries(BACKENDS.map((backend) => [backend, defectsOf(layer, backend)])),
  };
}

const OPTIONS = [
  'poolSize',
  'strides',
  'padding',
  'dataFormat',
  'dilationRate',
  'ceilMode',
  'nan',
  'countIncludePad',
  'keepDims',
  'returnArgmax',
  'outputSize',
  'p',
];

/** One of each for every call of a layer. */
interface Shapes {
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

/** What tfjs makes of the model, with zeros for weights. */
async function shapesOf(file: ModelFile): Promise<{ shapes: Map<string, Shapes>; problem: string | null }> {
  const shapes = new Map<string, Shapes>();
  try {
    const model = await loadModel(file, false);
    const visit = (layer: layers.Layer) => {
      const { layers: inner, layer: wrapped } = layer as { layers?: layers.Layer[]; layer?: layers.Layer };
      [...(inner ?? []), ...(wrapped ? [wrapped] : [])].forEach(visit);
      if (isPooling(layer.getClassName())) shapes.set(layer.name, shapesAt(layer));
    };
    visit(model);
    model.dispose();
    return { shapes, problem: null };
  } catch (error) {
    return { shapes, problem: messageOf(error).split('\n')[0] };
  }
}

/** A layer in a wrapper has no calls. */
function shapesAt(layer: layers.Layer): Shapes {
  const nodes = layer.inboundNodes as Array<{ inputShapes: Shape[]; outputShapes: Shape[] | Shape }>;
  const first = (given: Shape[] | Shape): Shape => (Array.isArray(given[0]) ? (given[0] as Shape) : (given as Shape));
  return {
    inputs: nodes.map(({ inputShapes }) => first(inputShapes)),
    outputs: nodes.map(({ outputShapes }) => first(outputShapes)),
  };
}

function layerTable(pools: readonly InspectedPooling[], colors: Colors): string {
  const table = new Table({
    ...DENSE_TABLE,
    head: ['layer', 'class', 'input', 'output', 'window', 'strides', 'options'].map(colors.bold),
  });
  const sizes = (value: unknown) =>
    Array.isArray(value) ? value.map((size) => (size === null ? '?' : plain(size))).join('x') : plain(value);
  pools.forEach(({ name, class: className, input, output, options: { poolSize, strides, ...others } }) =>
    table.push([
      name,
      className,
      sizes(input),
      sizes(output),
      sizes(poolSize),
      sizes(strides ?? poolSize),
      Object.entries(others)
        .map(([key, value]) => `${key} ${plain(value)}`)
        .join(', '),
    ]),
  );
  return table.toString();
}

/** Layers that meet the same defects share a list. */
function defectList(pools: readonly InspectedPooling[], colors: Colors): string {
  const lists = [...new Set(pools.map(({ builtinDefects }) => JSON.stringify(builtinDefects)))];
  return lists
    .map((list) => {
      const group = pools.filter(({ builtinDefects }) => JSON.stringify(builtinDefects) === list);
      const title = `${group.map(({ name }) => name).join(', ')}`;
      return `${colors.bold(title)}: what the built-in pooling of tfjs gets wrong there\n${defectLines(group[0])}`;
    })
    .join('\n\n');
}

/** What is true of every backend is said once. */
function defectLines({ builtinDefects }: InspectedPooling): string {
  const lists = Object.values(builtinDefects);
  const common = lists[0].filter((what) => lists.every((list) => list.includes(what)));
  const entries: Array<[string, readonly string[]]> = [
    ['everywhere', common],
    ...Object.entries(builtinDefects).map(([backend, list]): [string, string[]] => [
      backend,
      list.filter((what) => !common.includes(what)),
    ]),
  ];
  const lines = entries.flatMap(([where, list]) =>
    list.map((what, i) => `  ${(i === 0 ? where : '').padEnd(11)}- ${what}`),
  );
  return lines.join('\n') || '  nothing known';
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  return value == null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
}
