/** The demo page's Train part in a hostile world, in a real Chromium: bad models are refused in words, and nothing else breaks. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Demo, type DemoPage, choose, startDemo } from './browser_demo';

const FOLDER = mkdtempSync(join(tmpdir(), 'demo-hostile-'));
let demo: Demo;
let opened: DemoPage;
let page: Page;
/** What the present network says of the digits. */
let before: string[];

beforeAll(async () => {
  demo = await startDemo();
  opened = await demo.open({ hash: '#train' });
  page = opened.page;
  await page.waitForSelector('.backends li');
  await choose(page, 'Backend', 'cpu');
  await page.getByRole('button', { name: 'New network' }).click();
  await page.locator('.card').first().waitFor();
  before = await predictions();
});
afterAll(async () => {
  await demo?.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

function predictions(): Promise<string[]> {
  return page
    .locator('.card')
    .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.probabilities!));
}

interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}
const file = (name: string, content: string | Uint8Array): Given => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

interface Layer {
  readonly class_name: string;
  readonly config: Record<string, unknown>;
}
const INPUT = { batch_input_shape: [null, 28, 28, 1], dtype: 'float32' };
const FLATTEN: Layer = { class_name: 'Flatten', config: { name: 'flat', ...INPUT } };
const DENSE: Layer = { class_name: 'Dense', config: { name: 'dense', units: 10, activation: 'softmax' } };
const WEIGHTS = [
  { name: 'dense/kernel', shape: [784, 10], dtype: 'float32' },
  { name: 'dense/bias', shape: [10], dtype: 'float32' },
];
const BYTES = new Uint8Array(4 * 7850);

const sequential = (...layers: Layer[]) => ({
  model_config: { class_name: 'Sequential', config: { name: 's', layers } },
  keras_version: 'tfjs-layers 4.22.0',
  backend: 'tensor_flow.js',
});
const manifest = (weights: unknown = WEIGHTS, paths: unknown = ['./weights.bin']) => [{ paths, weights }];

/** A model and its weights. */
function model(layers: Layer[], more: object = {}, bytes = BYTES): Given[] {
  const json = { format: 'layers-model', modelTopology: sequential(...layers), weightsManifest: manifest(), ...more };
  return [file('model.json', JSON.stringify(json)), file('weights.bin', bytes)];
}

const bin = file('weights.bin', BYTES);
/** Written by hand: JSON.stringify itself would give up. */
function nested(depth: number): Given[] {
  const [begin, end] = ['{"class_name": "Sequential", "config": {"name": "s", "layers": [', ']}}'];
  const topology = begin.repeat(depth) + JSON.stringify(FLATTEN) + end.repeat(depth);
  const text = `{"modelTopology": ${topology}, "weightsManifest": ${JSON.stringify(manifest())}}`;
  return [file('model.json', text), bin];
}
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAATiAAAE4gCAYAAAA=', 'base64');

const HOSTILE: ReadonlyArray<[what: string, files: Given[], said: RegExp]> = [
  ['text that is no JSON', [file('model.json', 'hello'), bin], /^model\.json is no JSON, or only a part of it\.$/],
  ['half of the JSON', [file('model.json', '{"modelTopology": {'), bin], /^model\.json is no JSON, or only a part/],
  ['an empty file', [file('model.json', ''), bin], /^model\.json is no JSON/],
  [
    'a web page',
    [file('model.json', '<!doctype html><title>404</title>'), bin],
    /^model\.json is no JSON: it is a web page/,
  ],
  ['null', [file('model.json', 'null'), bin], /^model\.json is no model: expected a JSON object\.$/],
  ['a list', [file('model.json', '[]'), bin], /^model\.json is no model: expected a JSON object\.$/],
  ['another JSON', [file('model.json', '{"name": "npm"}'), bin], /^model\.json is no model of TensorFlow\.js/],
  [
    'a GraphModel',
    [file('model.json', '{"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []}'), bin],
    /^model\.json is a GraphModel/,
  ],
  ['no manifest', model([FLATTEN, DENSE], { weightsManifest: undefined }), /does not say which weights it has/],
  [
    'a manifest of another shape',
    model([FLATTEN, DENSE], { weightsManifest: { paths: [] } }),
    /does not say which weights/,
  ],
  ['no weights', [model([FLATTEN, DENSE])[0]], /^A model is two files.*Got: model\.json\.$/],
  ['two models', [...model([DENSE]), file('b.json', '{}')], /^A model is two files.*b\.json/],
  [
    'weights that are too short',
    model([FLATTEN, DENSE], {}, BYTES.subarray(4)),
    /^weights\.bin: expected 31400 bytes.*got 31396\.$/,
  ],
  [
    'weights that are too long',
    model([FLATTEN, DENSE], {}, new Uint8Array(31404)),
    /expected 31400 bytes.*got 31404\.$/,
  ],
  [
    'a missing shard',
    model([FLATTEN, DENSE], { weightsManifest: manifest(WEIGHTS, ['weights.bin', 'group1-shard2of2.bin']) }),
    /^Weights are missing: choose group1-shard2of2\.bin along with model\.json\.$/,
  ],
  [
    'an unknown dtype',
    model([DENSE], { weightsManifest: manifest([{ ...WEIGHTS[0], dtype: 'toString' }]) }),
    /unknown dtype toString of the weight dense\/kernel/,
  ],
  [
    'a shape below zero',
    model([DENSE], { weightsManifest: manifest([{ ...WEIGHTS[0], shape: [-1, 5] }]) }),
    /the weight dense\/kernel has no shape/,
  ],
  ['weights that are null', model([DENSE], { weightsManifest: manifest([null]) }), /weight 0 has no name/],
  [
    'a layer of 1e9 units',
    model([FLATTEN, { ...DENSE, config: { name: 'huge', units: 1e9 } }]),
    /^The layer huge wants weights of \[784, 1000000000\]; the files hold fewer\.$/,
  ],
  [
    'an embedding of 1e12 rows',
    model([
      { class_name: 'Embedding', config: { name: 'e', input_dim: 1e9, output_dim: 1e3, batch_input_shape: [null, 5] } },
    ]),
    /^The layer e wants weights/,
  ],
  [
    'padding by 1e9, which has no weights',
    model(
      [
        {
          class_name: 'ZeroPadding2D',
          config: {
            name: 'pad',
            padding: [
              [1e6, 0],
              [0, 0],
            ],
            ...INPUT,
          },
        },
        { class_name: 'GlobalAveragePooling2D', config: { name: 'g' } },
        { ...DENSE },
      ],
      {
        weightsManifest: manifest([{ ...WEIGHTS[0], shape: [1, 10] }, WEIGHTS[1]]),
      },
      new Uint8Array(80),
    ),
    /^The layer pad makes \d+ numbers of one digit; this page has room for 262144\.$/,
  ],
  [
    'a custom layer',
    model([{ class_name: 'MyLayer', config: { name: 'm', ...INPUT } }, DENSE]),
    /^The network needs the class MyLayer, which neither/,
  ],
  [
    'a layer called toString',
    model([{ class_name: 'toString', config: { name: 'm', ...INPUT } }]),
    /^TensorFlow\.js cannot build this network: ./,
  ],
  ['a layer without config', model([{ class_name: 'Dense' } as Layer]), /^TensorFlow\.js cannot build this network: ./],
  [
    'layers that are no list',
    [
      file(
        'model.json',
        JSON.stringify({
          modelTopology: { class_name: 'Sequential', config: { layers: 5 } },
          weightsManifest: manifest(),
        }),
      ),
      bin,
    ],
    /^TensorFlow\.js cannot build this network: ./,
  ],
  [
    '__proto__',
    [
      file(
        'model.json',
        '{"__proto__": {"x": 1}, "modelTopology": {"__proto__": {"class_name": "Sequential"}, "class_name": "__proto__", "config": {}}, "weightsManifest": [{"paths": ["weights.bin"], "weights": []}]}',
      ),
      file('weights.bin', ''),
    ],
    /^The network needs the class Proto, which/,
  ],
  [
    'a loss that nobody knows',
    model([FLATTEN, DENSE], { trainingConfig: { loss: 'x', optimizer_config: { class_name: 'Nope', config: {} } } }),
    /^The network needs the class Nope, which/,
  ],
  [
    '20,000 models, one in the other',
    nested(20_000),
    /^TensorFlow\.js cannot build this network: its layers are nested too deep\.$/,
  ],
  [
    'another input',
    model([{ class_name: 'Dense', config: { ...DENSE.config, batch_input_shape: [null, 784] } }]),
    /^Expected a network for MNIST, \[28, 28, 1\] to \[10\]; got \[784\] to \[10\]\.$/,
  ],
  [
    'weights of other names',
    model([FLATTEN, DENSE], { weightsManifest: manifest([{ ...WEIGHTS[0], name: '__proto__' }, WEIGHTS[1]]) }),
    /^TensorFlow\.js cannot build this network: ./,
  ],
  [
    'a corrupt picture',
    [{ name: 'huge.png', mimeType: 'image/png', buffer: PNG }],
    /^A model is two files.*Got: huge\.png\.$/,
  ],
  ['pictures under other names', [file('model.json', PNG), file('weights.bin', PNG)], /^model\.json is no JSON/],
];

const upload = (files: Given[] | string[]) => page.locator('.train input[type=file]').setInputFiles(files);
const problem = () => page.locator('.train .problem');

test.each(HOSTILE)('%s: refused in words, and the network stays', async (_, files, said) => {
  await upload(files);
  await page.locator('.train .problem:not(:empty)').waitFor();
  const text = (await problem().textContent())!;
  expect(text).toMatch(said);
  expect(text.length).toBeLessThan(400);
  expect(await problem().getAttribute('role')).toBe('alert');
  expect(await problem().isVisible()).toBe(true);
  expect(await predictions()).toEqual(before);
  expect(await page.getByRole('button', { name: 'Upload' }).isEnabled()).toBe(true);
  expect(opened.complaints).toEqual([]);
});

test('files of 100 MB are refused before they are read', async () => {
  const [json, weights] = ['model.json', 'weights.bin'].map((name) => join(FOLDER, name));
  writeFileSync(json, JSON.stringify({ modelTopology: sequential(FLATTEN, DENSE), weightsManifest: manifest() }));
  writeFileSync(weights, '');
  truncateSync(weights, 100e6);
  await upload([json, weights]);
  await problem().filter({ hasText: 'weights.bin: 100.0 MB are too many.' }).waitFor();
  truncateSync(json, 100e6);
  truncateSync(weights, 31400);
  await upload([json, weights]);
  await problem().filter({ hasText: 'model.json: 100.0 MB are too many.' }).waitFor();
  expect(await predictions()).toEqual(before);
});

test('what somebody wrote into its history does no harm, and the network goes on learning', async () => {
  const demoOf = (demo: unknown) => ({ userDefinedMetadata: { demo } });
  const options = { pooling: 'im2col', kind: 'max', samples: 0, seed: 1 };
  for (const history of [
    {},
    'x',
    { options, loss: [], accuracy: [], test: null },
    { options: { ...options, samples: 1e308 } },
    { loss: 'abc' },
  ]) {
    await upload(model([FLATTEN, DENSE], demoOf(history)));
    await page
      .locator('.train .status')
      .filter({ hasText: /^Loaded from files: 0 steps/ })
      .waitFor();
    expect(await problem().textContent()).toBe('');
    await choose(page, 'Epochs', '1');
  }
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const steps = '.figures-line [data-pooling=builtin] .value';
  await page.waitForFunction((value) => Number(document.querySelector(value)!.textContent) >= 2, steps);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page
    .locator('.train .status')
    .filter({ hasText: /^Paused after/ })
    .waitFor();
  expect(await problem().textContent()).toBe('');
  expect(opened.complaints).toEqual([]);
});

test('a network whose weights are NaN is shown as it is', async () => {
  await upload(model([FLATTEN, DENSE], {}, new Uint8Array(new Float32Array(7850).fill(NaN).buffer)));
  await page.locator('.card .said').filter({ hasText: '–' }).first().waitFor();
  expect(await page.locator('.card .said').first().getAttribute('aria-label')).toMatch(/^taken for none/);
});
