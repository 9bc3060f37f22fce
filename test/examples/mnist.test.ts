/**
 * The main job as its user runs it: a child process on few digits. What is checked is what it prints and
 * leaves behind, never how long it takes.
 */
import * as tf from '@tensorflow/tfjs';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from '../../examples/mnist/args';
import { loadMnist } from '../../examples/mnist/data';
import { modelFolder } from '../../examples/mnist/model_folder';
import type { RunRecord } from '../../examples/mnist/history';
import { RECIPES, shiftDigit, shiftsOf } from '../../examples/mnist/recipes';
import '../../src/index';

const ROOT = join(__dirname, '..', '..');
const TSX = pathToFileURL(require.resolve('tsx')).href;
const OUT = mkdtempSync(join(tmpdir(), 'mnist-test-'));

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** `npm start`, without npm. `onOutput` sees all of stdout so far, whenever there is more of it. */
function start(
  flags: readonly string[],
  onOutput: (stdout: string, child: ChildProcess) => void = () => {},
  cwd = ROOT,
): Promise<Ended> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') };
  const child = spawn(process.execPath, ['--import', TSX, join(ROOT, 'examples', 'mnist', 'main.ts'), ...flags], {
    cwd,
    env,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    onOutput(stdout, child);
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

function readHistory(folder: string): RunRecord {
  return JSON.parse(readFileSync(join(folder, 'history.json'), 'utf8')) as RunRecord;
}

afterAll(() => rmSync(OUT, { recursive: true, force: true }));

describe('a run on 300 digits', () => {
  const out = join(OUT, 'run');
  let ended: Ended;
  beforeAll(async () => {
    ended = await start(['--samples', '300', '--epochs', '2', '--seed', '5', '--out', out]); // with the second network
  });

  test('ends well, without a word on stderr', () => {
    expect(ended).toMatchObject({ status: 0, stderr: '' });
  });

  test('says what it trains and tests on, and that saved and loaded models predict the same', () => {
    expect(ended.stdout).toContain(
      '300 training digits, 10000 test digits, epochs: 2, backend: wasm, seed: 5, recipe: textbook',
    );
    expect(
      ended.stdout.match(/loaded again: its predictions for 1000 test digits are identical, bit for bit/g),
    ).toHaveLength(2);
    expect(ended.stdout.match(/epoch 2\/2 100 % \| loss [\d.]+ \| accuracy [\d.]+ %/g)).toHaveLength(2);
  });

  test('prints the table: our pooling loses no gradient, the built-in one on wasm does', () => {
    const row = ended.stdout.split('\n').find((line) => line.includes('gradient mass lost [3]')) as string;
    const [ours, builtin] = [...row.matchAll(/([\d.]+) %/g)].map((match) => Number(match[1]));
    expect(ours).toBe(0);
    expect(builtin).toBeGreaterThan(10);
    for (const label of ['test accuracy', 'test loss', 'time per epoch', 'of it in pooling', 'sum|dy|', 'sum|dx|']) {
      expect(ended.stdout).toContain(label);
    }
  });

  test('trains the second network with both poolings, and reports them', () => {
    const [, part] = ended.stdout.split('A network where it matters');
    expect(part).toContain('1 epoch, 300 digits');
    const accuracies = [...part.matchAll(/test: accuracy ([\d.]+ %)/g)].map(([, accuracy]) => accuracy);
    expect(accuracies).toHaveLength(2);
    const [, section] = readFileSync(join(out, 'report.html'), 'utf8').split('<h2>A network where it matters</h2>');
    const tiles = [...section.split('</section>')[0].matchAll(/class="big">([\d.]+ %)/g)].map(
      ([, accuracy]) => accuracy,
    );
    expect(tiles).toEqual(accuracies);
  });

  test('leaves two models, two histories and a report', () => {
    expect(readdirSync(out).sort()).toEqual(['builtin', 'im2col', 'report.html']);
    for (const kind of ['im2col', 'builtin']) {
      expect(readdirSync(join(out, kind)).sort()).toEqual(['history.json', 'model.json', 'weights.bin']);
    }
  });

  test('both networks start from the same weights and see the same digits', () => {
    const [ours, builtin] = ['im2col', 'builtin'].map((kind) => readHistory(join(out, kind)));
    expect(ours.steps.loss).toHaveLength(6);
    expect(ours.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    // The same first batch through the same weights; later ones may differ by what pooling does.
    expect(ours.steps.loss[0]).toBe(builtin.steps.loss[0]);
    expect(ours.gradient.dyMass).toBe(builtin.gradient.dyMass);
    expect(ours.gradient.dxMass).toBeCloseTo(ours.gradient.dyMass, 12);
    expect(ours.stopped).toBe(false);
  });

  test('the saved model loads here, and its topology names our layer', async () => {
    await tf.setBackend('cpu');
    const model = await tf.loadLayersModel(modelFolder(join(out, 'im2col')));
    expect(model.layers.map((layer) => layer.getClassName())).toEqual([
      'Conv2D',
      'Im2ColMaxPooling2D',
      'Flatten',
      'Dense',
      'Dense',
    ]);
    model.dispose();
  });

  test('the report holds curves, digits and both colour schemes, and loads nothing', () => {
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    // Two charts of two curves, and two pieces of curve beside each as its legend.
    expect(html.match(/<polyline class="curve/g)).toHaveLength(8);
    expect(html).toContain('98.96 %: the textbook');
    expect(html.match(/aria-label="a \d: /g)).toHaveLength(20);
    expect(html).toContain('196 of 196 windows');
    expect(html.match(/aria-label="30 filters (before|after)/g)).toHaveLength(3);
    // Whoever misreads a digit is counted once, here as in the accuracy.
    const misread = [...html.matchAll(/<h3>(\d+) digits? misread by (both|\S+ alone)/g)].map(([, count]) =>
      Number(count),
    );
    const errors = ['im2col', 'builtin'].map((kind) => 1e4 * (1 - readHistory(join(out, kind)).epochs[1].testAccuracy));
    expect([misread[0] + misread[1], misread[0] + misread[2]]).toEqual(errors.map(Math.round));
    expect(html).toMatch(/<b>\d<\/b> taken for <b>\d<\/b>/);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).not.toMatch(/<script|src=|href=|url\(/);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test('several seeds by the other recipe: a folder each, and a last line with mean and range', async () => {
  const out = join(OUT, 'seeds');
  const flags = ['--samples', '200', '--epochs', '1', '--pooling', 'im2col', '--recipe', 'shifted', '--seeds', '2'];
  const { status, stdout, stderr } = await start([...flags, '--out', out]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(out).sort()).toEqual(['seed_1', 'seed_2']);
  const runs = [1, 2].map((seed) => readHistory(join(out, `seed_${seed}`, 'im2col')));
  expect(runs.map(({ seed, recipe }) => [seed, recipe])).toEqual([
    [1, 'shifted'],
    [2, 'shifted'],
  ]);
  const [a, b] = runs.map(({ epochs }) => epochs[0].testAccuracy * 100);
  const [low, mean, high] = [Math.min(a, b), (a + b) / 2, Math.max(a, b)].map((value) => value.toFixed(2));
  expect(stdout).toContain(
    `im2colMaxPooling2d, recipe shifted, after epoch 1: mean ${mean} %, from ${low} % to ${high} % ` +
      `(by seed 1: ${a.toFixed(2)} %, 2: ${b.toFixed(2)} %); the textbook prints 98.96 %`,
  );
});

describe('recipes', () => {
  test('the textbook draws digits with replacement, the other has each once; both as the seed says', () => {
    const [drawn, shuffled] = [RECIPES.textbook, RECIPES.shifted].map(({ order }) => order(1000, 7));
    expect(new Set(shuffled).size).toBe(1000);
    // Of n draws, 1 - 1/e of the numbers are expected.
    expect(Math.abs(new Set(drawn).size - 632)).toBeLessThan(40);
    expect(Math.max(...drawn)).toBeLessThan(1000);
    expect(RECIPES.textbook.order(1000, 7)).toEqual(drawn);
    expect(RECIPES.textbook.order(1000, 8)).not.toEqual(drawn);
  });

  test('the rate falls from 0.001 to 0, or stays', () => {
    expect([0, 0.5, 1].map(RECIPES.shifted.learningRate)).toEqual([0.001, 0.0005, 0]);
    expect([0, 0.5, 1].map(RECIPES.textbook.learningRate)).toEqual([0.001, 0.001, 0.001]);
  });

  test('a shifted digit: every pixel that is still there is where it should be, the rest is paper', () => {
    const digit = Uint8Array.from({ length: 28 * 28 }, (_, i) => 1 + (i % 200));
    const shifts = shiftsOf(RECIPES.shifted, 1);
    const seen = new Set<string>();
    for (let n = 0; n < 200; n++) {
      const [right, down] = shifts();
      seen.add(`${right},${down}`);
      const shifted = new Uint8Array(28 * 28).fill(9);
      shiftDigit(digit, [right, down], shifted);
      shifted.forEach((pixel, i) => {
        const [row, column] = [Math.floor(i / 28) - down, (i % 28) - right];
        const isThere = row >= 0 && row < 28 && column >= 0 && column < 28;
        if (pixel !== (isThere ? digit[row * 28 + column] : 0)) throw new Error(`${right}, ${down}: pixel ${i}`);
      });
    }
    expect(seen.size).toBe(25);
    expect(shiftsOf(RECIPES.textbook, 1)()).toEqual([0, 0]);
  });
});

describe('flags', () => {
  /** What the parser prints and ends with, in this process. */
  const parsed = (flags: readonly string[]): Ended => {
    const printed = { stdout: '', stderr: '' };
    const spies = (['stdout', 'stderr'] as const).map((stream) =>
      jest.spyOn(process[stream], 'write').mockImplementation((text) => {
        printed[stream] += String(text);
        return true;
      }),
    );
    const exit = jest.spyOn(process, 'exit').mockImplementation((status) => {
      throw new Error(String(status));
    });
    try {
      expect(() => parseArgs(flags)).toThrow(/^[02]$/);
      return { ...printed, status: Number(exit.mock.calls[0][0]) };
    } finally {
      [...spies, exit].forEach((spy) => spy.mockRestore());
    }
  };

  test.each([
    [['--backend', 'gpu'], /'gpu' is invalid\. Allowed choices are wasm, cpu, node\./],
    [['--epochs', '0'], /'0' is invalid\. Expected an integer from 1 to 10000\./],
    [['--samples', '60001'], /'60001' is invalid\. Expected an integer from 1 to 60000\./],
    [['--seed', '1.5'], /'1\.5' is invalid\. Expected an integer from 0 /],
    [['--seeds', '0'], /'0' is invalid\. Expected an integer from 1 to 1000\./],
    [['--recipe', 'best'], /'best' is invalid\. Allowed choices are textbook, shifted\./],
    [['--pooling', 'avg'], /'avg' is invalid\. Allowed choices are im2col, builtin, both\./],
    [['--full', '--epochs', '3'], /'--full' cannot be used with option '--epochs <n>'/],
    [['--sample', '3'], /unknown option '--sample'/],
    [['more'], /too many arguments/],
  ])('%p ends with status 2 and says why', (flags, message) => {
    const { status, stdout, stderr } = parsed(flags);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('the process ends so', async () => {
    const { status, stdout, stderr } = await start(['more']);
    expect(stderr).toMatch(/too many arguments/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  test('--help lists them all', () => {
    const { status, stdout } = parsed(['--help']);
    expect(status).toBe(0);
    for (const flag of [
      '--backend',
      '--pooling',
      '--epochs',
      '--samples',
      '--full',
      '--seed',
      '--seeds',
      '--recipe',
      '--out',
      '--help',
    ]) {
      expect(stdout).toContain(flag);
    }
  });

  test('an output folder that cannot be made is an error before any training', async () => {
    const { status, stdout, stderr } = await start(['--out', join(ROOT, 'package.json', 'x')]);
    expect(stderr).toMatch(/ENOTDIR|EEXIST/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

test('Ctrl-C stops after the step and saves the model and the history so far', async () => {
  const out = join(OUT, 'stopped');
  let sent = false;
  const ended = await start(['--samples', '20000', '--epochs', '3', '--out', out], (stdout, child) => {
    if (!sent && stdout.includes(' 10 % |')) sent = child.kill('SIGINT');
  });
  expect(ended).toMatchObject({ status: 130, stderr: '' });
  expect(ended.stdout).toMatch(/stopped after \d+ steps; saved: .*im2col.model\.json, weights\.bin, history\.json/);
  expect(ended.stdout).not.toContain('tf.layers.maxPooling2d\n');
  expect(readdirSync(out).sort()).toEqual(['im2col', 'report.html']);
  const history = readHistory(join(out, 'im2col'));
  expect(history.stopped).toBe(true);
  expect(history.steps.loss.length).toBeGreaterThanOrEqual(20);
  expect(history.steps.loss.length).toBeLessThan(600);
  await tf.setBackend('cpu');
  const model = await tf.loadLayersModel(modelFolder(join(out, 'im2col')));
  expect(model.countParams()).toBe(433_890);
  model.dispose();
});

describe('--backend', () => {
  test('node without tfjs-node: a clear error', async () => {
    // Away from the project's folder it finds none.
    const { status, stdout, stderr } = await start(['--backend', 'node'], undefined, OUT);
    expect(stderr).toMatch(/^The node backend needs @tensorflow\/tfjs-node\. Install it/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  (process.env.TEST_TFJS_NODE ? test : test.skip)(
    'node with tfjs-node trains, and its built-in layer loses nothing',
    async () => {
      const { status, stdout } = await start([
        '--backend',
        'node',
        '--samples',
        '200',
        '--epochs',
        '1',
        '--no-second-network',
        '--out',
        join(OUT, 'node'),
      ]);
      expect(status).toBe(0);
      expect(stdout).toMatch(/gradient mass lost \[3\] +\S +0\.00 % \S +0\.00 %/);
    },
  );

  test('cpu trains; its training steps agree with those of wasm', async () => {
    const runs = await Promise.all(
      ['cpu', 'wasm'].map(async (backend) => {
        const out = join(OUT, backend);
        // Ctrl-C after the first step: the test of 10,000 digits takes long on cpu.
        const flags = ['--backend', backend, '--samples', '100', '--epochs', '1', '--pooling', 'im2col', '--out', out];
        let sent = false;
        await start(flags, (stdout, child) => {
          if (!sent && stdout.includes('100 % |')) sent = child.kill('SIGINT');
        });
        return readHistory(join(out, 'im2col'));
      }),
    );
    const [cpu, wasm] = runs;
    expect(cpu.backend).toBe('cpu');
    expect(cpu.steps.loss[0]).toBeCloseTo(wasm.steps.loss[0], 5);
    expect(cpu.gradient.dyMass / wasm.gradient.dyMass).toBeCloseTo(1, 4);
  });
});

describe('the data', () => {
  // The known counts of the ten classes in MNIST.
  const TRAIN = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
  const TEST = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
  const countsOf = (labels: Uint8Array) =>
    Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);

  test('all of MNIST is there', () => {
    const { train, test: tested } = loadMnist(60_000);
    expect(countsOf(train.labels)).toEqual(TRAIN);
    expect(countsOf(tested.labels)).toEqual(TEST);
    expect(train.pixels).toHaveLength(60_000 * 28 * 28);
    // The mean and standard deviation that everybody normalizes MNIST with: 0.1307 and 0.3081.
    let [sum, squares] = [0, 0];
    for (const pixel of train.pixels) {
      sum += pixel / 255;
      squares += (pixel / 255) ** 2;
    }
    const mean = sum / train.pixels.length;
    expect(mean).toBeCloseTo(0.1307, 4);
    expect(Math.sqrt(squares / train.pixels.length - mean ** 2)).toBeCloseTo(0.3081, 4);
  });

  test('the first n digits are the first n', () => {
    const { train } = loadMnist(5);
    expect(Array.from(train.labels)).toEqual([5, 0, 4, 1, 9]);
    expect(train.pixels).toHaveLength(5 * 28 * 28);
  });
});
