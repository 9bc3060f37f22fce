/** The built command's `convert` and `inspect`, run as a user runs them, on Inception V3 and on a model trained here. */
import * as tf from '@tensorflow/tfjs';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { im2colAdaptiveMaxPooling2d, im2colAveragePooling2d, im2colMaxPooling2d } from '../../src/index';
import { unpackInception } from './inception';
import { type Project, makeProject } from './project';
import { predicting, trainAndSave, write } from './saved_models';

const PLUGIN = "require('tfjs-im2col-pooling');";
let project: Project;
beforeAll(async () => {
  project = makeProject();
  const { accuracy } = await trainAndSave(join(project.folder, 'small'));
  expect(accuracy).toBeGreaterThan(0.9);
});
afterAll(() => project.remove());

const at = (...path: string[]) => join(project.folder, ...path);
const text = (...path: string[]) => readFileSync(at(...path), 'utf8');
/** What a program that loads a model printed, or why it failed. */
const predict = (folder: string, before: string) => {
  const { status, stdout, stderr } = project.program(predicting(at(folder), before));
  return status === 0
    ? (JSON.parse(stdout.trim().split('\n').pop()!) as { predictions: number[]; classes: string[] })
    : stderr;
};

const largestDifference = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe.each([
  ['a model trained here', 'small', { maxima: 1, averages: 0 }, ['weights/one.bin', 'weights/two.bin']],
  [
    'Inception V3, as Keras 2 wrote it',
    'inception',
    { maxima: 4, averages: 10 },
    [1, 2, 3, 4, 5, 6].map((i) => `group1-shard${i}of6`),
  ],
])('%s', (_, folder, { maxima, averages }, shards) => {
  const layers = maxima + averages;
  beforeAll(() => {
    if (folder === 'inception') unpackInception(at(folder));
  });

  test('is converted: class names change, every other byte stays, weights come along', () => {
    const { status, stdout, stderr } = project.command([
      'convert',
      `${folder}/model.json`,
      `${folder}_ours`,
      '--to',
      'im2col',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      `${layers} pooling layer${layers === 1 ? '' : 's'} exchanged, ${shards.length} files of weights copied`,
    );
    expect(text(`${folder}_ours`, 'model.json')).toBe(
      text(folder, 'model.json').replace(/"class_name":"(Max|Average)Pooling2D"/g, '"class_name":"Im2Col$1Pooling2D"'),
    );
    for (const shard of shards)
      expect(readFileSync(at(`${folder}_ours`, shard)).equals(readFileSync(at(folder, shard)))).toBe(true);
  });

  test('loads with the plugin, with the same predictions; without it, tfjs says what is unknown', () => {
    const original = predict(folder, '') as { predictions: number[]; classes: string[] };
    const converted = predict(`${folder}_ours`, PLUGIN) as typeof original;
    if (averages === 0) expect(converted.predictions).toEqual(original.predictions);
    // The built-in of wasm adds up averages in another order: their last bits differ, and so do those of the predictions.
    expect(largestDifference(converted.predictions, original.predictions)).toBeLessThan(1e-6);
    expect(new Set(original.predictions).size).toBeGreaterThan(1);
    expect(converted.classes.sort()).toEqual([
      ...new Array<string>(averages).fill('Im2ColAveragePooling2D'),
      ...new Array<string>(maxima).fill('Im2ColMaxPooling2D'),
    ]);
    expect(predict(`${folder}_ours`, '')).toMatch(/^Unknown layer: Im2ColMaxPooling2D\./);
  });

  test('converted back is the file that it was, and loads without the plugin', () => {
    expect(project.command(['convert', `${folder}_ours/model.json`, `${folder}_back`, '--to', 'builtin']).status).toBe(
      0,
    );
    expect(text(`${folder}_back`, 'model.json')).toBe(text(folder, 'model.json'));
    expect(predict(`${folder}_back`, '')).toEqual(predict(folder, ''));
  });

  test('is inspected without its weights: layers, sizes, defects', () => {
    mkdirSync(at(`${folder}_alone`));
    writeFileSync(at(`${folder}_alone`, 'model.json'), text(folder, 'model.json'));
    const { status, stdout, stderr } = project.command(['inspect', `${folder}_alone/model.json`]);
    expect([status, stderr]).toEqual([0, '']);
    const row =
      folder === 'small'
        ? ['pool_one', 'MaxPooling2D', '?x7x7x4', '?x3x3x4', '2x2 / 2x2']
        : ['max_pooling2d_4', 'MaxPooling2D', '?x17x17x768', '?x8x8x768', '3x3 / 2x2'];
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 5))).toContainEqual(row);
    expect(stdout).toMatch(/wasm +- of equal maxima the last gets the gradient, not the first/);
    expect(stdout).not.toContain('\u001b');
    const json = JSON.parse(project.command(['inspect', '--json', `${folder}_alone/model.json`]).stdout);
    expect(json.layers).toHaveLength(layers);
    expect(json.layers.filter((layer: { class: string }) => layer.class === 'AveragePooling2D')).toHaveLength(averages);
    expect(json.layers[0].builtinDefects.cpu).toEqual([
      'NaN is passed over',
      'the gradient of a window of -Infinity is lost',
      'a second derivative throws',
    ]);
  });
});

test('inspect: a GraphModel, whose nodes no kernel can repair are named', () => {
  const text64 = (value: string) => ({ s: Buffer.from(value).toString('base64') });
  const sizes = (...i: string[]) => ({ list: { i } });
  const node = (name: string, op: string, data_format: string, padding: string) => ({
    name,
    op,
    attr: {
      data_format: text64(data_format),
      padding: text64(padding),
      ksize: sizes('1', '1', '2', '2'),
      strides: sizes('1', '1', '2', '2'),
    },
  });
  const nodes = [node('net/first', 'MaxPool', 'NCHW', 'VALID'), node('net/padded', 'AvgPool', 'NHWC', 'EXPLICIT')];
  writeFileSync(at('graph.json'), JSON.stringify({ format: 'graph-model', modelTopology: { node: nodes } }));
  const { status, stdout, stderr } = project.command(['inspect', 'graph.json']);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^graph\.json: a GraphModel, .* installPoolingKernels\(\) runs them/);
  expect(stdout).toMatch(/node 'net\/first': tfjs ignores data_format NCHW: .* no kernel can repair that/);
  expect(stdout).toMatch(
    /node 'net\/padded': tfjs has no explicit padding: it throws\n.*'net\/padded'.* along batch or channels/s,
  );
  const { graph, nodes: listed } = JSON.parse(project.command(['inspect', '--json', 'graph.json']).stdout);
  expect([graph, listed.map(({ problems }: { problems: string[] }) => problems.length)]).toEqual([true, [1, 2]]);
});

test('inspect: what tf.layers has not, and what its layers get wrong there', () => {
  const x = tf.input({ shape: [9, 9, 1] });
  const apply = (layer: tf.layers.Layer) => layer.apply(x) as tf.SymbolicTensor;
  const padded = { poolSize: 3, padding: 'same' } as const;
  const [values] = im2colMaxPooling2d({ name: 'twice', returnArgmax: true }).apply(x) as tf.SymbolicTensor[];
  const outputs = [
    apply(im2colAveragePooling2d({ ...padded, name: 'border', strides: 1 })),
    apply(im2colAveragePooling2d({ ...padded, name: 'fits' })),
    apply(im2colAveragePooling2d({ ...padded, name: 'counted', strides: 1, countIncludePad: true })),
    apply(im2colAdaptiveMaxPooling2d({ name: 'adaptive', outputSize: 1 })),
    apply(tf.layers.globalAveragePooling2d({ name: 'global' })),
    values,
  ];
  const json = tf.model({ inputs: x, outputs }).toJSON(null, false) as {
    config: { layers: Array<{ config: { name: string; keepdims?: boolean } }> };
  };
  // As Keras has it; tfjs reads past it.
  json.config.layers.find(({ config }) => config.name === 'global')!.config.keepdims = true;
  write(at('averages'), { modelTopology: json, weightSpecs: [], weightData: new ArrayBuffer(0) });
  const inspected = JSON.parse(project.command(['inspect', '--json', 'averages/model.json']).stdout);
  const of = (wanted: string) => inspected.layers.find(({ name }: { name: string }) => name === wanted);
  expect(['border', 'fits', 'adaptive', 'global'].map((name) => of(name).output)).toEqual([
    [null, 9, 9, 1],
    [null, 3, 3, 1],
    [null, 1, 1, 1],
    [null, 1],
  ]);
  const divided = 'the gradient of a window at the border is divided by all taps, its average by those on the input';
  const rest = ['int32 input throws', 'a second derivative throws'];
  expect(of('border').builtinDefects).toMatchObject({ cpu: [divided, ...rest], node: rest });
  expect(of('fits').builtinDefects).toMatchObject({ cpu: rest, wasm: ['NaN becomes -Infinity', ...rest] });
  expect(of('counted').options.countIncludePad).toBe(true);
  expect(of('counted').builtinDefects).toMatchObject({ cpu: ['tf.layers has no countIncludePad', ...rest] });
  expect(of('adaptive').builtinDefects.webgpu).toEqual(['tf.layers has no such layer']);
  expect([of('global').options.keepDims, of('global').builtinDefects.webgl]).toEqual([
    true,
    ['tf.layers has no keepDims'],
  ]);
  expect(of('twice').options.returnArgmax).toBe(true);
  expect(of('twice').builtinDefects.node[0]).toBe('tf.layers has no returnArgmax');
  expect(project.command(['inspect', 'averages/model.json']).stdout).toContain(
    'global: what the built-in pooling of tfjs gets wrong there\n  everywhere - tf.layers has no keepDims\n\n',
  );
});

describe('refuses, with status 2 and nothing written', () => {
  const broken = (name: string, edit: (json: Record<string, unknown>) => unknown) => {
    rmSync(at(name), { recursive: true, force: true });
    mkdirSync(at(name, 'weights'), { recursive: true });
    for (const shard of ['one.bin', 'two.bin'])
      writeFileSync(at(name, 'weights', shard), readFileSync(at('small', 'weights', shard)));
    const edited = edit(JSON.parse(text('small', 'model.json')));
    writeFileSync(at(name, 'model.json'), typeof edited === 'string' ? edited : JSON.stringify(edited));
  };
  const manifest = (json: Record<string, unknown>, part: object) => ({
    ...json,
    weightsManifest: [{ ...(json.weightsManifest as object[])[0], ...part }],
  });
  const refused = (input: string, to = 'im2col') => {
    const before = everything();
    const { status, stdout, stderr } = project.command(['convert', input, 'never', '--to', to]);
    expect([status, stdout, everything()]).toEqual([2, '', before]);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toMatch(/\n +at /);
    return stderr;
  };
  const everything = () => readdirSync(project.folder).sort();

  test.each<[string, (json: Record<string, unknown>) => unknown, RegExp]>([
    [
      'a truncated file',
      (json) => JSON.stringify(json).slice(0, 900),
      /broken\/model\.json: this is no JSON, or only a part of it/,
    ],
    ['an empty file', () => '', /broken\/model\.json: this file is empty/],
    ['something else in JSON', () => '[1, 2]', /expected the JSON object of a saved model; got an array/],
    ['an unknown format', () => ({ layers: [] }), /expected a saved LayersModel .* got an object with layers/],
    [
      'a GraphModel',
      () => ({ format: 'graph-model', modelTopology: { node: [] } }),
      /expected a LayersModel; got a GraphModel/,
    ],
    [
      'a manifest that is none',
      (json) => ({ ...json, weightsManifest: { paths: [] } }),
      /weightsManifest is not a list of \{paths, weights\}/,
    ],
    [
      'a manifest with a broken weight',
      (json) => manifest(json, { weights: [{ name: 'x' }] }),
      /weightsManifest is not a list/,
    ],
    [
      'weights outside the folder',
      (json) => manifest(json, { paths: ['../secret.bin'] }),
      /expected weights beside the model; got the path '\.\.\/secret\.bin'/,
    ],
    [
      'a missing shard',
      (json) => manifest(json, { paths: ['weights/one.bin', 'weights/three.bin'] }),
      /three\.bin: this part of the weights is missing/,
    ],
    [
      'a missing shard in the middle of a list',
      (json) => manifest(json, { paths: ['weights/one.bin'] }),
      /expected \d+ bytes of weights, as the manifest says; got \d+/,
    ],
  ])('%s', (_, edit, message) => {
    broken('broken', edit);
    expect(refused('broken/model.json')).toMatch(message);
  });

  test.each<[string, string | Buffer, string]>([
    [
      'a .keras file',
      Buffer.from('PK\x03\x04'),
      'this is a .keras file; convert it to a model.json with `tfjs-im2col-pooling convert FILE FOLDER --to tfjs`',
    ],
    [
      'an .h5 file',
      Buffer.from([0x89, 0x48, 0x44, 0x46]),
      'this is an HDF5 file (.h5), as Keras saves models; convert it to a model.json with `tfjs-im2col-pooling convert',
    ],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 'this is text in UTF-16; save it in UTF-8'],
    [
      '20,000 levels',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      'expected the JSON object of a saved model; got an array',
    ],
    [
      '20,000 models',
      `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
      'expected a model of at most 1000 levels of JSON',
    ],
  ])('%s, one line, by either command', (_, content, message) => {
    writeFileSync(at('odd.keras'), content);
    const line = `error: odd.keras: ${message}`;
    const inspected = project.command(['inspect', 'odd.keras']);
    for (const stderr of [refused('odd.keras'), inspected.stderr])
      expect([stderr.slice(0, line.length), stderr.split('\n').length]).toEqual([line, 2]);
    expect(inspected.status).toBe(2);
  });

  test.each<[string, (weights: string) => void, RegExp]>([
    [
      'a link out of the folder',
      (one) => symlinkSync(at('small', 'weights', 'one.bin'), one),
      /is a link out of the model's folder/,
    ],
    ['a folder', (one) => mkdirSync(one), /one\.bin: this part of the weights is no regular file/],
    [
      'the model itself',
      (one) => symlinkSync(at('broken', 'model.json'), one),
      /expected weights; got the model\.json itself/,
    ],
  ])('a shard that is %s', (_, make, message) => {
    broken('broken', (json) => json);
    rmSync(at('broken', 'weights', 'one.bin'));
    make(at('broken', 'weights', 'one.bin'));
    expect(refused('broken/model.json')).toMatch(message);
  });

  test('layers that would not load, and dtypes that nobody knows', () => {
    const pool = (json: Record<string, unknown>, config: object) =>
      JSON.parse(JSON.stringify(json), (_, value) =>
        value?.name === 'pool_one' ? { ...value, ...config } : (value as unknown),
      ) as object;
    for (const [config, message] of [
      [{ pool_size: 'x' }, /layer 'pool_one' \(MaxPooling2D\): expected poolSize to be a positive integer/],
      [
        { pool_size: [9, 9] },
        /model\.json: tfjs cannot load this model \(Im2ColMaxPooling2D: expected at least one window to fit/,
      ],
    ] as const) {
      broken('broken', (json) => pool(json, config));
      expect(refused('broken/model.json')).toMatch(message);
    }
    broken('broken', (json) => manifest(json, { weights: [{ name: 'w', shape: [1], dtype: 'toString' }] }));
    expect(refused('broken/model.json')).toBe("error: broken/model.json: unknown dtype 'toString' of weight 'w'\n");
    broken('broken', (json) => pool(json, { padding: 'causal' }));
    const { status } = project.command(['convert', 'broken/model.json', 'causal', '--to', 'im2col']);
    expect([status, text('causal', 'model.json')]).toEqual([0, expect.stringContaining('"padding":"valid"')]);
  });

  test.each(['a\0b', 'weights\\one.bin', '/etc/hostname', 'C:/x.bin', 'weights/../../x', 'https://a.b/c', ''])(
    'the path %j of weights',
    (path) => {
      broken('broken', (json) => manifest(json, { paths: [path] }));
      expect(refused('broken/model.json')).toMatch(/expected weights beside the model; got the path '/);
    },
  );

  test('a shard of the wrong size', () => {
    broken('broken', (json) => json);
    writeFileSync(at('broken', 'weights', 'two.bin'), Buffer.alloc(3));
    expect(refused('broken/model.json')).toMatch(/expected \d+ bytes of weights, as the manifest says; got \d+/);
  });

  test('no file, and a folder', () => {
    expect(refused('nowhere/model.json')).toMatch(/nowhere\/model\.json: there is no such file/);
    expect(refused('small')).toMatch(/small: this is a folder; name the model\.json in it/);
  });

  test('to builtin: what tf.layers cannot express, by name and reason', () => {
    const layers = [
      im2colMaxPooling2d({ inputShape: [9, 9, 1], name: 'wide', dilationRate: 2 }),
      im2colMaxPooling2d({ name: 'last', ceilMode: true, padding: 1 }),
    ];
    const model = tf.sequential({ layers });
    write(at('ours'), {
      modelTopology: model.toJSON(null, false) as object,
      weightSpecs: [],
      weightData: new ArrayBuffer(0),
    });
    expect(refused('ours/model.json', 'builtin')).toBe(
      `error: ours/model.json: expected layers that tf.layers can express; got
  layer 'wide' (Im2ColMaxPooling2D): tf.layers has no dilationRate (here [2, 2])
  layer 'last' (Im2ColMaxPooling2D): tf.layers has no ceilMode (here true), no numeric padding (here [[1, 1], [1, 1]])
`,
    );
  });

  test('a target that is a file, or cannot be made', () => {
    const before = everything();
    writeFileSync(at('broken', 'file'), '');
    const { status, stderr } = project.command(['convert', 'small/model.json', 'broken/file', '--to', 'im2col']);
    expect([status, stderr]).toEqual([2, 'error: broken/file: this is a file; name a folder\n']);
    const under = project.command(['convert', 'small/model.json', 'broken/file/deeper', '--to', 'im2col']);
    expect(under.status).toBe(2);
    expect(under.stderr).toMatch(/^error: broken\/file\/deeper: this cannot be written \(.*\)\n$/);
    expect(everything()).toEqual(before);
  });

  test.each([
    [['convert', 'small/model.json', 'never'], /required option '-t, --to <layers>' not specified/],
    [['convert', 'small/model.json', 'never', '--to', 'onnx'], /Allowed choices are im2col, builtin/],
    [['convert', 'small/model.json', '--to', 'im2col'], /missing required argument 'folder'/],
    [['convert', 'a', 'b', 'c', '--to', 'im2col'], /too many arguments/],
    [['inspect', 'nowhere.json'], /error: nowhere\.json: there is no such file/],
    [['exchange'], /unknown command 'exchange'/],
    [['compare', '--repeats', 'many'], /Expected a whole number, 0 or more/],
  ])('the command line %j', (args, message) => {
    const { status, stdout, stderr } = project.command(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('never overwrites without --force', () => {
  test('refuses, then replaces with --force and leaves other files alone', () => {
    mkdirSync(at('taken'));
    writeFileSync(at('taken', 'model.json'), 'mine');
    writeFileSync(at('taken', 'notes.txt'), 'keep');
    const refused = project.command(['convert', 'small/model.json', 'taken', '--to', 'im2col']);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      'error: taken/model.json: this file is there already; --force replaces it\n',
    ]);
    expect([text('taken', 'model.json'), readdirSync(at('taken')).sort()]).toEqual([
      'mine',
      ['model.json', 'notes.txt'],
    ]);
    expect(project.command(['convert', 'small/model.json', 'taken', '--to', 'im2col', '--force']).status).toBe(0);
    expect(readdirSync(at('taken')).sort()).toEqual(['model.json', 'notes.txt', 'weights']);
    expect(text('taken', 'model.json')).toContain('Im2ColMaxPooling2D');
  });

  test('in place: the model is replaced, its weights stay', () => {
    expect(project.command(['convert', 'taken/model.json', 'taken', '--to', 'builtin']).status).toBe(2);
    const { ino } = statSync(at('taken', 'weights', 'one.bin'));
    const { status, stdout } = project.command(['convert', 'taken/model.json', 'taken/', '--to', 'builtin', '-f']);
    expect([status, stdout]).toEqual([
      0,
      'taken/model.json: 1 pooling layer exchanged, 2 files of weights left as they are\n',
    ]);
    expect(statSync(at('taken', 'weights', 'one.bin')).ino).toBe(ino);
    expect(text('taken', 'model.json')).toBe(text('small', 'model.json'));
  });
});

test('help and version go to stdout, with status 0', () => {
  for (const command of [[], ['compare'], ['convert'], ['inspect'], ['build-native']]) {
    const { status, stdout, stderr } = project.command([...command, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: tfjs-im2col-pooling/);
    expect(stdout).toContain(`\n  npx tfjs-im2col-pooling ${command[0] ?? 'compare'}`);
    expect(stdout).toMatch(/\nExit status:\n {2}0 .*\n(.*\n)* {2}2 {2}it could not be done/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
  const { version } = require('../../package.json') as { version: string };
  expect(project.command(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
});
