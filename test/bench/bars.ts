/** The bars that the kernels are held to, and whether a run's figures reach them. */
import { ALL_CASES, type BackendName, type BenchCase, ONE_CHANNEL, SMALL, firstName, rankOf } from './cases';
import { type PytorchRow, type Row, measured } from './results';
import { geometricMean } from '../../src/compare/statistics';

export interface Bar {
  what: string;
  limit: number;
  /** 'least': figures must reach the limit; 'most': they must not pass it. */
  kind: 'least' | 'most';
  /** The figure that is nearest to failing, and its case; null where nothing was measured. */
  value: number | null;
  worstCase: string | null;
  pass: boolean | null;
}

/** Ratios built-in / ours; `copy`: our forward in multiples of the copy floor. */
interface Limits {
  forward: number;
  training: number;
  mean: number;
  copy?: number;
}

const LIMITS: Record<BackendName, Limits> = {
  cpu: { forward: 6, training: 25, mean: 50, copy: 6 },
  wasm: { forward: 1, training: 8, mean: 12, copy: 3 },
  'wasm-browser': { forward: 1, training: 8, mean: 12 },
  webgl: { forward: 1.5, training: 2, mean: 3 },
  webgpu: { forward: 1.5, training: 2.5, mean: 4 },
  node: { forward: 1.5, training: 4, mean: 8 },
  'webgpu-node': { forward: 1.5, training: 2.5, mean: 4 },
  'webgl-mesa': { forward: 1.5, training: 2, mean: 3 },
};

/** Average pooling, whose built-in kernels have no such faults: its speed everywhere. */
const AVERAGE_LIMITS: Limits = { forward: 1, training: 1, mean: 1 };

/** Bytes kept for the backward pass against the built-in's, where the window is 2x2 with stride 2. */
const KEPT_LIMIT = 0.25;

/** PyTorch's training step is to be passed (channels first) and come near to (channels last), by wasm, in these cases. */
const PYTORCH_CASES = ['vgg', 'resnet'];
const PYTORCH_LIMITS = { channelsFirst: 1, channelsLast: 2.5 };

/** What channels first may cost: in multiples of channels last, in these cases. */
const LAYOUT_CASES = ['vgg', 'resnet', 'same'];
const LAYOUT_LIMITS: Record<BackendName, number> = {
  cpu: 1.5,
  wasm: 1.5,
  'wasm-browser': 1.5,
  node: 1.5,
  webgl: 2,
  webgpu: 2,
  'webgpu-node': 2,
  'webgl-mesa': 2,
};
/** A call that computes next to nothing takes no longer than the built-in's. */
const SMALL_LIMIT = 1;
/** What one channel may cost: in multiples of as many elements in 64 channels. */
const ONE_CHANNEL_LIMIT = 2;

interface Figure {
  name: string | null;
  value: number | null;
}

export function barsOf(backend: BackendName, all: readonly Row[]): Bar[] {
  const isAverage = all.some(({ benchCase }) => benchCase.pooling === 'average');
  const limits = isAverage ? AVERAGE_LIMITS : LIMITS[backend];
  const rows = all.filter(({ benchCase }) => benchCase.name !== SMALL.name);
  const results = measured(rows);
  const figures = (of: (row: (typeof results)[number]) => number | null): Figure[] =>
    results.map((row) => ({ name: row.benchCase.name, value: of(row) }));
  const bars = [
    bar(
      'forward, every case',
      'least',
      limits.forward,
      figures(({ result }) => result.forward.ratio),
    ),
    bar(
      'training step, every case',
      'least',
      limits.training,
      figures(({ result }) => result.training.ratio),
    ),
    bar('geometric mean of training', 'least', limits.mean, [{ name: null, value: trainingMean(rows) }]),
    bar(
      "bytes kept of the built-in's, 2x2/2",
      'most',
      KEPT_LIMIT,
      figures(({ benchCase, result: { kept } }) =>
        isTwoByTwo(benchCase) && kept.builtin !== null ? kept.ours / kept.builtin : null,
      ),
    ),
  ];
  if (limits.copy !== undefined) {
    bars.push(
      bar(
        'forward in copies of its bytes',
        'most',
        limits.copy,
        figures(({ result }) => result.copy.ratio),
      ),
    );
  }
  return [...bars, ...smallBars(measured(all)), ...layoutBars(backend, results)];
}

function smallBars(results: ReturnType<typeof measured>): Bar[] {
  const result = results.find(({ benchCase }) => benchCase.name === SMALL.name)?.result;
  return (['forward', 'training'] as const).map((pass) =>
    bar(`a small call, ${pass}`, 'least', SMALL_LIMIT, [{ name: null, value: result?.[pass].ratio ?? null }]),
  );
}

/** What the layout costs, in cases that were measured in both. */
function layoutBars(backend: BackendName, results: ReturnType<typeof measured>): Bar[] {
  const ofPass = (pass: 'forward' | 'training'): Bar[] => {
    const msOf = (name: string) => results.find(({ benchCase }) => benchCase.name === name)?.result[pass].ours;
    const quotient = (name: string, dividend: string, divisor: string): Figure => {
      const [a, b] = [msOf(dividend), msOf(divisor)];
      return { name, value: a === undefined || b === undefined ? null : a / b };
    };
    const [one, many] = ONE_CHANNEL.map(({ name }) => name);
    return [
      bar(
        `channels first / channels last, ${pass}`,
        'most',
        LAYOUT_LIMITS[backend],
        ALL_CASES.filter(({ name }) => LAYOUT_CASES.includes(name)).map((c) => quotient(c.name, firstName(c), c.name)),
      ),
      bar(`one channel / 64 channels, ${pass}`, 'most', ONE_CHANNEL_LIMIT, [quotient(one, one, many)]),
    ];
  };
  return [...ofPass('forward'), ...ofPass('training')];
}

/** The geometric mean of the training steps' ratios; null for none. */
export function trainingMean(rows: readonly Row[]): number | null {
  const ratios = measured(rows).flatMap(({ result }) => result.training.ratio ?? []);
  return geometricMean(ratios) ?? null;
}

/** `wasmRows`: of the same run; empty when wasm was not in it. */
export function pytorchBars(pytorch: readonly PytorchRow[], wasmRows: readonly Row[]): Bar[] {
  const figures = (layout: 'channelsFirst' | 'channelsLast'): Figure[] =>
    PYTORCH_CASES.map((name) => {
      const ours = measured(wasmRows).find(({ benchCase }) => benchCase.name === name)?.result.training.ours;
      const theirs = pytorch.find((row) => row.name === name)?.[layout]?.training;
      return { name, value: ours === undefined || theirs === undefined ? null : ours / theirs };
    });
  return [
    bar('wasm training / PyTorch channels first', 'most', PYTORCH_LIMITS.channelsFirst, figures('channelsFirst')),
    bar('wasm training / PyTorch channels last', 'most', PYTORCH_LIMITS.channelsLast, figures('channelsLast')),
  ];
}

function bar(what: string, kind: Bar['kind'], limit: number, figures: readonly Figure[]): Bar {
  let worst: { name: string | null; value: number } | undefined;
  for (const { name, value } of figures) {
    if (value === null) continue;
    if (worst === undefined || (kind === 'least' ? value < worst.value : value > worst.value)) worst = { name, value };
  }
  if (worst === undefined) return { what, limit, kind, value: null, worstCase: null, pass: null };
  const pass = kind === 'least' ? worst.value >= limit : worst.value <= limit;
  return { what, limit, kind, value: worst.value, worstCase: worst.name, pass };
}

function isTwoByTwo(c: BenchCase): boolean {
  return rankOf(c) === 2 && c.window === 2 && c.stride === 2;
}
