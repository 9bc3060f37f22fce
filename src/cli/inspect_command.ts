/** `inspect model.json`: its pooling layers, their sizes, and what the built-in gets wrong there. Reads no weights. */
import type { layers } from '@tensorflow/tfjs-layers';
import Table from 'cli-table3';
import { camel } from '../convert/exchange_layer';
import { LAYER_PAIRS } from '../convert/layer_pairs';
import { type FoundLayer, findLayers, modelPath, valueAt } from '../convert/walk_topology';
import { messageOf } from './command_error';
import { loadModel } from './compare_in_node';
import { DEFECTS, type InspectedLayer } from './defects';
import { type ModelFile, readModelFile } from './model_file';
import { type Colors, PLAIN_TABLE } from './style';

/** One pooling layer, as `--json` prints it. */
export interface InspectedPooling {
  readonly name: string;
  readonly class: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Null where the model cannot be built here. */
  readonly input: ReadonlyArray<number | null> | null;
  readonly output: ReadonlyArray<number | null> | null;
  /** What the built-in layer gets wrong with these options, and where; our layers don't. */
  readonly builtinDefects: ReadonlyArray<{ readonly what: string; readonly backends: readonly string[] }>;
}

export async function inspectCommand(path: string, json: boolean, colors: Colors): Promise<string> {
  const file = await readModelFile(path);
  const root = modelPath(path, file.json);
  const found = findLayers(valueAt(file.json, root), root).filter(({ className }) => isMaxPooling(className));
  const { shapes, problem } = await shapesOf(file);
  const pools = found.map((layer) => inspected(layer, shapes));
  if (json) return `${JSON.stringify({ model: path, layers: pools, ...(problem && { problem }) }, null, 1)}\n`;
  const text = pools.length === 0 ? `${path}: no max-pooling layer\n` : `${layerTable(pools, colors)}\n\n${defectList(pools, colors)}\n`;
  return problem ? `${text}\n${colors.yellow(`Sizes are unknown: ${problem}`)}\n` : text;
}

function isMaxPooling(className: string): boolean {
  return className.includes('Max') && LAYER_PAIRS.some((pair) => pair.includes(className));
}

function inspected({ name, className, config }: FoundLayer, shapes: Map<string, Shapes>): InspectedPooling {
  const options = Object.fromEntries(Object.entries(config).map(([key, value]) => [camel(key), value])
    .filter(([key]) => OPTIONS.includes(key as string))) as Record<string, unknown>;
  const list = (value: unknown): number[] => (Array.isArray(value) ? value : value == null ? [] : [value]) as number[];
  const layer: InspectedLayer = {
    className, poolSize: list(options.poolSize), padding: options.padding,
    ceilMode: options.ceilMode === true, dilated: list(options.dilationRate).some((rate) => rate > 1),
  };
  const defects = DEFECTS.filter(({ meets }) => meets(layer)).map(({ what, backends }) => ({ what, backends }));
  return { name, class: className, options, ...(shapes.get(name) ?? { input: null, output: null }), builtinDefects: defects };
}

const OPTIONS = ['poolSize', 'strides', 'padding', 'dataFormat', 'dilationRate', 'ceilMode', 'nan', 'keepDims'];

type Shape = ReadonlyArray<number | null>;
interface Shapes { readonly input: Shape | null; readonly output: Shape | null }

/** What tfjs makes of the model, with zeros for weights. */
async function shapesOf(file: ModelFile): Promise<{ shapes: Map<string, Shapes>; problem: string | null }> {
  const shapes = new Map<string, Shapes>();
  try {
    const model = await loadModel(file, false);
    const visit = (layer: layers.Layer) => {
      const { layers: inner, layer: wrapped } = layer as { layers?: layers.Layer[]; layer?: layers.Layer };
      [...inner ?? [], ...(wrapped ? [wrapped] : [])].forEach(visit);
      if (isMaxPooling(layer.getClassName())) shapes.set(layer.name, shapesAt(layer));
    };
    visit(model);
    model.dispose();
    return { shapes, problem: null };
  } catch (error) {
    return { shapes, problem: messageOf(error).split('\n')[0] };
  }
}

/** Of the layer's first call; a layer in a wrapper has none. */
function shapesAt(layer: layers.Layer): Shapes {
  const [node] = layer.inboundNodes as Array<{ inputShapes: Shape[]; outputShapes: Shape[] | Shape } | undefined>;
  if (node === undefined) return { input: null, output: null };
  const first = (given: Shape[] | Shape): Shape => (Array.isArray(given[0]) ? given[0] as Shape : given as Shape);
  return { input: first(node.inputShapes), output: first(node.outputShapes) };
}

function layerTable(pools: readonly InspectedPooling[], colors: Colors): string {
  const table = new Table({ ...PLAIN_TABLE, head: ['layer', 'class', 'input', 'output', 'options'].map(colors.bold) });
  const shape = (sizes: Shape | null) => sizes?.map((size) => size ?? '?').join('x') ?? '-';
  pools.forEach(({ name, class: className, input, output, options }) => table.push([
    name, className, shape(input), shape(output), Object.entries(options).map(([key, value]) => `${key} ${plain(value)}`).join('\n'),
  ]));
  return table.toString();
}

/** Layers that meet the same defects share a list. */
function defectList(pools: readonly InspectedPooling[], colors: Colors): string {
  const groups = new Map<string, InspectedPooling[]>();
  for (const pool of pools) {
    const key = JSON.stringify(pool.builtinDefects);
    groups.set(key, [...groups.get(key) ?? [], pool]);
  }
  const parts = [...groups.values()].map((group) => {
    const table = new Table({ ...PLAIN_TABLE, head: ['backend', 'what the built-in layer gets wrong'].map(colors.bold), wordWrap: true, colWidths: [10, 90] });
    for (const backend of ['cpu', 'wasm', 'webgl', 'webgpu', 'node']) {
      const met = group[0].builtinDefects.filter(({ backends }) => backends.includes(backend)).map(({ what }) => `- ${what}`);
      table.push([backend, met.join('\n')]);
    }
    return `${colors.bold(group.map(({ name }) => name).join(', '))}\n${table.toString()}`;
  });
  return parts.join('\n\n');
}

function plain(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(plain).join(', ')}]` : String(value);
}
