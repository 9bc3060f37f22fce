/** What people read of a run: tables, bars, notes, and a legend. */
import type { Bar } from './bars';
import { describeCase } from './cases';
import type { CaseResult, Comparison } from './measure';
import { notesOf } from './notes';
import { type BackendReport, type BenchReport, measured } from './results';
import { type ColumnGroup, type Style, bytes, heading, list, number, percent, table, times } from './table';

/** The whole report. */
export function render(report: BenchReport, style: Style): string {
  const blocks = [
    machineLine(report),
    ...report.backends.flatMap((backend) => [
      backendBlock(backend, report.selfCheck, style),
      ...(backend.scaling.length > 0 ? [scalingBlock(backend, style)] : []),
    ]),
    ...report.missing.map(({ backend, reason }) => `${backend}: NOT MEASURED: ${reason}`),
    ...pytorchBlocks(report, style),
    legend(report, style),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function machineLine({ machine, pairs }: BenchReport): string {
  const busy = machine.load > machine.cores / 2 ? `; BUSY BEFORE (load ${machine.load.toFixed(1)})` : '';
  return (
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}, tfjs ${machine.tfjs}; ` +
    `${pairs} pairs${busy}`
  );
}

const CASE_COLUMNS: readonly ColumnGroup[] = [
  ['', ['case']],
  ['forward, ms', ['ours', 'built-in', 'ratio', 'spread']],
  ['training step, ms', ['ours', 'built-in', 'ratio', 'spread']],
  ['copy floor', ['ms', 'ours']],
  ['kept, MiB', ['ours', 'share']],
  ['built-in', ['result']],
];

function backendBlock(report: BackendReport, selfCheck: boolean, style: Style): string {
  const rows = report.rows.map((row) =>
    'error' in row ? [row.benchCase.name, `OURS FAILED: ${row.error}`] : [row.benchCase.name, ...caseCells(row.result)],
  );
  return [
    heading(`${report.backend}: ${report.info.renderer}`, style),
    table(CASE_COLUMNS, rows, style),
    ...list([...barLines(report.bars), ...notesOf(report, selfCheck)], style),
  ].join('\n');
}

function caseCells({ forward, training, copy, kept }: CaseResult): string[] {
  return [
    ...comparisonCells(forward),
    ...comparisonCells(training),
    number(copy.ms),
    times(copy.ratio),
    number(kept.ours / 2 ** 20),
    kept.builtin === null ? '-' : number(kept.ours / kept.builtin),
    resultCell(forward, training),
  ];
}

function comparisonCells({ ours, builtin, ratio, spread }: Comparison): string[] {
  return builtin === null || ratio === null || spread === null
    ? [number(ours), 'throws', '-', '-']
    : [number(ours), number(builtin), number(ratio), `${number(spread[0])}–${number(spread[1])}`];
}

function resultCell(forward: Comparison, training: Comparison): string {
  if (forward.builtinError !== null) return 'throws';
  if (forward.differs! > 0) return `y≠ ${percent(forward.differs!)}`;
  if (training.builtinError !== null) return 'dx throws';
  return training.differs! > 0 ? `dx≠ ${percent(training.differs!)}` : 'the same';
}

function barLines(bars: readonly Bar[]): string[] {
  return bars
    .filter(({ pass }) => pass !== null)
    .map(
      ({ what, kind, limit, value, worstCase, pass }) =>
        `${pass ? '✓' : '✗'} ${what}: at ${kind} ${limit}; ${pass ? 'reached' : 'MISSED'} with ${number(value!)}` +
        `${worstCase === null ? '' : ` (${worstCase})`}`,
    );
}

const SCALING_COLUMNS: readonly ColumnGroup[] = [
  ['', ['batch', 'shape']],
  ['forward, ms', ['ours', 'growth', 'built-in', 'growth']],
  ['training step, ms', ['ours', 'growth', 'built-in', 'growth']],
  ['kept for backward', ['ours', 'growth', 'built-in']],
];

function scalingBlock({ backend, scaling }: BackendReport, style: Style): string {
  const [first] = measured(scaling);
  const growth = (value: number | null, base: number | null) =>
    value === null || base === null ? ['-', '-'] : [number(value), times(value / base)];
  const rows = scaling.map((row) => {
    if ('error' in row) return [row.benchCase.name, `OURS FAILED: ${row.error}`];
    const { forward, training, kept } = row.result;
    const base = first.result;
    return [
      row.benchCase.name,
      describeCase(row.benchCase).split(' ')[0],
      ...growth(forward.ours, base.forward.ours),
      ...growth(forward.builtin, base.forward.builtin),
      ...growth(training.ours, base.training.ours),
      ...growth(training.builtin, base.training.builtin),
      bytes(kept.ours),
      times(kept.ours / base.kept.ours),
      kept.builtin === null ? '-' : bytes(kept.builtin),
    ];
  });
  return [heading(`${backend}: growth with the batch`, style), table(SCALING_COLUMNS, rows, style)].join('\n');
}

const PYTORCH_COLUMNS: readonly ColumnGroup[] = [
  ['', ['case']],
  ['channels first, ms', ['forward', 'training']],
  ['channels last, ms', ['forward', 'training']],
  ['our wasm, ms', ['forward', 'training']],
  ['our training of its', ['first', 'last']],
];

function pytorchBlocks({ pytorch, backends }: BenchReport, style: Style): string[] {
  if (pytorch === null) return [];
  if ('reason' in pytorch) return [`PyTorch: NOT COMPARED: ${pytorch.reason}`];
  const wasm = measured(backends.find(({ backend }) => backend === 'wasm')?.rows ?? []);
  const cells = (timing?: { forward: number; training: number } | null) =>
    timing ? [number(timing.forward), number(timing.training)] : ['-', '-'];
  const rows = pytorch.rows.map(({ name, channelsFirst, channelsLast }) => {
    const ours = wasm.find(({ benchCase }) => benchCase.name === name)?.result;
    const share = (theirs?: number) => (ours && theirs !== undefined ? times(ours.training.ours / theirs) : '-');
    return [
      name,
      ...cells(channelsFirst),
      ...cells(channelsLast),
      ...cells(ours && { forward: ours.forward.ours, training: ours.training.ours }),
      share(channelsFirst.training),
      share(channelsLast?.training),
    ];
  });
  return [
    [
      heading(`PyTorch ${pytorch.version}, ${pytorch.threads} threads`, style),
      table(PYTORCH_COLUMNS, rows, style),
      ...list(barLines(pytorch.bars), style),
    ].join('\n'),
  ];
}

function legend({ backends, calls, selfCheck, installed }: BenchReport, style: Style): string {
  const lines = [
    ...(selfCheck
      ? ['SELF-CHECK: "ours" is the built-in too; what is not near 1 is the fault of method or machine.']
      : []),
    ...(installed ? ['INSTALLED: "ours" is the built-in operation too, after installPoolingKernels().'] : []),
    'Medians of alternate runs. ratio: built-in / ours; spread: quartiles of the ratios of single pairs.',
    "training step: forward and gradient. kept: on the tape for the backward pass; share: of the built-in's bytes.",
    `A run ends when one element ${calls > 1 ? `after ${calls} calls ` : ''}has been read back. ` +
      'copy floor: x and y copied; our forward in multiples of it:',
    ...backends.map(({ backend, info }) => `  ${backend}: ${info.copyMethod}`),
  ];
  return (style === 'markdown' ? list(lines, style) : lines).join('\n').trimStart();
}
