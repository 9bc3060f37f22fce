/** `inspect` of a GraphModel: its pooling operations, and what tfjs cannot do with them. */
import type { JsonObject } from '../convert/walk_topology';
import { oneLine } from './command_error';
import { type Column, fittedTable, wrapped } from './fitted_table';
import type { Terminal } from './terminal';

/** One pooling operation, as `--json` prints it. */
interface GraphPooling {
  readonly name: string;
  readonly op: string;
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly padding: string;
  readonly dataFormat: string;
  /** What tfjs gets wrong with any kernels: it loses these attributes before a kernel runs. */
  readonly problems: readonly string[];
}

const POOLINGS: readonly unknown[] = ['MaxPool', 'AvgPool', 'MaxPool3D', 'AvgPool3D', 'MaxPoolWithArgmax', 'MaxPoolV2'];

export function inspectGraph(path: string, json: JsonObject, asJson: boolean, terminal: Terminal): string {
  const pools = nodesOf(json)
    .filter(({ op }) => POOLINGS.includes(op))
    .map(poolingOf);
  if (asJson) return `${JSON.stringify({ model: path, graph: true, nodes: pools }, null, 1)}\n`;
  const title =
    `${path}: a GraphModel, whose pooling is operations, not layers. ` +
    `installPoolingKernels() runs them on the kernels of this package.`;
  const problems = pools.flatMap(({ name, problems: list }) =>
    list.map((problem) => terminal.colors.yellow(wrapped(`node '${name}': ${problem}`, terminal))),
  );
  return `${[
    wrapped(title, terminal),
    pools.length === 0 ? 'It has no pooling operation.' : tableOf(pools, terminal),
    ...(problems.length > 0 ? [problems.join('\n')] : []),
  ].join('\n\n')}\n`;
}

/** The nodes of the graph, and of the functions that it calls. */
function nodesOf(json: JsonObject): JsonObject[] {
  const { node, library } = objectIn(json.modelTopology) ?? json;
  const functions = listIn(objectIn(library)?.function).flatMap((one) => listIn(objectIn(one)?.nodeDef));
  return [...listIn(node), ...functions].flatMap((one) => {
    const found = objectIn(one);
    return found === null ? [] : [found];
  });
}

function poolingOf({ name, op, attr }: JsonObject): GraphPooling {
  const attributes = objectIn(attr) ?? {};
  const pool = {
    name: oneLine(String(name)),
    op: String(op),
    window: integersIn(attributes.ksize),
    strides: integersIn(attributes.strides),
    padding: textIn(attributes.padding) || 'VALID',
    dataFormat: textIn(attributes.data_format) || (String(op).endsWith('3D') ? 'NDHWC' : 'NHWC'),
  };
  return { ...pool, problems: problemsOf(pool) };
}

function problemsOf({ op, window, strides, padding, dataFormat }: Omit<GraphPooling, 'problems'>): string[] {
  if (op === 'MaxPoolV2') return ['tfjs has no such operation'];
  const isFirst = dataFormat.startsWith('NC');
  const isWide = !isFirst && [window, strides].some((sizes) => isMany(sizes[0]) || isMany(sizes[sizes.length - 1]));
  return [
    ...(isFirst
      ? [
          `tfjs ignores data_format ${dataFormat}: it pools other axes, and no kernel can repair that. ` +
            'Export the model with channels last.',
        ]
      : []),
    ...(padding === 'EXPLICIT' ? ['tfjs has no explicit padding: it throws'] : []),
    ...(isWide ? ['tfjs ignores a window or stride along batch or channels, and no kernel can repair that'] : []),
  ];
}

function isMany(size: number | undefined): boolean {
  return size !== undefined && size > 1;
}

function tableOf(pools: readonly GraphPooling[], terminal: Terminal): string {
  const name: Column<GraphPooling> = { head: 'node', text: (pool) => pool.name };
  const rest: Array<Column<GraphPooling>> = [
    {
      head: 'window',
      text: ({ window, strides }) => `${window.join('x') || '?'} / ${strides.join('x') || '?'}`,
    },
    { head: 'padding', text: ({ padding }) => padding },
  ];
  const layouts = [
    [
      name,
      { head: 'operation', text: ({ op }: GraphPooling) => op },
      ...rest,
      { head: 'data format', text: ({ dataFormat }: GraphPooling) => dataFormat },
    ],
    [name, ...rest],
  ];
  return fittedTable(layouts, [{ rows: pools }], terminal).text;
}

/** Attributes as TensorFlow's protocol buffers have them in JSON: integers as texts, bytes in base64 or as numbers. */
function integersIn(attribute: unknown): number[] {
  const list = listIn(objectIn(objectIn(attribute)?.list)?.i).map(Number);
  return list.every((size) => Number.isSafeInteger(size)) ? list : [];
}

function textIn(attribute: unknown): string {
  const bytes = objectIn(attribute)?.s;
  if (typeof bytes === 'string') return oneLineOrEmpty(Buffer.from(bytes, 'base64'));
  return Array.isArray(bytes) ? oneLineOrEmpty(Buffer.from(bytes as number[])) : '';
}

function oneLineOrEmpty(bytes: Buffer): string {
  return bytes.length === 0 ? '' : oneLine(bytes.toString());
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function objectIn(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}
