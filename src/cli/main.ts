/**
 * The command tfjs-im2col-pooling. What it finds goes to stdout; progress and errors go to stderr. Status: 0; 1 where
 * `compare` finds that this package deviates from its contract; 2 for anything that could not be done.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { BACKENDS } from '../known_backends';
import { version } from '../version';
import { buildNativeCommand } from './build_native_command';
import { CommandError } from './command_error';
import { type CompareCommandOptions, compareCommand } from './compare_command';
import { type ConvertCommandOptions, convertCommand } from './convert_command';
import { fromKerasCommand } from './from_keras_command';
import { HELP_TEXTS } from './help_texts';
import { inspectCommand } from './inspect_command';
import type { KerasPooling } from '../keras/keras_pooling';
import { wrapped } from './fitted_table';
import { terminalOf } from './terminal';
import { toKerasCommand } from './to_keras_command';

interface ConvertOptions {
  readonly to: ConvertCommandOptions['to'] | 'keras' | 'tfjs';
  readonly pooling?: KerasPooling;
  readonly force: boolean;
}

function commandLine(): Command {
  const program = new Command('tfjs-im2col-pooling')
    .description(
      'Max pooling for TensorFlow.js through im2col: compare it with the built-in, convert saved models, inspect them.',
    )
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for more)')
    .addHelpText('after', HELP_TEXTS.program);
  program
    .command('compare')
    .addHelpText('after', HELP_TEXTS.compare)
    .description('run both poolings side by side: who deviates from the contract, and how fast each is')
    .option(
      '-b, --backend <names>',
      `backends, with commas between (default: all of ${BACKENDS.join(',')} that can be had)`,
      backendNames,
    )
    .option('-m, --model <model.json>', 'compare the pooling layers of a saved model, on what flows into them')
    .option('-r, --repeats <number>', 'how often each is timed; 0 for no times', natural, 5)
    .option('--seed <number>', 'of all random numbers', natural, 1)
    .option('--no-gradient', 'forward passes alone')
    .addOption(new Option('--json', 'print the report as JSON').conflicts('markdown'))
    .option('--markdown', 'print the report as Markdown')
    .option('--html <file>', 'write a page with tables and plots, too')
    .action(async (options: CompareCommandOptions) => {
      const { output, complaints, status } = await compareCommand(options, terminalOf(process.stdout));
      process.stdout.write(output);
      complaints.forEach(complain);
      process.exitCode = status;
    });
  program
    .command('convert')
    .addHelpText('after', HELP_TEXTS.convert)
    .description(
      'exchange the pooling layers of a saved model, and copy its weights along; or take it to Keras 3, or from there',
    )
    .argument('<model>', 'the model.json to convert, or with --to tfjs a .keras or .h5 file; it stays as it is')
    .argument('<folder>', 'where to write the model and the weights')
    .addOption(
      new Option(
        '-t, --to <layers>',
        'im2col: the layers of this package; builtin: those of tf.layers; keras: a folder that Keras 3 loads; tfjs: a model.json of a .keras or .h5 file',
      )
        .choices(['im2col', 'builtin', 'keras', 'tfjs'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '-p, --pooling <layers>',
        "with --to keras and tfjs: stock pooling layers (builtin), or this package's (im2col); default: builtin to keras, im2col to tfjs",
      ).choices(['builtin', 'im2col']),
    )
    .option('-f, --force', 'replace files that are there', false)
    .action(async (input: string, output: string, options: ConvertOptions) => {
      const { to, pooling, force } = options;
      process.stdout.write(
        to === 'keras'
          ? await toKerasCommand(input, output, { pooling: pooling ?? 'builtin', force })
          : to === 'tfjs'
            ? await fromKerasCommand(input, output, { pooling: pooling ?? 'im2col', force })
            : await convertCommand(input, output, { to, force }),
      );
    });
  program
    .command('inspect')
    .addHelpText('after', HELP_TEXTS.inspect)
    .description('list the pooling layers of a saved model, and what the built-in gets wrong there')
    .argument('<model.json>', 'the model; its weights are not read')
    .option('--json', 'print JSON', false)
    .action(async (path: string, { json }: { json: boolean }) => {
      process.stdout.write(await inspectCommand(path, json, terminalOf(process.stdout)));
    });
  program
    .command('build-native')
    .addHelpText('after', HELP_TEXTS['build-native'])
    .description(
      'compile the native kernels for tfjs-node here, with cc or the compiler that CC names; linux x64 has them',
    )
    .action(async () => {
      process.stdout.write(await buildNativeCommand());
    });
  return program;
}

function backendNames(value: string): string[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = names.find((name) => !(BACKENDS as readonly string[]).includes(name));
  if (unknown !== undefined || names.length === 0)
    throw new InvalidArgumentError(`Expected some of ${BACKENDS.join(', ')}; got '${unknown ?? value}'.`);
  return [...new Set(names)];
}

function natural(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Expected a whole number, 0 or more.');
  return Number(value);
}

function complain(message: string): void {
  const terminal = terminalOf(process.stderr);
  process.stderr.write(`${wrapped(`${terminal.colors.red('error:')} ${message}`, terminal)}\n`);
}

async function main(): Promise<void> {
  try {
    await commandLine().parseAsync();
  } catch (error) {
    // commander has printed what it has to say: help and version end well.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      complain(
        error instanceof CommandError
          ? error.message
          : error instanceof Error
            ? (error.stack ?? error.message)
            : String(error),
      );
      process.exitCode = 2;
    }
  }
}

void main();
