/** `inspect model.json`: its pooling layers, their sizes, and what the built-in gets wrong there. Reads no weights. */
import { BACKENDS } from '../known_backends';
import { configRead, exchangeLayer, problemOf } from '../convert/exchange_layer';
import { KINDS, kindOfLayer, layerOptionsOf } from '../kinds';
import { optionNamed, pairOf } from '../convert/layer_pairs';
import { keras3Text } from '../convert/convert_topology';
import { refusalText } from '../convert/refusals';
import {
  type FoundLayer,
  type JsonPath,
  isGraphModel,
  layersOfModel,
  namesakes,
  replaceAll,
  signOfKeras3,
} from '../convert/walk_topology';
import { optionNames } from '../options';
import { CommandError, messageOf, oneLine, printable } from './command_error';
import { defectsOf } from './defects';
import { inspectGraph } from './inspect_graph';
import { inspectedLayer } from './inspected_layer';
import { readJsonFile } from './json_file';
import { type Shapes, shapesOf } from './loaded_shapes';
import { type ModelFile, modelFileOf } from './model_file';
import { type Column, fittedTable, wrapped } from './fitted_table';
import type { Terminal } from './terminal';

/** One pooling layer, as `--json` prints it. */
interface InspectedPooling {
  readonly name: string;
  readonly class: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Null where the model cannot be built here. */
  readonly input: ReadonlyArray<number | null> | null;
  readonly output: ReadonlyArray<number | null> | null;
  /** Backend by backend, what the built-in pooling gets wrong with these options; ours doesn't. */
  readonly builtinDefects: Readonly<Record<string, readonly string[]>>;
}

export async function inspectCommand(path: string, json: boolean, terminal: Terminal): Promise<string> {
  const read = await readJsonFile(path);
  if (isGraphModel(read.json)) return inspectGraph(path, read.json, json, terminal);
  const file = modelFileOf(read);
  const layers = layersOfModel(path, file.json);
  const found = layers.filter(({ className }) => isPooling(className));
  found.forEach((layer) => checkValues(path, layer));
  const { shapes, problem } = await shapesOrProblem(file, layers);
  const pools = found.map((layer) => inspected(layer, shapes));
  if (json) return `${JSON.stringify({ model: path, layers: pools, ...(problem && { problem }) }, null, 1)}\n`;
  const count = `${path}: ${pools.length || 'no'} pooling layer${pools.length > 1 ? 's' : ''}`;
  const text = [
    wrapped(count, terminal),
    ...(pools.length === 0 ? [] : [layerTable(pools, terminal), defectLists(pools, terminal)]),
    ...(problem ? [terminal.colors.yellow(wrapped(`Sizes are unknown: ${problem}`, terminal))] : []),
  ];
  return `${text.join('\n\n')}\n`;
}

function checkValues(path: string, layer: FoundLayer): void {
  const problem = problemOf(layer.className, layer.config, null);
  if (problem !== null) throw new CommandError(`${path}: ${printable(refusalText(layer, problem))}`);
}

async function shapesOrProblem(
  file: ModelFile,
  layers: readonly FoundLayer[],
): Promise<{ shapes: ReadonlyMap<string, Shapes>; problem: string | null }> {
  const unknown = (problem: string) => ({ shapes: new Map<string, Shapes>(), problem });
  const sign = signOfKeras3(layers);
  if (sign !== null) return unknown(keras3Text(file.given, sign));
  const [namesake] = namesakes(layers);
  if (namesake !== undefined) return unknown(`two layers have the name '${printable(namesake.name)}'`);
  try {
    return { shapes: await shapesOf(loadable(file, layers), isPooling), problem: null };
  } catch (error) {
    return unknown(oneLine(messageOf(error)));
  }
}

/** With our layers in place of those that only Keras has. */
function loadable(file: ModelFile, layers: readonly FoundLayer[]): ModelFile {
  const changes = layers.flatMap(({ path, classKey, className, config }): Array<[JsonPath, unknown]> => {
    if (pairOf(className)?.inTfLayers !== false) return [];
    const exchange = exchangeLayer(className, config, 'im2col');
    if (exchange === null || 'refused' in exchange) return [];
    return [
      [[...path, classKey], exchange.className],
      [[...path, 'config'], exchange.config],
    ];
  });
  return { ...file, json: replaceAll(file.json, changes) as ModelFile['json'] };
}

function isPooling(className: string): boolean {
  return kindOfLayer(className)?.kind.reduces !== undefined;
}

function inspected({ name, className, config }: FoundLayer, shapes: ReadonlyMap<string, Shapes>): InspectedPooling {
  const known = KINDS.flatMap((kind) => optionNames(layerOptionsOf(kind)));
  const options = Object.entries(config)
    .map(([key, value]) => [optionNamed(kindOfLayer(className)?.kind, key), value] as const)
    .filter(([option]) => known.includes(option));
  const { inputs, outputs } = shapes.get(name) ?? { inputs: [], outputs: [] };
  const layer = inspectedLayer(className, configRead(className, config), inputs);
  return {
    name,
    class: className,
    options: Object.fromEntries(options),
    input: inputs[0] ?? null,
    output: outputs[0] ?? null,
    builtinDefects: Object.fromEntries(BACKENDS.map((backend) => [backend, defectsOf(layer, backend)])),
  };
}

function layerTable(pools: readonly InspectedPooling[], terminal: Terminal): string {
  const name = { head: 'layer', text: (pool: InspectedPooling) => pool.name };
  const type = { head: 'class', text: (pool: InspectedPooling) => pool.class };
  const window = { head: 'window', text: windowText };
  const shapes: Array<Column<InspectedPooling>> = [
    { head: 'input', text: ({ input }) => sizesText(input) },
    { head: 'output', text: ({ output }) => sizesText(output) },
  ];
  const others = { head: 'options', text: optionsText, wrapsAt: 16 };
  return fittedTable(
    [
      [name, type, ...shapes, window, others],
      [name, ...shapes, window, others],
      [name, window, others],
    ],
    [{ rows: pools }],
    terminal,
  ).text;
}

function windowText({ options: { poolSize, strides } }: InspectedPooling): string {
  return poolSize == null ? '-' : `${sizesText(poolSize)} / ${sizesText(strides ?? poolSize)}`;
}

/** A default says nothing about a layer. */
function isDefault([option, value]: readonly [string, unknown]): boolean {
  if (option === 'dilationRate') return [value].flat().every((rate) => rate === 1);
  return (
    value == null || ['valid', 'channelsLast', 'channels_last', 'propagate', 'fused', false].includes(value as string)
  );
}

function optionsText({ options: { poolSize: _size, strides: _strides, ...others } }: InspectedPooling): string {
  const told = Object.entries(others).filter((entry) => !isDefault(entry));
  return told.map(([key, value]) => `${key} ${plain(value)}`).join(', ') || '-';
}

function sizesText(value: unknown): string {
  if (!Array.isArray(value)) return plain(value);
  return value.map((size) => (size === null ? '?' : plain(size))).join('x');
}

/** Layers that meet the same defects share a list. */
function defectLists(pools: readonly InspectedPooling[], terminal: Terminal): string {
  const lists = [...new Set(pools.map(({ builtinDefects }) => JSON.stringify(builtinDefects)))];
  return lists
    .map((list) => {
      const group = pools.filter(({ builtinDefects }) => JSON.stringify(builtinDefects) === list);
      const title = `${group.map(({ name }) => name).join(', ')}: what the built-in pooling of tfjs gets wrong there`;
      return `${terminal.colors.bold(wrapped(title, terminal))}\n${defectLines(group[0]!, terminal)}`;
    })
    .join('\n\n');
}

/** A defect of every backend is listed once. */
function defectLines({ builtinDefects }: InspectedPooling, terminal: Terminal): string {
  const lists = Object.values(builtinDefects);
  const common = lists[0]!.filter((what) => lists.every((list) => list.includes(what)));
  const entries: Array<[string, readonly string[]]> = [
    ['everywhere', common],
    ...Object.entries(builtinDefects).map(([backend, list]): [string, string[]] => [
      backend,
      list.filter((what) => !common.includes(what)),
    ]),
  ];
  const lines = entries.flatMap(([where, list]) =>
    list.map((what, i) => wrapped(what, terminal, `  ${(i === 0 ? where : '').padEnd(11)}- `)),
  );
  return lines.join('\n') || '  nothing known';
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  return value == null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
}
