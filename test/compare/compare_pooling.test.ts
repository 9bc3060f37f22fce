/** comparePooling on cpu and wasm: what it finds, what it leaves behind, how it is watched and stopped. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { type CompareReport, comparePooling, formatMarkdown } from '../../src/compare/index';
import { convertPooling } from '../../src/convert/index';
import {
  im2colAdaptiveAveragePooling2d,
  im2colAdaptiveMaxPooling2d,
  im2colAveragePooling2d,
  im2colGlobalMaxPooling2d,
  im2colLpPooling2d,
  im2colMaxPooling2d,
} from '../../src/index';
import { MODELS } from '../convert/support';
import { KERNELS, foundAndExpected } from './family_verdicts';
import { saidAndMeasured } from './known_defects';
import { PADDING_CASES, paddingSaidAndMeasured } from './padding_cases';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const TIE = [{ name: 'tie', shape: [1, 2, 2, 1], options: {}, values: [1, 1, 1, 1] }];
const verdicts = ({ rows }: CompareReport, backend: string) =>
  Object.fromEntries(
    rows.filter((row) => row.backend === backend && row.pooling === 'max').map((row) => [row.case, row.deviates]),
  );

test("with padding 'same' there is nothing to round: rounding up is not held against the built-in", async () => {
  const cases = [
    {
      name: 'distinct',
      shape: [1, 5, 5, 1],
      values: 'distinct' as const,
      options: { padding: 'same' as const, ceilMode: true },
    },
  ];
  const { rows } = await comparePooling({ backends: ['cpu'], cases, repeats: 0 });
  expect(rows.map(({ values, deviates }) => [values.builtinError, values.equal, deviates])).toEqual([
    [undefined, true, 'neither'],
  ]);
});

describe('the default cases', () => {
  let report: CompareReport;
  beforeAll(async () => {
    report = await comparePooling({ backends: ['cpu', 'wasm'], repeats: 0 });
  });

  test('show where the built-in of tfjs deviates, and that ours never does', () => {
    const right = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'neither']));
    const wrong = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'builtin']));
    expect(verdicts(report, 'cpu')).toEqual({
      ...right(
        'tie',
        'zeros',
        'negatives',
        'NaN ignored',
        'Infinity',
        '-1e30',
        'int32',
        'padding 1',
        'padding per side',
        'channels first',
        '1-D',
        '3-D negatives',
        'overlapping 3/1 same',
        'ordinary 2/2',
        'ordinary 3/2',
      ),
      ...wrong(
        'NaN',
        '-Infinity',
        'padding, 2x3 window',
        'ceil',
        'dilation, same',
        'dilation, padding',
        'dilation, stride',
        '3-D zeros',
        '3-D, 2x2x1 window',
        '3-D 2/4 same',
      ),
    });
    expect(verdicts(report, 'wasm')).toEqual({
      ...right('Infinity'),
      ...wrong(
        '-Infinity',
        '-1e30',
        'NaN ignored',
        'tie',
        'zeros',
        'negatives',
        'NaN',
        'int32',
        'padding 1',
        'padding, 2x3 window',
        'padding per side',
        'ceil',
        'dilation, same',
        'dilation, padding',
        'dilation, stride',
        'channels first',
        '1-D',
        '3-D negatives',
        '3-D zeros',
        '3-D, 2x2x1 window',
        '3-D 2/4 same',
        'overlapping 3/1 same',
        'ordinary 2/2',
        'ordinary 3/2',
      ),
    });
  });

  test.each(['cpu', 'wasm'] as const)('show what is wrong with the siblings of max pooling on %s', (backend) => {
    const rows = report.rows.filter((row) => row.backend === backend);
    const [found, expected] = foundAndExpected({ ...report, rows }, backend);
    expect(found).toEqual(expected);
  });

  test.each(['cpu', 'wasm'] as const)('are what `inspect` says of %s', (backend) => {
    expect(saidAndMeasured(report, backend).filter(([, said, measured]) => said !== measured)).toEqual([]);
  });

  test('ran our kernels, and the built-in ones', () => {
    for (const row of report.rows) {
      expect([row.backend, row.case, row.kernels.ours]).toEqual([
        row.backend,
        row.case,
        expect.arrayContaining([KERNELS[row.pooling]]),
      ]);
      expect(row.kernels.builtin.join()).not.toContain('Im2Col');
    }
    expect(report.rows.find(({ case: name }) => name === 'ordinary 2/2')!.kernels.builtin).toContain('MaxPool');
    expect(report.rows.find(({ case: name }) => name === 'average 2/2')!.kernels.builtin).toContain('AvgPool');
  });

  test('judge ours alone where TensorFlow.js has no such pooling', () => {
    const alone = report.rows.filter(({ counterpart }) => counterpart === null);
    expect(new Set(alone.map(({ pooling }) => pooling))).toEqual(new Set(['adaptiveMax', 'adaptiveAverage', 'lp']));
    for (const { values, gradient, deviates, kept, kernels } of alone) {
      expect([deviates, values.fromContract, gradient!.fromContract, gradient!.mass.builtin, kept!.builtin]).toEqual([
        'neither',
        { ours: 0, builtin: null },
        { ours: 0, builtin: null },
        null,
        null,
      ]);
      expect(values.builtinError).toMatch(/^TensorFlow\.js has no (adaptive|Lp) pooling$/);
      expect(kernels.builtin).toEqual([]);
    }
    expect(new Set(report.rows.map(({ counterpart }) => counterpart))).toEqual(
      new Set(['tf.maxPool', 'tf.maxPool3d', 'tf.pool', 'tf.avgPool', 'tf.avgPool3d', 'tf.max', 'tf.mean', null]),
    );
  });

  test('tell rounding from what is wrong', () => {
    const rounded = report.rows.filter(({ values, gradient }) => values.rounding + (gradient?.rounding ?? 0) > 0);
    expect(new Set(rounded.map(({ pooling }) => pooling))).toEqual(new Set(['average', 'globalAverage']));
    const row = report.rows.find((one) => one.backend === 'cpu' && one.case === 'average, padding 1, counted')!;
    expect(row).toMatchObject({
      deviates: 'neither',
      gradient: { equal: false, mass: { builtin: { lost: 0, misplaced: 0, invented: 0 } } },
    });
    expect(row.gradient!.differing).toBe(row.gradient!.rounding);
    expect(row.gradient!.largestDifference).toBeLessThan(2 ** -22);
  });

  test('say what became of the gradient, what was thrown, and what is kept', () => {
    const row = (backend: string, name: string) =>
      report.rows.find((one) => one.backend === backend && one.case === name)!;
    expect(row('cpu', 'ceil').gradient!.mass).toMatchObject({
      ours: { lost: 0, misplaced: 0 },
      builtin: { misplaced: 0 },
    });
    expect(row('cpu', 'ceil').gradient!.mass.builtin!.lost).toBeGreaterThan(0.3);
    expect(row('wasm', 'tie').gradient!.mass.builtin).toEqual({ lost: 0, misplaced: 1, invented: 0 });
    expect(row('wasm', 'int32')).toMatchObject({
      gradient: null,
      kept: null,
      values: { builtinError: expect.stringMatching(/int32/), deviates: 'builtin' },
    });
    expect(row('cpu', 'padding, 2x3 window').values).toMatchObject({ builtinShape: [1, 7, 9, 2], differing: 112 });
    expect(row('cpu', 'padding, 2x3 window').outputShape).toEqual([1, 7, 8, 2]);
    expect(row('cpu', 'dilation, stride').values.builtinError).toMatch(/strides or dilations must be 1/);
    expect(row('cpu', 'ordinary 2/2').kept).toEqual({ ours: 50176, builtin: 1003520 });
  });

  test('make a report that JSON can hold, and the same report again', async () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({
      kind: 'tfjs-im2col-pooling.compare',
      version: 1,
      model: null,
      seed: 1,
      repeats: 0,
      host: expect.stringContaining('Node'),
      backends: [
        { name: 'cpu', missing: null },
        { name: 'wasm', description: expect.stringContaining('SIMD'), missing: null },
      ],
    });
    const again = await comparePooling({ backends: ['cpu'], repeats: 0 });
    expect(again.rows).toEqual(report.rows.filter(({ backend }) => backend === 'cpu'));
  });

  test('print as Markdown, one line per row', () => {
    const lines = formatMarkdown(report).split('\n');
    expect(lines.filter((line) => line.startsWith('| cpu |') || line.startsWith('| wasm |'))).toHaveLength(
      report.rows.length,
    );
    expect(lines).toContain(
      '| wasm | max | tie [1, 2, 2, 1] | equal | 2 of 4 differ | 100 % misplaced | built-in wrong | - | - | 1 of 20 |',
    );
    expect(lines).toContain(
      '| cpu | average | average, padding 1, counted [1, 5, 5, 2] | equal | rounding | nothing lost | both right | - | - | 0 of 592 |',
    );
    expect(lines).toContain(
      '| cpu | Lp | Lp, p 60 [1, 6, 6, 2] | no built-in | no built-in | - | ours right | - | - | 416 |',
    );
    expect(lines).toContain('- cpu: JavaScript');
  });
});

test.each(['cpu', 'wasm'] as const)('padding is wrong on %s where `inspect` says so', async (backend) => {
  const report = await comparePooling({ backends: [backend], cases: PADDING_CASES, repeats: 0 });
  expect(paddingSaidAndMeasured(report, backend).filter(([, said, measured]) => said !== measured)).toEqual([]);
  expect(report.rows.filter(({ deviates }) => deviates === 'builtin').length).toBeGreaterThan(15);
});

test('a second derivative of the built-in throws, as `inspect` says', async () => {
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const first = (t: tf.Tensor) =>
    tf.grad((u: tf.Tensor) => tf.sum(tf.square(tf.maxPool(u as tf.Tensor4D, 2, 2, 'valid'))))(t);
  expect(() => tf.grad((t) => tf.sum(first(t)))(x)).toThrow();
  x.dispose();
});

test('times ours and the built-in, forward and training, where that is asked for', async () => {
  const { rows } = await comparePooling({
    backends: ['cpu'],
    repeats: 2,
    cases: [{ name: 'a', shape: [1, 8, 8, 1], options: {} }],
  });
  const { forward, training } = rows[0].times!;
  for (const timing of [forward, training!]) {
    expect(timing.ours).toBeGreaterThan(0);
    expect(timing.ratio).toBeCloseTo(timing.builtin! / timing.ours, 10);
  }
  const [row] = (await comparePooling({ backends: ['cpu'], repeats: 1, gradient: false, cases: TIE })).rows;
  expect(row).toMatchObject({ gradient: null, kept: null, times: { training: null } });
});

test('a kernel of ours that were wrong would be found out', async () => {
  const config = tf.getKernel('Im2ColMaxPool', 'cpu')!;
  tf.unregisterKernel('Im2ColMaxPool', 'cpu');
  tf.registerKernel({
    ...config,
    kernelFunc: (params) => {
      const y = config.kernelFunc(params) as tf.TensorInfo;
      (params.backend as { data: { get(id: object): { values: Float32Array } } }).data.get(y.dataId).values[0] += 1;
      return y;
    },
  });
  try {
    const { rows } = await comparePooling({
      backends: ['cpu'],
      repeats: 0,
      cases: [...TIE, { ...TIE[0], name: 'NaN', values: [0, NaN, 0, 1] }],
    });
    expect(rows.map(({ deviates, values }) => [deviates, values.fromContract.ours])).toEqual([
      ['ours', 1],
      ['builtin', 0],
    ]);
  } finally {
    tf.unregisterKernel('Im2ColMaxPool', 'cpu');
    tf.registerKernel(config);
  }
});

test.each(['max', 'average'] as const)('what would write out of bounds on wasm is not run: %s', async (pooling) => {
  // tfjs makes the output as narrow as the window is high: 4 columns, of which the kernel writes 5.
  const oblong = [
    { poolSize: [3, 2], strides: 1, padding: 1 },
    { poolSize: 2, strides: [2, 1], padding: 1 },
    { poolSize: [3, 2], strides: 1, ceilMode: true },
  ];
  const cases = oblong.map((options, i) => ({ name: `${i}`, pooling, shape: [1, 4, 4, 1], options }));
  const { rows } = await comparePooling({ backends: ['cpu', 'wasm'], repeats: 1, cases });
  expect(rows.map(({ values }) => values.builtinError ?? values.builtinShape)).toEqual([
    ...[
      [1, 4, 4, 1],
      [1, 3, 3, 1],
      [1, 2, 2, 1],
    ],
    ...cases.map(() => 'not run: on wasm it writes out of bounds, beyond an output that it computes too narrow'),
  ]);
  expect(rows.every(({ deviates }) => deviates === 'builtin')).toBe(true);
});

test('leaves the backend, the kernels and the tensors as they were', async () => {
  await comparePooling({ backends: ['wasm'], repeats: 0, cases: TIE });
  const { runKernel } = tf.engine();
  const before = tf.memory().numTensors;
  await comparePooling({ backends: ['wasm', 'cpu'], repeats: 1, cases: TIE });
  expect([tf.getBackend(), tf.memory().numTensors, tf.engine().runKernel === runKernel]).toEqual(['cpu', before, true]);
});

test('a backend that cannot be had is an entry with its reason', async () => {
  tf.registerBackend('broken', () => {
    throw new Error('out of order');
  });
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const { backends, rows } = await comparePooling({ backends: ['webgpu', 'broken', 'cpu'], repeats: 0, cases: TIE });
  warn.mockRestore();
  tf.removeBackend('broken');
  expect(backends.map(({ name, missing }) => [name, missing])).toEqual([
    ['webgpu', 'it is not registered: import @tensorflow/tfjs-backend-webgpu'],
    ['broken', 'it cannot be initialized here'],
    ['cpu', null],
  ]);
  expect(rows).toHaveLength(1);
  // Where nothing was compared, there is no table.
  expect(
    formatMarkdown(await comparePooling({ backends: ['webgpu'], cases: TIE }))
      .split('\n')
      .slice(1),
  ).toEqual(['', '- webgpu: not available, it is not registered: import @tensorflow/tfjs-backend-webgpu', '']);
});

test('tells its progress, lets the event loop run, and stops when it is aborted', async () => {
  const told: Array<[number, number, string]> = [];
  let ticks = 0;
  const timer = setInterval(() => {
    ticks++;
  }, 0);
  const abort = new AbortController();
  const cases = ['a', 'b', 'c'].map((name) => ({ ...TIE[0], name }));
  await comparePooling({
    backends: ['cpu'],
    repeats: 1,
    cases,
    onProgress: (...progress) => {
      told.push(progress);
    },
  });
  clearInterval(timer);
  expect(told).toEqual([
    [0, 3, 'cpu: a'],
    [1, 3, 'cpu: b'],
    [2, 3, 'cpu: c'],
    [3, 3, ''],
  ]);
  expect(ticks).toBeGreaterThanOrEqual(3);
  const before = tf.memory().numTensors;
  const aborted = comparePooling({
    backends: ['wasm'],
    repeats: 1,
    cases,
    signal: abort.signal,
    onProgress: (done) => {
      if (done === 1) abort.abort(new Error('enough'));
    },
  });
  await expect(aborted).rejects.toThrow('enough');
  expect([tf.getBackend(), tf.memory().numTensors]).toEqual(['cpu', before]);
  await expect(comparePooling({ signal: abort.signal })).rejects.toThrow('enough');
});

describe('a model', () => {
  test.each(Object.keys(MODELS))('%s: its pooling layers are the cases, the built-in ones and ours', async (name) => {
    const model = MODELS[name]();
    const before = tf.memory().numTensors;
    const report = await comparePooling({ model, backends: ['cpu'], repeats: 0 });
    expect(tf.memory().numTensors).toBe(before);
    expect(report.model).toBe(model.name);
    expect(report.rows.length).toBeGreaterThan(0);
    for (const { about, pooling, deviates } of report.rows) {
      expect([about, deviates]).toEqual([
        expect.stringMatching(/^(Global)?(Max|Average)Pooling[123]D$/),
        expect.stringMatching(/^(neither|builtin)$/),
      ]);
      expect(about.toLowerCase()).toContain(`${pooling.toLowerCase()}pooling`);
    }
    const ours = await convertPooling(model, { to: 'im2col' });
    const converted = await comparePooling({ model: ours, backends: ['cpu'], repeats: 0 });
    const facts = ({ rows }: CompareReport) =>
      rows.map((row) => [row.case, row.pooling, row.shape, row.outputShape, row.values]);
    expect(facts(converted)).toEqual(facts(report));
    expect(converted.rows.every(({ about }) => about.startsWith('Im2Col'))).toBe(true);
    [model, ours].forEach((made) => made.dispose());
  });

  test('with layers that tf.layers lacks: they are judged alone, by the options that they have', async () => {
    const model = tf.sequential({
      layers: [
        im2colAveragePooling2d({ inputShape: [9, 9, 2], poolSize: 3, strides: 1, padding: 1, countIncludePad: true }),
        im2colLpPooling2d({ poolSize: 2, strides: 1, p: Infinity, name: 'lp' }),
        im2colAdaptiveAveragePooling2d({ outputSize: [5, 4], name: 'fit' }),
        im2colAdaptiveMaxPooling2d({ outputSize: 3, name: 'fit_max' }),
        im2colGlobalMaxPooling2d({ nan: 'ignore', keepDims: true, name: 'all' }),
      ],
    });
    const report = await comparePooling({ model, backends: ['cpu', 'wasm'], repeats: 0 });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.rows.slice(0, 5).map((row) => [row.pooling, row.counterpart, row.deviates, row.outputShape])).toEqual(
      [
        ['average', 'tf.avgPool', 'neither', [1, 9, 9, 2]],
        ['lp', null, 'neither', [1, 8, 8, 2]],
        ['adaptiveAverage', null, 'neither', [1, 5, 4, 2]],
        ['adaptiveMax', null, 'neither', [1, 3, 3, 2]],
        // Windows of adaptive pooling share elements: the greatest comes out of several of them.
        ['globalMax', 'tf.max', 'builtin', [1, 1, 1, 2]],
      ],
    );
    expect(report.rows.map(({ options }) => options)).toMatchObject(
      [0, 1].flatMap(() => [
        { countIncludePad: true },
        { p: 'Infinity' },
        { outputSize: [5, 4] },
        { outputSize: [3, 3] },
        { nan: 'ignore', keepDims: true },
      ]),
    );
    model.dispose();
  });

  test("gets the inputs that are given; they reach the layer, and stay the caller's", async () => {
    const model = tf.sequential({
      layers: [im2colMaxPooling2d({ inputShape: [2, 2, 1], name: 'pool', nan: 'ignore' })],
    });
    const x = tf.tensor4d([NaN, 1, 2, 3], [1, 2, 2, 1]);
    const { rows } = await comparePooling({ model, inputs: x, cases: TIE, backends: ['cpu', 'wasm'], repeats: 0 });
    expect(rows.map((row) => [row.backend, row.case, row.deviates])).toEqual([
      ['cpu', 'pool', 'neither'],
      ['cpu', 'tie', 'neither'],
      ['wasm', 'pool', 'builtin'],
      ['wasm', 'tie', 'builtin'],
    ]);
    expect(rows[0].options).toMatchObject({ nan: 'ignore', poolSize: [2, 2] });
    expect(x.isDisposed).toBe(false);
    expect(Object.getOwnPropertyNames(model.layers[0])).not.toContain('call');
  });

  test('shared by two inputs of different sizes is two cases', async () => {
    const pool = tf.layers.maxPooling2d({ name: 'shared' });
    const inputs = [4, 6].map((size) => tf.input({ shape: [size, size, 1] }));
    const model = tf.model({ inputs, outputs: inputs.map((input) => pool.apply(input) as tf.SymbolicTensor) });
    const { rows } = await comparePooling({ model, backends: ['cpu'], repeats: 0 });
    expect(rows.map((row) => row.case)).toEqual(['shared', 'shared (1x6x6x1)']);
  });
});

test.each<[object, string | RegExp]>([
  [{ model: 3 }, 'comparePooling: expected model to be a LayersModel; got 3.'],
  [{ backend: 'cpu' }, "comparePooling: unknown option 'backend'; expected one of model"],
  [{ backends: 'cpu' }, /^comparePooling: expected backends to be an array of names, of cpu, .*; got 'cpu'/],
  [{ repeats: -1 }, 'comparePooling: expected repeats to be a non-negative integer; got -1.'],
  [{ seed: 0.5 }, 'comparePooling: expected seed to be an integer; got 0.5.'],
  [{ gradient: 'yes' }, "comparePooling: expected gradient to be true or false; got 'yes'."],
  [
    { cases: [{ name: 'flat', shape: [2, 2], options: {} }] },
    "comparePooling: expected the shape of case 'flat' to be of rank 3, 4 or 5; got [2, 2].",
  ],
  [
    { cases: [{ name: 'few', shape: [1, 2, 2, 1], options: {}, values: [1] }] },
    "comparePooling: expected case 'few' to have 4 values for [1, 2, 2, 1]; got 1.",
  ],
  [
    { cases: [{ name: 'odd', shape: [1, 2, 2, 1], options: { strides: 0 } }] },
    /comparePooling, case 'odd': expected strides to be a positive integer/,
  ],
  [
    { cases: [{ name: 'odd', shape: [1, 2, 2, 1], options: { poolSize: 3 } }] },
    /comparePooling, case 'odd': expected at least one window to fit into the height/,
  ],
  [
    { cases: [{ name: 'odd', pooling: 'median', shape: [1, 2, 2, 1], options: {} }] },
    "comparePooling, case 'odd': expected pooling to be 'max', 'average', 'globalMax', 'globalAverage', 'adaptiveMax', 'adaptiveAverage', 'lp'; got 'median'.",
  ],
  [
    { cases: [{ name: 'odd', pooling: 'globalAverage', shape: [1, 2, 2, 1], options: { nan: 'ignore' } }] },
    "comparePooling, case 'odd': unknown option 'nan'; expected one of dataFormat, keepDims, implementation.",
  ],
  [
    { cases: [{ name: 'odd', pooling: 'adaptiveMax', shape: [1, 2, 2, 1], options: {} }] },
    /comparePooling, case 'odd': expected outputSize to be a positive integer/,
  ],
  [
    { cases: [{ name: 'odd', pooling: 'lp', shape: [1, 2, 2, 1], options: { p: -1 } }] },
    "comparePooling, case 'odd': expected p to be a positive number; got -1.",
  ],
  [
    { cases: [{ name: 'odd', pooling: 'average', shape: [1, 2, 2, 1], options: { countIncludePad: 1 } }] },
    "comparePooling, case 'odd': expected countIncludePad to be true or false; got 1.",
  ],
  [
    { model: tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 2] })], name: 'flat' }) },
    "comparePooling: expected a model with pooling layers; got none in 'flat'.",
  ],
  [
    { model: tf.sequential({ layers: [tf.layers.maxPooling2d({ inputShape: [null as never, 4, 1] })], name: 'any' }) },
    /expected inputs for 'any', whose input '.*' has no fixed size; got none, for \[null, null, 4, 1\]/,
  ],
])('bad options: %#', async (options, message) => {
  const before = tf.memory().numTensors;
  await expect(comparePooling(options)).rejects.toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});
