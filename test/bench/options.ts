/** The command line. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import {
  ALL_CASES,
  ALL_BACKENDS,
  type BackendName,
  type BenchCase,
  CASES,
  LAYOUTS,
  type Layout,
  describeCase,
} from './cases';
import { MODEL_NAMES, type ModelName } from './model_cases';

export interface BenchOptions {
  /** undefined: all that can be had. */
  backend?: BackendName[];
  case: BenchCase[];
  /** channelsFirst: each case with channels last and with channels first. */
  layout: Layout;
  pairs: number;
  calls: number;
  /** Of wasm-browser. */
  threads: number;
  pause: number;
  json: string;
  scaling?: BenchCase;
  pytorch?: 'compare' | 'install';
  markdown: boolean;
  selfCheck: boolean;
  installed: boolean;
  /** Nothing else is measured with one of these, but for `trainingStep` and `peers`: the step on tfjs-node and in PyTorch, too. */
  trainingStep: boolean;
  matrix: boolean;
  /** What is measured in place of cases. */
  models?: ModelName[] | 'all';
  peers: boolean;
}

type Parsed = Omit<BenchOptions, 'case'> & { case?: BenchCase[]; pooling: 'max' | 'average' };

/** The options; or a number: the status to exit with, after help or an error was printed. */
export function parseOptions(argv: readonly string[]): BenchOptions | number {
  try {
    const parsed = command().parse(argv);
    const { pooling, ...options } = parsed.opts<Parsed>();
    if (options.threads > 1 && options.backend?.join() !== 'wasm-browser')
      parsed.error("error: option '--threads' goes with '--backend wasm-browser' alone\n");
    const isNotWasm = options.backend?.some((name) => name !== 'wasm' && name !== 'wasm-browser');
    if (options.trainingStep && (isNotWasm || (options.peers && options.backend)))
      parsed.error("error: option '--training-step' goes with the backends wasm and wasm-browser, without '--peers'\n");
    const cases = options.case ?? [...CASES];
    return {
      ...options,
      case: cases.map((c) => ({ ...c, pooling })),
      ...(options.scaling && { scaling: { ...options.scaling, pooling } }),
    };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

function command(): Command {
  return new Command('npm run bench --')
    .usage('[options]')
    .description("Measures our pooling and tfjs's own alternately on the same tensors; prints a table, writes JSON.")
    .option('--backend <names>', `of ${ALL_BACKENDS.join(', ')} (default: all that can be had)`, listOf(ALL_BACKENDS))
    .option(
      '--case <names>',
      `of ${ALL_CASES.map((c) => c.name).join(', ')} (default: the first ${CASES.length})`,
      casesOf,
    )
    .addOption(new Option('--pooling <kind>', 'which pooling').choices(['max', 'average']).default('max'))
    .addOption(
      new Option('--layout <layout>', 'channelsFirst: each case in both layouts, and what channels first cost')
        .choices(LAYOUTS)
        .default('channelsLast'),
    )
    .option('--pairs <number>', 'timed pairs a figure; below 15, figures mean little', positive, 15)
    .option('--calls <number>', 'calls in a row before the one element is read back', positive, 1)
    .option('--threads <number>', "of wasm-browser: 1 is tfjs's SIMD build, more its build with threads", positive, 1)
    .option(
      '--pause <ms>',
      'before each run of a case, for the threads of the one before to fall asleep; 2 is long enough for those of tfjs',
      positive,
      0,
    )
    .option('--json <file>', 'where all figures go', 'out/bench.json')
    .addOption(
      new Option('--scaling [case]', 'also one case with its batch x1, x2, x4, x8: time and bytes kept')
        .preset('mnist')
        .argParser(caseOf),
    )
    .addOption(
      new Option('--pytorch [install]', 'also PyTorch, if python3 has it; "install": by pip into .cache/torch')
        .preset('compare')
        .argParser((text) => oneOf(['compare', 'install'], text)),
    )
    .addOption(
      new Option(
        '--peers',
        'only ours on wasm beside onnxruntime-web, jax-js, PyTorch, JAX and TensorFlow, whichever are installed; BENCH_PYTHON names a python',
      ).default(false),
    )
    .option('--markdown', 'print tables to paste into the README', false)
    .option('--self-check', 'measure the built-in against itself: every ratio must be near 1', false)
    .addOption(
      new Option('--installed', 'measure tf.maxPool itself, before and after installPoolingKernels()')
        .default(false)
        .conflicts('selfCheck'),
    )
    .option('--training-step', 'only a training step of the MNIST example on wasm, with and without our kernels', false)
    .option('--matrix', "only the im2col matrix: 'im2col' against 'fused', im2col and col2im against a copy", false)
    .addOption(
      new Option('--models [names]', `only existing models, without and with our kernels: ${MODEL_NAMES.join(', ')}`)
        .preset('all')
        .argParser((text) => (text === 'all' ? text : listOf(MODEL_NAMES)(text)))
        .conflicts(['matrix', 'installed', 'selfCheck']),
    )
    .helpOption('-h, --help', 'print this')
    .addHelpText(
      'after',
      `\nCases, batch x spatial x channels, window/stride/padding:\n${ALL_CASES.map(
        (c) => `  ${c.name.padEnd(10)} ${describeCase(c)}`,
      ).join('\n')}`,
    )
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text, write) => {
        write(`bench: ${text}see npm run bench -- --help\n`);
      },
    })
    .exitOverride();
}

export function listOf<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) => [...new Set(text.split(',').map((name) => oneOf(known, name.trim())))];
}

function casesOf(text: string): BenchCase[] {
  return [...new Set(text.split(','))].map(caseOf);
}

function caseOf(text: string): BenchCase {
  const name = oneOf(
    ALL_CASES.map((c) => c.name),
    text.trim(),
  );
  return ALL_CASES.find((c) => c.name === name)!;
}

function oneOf<T extends string>(known: readonly T[], name: string): T {
  const found = known.find((k) => k === name);
  if (found === undefined) throw new InvalidArgumentError(`Expected one of ${known.join(', ')}; got '${name}'.`);
  return found;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError(`Expected a positive integer; got '${text}'.`);
  }
  return value;
}
