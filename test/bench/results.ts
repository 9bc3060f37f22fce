/** What a run of the benchmark gives; the JSON file is this, as it stands. */
import type { Bar } from './bars';
import type { BackendInfo } from './bench_backend';
import type { BackendName, BenchCase } from './cases';
import type { CaseResult } from './measure';

/** A row of the table: a case on a backend. `error` says why there are no figures of ours. */
export type Row = { benchCase: BenchCase } & ({ result: CaseResult } | { error: string });

export interface BackendReport {
  backend: BackendName;
  info: BackendInfo;
  rows: Row[];
  /** Of the ratios of the training step. */
  geometricMean: number | null;
  bars: Bar[];
  /** The `--scaling` run: one case with 1, 2, 4 and 8 times its batch. */
  scaling: Row[];
}

/** Medians in milliseconds; null where PyTorch has no such layout. */
export interface PytorchRow {
  name: string;
  channelsFirst: { forward: number; training: number };
  channelsLast: { forward: number; training: number } | null;
}

export interface PytorchReport {
  version: string;
  threads: number;
  rows: PytorchRow[];
  bars: Bar[];
}

export interface Machine {
  cpu: string;
  cores: number;
  platform: string;
  node: string;
  tfjs: string;
  /** Of one minute, before the run: far above 0, something else is running. */
  load: number;
}

export interface BenchReport {
  date: string;
  machine: Machine;
  pairs: number;
  calls: number;
  selfCheck: boolean;
  /** "ours" is the built-in with our kernels installed. */
  installed: boolean;
  backends: BackendReport[];
  /** Backends that were wanted and cannot be had. */
  missing: Array<{ backend: BackendName; reason: string }>;
  /** null: not asked for. */
  pytorch: PytorchReport | { reason: string } | null;
}

/** The rows that have figures. */
export function measured(rows: readonly Row[]): Array<{ benchCase: BenchCase; result: CaseResult }> {
  return rows.flatMap((row) => ('result' in row ? [row] : []));
}
