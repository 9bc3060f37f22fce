/** The command line. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { BACKENDS, type BackendName } from '../bench/cases';
import { listOf, positive } from '../bench/options';
import { LEAKS, OPERATIONS, type SoakOperation } from './operations';

export interface SoakOptions {
  /** undefined: all that can be had. */
  backend?: BackendName[];
  operation: readonly SoakOperation[];
  calls: number;
  json?: string;
  selfCheck: boolean;
}

type Parsed = Omit<SoakOptions, 'operation'> & { operation?: SoakOperation[] };

/** The options; or a number: the status to exit with, after help or an error was printed. */
export function parseOptions(argv: readonly string[]): SoakOptions | number {
  try {
    const options = command().parse(argv).opts<Parsed>();
    return { ...options, operation: options.selfCheck ? LEAKS : (options.operation ?? OPERATIONS) };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

function command(): Command {
  return new Command('npm run soak --')
    .usage('[options]')
    .description('Calls each operation again and again, and checks that tensors and memory level off.')
    .option('--backend <names>', `of ${BACKENDS.join(', ')} (default: all that can be had)`, listOf(BACKENDS))
    .option('--operation <names>', 'operations, or how their names begin (default: all)', operationsOf)
    .option('--calls <number>', 'calls of each operation; of models, a part of them', positive, 10_000)
    .option('--json <file>', 'write all figures')
    .option('--self-check', 'soak deliberate leaks instead: each must be found', false)
    .helpOption('-h, --help', 'print this')
    .addHelpText('after', `\nOperations:\n${OPERATIONS.map(({ name }) => `  ${name}`).join('\n')}`)
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text, write) => {
        write(`soak: ${text}see npm run soak -- --help\n`);
      },
    })
    .exitOverride();
}

/** Names hold commas, but none before a beginning. A whole name means that operation alone. */
function operationsOf(text: string): SoakOperation[] {
  const beginnings = text.split(/,(?! )/).map((beginning) => beginning.trim());
  const chosen = new Set<SoakOperation>();
  for (const beginning of beginnings) {
    const whole = OPERATIONS.filter(({ name }) => name === beginning);
    const found = whole.length > 0 ? whole : OPERATIONS.filter(({ name }) => name.startsWith(beginning));
    if (found.length === 0) {
      throw new InvalidArgumentError(`Expected how an operation's name begins; got '${beginning}'.`);
    }
    found.forEach((operation) => chosen.add(operation));
  }
  return OPERATIONS.filter((operation) => chosen.has(operation));
}
