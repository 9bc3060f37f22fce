/** The table of a run, at most 80 columns wide, and what grew. */
import { table } from '../bench/table';
import type { Gauges, Measure } from './gauges';
import { type BackendReport, type Row, isLevel } from './soak_backend';

const MIB = 2 ** 20;
const UNITS: Partial<Record<Measure, number>> = { bytes: 1024, gpuBytes: MIB, wasm: MIB, heap: MIB, rss: MIB };

/** The columns that every backend has; the rest is named below the table where it grows. */
const COLUMNS: ReadonlyArray<{ title: string; measures: readonly Measure[] }> = [
  { title: 'tensors', measures: ['tensors'] },
  { title: 'KiB', measures: ['bytes'] },
];
const DEVICE: Partial<Record<BackendReport['backend'], { title: string; measures: readonly Measure[] }>> = {
  wasm: { title: 'wasm MiB', measures: ['wasm'] },
  webgl: { title: 'GPU MiB', measures: ['gpuBytes'] },
  webgpu: { title: 'GPU MiB', measures: ['gpuBytes'] },
};
const PROCESS = [
  { title: 'heap MiB', measures: ['heap'] },
  { title: 'RSS MiB', measures: ['rss'] },
] as const;

export function render({ backend, rows }: BackendReport): string {
  const device = DEVICE[backend];
  const columns = [...COLUMNS, ...(device ? [device] : []), ...PROCESS];
  const names = ['operation', 'calls', ...columns.map(({ title }) => title.replace(/ .*/, '')), ''];
  const units = ['', '', ...columns.map(({ title }) => / (.*)/.exec(title)?.[1] ?? ''), ''];
  const cells = rows.map((row) =>
    'error' in row
      ? [row.operation, row.error.slice(0, 50)]
      : [
          row.operation,
          String(row.calls),
          ...columns.map(({ measures: [measure] }) => change(measure, row.start, row.end)),
          isLevel(row) ? '✓' : '✗',
        ],
  );
  const drawn = table([['', names]], [units, ...cells], 'terminal')
    .split('\n')
    .slice(1)
    .map((line) => line.slice(1));
  return [`${backend}: start→end`, ...drawn, ...rows.flatMap(storyOf)].join('\n');
}

function change(measure: Measure, start: Gauges, end: Gauges): string {
  return [start, end].map((gauges) => inUnit(measure, gauges[measure]!)).join('→');
}

function inUnit(measure: Measure, value: number): string {
  const inUnits = value / (UNITS[measure] ?? 1);
  const isFine = (measure === 'gpuBytes' || measure === 'wasm') && inUnits < 10;
  return inUnits.toFixed(isFine ? 1 : 0);
}

function storyOf(row: Row): string[] {
  if ('error' in row) return [`✗ ${row.operation} failed: ${row.error}`];
  return [
    ...(row.left === 0 ? [] : [`✗ ${row.operation}: ${row.left} tensors are left at the end`]),
    ...row.growths.map(
      ({ measure, from, to, perCall }) =>
        `✗ ${row.operation}: ${measure} ${from.toFixed(0)}→${to.toFixed(0)}, ${perCall.toPrecision(3)} a call`,
    ),
  ];
}
