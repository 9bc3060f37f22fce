/** `compare`: both poolings on every backend that can be had, as a table, JSON, Markdown or a page. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { BACKENDS } from '../known_backends';
import { formatMarkdown } from '../compare/format_markdown';
import type { CompareReport } from '../compare/report';
import { oursDeviates } from '../compare/row_text';
import { CommandError, messageOf } from './command_error';
import { compareInBrowser } from './compare_in_browser';
import { compareInNode } from './compare_in_node';
import { type CompareRequest, type OnProgress, type PartialReport, nothingCompared } from './compare_request';
import { compareTable } from './compare_table';
import { htmlReport } from './html_report';
import { type ModelFile, checkedShards, readModelFile } from './model_file';
import { startProgress } from './progress';
import type { Terminal } from './terminal';

const IN_BROWSER: readonly string[] = ['webgl', 'webgpu'];

/** The options of the command line. */
export interface CompareCommandOptions {
  /** Named by the user; without, all that can be had. */
  readonly backend?: readonly string[];
  readonly model?: string;
  readonly gradient: boolean;
  readonly repeats: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: string;
}

/** What to print, what to complain of, and the status to end with: 1 where this package deviates, 2 where a named backend is missing. */
export interface CompareOutcome {
  readonly output: string;
  readonly complaints: readonly string[];
  readonly status: number;
}

export async function compareCommand(options: CompareCommandOptions, terminal: Terminal): Promise<CompareOutcome> {
  const model = options.model === undefined ? null : await readModelFile(options.model);
  if (model) await checkedShards(model);
  const report = await compareEverywhere(options, model);
  const missing = options.backend === undefined ? [] : report.backends.filter((one) => one.missing !== null);
  const complaints = missing.map(({ name, missing: reason }) => `${name}: ${reason}`);
  // Where there is nothing to show, nothing is shown but the reasons; JSON is for programs, which want it whole.
  if (missing.length === report.backends.length && !options.json) return { output: '', complaints, status: 2 };
  if (options.html !== undefined) await writeReport(options.html, htmlReport(report));
  const output = options.json
    ? `${JSON.stringify(report, null, 1)}\n`
    : options.markdown
      ? formatMarkdown(report)
      : compareTable(report, terminal);
  const status = report.rows.some(oursDeviates) ? 1 : missing.length > 0 ? 2 : 0;
  return { output, status, complaints };
}

async function compareEverywhere(
  { backend: named, gradient, repeats, seed }: CompareCommandOptions,
  model: ModelFile | null,
): Promise<CompareReport> {
  const wanted: readonly string[] = named ?? BACKENDS;
  const progress = startProgress(wanted.length);
  const request = (backends: readonly string[]): CompareRequest => ({
    backends,
    gradient,
    repeats,
    seed,
    model: model !== null,
  });
  const [inNode, inBrowser] = [
    wanted.filter((name) => !IN_BROWSER.includes(name)),
    wanted.filter((name) => IN_BROWSER.includes(name)),
  ];
  try {
    const parts: PartialReport[] = [];
    if (inNode.length > 0)
      parts.push(await compareInNode(request(inNode), model, progress.part(inNode.length, 'loading TensorFlow.js')));
    if (inBrowser.length > 0) {
      const tell = progress.part(inBrowser.length, 'starting a browser');
      parts.push(await inBrowserOrWhy(request(inBrowser), model, tell));
    }
    return joined(parts, wanted, { seed, repeats });
  } finally {
    progress.stop();
  }
}

async function inBrowserOrWhy(
  request: CompareRequest,
  model: ModelFile | null,
  tell: OnProgress,
): Promise<PartialReport> {
  try {
    return await compareInBrowser(request, model, tell);
  } catch (error) {
    const missing = messageOf(error).split('\n')[0]!;
    return nothingCompared(request.backends.map((name) => ({ name, description: '', missing })));
  }
}

function joined(
  parts: readonly PartialReport[],
  wanted: readonly string[],
  settings: { seed: number; repeats: number },
): CompareReport {
  const inOrder = <T>(all: readonly T[], nameOf: (one: T) => string) =>
    wanted.flatMap((name) => all.filter((one) => nameOf(one) === name));
  const [processor] = cpus();
  return {
    kind: 'tfjs-im2col-pooling.compare',
    version: 1,
    date: new Date().toISOString(),
    versions: parts.find(({ versions }) => versions.tfjsCore !== '')?.versions ?? parts[0]!.versions,
    host: `Node ${process.versions.node}, ${processor?.model.trim() || 'unknown processor'} (${cpus().length} cores)`,
    model: parts.find((part) => part.model !== null)?.model ?? null,
    ...settings,
    backends: inOrder(
      parts.flatMap(({ backends }) => backends),
      ({ name }) => name,
    ),
    rows: inOrder(
      parts.flatMap(({ rows }) => rows),
      ({ backend }) => backend,
    ),
  };
}

async function writeReport(path: string, html: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeFile(path, html);
  } catch (error) {
    throw new CommandError(`${path}: this cannot be written (${messageOf(error)})`);
  }
}
