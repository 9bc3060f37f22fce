/** `inspect model.json`: its pooling layers, their sizes, and what the built-in gets wrong there. Reads no weights. */
import type { layers } from '@tensorflow/tfjs-layers';
import Table from 'cli-table3';
import { camel } from '../convert/exchange_layer';
import { LAYER_PAIRS } from '../convert/layer_pairs';
import { type FoundLayer, findLayers, modelPath, valueAt } from '../convert/walk_topology';
import { messageOf } from './command_error';
import { loadModel } from './compare_in_node';
import { DEFECTS, type InspectedLayer, NO_COUNTERPART } from './defects';
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
  return hasCounterpart(className) || /^Im2Col.*Pooling[123]D$/.test(className);
}

function hasCounterpart(className: string): boolean {
  return LAYER_PAIRS.some((pair) => pair.includes(className));
}

function inspected({ name, className, config }: FoundLayer, shapes: Map<string, Shapes>): InspectedPooling {
  const options = Object.fromEntries(
    Object.entries(config)
      .map(([key, value]) => [camel(key), value])
      .filter(([key]) => OPTIONS.includes(key as string)),
  ) as Record<string, unknown>;
  const list = (value: unknown): number[] => (Array.isArray(value) ? value : value == null ? [] : [value]) as number[];
  const layer: InspectedLayer = {
    className,
    poolSize: list(options.poolSize),
    padding: options.padding,
    ceilMode: options.ceilMode === true,
    dilated: list(options.dilationRate).some((rate) => rate > 1),
  };
  const met = hasCounterpart(className) ? DEFECTS.filter(({ meets }) => meets(layer)) : [NO_COUNTERPART];
  const builtinDefects = Object.fromEntries(
    BACKENDS.map((backend) => [backend, met.flatMap(({ on }) => on[backend] ?? [])]),
  );
  return { name, class: className, options, ...(shapes.get(name) ?? { input: null, output: null }), builtinDefects };
}

const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu', 'node'] as const;
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
  'outputSize',
  'p',
];

type Shape = ReadonlyArray<number | null>;
interface Shapes {
  readonly input: Shape | null;
  readonly output: Shape | null;
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

/** Of the layer's first call; a layer in a wrapper has none. */
function shapesAt(layer: layers.Layer): Shapes {
  const [node] = layer.inboundNodes as Array<{ inputShapes: Shape[]; outputShapes: Shape[] | Shape } | undefined>;
  if (node === undefined) return { input: null, output: null };
  const first = (given: Shape[] | Shape): Shape => (Array.isArray(given[0]) ? (given[0] as Shape) : (given as Shape));
  return { input: first(node.inputShapes), output: first(node.outputShapes) };
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
      const lines = Object.entries(group[0].builtinDefects).flatMap(([backend, met]) =>
        (met.length > 0 ? met : ['nothing known']).map((what, i) => `  ${(i === 0 ? backend : '').padEnd(8)}- ${what}`),
      );
      return `${colors.bold(group.map(({ name }) => name).join(', '))}: what the built-in pooling of tfjs gets wrong there\n${lines.join('\n')}`;
    })
    .join('\n\n');
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  return value == null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
}
