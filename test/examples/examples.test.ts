/** The examples as their reader runs them, each in a process of its own; what they print is checked, and that it is true. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');
const TSX = pathToFileURL(require.resolve('tsx')).href;
const OUT = mkdtempSync(join(tmpdir(), 'examples-test-'));

/** What an example prints; it must end well and be silent on stderr. */
async function run(example: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', TSX, join('examples', example), ...args],
    { cwd: ROOT, maxBuffer: 1e7 },
  );
  expect(stderr).toBe('');
  return stdout;
}

const numbers = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => Number(match[1]));

afterAll(() => rmSync(OUT, { recursive: true, force: true }));

test('01: the network learns', async () => {
  const accuracy = numbers(await run('01_quick_start.ts'), /epoch \d+: accuracy ([\d.]+)/g);
  expect(accuracy).toHaveLength(12);
  expect(accuracy[11]).toBeGreaterThan(0.9);
});

test('02: the matrices of the textbook, and the same by the operations; line by line as NumPy has them', async () => {
  const printed = await run('02_im2col_by_hand/main.ts');
  const [, apart, overlapping, textbook] = printed.split('===').filter((_, i) => i % 2 === 0);
  const rows = (text: string, title: RegExp) =>
    text
      .split('\n\n')
      .find((part) => title.test(part))!
      .split('\n')
      .slice(1)
      .filter((line) => /^[\s\d]+$/.test(line))
      .map((line) => line.trim().split(/\s+/).map(Number));
  expect(rows(apart, /^2\./)).toEqual([
    [1, 3, 4, 9],
    [2, 2, 2, 0],
    [5, 6, 5, 1],
    [8, 7, 3, 7],
  ]);
  expect(rows(apart, /^4\./)).toEqual([
    [0, 0, 0, 1],
    [2, 0, 0, 0],
    [0, 3, 0, 0],
    [4, 0, 0, 0],
  ]);
  expect(rows(apart, /^5\./)).toEqual([
    [0, 0, 2, 0],
    [0, 1, 0, 0],
    [0, 3, 4, 0],
    [0, 0, 0, 0],
  ]);
  expect(rows(overlapping, /^5\./)[1]).toEqual([0, 1 + 2 + 3 + 4, 0, 0]);
  for (const part of [apart, overlapping]) expect(part).toMatch(/are the same: true\s*$/);
  expect(textbook.match(/equal to NumPy's: true/g)).toHaveLength(11);
  expect(textbook).toMatch(/Equal to NumPy's: true, true\s*$/);
  expect(textbook).not.toContain('false');
  expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('03: Inception V3 predicts the same; its first pooling loses no gradient', async () => {
  const printed = await run('03_pretrained_model/main.ts');
  const [, exchanged] = /exchanged: (.*)/.exec(printed)!;
  expect(exchanged.match(/\bmax_pooling2d_\d/g)).toHaveLength(4);
  expect(exchanged.match(/\baverage_pooling2d_\d/g)).toHaveLength(10);
  expect(numbers(printed, /largest difference: ([\d.e-]+)/g)[0]).toBeLessThan(1e-6);
  expect(printed).toMatch(/largest difference: (\d(\.\d)?e-\d+|0)\n/);
  // The built-in of wasm adds up averages in another order.
  const [, maxima] = /: 4 the same, bit for bit \((.*)\)/.exec(printed)!;
  expect(maxima.match(/\bmax_pooling2d_\d/g)).toHaveLength(4);
  expect(numbers(printed, / 10 within ([\d.e-]+)/g)[0]).toBeLessThan(1e-6);
  const scores = numbers(/scores, im2col: +([\d. ]+)/.exec(printed)![1], /([\d.]+)/g);
  expect(scores).toHaveLength(5);
  expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
  const [, sent, arrived] = /im2col +(\d+) of (\d+)/.exec(printed)!;
  expect(arrived).toBe(sent);
  expect(Number(sent)).toBe(73 * 73 * 64);
});

test('04: both autoencoders learn, and their drawings are on the page', async () => {
  const folder = join(OUT, 'autoencoder');
  const printed = await run('04_autoencoder/main.ts', '600', folder);
  const losses = numbers(printed, /loss ([\d.]+)/g);
  expect(losses).toHaveLength(6);
  expect(losses[2]).toBeLessThan(losses[0]);
  expect(losses[5]).toBeLessThan(losses[3]);
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  expect(page.match(/<svg/g)).toHaveLength(30);
  for (const error of numbers(printed, /off by ([\d.]+)/g)) expect(page).toContain(`off by ${error.toFixed(4)}`);
});

test('05: the penalty changes the training; the built-in pooling cannot do it', async () => {
  const [, without, withPenalty, builtin] = (await run('05_gradient_penalty.ts', '20')).split(/\n\n|^\n/);
  expect(without).toContain('im2colMaxPooling2d, without the penalty');
  expect(withPenalty).toContain('im2colMaxPooling2d, with the penalty');
  const lengths = [without, withPenalty].map((part) => numbers(part, /gradient length ([\d.]+)/g));
  // The same weights to begin with, so that only the penalty can tell them apart.
  expect(lengths[0][0]).toBe(lengths[1][0]);
  expect(numbers(without, /digits score ([-\d.]+)/g)).not.toEqual(numbers(withPenalty, /digits score ([-\d.]+)/g));
  expect(builtin).toMatch(/tf\.layers\.maxPooling2d, with the penalty\n {2}throws: Cannot compute gradient/);
});

test('06: the same predictions from every storage', async () => {
  const printed = await run('06_save_and_load/main.ts', join(OUT, 'save_and_load'));
  for (const storage of ['memory', 'a folder', 'http', 'another process, over http']) {
    expect(printed).toMatch(new RegExp(`^${storage}.* the same predictions, bit for bit$`, 'm'));
  }
  // These need what not every machine has.
  const optional = [
    ...(process.env.TEST_TFJS_NODE ? ["tfjs-node's file://"] : []),
    ...(process.env.TEST_CHROMIUM
      ? ['localstorage', 'indexeddb', 'downloads'].map((name) => `Chromium, ${name}://model`)
      : []),
  ];
  for (const storage of optional)
    expect(printed).toMatch(new RegExp(`^${storage} * the same predictions, bit for bit$`, 'm'));
  expect(printed).toMatch(/gets:\n {2}Unknown layer: Im2ColMaxPooling2D\.\n/);
});

test('08: without TensorFlow, the conversion alone, and what to install', async () => {
  process.env.PYTHON = join(OUT, 'no-python');
  const printed = await run('08_distributed/main.ts', join(OUT, 'distributed'));
  delete process.env.PYTHON;
  expect(printed).toMatch(/tfjs, step 5 of 5: loss [\d.]+\naccuracy [\d.]+; converted to .*keras\n/);
  expect(printed).toMatch(/has no TensorFlow with Keras 3\. To train on: .*pip install tensorflow-cpu keras numpy/);
  expect(readdirSync(join(OUT, 'distributed', 'keras')).sort()).toEqual([
    'config.json',
    'im2col_pooling.py',
    'weights.npz',
  ]);
});

test('09: the network of PyTorch predicts the same', async () => {
  const printed = await run('09_from_pytorch/main.ts');
  const [torch, here] = printed.split('\n').map((line) => line.match(/-?\d\.\d{6}/g));
  expect(torch).toHaveLength(6);
  expect(here).toEqual(torch);
});
