/** The command itself, in a process of its own on a tiny case: what it prints and writes. Never how fast anything is. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barsOf } from './bars';
import { CASES, TINY, describeCase } from './cases';
import type { Comparison } from './measure';
import { block, rowOf } from './models';
import { parseOptions } from './options';
import { type BackendReport, type BenchReport, measured } from './results';
import { geometricMean, median, quantile } from '../../src/compare/statistics';
import { table } from './table';

const ROOT = join(__dirname, '..', '..');
const TRIAL = ['--case', 'tiny', '--pairs', '3'];
const HAS_BROWSER = Boolean(process.env.TEST_CHROMIUM);

interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

function bench(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const command = [require.resolve('tsx/cli'), join(__dirname, 'main.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('npm run bench', () => {
  test('a training step, with and without the training kernels: three rows, and the same loss', async () => {
    const { status, stdout } = await bench(['--training-step', '--pairs', '1']);
    expect(status).toBe(0);
    const rows = stdout.split('\n').filter((line) => line.includes(' pooling, register'));
    expect(rows).toHaveLength(3);
    const losses = rows.map((row) => Number(/loss ([\d.]+)$/.exec(row)![1]));
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0], 3);
    expect(rows[2]).toMatch(/registerWasmTrainingKernels +[\d.]+ ms, 1\.00 of the last/);
  });

  test('the im2col matrix: a row per case, and the bars', async () => {
    const { status, stdout } = await bench(['--matrix', '--backend', 'cpu', '--case', 'tiny', '--pairs', '1']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^cpu: the im2col matrix$/m);
    expect(stdout).toMatch(/^ tiny( +[\d.]+ +[\d.]+ +[\d.]+x){2}( +[\d.]+){3}( +[\d.]+x){2}$/m);
    expect(stdout).toMatch(/'im2col' : 'fused': at most 60; (reached|MISSED) with [\d.]+/);
  });

  test('existing models: a row per layer and one for the GraphModel, and the bar', async () => {
    const { status, stdout } = await bench(['--models', 'trial,graph', '--backend', 'wasm', '--pairs', '1']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ trial +2x16x16x8 2\/2\/0 max( +[\d.]+){6}$/m);
    expect(stdout).toMatch(/^ graph +predict( +[\d.]+){3}( +-){3}$/m);
    expect(stdout).toMatch(/never slower than stock: (3 figures|MISSED by \d of 3 figures)/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('existing models: what is slower is named, and what tfjs cannot run has no ratio', () => {
    const pass = (builtin: number | null, ratio: number | null) => ({ ours: 1, builtin, ratio });
    const rows = [
      rowOf('vgg16', 'a layer', { forward: pass(0.5, 0.5), training: pass(0.98, 0.98) }),
      rowOf('face', 'another', { forward: pass(2, 2), training: pass(null, null) }),
    ];
    const drawn = block('cpu', rows, 'markdown').split('\n');
    expect(drawn).toContain('| vgg16 | a layer | 0.50 | 1.00 | 0.50 | 0.98 | 1.00 | 0.98 |');
    expect(drawn).toContain('| face | another | 2.00 | 1.00 | 2.00 | throws | 1.00 | - |');
    expect(drawn.slice(-2)).toEqual([
      '- ✗ never slower than stock: MISSED by 1 of 3 figures',
      '- vgg16 a layer, forward: 0.50',
    ]);
    expect(block('cpu', rows.slice(1), 'terminal')).toContain('✓ never slower than stock: 1 figures, none below 0.97');
  });

  test('peers: ours in any case; each that is absent is named with the command that installs it', async () => {
    const { status, stdout } = await bench(['--peers', '--case', 'tiny', '--pairs', '1'], {
      BENCH_PYTHON: 'no-python',
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/ours, ms +[\d.]+ \/ [\d.]+ +1 \/ 1/);
    for (const [peer, install] of [
      ['onnxruntime-web', 'npm install --no-save onnxruntime-web'],
      ['jax-js', 'npm install --no-save @jax-js/jax'],
      ['PyTorch, channels last', 'no-python -m pip install torch'],
      ['JAX', 'no-python -m pip install jax'],
      ['TensorFlow', 'no-python -m pip install tensorflow-cpu'],
    ])
      expect(stdout).toMatch(new RegExp(`^ +${peer} (is not here .*: ${install}$|[\\d.]+.* +[\\d.]+ / )`, 'm'));
  });

  test('cpu and a browser: JSON and table', async () => {
    const backends = ['cpu', 'webgl'];
    const json = join(folder, 'all.json');
    const run = await bench(['--backend', backends.join(), ...TRIAL, '--scaling', 'tiny', '--json', json]);
    const report = JSON.parse(await readFile(json, 'utf8')) as BenchReport;

    const [cpu, webgl] = backends.map((name) => report.backends.find(({ backend }) => backend === name));
    expect(report.pairs).toBe(3);
    expect(report.machine.cores).toBeGreaterThan(0);
    expectReport(cpu!, 1);
    expect(cpu!.rows).toMatchObject([{ result: { forward: { differs: 0 }, training: { differs: 0 } } }]);
    expectTable(run.stdout, cpu!);
    if (HAS_BROWSER) {
      expectReport(webgl!, 4);
      expect(webgl!.info.renderer).toMatch(/WebGL 2, 32-bit textures/);
      expect(webgl!.rows).toMatchObject([{ result: { layout: 'x packed, dy packed' } }]);
      expectTable(run.stdout, webgl!);
    } else {
      expect(report.missing).toMatchObject([{ backend: 'webgl' }]);
    }
    expect(Math.max(...run.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
    expect(run.stderr).toMatch(/^\[1\/10\] cpu tiny: forward .* ms/m);
    expect(run.status).toBe(HAS_BROWSER ? 0 : 1);
  });

  test('--layout channelsFirst measures each case in both layouts', async () => {
    const json = join(folder, 'layout.json');
    await bench(['--backend', 'cpu', ...TRIAL, '--layout', 'channelsFirst', '--json', json]);
    const report = JSON.parse(await readFile(json, 'utf8')) as BenchReport;
    const rows = measured(report.backends[0].rows);
    expect(rows.map(({ benchCase }) => benchCase.name)).toEqual(['tiny', 'tiny first']);
    expect(rows.map(({ result }) => result.forward.differs)).toEqual([0, 0]);
  });

  test('--self-check measures the built-in twice; --markdown prints a table for the README', async () => {
    const json = join(folder, 'self.json');
    const run = await bench(['--backend', 'cpu', ...TRIAL, '--self-check', '--markdown', '--json', json]);
    const report = JSON.parse(await readFile(json, 'utf8')) as BenchReport;
    const [{ result }] = measured(report.backends[0].rows);
    expect(result.forward.kernels.ours).toEqual(result.forward.kernels.builtin);
    expect(result.training.kernels.ours).toEqual(result.training.kernels.builtin);
    expect(result.kept.ours).toBe(result.kept.builtin);
    expect(run.stdout).toMatch(/^\| tiny \|( [^|]+ \|){13}$/m);
    expect(run.stdout).toContain('SELF-CHECK');
    expect(run.status).toBe(0);
  });

  test('--installed measures tf.maxPool itself, before and after', async () => {
    const json = join(folder, 'installed.json');
    const run = await bench(['--backend', 'cpu', ...TRIAL, '--installed', '--json', json]);
    const report = JSON.parse(await readFile(json, 'utf8')) as BenchReport;
    expect(report.installed).toBe(true);
    const [{ result }] = measured(report.backends[0].rows);
    expect(result.forward.kernels).toMatchObject({
      ours: expect.arrayContaining(['MaxPool', 'Im2ColMaxPool']),
      builtin: ['MaxPool'],
    });
    expect(result.training.kernels.ours).toEqual(
      expect.arrayContaining(['MaxPool', 'Im2ColMaxPoolArgmax', 'Im2ColScatterArgmax']),
    );
    expect(result.training.kernels.builtin).toEqual(expect.arrayContaining(['MaxPool', 'MaxPoolGrad']));
    expect(result.kept).toEqual({ ours: 1024, builtin: 20480 });
    expect(result.leaked).toBe(0);
    expect(run.stdout).toContain('INSTALLED');
    expect(run.status).toBe(0);
  });

  if (HAS_BROWSER) {
    test("--backend wasm-browser measures tfjs's build with threads", async () => {
      const json = join(folder, 'threads.json');
      const run = await bench([
        '--backend',
        'wasm-browser',
        '--threads',
        '2',
        '--pause',
        '1',
        ...TRIAL,
        '--json',
        json,
      ]);
      const report = JSON.parse(await readFile(json, 'utf8')) as BenchReport;
      expect(report.backends).toMatchObject([{ backend: 'wasm-browser', info: { renderer: 'SIMD, 2 threads' } }]);
      const [{ result }] = measured(report.backends[0].rows);
      expectComparison(result.forward, 'Im2ColMaxPool');
      expectComparison(result.training, 'Im2ColScatterArgmax');
      expect(run.stdout).toMatch(/^wasm-browser: SIMD, 2 threads$/m);
      expect(run.status).toBe(0);
    });
  }

  test('a backend that cannot be had is named with the reason', async () => {
    const run = await bench(['--backend', 'webgl', ...TRIAL, '--json', join(folder, 'none.json')], {
      CHROME_PATH: join(folder, 'no-browser'),
    });
    expect(run.stdout).toMatch(/^webgl: NOT MEASURED: .*no-browser/m);
    expect(run.status).toBe(1);
  });

  test('a wrong flag: a clear error and status 2', async () => {
    const run = await bench(['--frobnicate']);
    expect(run.stderr).toMatch(/^bench: error: unknown option '--frobnicate'$/m);
    expect(run.status).toBe(2);
  });

  test.each([
    [['--case', 'huge'], /Expected one of mnist, vgg.*got 'huge'/],
    [['--backend', 'cpu,cuda'], /Expected one of cpu, wasm.*got 'cuda'/],
    [['--pairs', '0'], /Expected a positive integer; got '0'/],
    [['surplus'], /too many arguments/],
    [['--threads', '2'], /'--threads' goes with '--backend wasm-browser' alone/],
    [['--training-step', '--backend', 'webgl'], /goes with the backends wasm and wasm-browser/],
    [['--training-step', '--peers', '--backend', 'wasm'], /without '--peers'/],
    [['--installed', '--self-check'], /cannot be used with/],
    [['--models', 'alexnet'], /Expected one of inception, vgg16.*got 'alexnet'/],
  ])('a wrong command line gives status 2: %j', (args, message) => {
    const print = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(parseOptions(['node', 'bench', ...args])).toBe(2);
    expect(print.mock.calls.join('')).toMatch(message);
  });

  test('--help names every option and case', () => {
    const print = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const status = parseOptions(['node', 'bench', '--help']);
    const stdout = print.mock.calls.join('');
    print.mockRestore();
    for (const option of [
      'backend',
      'case',
      'layout',
      'pairs',
      'threads',
      'pause',
      'json',
      'scaling',
      'pytorch',
      'markdown',
      'models',
      'installed',
    ]) {
      expect(stdout).toContain(`--${option}`);
    }
    for (const benchCase of CASES) expect(stdout).toContain(describeCase(benchCase));
    expect(status).toBe(0);
  });
});

function expectReport(report: BackendReport, bytesPerTap: number): void {
  expect(measured(report.rows)).toHaveLength(1);
  expect(report.info.copyMethod).not.toBe('');
  const [{ result }] = measured(report.rows);
  expectComparison(result.forward, 'Im2ColMaxPool');
  expectComparison(result.training, 'Im2ColScatterArgmax');
  expect(result.copy.ms).toBeGreaterThan(0);
  // Ours keeps the argmax of 2x8x8x8 outputs; the built-in keeps x and y.
  expect(result.kept).toEqual({ ours: 1024 * bytesPerTap, builtin: 20480 });
  expect(result.leaked).toBe(0);
  expect(measured(report.scaling).map((row) => row.result.kept.ours)).toEqual(
    [1024, 2048, 4096, 8192].map((outputs) => outputs * bytesPerTap),
  );
  expect(report.geometricMean).toBeCloseTo(result.training.ratio!);
  expect(report.bars.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['forward, every case', 'training step, every case', 'geometric mean of training']),
  );
}

function expectComparison(comparison: Comparison, kernel: string): void {
  const { ours, builtin, ratio, spread, kernels, samples } = comparison;
  expect(samples.ours).toHaveLength(3);
  expect(ours).toBe(median(samples.ours));
  expect(builtin).toBe(median(samples.builtin));
  expect(ratio).toBeCloseTo(builtin! / ours);
  expect(spread![0]).toBeLessThanOrEqual(spread![1]);
  expect(kernels.ours).toContain(kernel);
  expect(kernels.builtin).toContain('MaxPool');
}

function expectTable(stdout: string, { backend, bars }: BackendReport): void {
  const block = stdout.split('\n\n').find((text) => text.startsWith(`${backend}: `) && !text.includes('growth'))!;
  expect(block).toMatch(/^ tiny( +\S+){13,15}$/m);
  for (const { what, pass } of bars) {
    if (pass !== null) expect(block).toContain(`${pass ? '✓' : '✗'} ${what}`);
  }
}

describe('what it reckons with', () => {
  test('medians, quartiles, means', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(geometricMean([2, 8])).toBeCloseTo(4);
    expect(geometricMean([])).toBeUndefined();
  });

  test('a bar is judged by its worst case', () => {
    const comparison = (ratio: number) => ({ ours: 1, ratio }) as Comparison;
    const row = (name: string, ratio: number) => ({
      benchCase: { ...TINY, name },
      result: {
        forward: comparison(ratio),
        training: comparison(ratio),
        copy: { ms: 1, ratio: 1 },
        kept: { ours: 1, builtin: 5 },
      },
    });
    const bars = barsOf('wasm', [row('fast', 20), row('slow', 7)] as never);
    expect(bars.find(({ what }) => what.startsWith('training'))).toMatchObject({
      pass: false,
      value: 7,
      worstCase: 'slow',
    });
    expect(bars.find(({ what }) => what.startsWith('forward, '))).toMatchObject({
      pass: true,
      value: 7,
      worstCase: 'slow',
    });
    expect(bars.find(({ what }) => what.startsWith('geometric'))!.value).toBeCloseTo(Math.sqrt(140));
    const small = barsOf('wasm', [row('small', 1.1)] as never).filter(({ pass }) => pass !== null);
    expect(small.map(({ what, pass }) => [what, pass])).toEqual([
      ['a small call, forward', true],
      ['a small call, training', true],
    ]);
    expect(barsOf('wasm', []).every(({ pass }) => pass === null)).toBe(true);
    const times = (name: string, ours: number) => {
      const one = row(name, 1);
      return { ...one, result: { ...one.result, forward: { ours, ratio: 1 }, training: { ours, ratio: 1 } } };
    };
    const layouts = barsOf('webgl', ['vgg', 'vgg first', 'gray', 'map'].map((name, i) => times(name, i + 1)) as never);
    expect(layouts.filter(({ what }) => what.includes(' / '))).toMatchObject([
      { what: 'channels first / channels last, forward', value: 2, pass: true },
      { what: 'one channel / 64 channels, forward', value: 0.75, pass: true },
      { what: 'channels first / channels last, training', value: 2, pass: true },
      { what: 'one channel / 64 channels, training', value: 0.75, pass: true },
    ]);
  });

  test('a short row of a table ends in one wide cell', () => {
    const drawn = table(
      [
        ['', ['a']],
        ['both', ['b', 'c']],
      ],
      [
        ['1', '2', '3'],
        ['x', 'a long story'],
      ],
      'terminal',
    );
    expect(drawn.split('\n')).toEqual([
      expect.stringContaining('both'),
      expect.stringMatching(/a +b +c$/),
      expect.stringMatching(/1 +2 +3$/),
      expect.stringMatching(/x +a long story$/),
    ]);
  });
});
