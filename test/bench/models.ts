/**
 * `npm run bench -- --models`: what installPoolingKernels makes of existing models. A table per backend: each pooling of
 * known networks by tfjs's kernels and by ours in their place, and the predictions of a small GraphModel.
 */
import { graphModelFiles } from '../install/models/graph_model';
import { type BackendName, type BenchCase, describeCase } from './cases';
import { firstLine } from '../../src/compare/first_line';
import { benchEachBackend } from './each_backend';
import type { CaseResult, Comparison } from './measure';
import { MODELS, MODEL_LAYERS, MODEL_TEXTS, type ModelName } from './model_cases';
import type { BenchOptions } from './options';
import { type Runner, openRunner } from './runners';
import { type ColumnGroup, type Style, heading, list, number, table } from './table';

/** A layer and one pass are timed for so long; the built-in's training on cpu takes seconds a step. */
const LIMIT_MS = 4000;
/** The same code measured twice differs by that: see measure.ts. */
const SAME = 0.97;
const GRAPH_SHAPE = [1, 65, 65, 3];

interface ModelRow {
  readonly cells: readonly string[];
  /** Of each pass that was measured. */
  readonly figures: ReadonlyArray<{ readonly what: string; readonly ratio: number }>;
  readonly failed: boolean;
}

/** The tables, ready to be printed, and the exit status: 1 where a backend that was named, or a layer, fails. */
export async function benchModels(options: BenchOptions): Promise<{ text: string; status: number }> {
  const { blocks, status } = await benchEachBackend(options, { rowsOf, hasFailed: ({ failed }) => failed, block });
  return { text: `${[...blocks, LEGEND].join('\n\n')}\n`, status };
}

async function rowsOf(backend: BackendName, options: BenchOptions): Promise<ModelRow[]> {
  const runner = await openRunner(backend, options.threads);
  const rows: ModelRow[] = [];
  const add = async (model: ModelName, what: string, measure: () => Promise<ModelRow>) => {
    process.stderr.write(`${backend} ${model} ${what}\n`);
    rows.push(
      await measure().catch((error: unknown) => ({
        cells: [model, what, `FAILED: ${firstLine(error)}`],
        figures: [],
        failed: true,
      })),
    );
  };
  try {
    for (const model of options.models === 'all' ? MODELS : (options.models ?? [])) {
      if (model === 'graph') await add(model, 'predict', () => graphRow(runner, options));
      else {
        for (const benchCase of MODEL_LAYERS[model])
          await add(model, textOf(benchCase), () => layerRow(runner, model, benchCase, options));
      }
    }
    return rows;
  } finally {
    await runner.close();
  }
}

async function layerRow(
  runner: Runner,
  model: ModelName,
  benchCase: BenchCase,
  { pairs, calls }: BenchOptions,
): Promise<ModelRow> {
  const often = { pairs, calls, limitMs: LIMIT_MS };
  const { forward, training } = await runner.measure({ benchCase, contender: 'installed', ...often });
  return rowOf(model, textOf(benchCase), { forward, training });
}

async function graphRow(runner: Runner, { pairs, calls }: BenchOptions): Promise<ModelRow> {
  const { modelTopology, weightSpecs, weights } = graphModelFiles();
  const predictOf = { modelTopology, weightSpecs, weights: [...weights] };
  const { stock, ours } = await runner.measure({
    predictOf,
    shape: GRAPH_SHAPE,
    pairs,
    calls,
    limitMs: LIMIT_MS,
  });
  return rowOf('graph', 'predict', { forward: { ours, builtin: stock, ratio: stock / ours } });
}

/** A row of what was measured. */
export function rowOf(
  model: ModelName,
  what: string,
  passes: Partial<
    Record<keyof Pick<CaseResult, 'forward' | 'training'>, Pick<Comparison, 'ours' | 'builtin' | 'ratio'>>
  >,
): ModelRow {
  const names = ['forward', 'training'] as const;
  const cells = names.flatMap((pass) => {
    const { ours, builtin, ratio } = passes[pass] ?? { ours: null, builtin: null, ratio: null };
    const ofStock = passes[pass] && builtin === null ? 'throws' : null;
    return [ofStock ?? optional(builtin), optional(ours), optional(ratio)];
  });
  const figures = names.flatMap((pass) => {
    const ratio = passes[pass]?.ratio ?? null;
    return ratio === null ? [] : [{ what: `${model} ${what}, ${pass}`, ratio }];
  });
  return { cells: [model, what, ...cells], figures, failed: false };
}

const COLUMNS: readonly ColumnGroup[] = [
  ['', ['model', 'layer']],
  ['forward, ms', ['stock', 'ours', 'ratio']],
  ['training step, ms', ['stock', 'ours', 'ratio']],
];

/** The table of a backend, and what it says about the bar. */
export function block(backend: BackendName, rows: readonly ModelRow[], style: Style): string {
  return [
    heading(`${backend}: existing models, their own kernels and ours`, style),
    table(
      COLUMNS,
      rows.map(({ cells }) => [...cells]),
      style,
    ),
    ...list(barLines(rows), style),
  ].join('\n');
}

function barLines(rows: readonly ModelRow[]): string[] {
  const figures = rows.flatMap((row) => row.figures);
  const slower = figures.filter(({ ratio }) => ratio < SAME);
  if (slower.length === 0) return [`✓ never slower than stock: ${figures.length} figures, none below ${SAME}`];
  return [
    `✗ never slower than stock: MISSED by ${slower.length} of ${figures.length} figures`,
    ...slower.map(({ what, ratio }) => `  ${what}: ${number(ratio)}`),
  ];
}

const LEGEND =
  'Medians of alternate runs. ratio: stock / ours; above 1, ours is faster.\n' +
  `From ${SAME} on, it counts as equal. Pairs: as many as asked, or as\n` +
  `${LIMIT_MS / 1000} s give for a layer and a pass.\n` +
  Object.entries(MODEL_TEXTS)
    .map(([name, text]) => `  ${name}: ${text}`)
    .join('\n');

function textOf(c: BenchCase): string {
  return `${describeCase(c).replace(/^1x/, '')} ${c.pooling ?? 'max'}`;
}

function optional(value: number | null): string {
  return value === null ? '-' : number(value);
}
