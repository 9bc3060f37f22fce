/** What `--help` adds to the options of each command: examples, and what the exit status means. Lines of up to 80 columns. */

const COMMAND = 'npx tfjs-im2col-pooling';
const FAILED = '2  it could not be done; standard error says why';

/** By the names of the commands; `program` is the help without one. */
export const HELP_TEXTS = {
  program: helpText({
    examples: [
      ['', 'compare'],
      ['', 'inspect model/model.json'],
      ['', 'convert model/model.json converted --to im2col'],
    ],
    notes: [
      'Results go to standard output, progress and errors to standard error.',
      'NO_COLOR=1 turns colours off. COMMAND --help has more examples.',
    ],
    status: ['0  done', '1  compare found that this package deviates from its contract', FAILED],
  }),
  compare: helpText({
    examples: [
      ['every backend that can be had', 'compare'],
      ['values and gradients alone, in seconds', 'compare -b cpu,wasm -r 0'],
      ['the layers of your model, on what flows into them', 'compare -m model/model.json'],
      ['a page with plots, too', 'compare --html report.html'],
    ],
    notes: [
      'webgl and webgpu run in a Chromium or Chrome of this machine (CHROME_PATH may',
      'name one), driven by playwright-core, playwright, puppeteer-core or puppeteer.',
    ],
    status: [
      '0  this package keeps its contract everywhere, whatever the built-in does',
      '1  this package deviates from it somewhere',
      FAILED,
      '2  a backend that --backend names cannot be had',
    ],
  }),
  convert: helpText({
    examples: [
      ["this package's layers, and back", 'convert model/model.json ours --to im2col'],
      ['', 'convert ours/model.json stock --to builtin'],
      ['the same folder', 'convert model/model.json model --to im2col --force'],
      ['for Keras 3; then: python keras/load.py', 'convert model/model.json keras --to keras'],
      ['from Keras 3, or an .h5 file', 'convert model.keras web --to tfjs'],
    ],
    notes: [
      'What is not a pooling layer keeps every byte with --to im2col and builtin. tfjs',
      'loads the model of tfjs that results before anything is written.',
    ],
    status: ['0  written', `${FAILED}, and nothing is written`],
  }),
  inspect: helpText({
    examples: [
      ['a LayersModel or a GraphModel', 'inspect model/model.json'],
      ['for a program', 'inspect --json model/model.json'],
    ],
    notes: [],
    status: ['0  listed', FAILED],
  }),
  'build-native': helpText({
    examples: [['', 'build-native']],
    notes: [
      'CC names another compiler: CC=clang.',
      'Without native kernels, pooling on tfjs-node runs in JavaScript and WebAssembly.',
    ],
    status: ['0  compiled, and loaded once', FAILED],
  }),
} as const;

interface Help {
  readonly examples: ReadonlyArray<readonly [what: string, command: string]>;
  readonly notes: readonly string[];
  readonly status: readonly string[];
}

function helpText({ examples, notes, status }: Help): string {
  const commands = examples.flatMap(([what, command]) => [...(what ? [`  # ${what}`] : []), `  ${COMMAND} ${command}`]);
  return [
    '',
    'Examples:',
    ...commands,
    '',
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    'Exit status:',
    ...status.map((line) => `  ${line}`),
  ].join('\n');
}
