/**
 * `npm run bench`: measures our pooling against tfjs's own on every backend that can be had, prints tables and writes JSON.
 * See `npm run bench -- --help`, and measure.ts for the method.
 *
 * Exit status: 0; 1 where a wanted backend cannot be had or a case of ours fails; 2 for a wrong command line. A missed bar
 * is a figure, not a failure.
 */
import { cpus, loadavg } from 'node:os';
import { firstLine } from '../../src/compare/first_line';
import { barsOf, pytorchBars, trainingMean } from './bars';
import { BACKENDS, type BackendName, type BenchCase, withBatch, withChannelsFirst } from './cases';
import { benchMatrix } from './matrix';
import { benchModels } from './models';
import { type BenchOptions, parseOptions } from './options';
import { type Progress, startProgress } from './progress';
import { measurePytorch } from './pytorch';
import { render } from './report';
import type { BackendReport, BenchReport, Machine, Row } from './results';
import { runCommand, writeJson } from './run_command';
import { type Runner, openRunner } from './runners';

const SCALES = [1, 2, 4, 8];

async function main(): Promise<number> {
  const options = parseOptions(process.argv);
  if (typeof options === 'number') return options;
  if (options.trainingStep) {
    process.stdout.write(await trainingSteps(options));
    return 0;
  }
  if (options.peers) {
    const { measurePeers } = await import('./peers/measure_peers');
    process.stdout.write(await measurePeers(options.case, options.pairs, options.markdown ? 'markdown' : 'terminal'));
    return 0;
  }
  if (options.matrix || options.models) {
    const { text, status } = await (options.matrix ? benchMatrix(options) : benchModels(options));
    process.stdout.write(text);
    return status;
  }
  const { pairs, calls, selfCheck, installed } = options;
  const report: BenchReport = {
    date: new Date().toISOString(),
    machine: machine(),
    pairs,
    calls,
    selfCheck,
    installed,
    backends: [],
    missing: [],
    pytorch: null,
  };
  const wanted = options.backend ?? BACKENDS;
  const rowsPerBackend = casesOf(options).length + (options.scaling ? SCALES.length : 0);
  const progress = startProgress(wanted.length * rowsPerBackend);
  for (const backend of wanted) {
    try {
      report.backends.push(await benchBackend(backend, options, progress));
    } catch (error) {
      const reason = firstLine(error);
      report.missing.push({ backend, reason });
      progress.skip(rowsPerBackend, `${backend} cannot be had: ${reason}`);
    }
  }
  progress.stop();
  report.pytorch = await comparePytorch(options, report.backends);
  await writeJson(options.json, report);
  process.stdout.write(render(report, options.markdown ? 'markdown' : 'terminal'));
  return status(report, options);
}

async function trainingSteps({ backend = ['wasm'], threads, pairs, peers }: BenchOptions): Promise<string> {
  if (!peers) return (await import('./training_step')).measureTrainingSteps(backend, threads, pairs);
  // tfjs is loaded here only for this; backends have processes of their own.
  return (await import('./peers/training_step_peers')).measureStepOfPeers(pairs);
}

/** With `--layout channelsFirst` each case comes with channels last, too. */
function casesOf(options: BenchOptions): BenchCase[] {
  return options.case.flatMap((c) => (options.layout === 'channelsFirst' ? [c, withChannelsFirst(c)] : [c]));
}

async function benchBackend(backend: BackendName, options: BenchOptions, progress: Progress): Promise<BackendReport> {
  progress.tell(`${backend}: opening`);
  const runner = await openRunner(backend, options.threads);
  try {
    const rows: Row[] = [];
    for (const benchCase of casesOf(options))
      rows.push(await measureRow(runner, backend, benchCase, options, progress));
    const scaling: Row[] = [];
    for (const scale of options.scaling ? SCALES : []) {
      scaling.push(await measureRow(runner, backend, withBatch(options.scaling!, scale), options, progress));
    }
    return {
      backend,
      info: runner.info,
      rows,
      scaling,
      geometricMean: trainingMean(rows),
      bars: options.selfCheck || options.installed ? [] : barsOf(backend, rows),
    };
  } finally {
    await runner.close();
  }
}

async function measureRow(
  runner: Runner,
  backend: BackendName,
  benchCase: BenchCase,
  { pairs, calls, pause, selfCheck, installed }: BenchOptions,
  progress: Progress,
): Promise<Row> {
  progress.tell(`${backend} ${benchCase.name}`);
  const contender = selfCheck ? 'builtin' : installed ? 'installed' : 'ours';
  const row: Row = await runner.measure({ benchCase, pairs, calls, contender, pauseMs: pause }).then(
    (result) => ({ benchCase, result }),
    (error) => ({ benchCase, error: firstLine(error) }),
  );
  progress.finish(backend, row);
  return row;
}

async function comparePytorch(
  options: BenchOptions,
  backends: readonly BackendReport[],
): Promise<BenchReport['pytorch']> {
  if (options.pytorch === undefined) return null;
  try {
    const measuredThere = await measurePytorch({
      cases: options.case,
      pairs: options.pairs,
      install: options.pytorch === 'install',
    });
    const wasmRows = backends.find(({ backend }) => backend === 'wasm')?.rows ?? [];
    return { ...measuredThere, bars: pytorchBars(measuredThere.rows, wasmRows) };
  } catch (error) {
    return { reason: firstLine(error) };
  }
}

/** Backends that nobody named may be missing; those that were named may not. */
function status({ backends, missing }: BenchReport, options: BenchOptions): number {
  const failed = backends.some(({ rows, scaling }) => [...rows, ...scaling].some((row) => 'error' in row));
  return failed || backends.length === 0 || (options.backend !== undefined && missing.length > 0) ? 1 : 0;
}

function machine(): Machine {
  // Of the file alone: this process loads no tfjs.
  const { version: tfjs } = require('@tensorflow/tfjs/package.json') as { version: string };
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown processor',
    cores: cores.length,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    tfjs,
    load: loadavg()[0],
  };
}

runCommand(main);
