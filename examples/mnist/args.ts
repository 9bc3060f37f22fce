/** The command line of `npm start`: flags, defaults and their checks. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { TRAIN_COUNT } from './data';
import type { PoolingKind } from './networks';
import { RECIPE_NAMES, type RecipeName } from './recipes';

const BACKENDS = ['wasm', 'cpu', 'node'] as const;
export type BackendChoice = (typeof BACKENDS)[number];

/** What a run is told to do, every default filled in. */
export interface Args {
  readonly backend: BackendChoice;
  /** In the order in which they are trained. */
  readonly poolings: readonly PoolingKind[];
  readonly epochs: number;
  readonly samples: number;
  readonly recipe: RecipeName;
  /** One training after the other. */
  readonly seeds: readonly number[];
  /** Whether to train the network where the lost gradient shows, too. */
  readonly secondNetwork: boolean;
  readonly out: string;
}

interface Flags {
  backend: BackendChoice;
  pooling: PoolingKind | 'both';
  epochs?: number;
  samples?: number;
  full?: boolean;
  recipe: RecipeName;
  seed: number;
  seeds: number;
  secondNetwork: boolean;
  out: string;
}

/** What finishes within about two minutes on two cores, both networks included. */
const QUICK: Record<BackendChoice, { epochs: number; samples: number }> = {
  wasm: { epochs: 2, samples: 28_000 },
  node: { epochs: 2, samples: 50_000 },
  cpu: { epochs: 1, samples: 500 },
};
/** The textbook's training. */
const FULL = { epochs: 20, samples: TRAIN_COUNT };

/** Prints help or an error and ends the process (status 2 for an error) unless all flags are right. */
export function parseArgs(argv: readonly string[]): Args {
  const command = describe().exitOverride();
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    // commander has printed its message; help is no error.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
    throw error;
  }
  const { backend, pooling, full, recipe, seed, seeds, secondNetwork, out, ...given } = command.opts<Flags>();
  const defaults = full ? FULL : QUICK[backend];
  return {
    backend,
    recipe,
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    // One seed of it tells enough.
    secondNetwork: secondNetwork && seeds === 1,
    out,
    poolings: pooling === 'both' ? ['im2col', 'builtin'] : [pooling],
    epochs: given.epochs ?? defaults.epochs,
    samples: given.samples ?? defaults.samples,
  };
}

function describe(): Command {
  const quick = (key: 'epochs' | 'samples') => BACKENDS.map((name) => `${QUICK[name][key]} on ${name}`).join(', ');
  return new Command('npm start --')
    .description(
      "Trains the textbook's SimpleConvNet on real MNIST with im2col max pooling, then with " +
        'tf.layers.maxPooling2d from the same weights and data, and compares the two.',
    )
    .addOption(
      new Option('--backend <name>', 'where to compute; node needs @tensorflow/tfjs-node')
        .choices(BACKENDS)
        .default('wasm'),
    )
    .addOption(
      new Option('--pooling <which>', 'which network to train').choices(['im2col', 'builtin', 'both']).default('both'),
    )
    .addOption(
      new Option('--epochs <n>', `times through the samples (default: ${quick('epochs')})`).argParser(
        integer(1, 10_000),
      ),
    )
    .addOption(
      new Option('--samples <n>', `the first n training digits (default: ${quick('samples')})`).argParser(
        integer(1, TRAIN_COUNT),
      ),
    )
    .addOption(
      new Option('--full', `the textbook's training: ${FULL.epochs} epochs of all ${FULL.samples} digits`).conflicts([
        'epochs',
        'samples',
      ]),
    )
    .addOption(
      new Option('--seed <n>', 'for the initial weights and the order of the digits')
        .argParser(integer(0, 2 ** 31 - 1))
        .default(1),
    )
    .addOption(
      new Option(
        '--seeds <n>',
        'train with so many seeds, one after the other, from --seed on; ends with mean and range',
      )
        .argParser(integer(1, 1000))
        .default(1),
    )
    .addOption(
      new Option(
        '--recipe <name>',
        'textbook: digits drawn with replacement; shifted: digits shifted, a falling learning rate',
      )
        .choices(RECIPE_NAMES)
        .default('textbook'),
    )
    .addOption(new Option('--no-second-network', 'leave out the small network in which the lost gradient shows'))
    .addOption(new Option('--out <folder>', 'where models, histories and report.html go').default('out/mnist'))
    .helpOption('--help', 'this text')
    .allowExcessArguments(false)
    .showHelpAfterError('(--help lists the flags)');
}

function integer(min: number, max: number): (value: string) => number {
  return (value) => {
    const n = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(n >= min && n <= max)) throw new InvalidArgumentError(`Expected an integer from ${min} to ${max}.`);
    return n;
  };
}
