/**
 * `npm run soak`: repeats every operation on every backend that can be had, prints what tensors and memory do. See
 * `npm run soak -- --help`, and judge.ts for the verdict.
 *
 * Exit status: 0 where all measures level off; 1 where one grows, an operation fails or a wanted backend cannot be had; 2 for a wrong
 * command line. With `--self-check` each deliberate leak must be found.
 */
import { BACKENDS } from '../bench/cases';
import { runCommand, writeJson } from '../bench/run_command';
import { parseOptions } from './options';
import { startProgress } from './progress';
import { render } from './report';
import { type BackendReport, type Row, isLevel, soakBackend } from './soak_backend';

/** The JSON file. */
export interface SoakReport {
  backends: BackendReport[];
  missing: Array<{ backend: string; reason: string }>;
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv);
  if (typeof options === 'number') return options;
  const report: SoakReport = { backends: [], missing: [] };
  for (const backend of options.backend ?? BACKENDS) {
    const progress = startProgress(backend, options.operation.length);
    try {
      report.backends.push(await soakBackend(backend, options.operation, options.calls, progress));
      progress.stop();
      process.stdout.write(`${render(report.backends.at(-1)!)}\n\n`);
    } catch (error) {
      progress.stop();
      const reason = (error as Error).message.split('\n')[0];
      report.missing.push({ backend, reason });
      process.stdout.write(`${backend}: NOT SOAKED: ${reason}\n\n`);
    }
  }
  if (options.json !== undefined) await writeJson(options.json, report);
  const rows = report.backends.flatMap((backend) => backend.rows);
  const grows = (row: Row) => !('error' in row) && row.growths.length > 0;
  const isGood = options.selfCheck ? grows : isLevel;
  const failed = rows.length === 0 || !rows.every(isGood);
  return failed || (options.backend !== undefined && report.missing.length > 0) ? 1 : 0;
}

runCommand(main);
