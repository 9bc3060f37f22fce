/** The built command's `convert --to keras` and `--to tfjs`: the folder it writes, weights in several files and quantized, and refusals. */
import * as tf from '@tensorflow/tfjs';
import { unzipSync } from 'fflate';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { im2colMaxPooling2d } from '../../src/index';
import { type Project, makeProject } from './project';
import { predicting, write } from './saved_models';

let project: Project;
const at = (...path: string[]) => join(project.folder, ...path);
const layers = () => [
  tf.layers.depthwiseConv2d({ inputShape: [4, 4, 1], kernelSize: 2, name: 'conv' }),
  im2colMaxPooling2d({ poolSize: 3, padding: 1, strides: 1, name: 'pool' }),
];
let values: number[];

beforeAll(async () => {
  project = makeProject();
  await tf.setBackend('cpu');
  const model = tf.sequential({ name: 'model', layers: layers() });
  model.layers[0].setWeights([tf.tensor([0.5, -1, 2, 0.25], [2, 2, 1, 1]), tf.tensor([0.125])]);
  values = [0.5, -1, 2, 0.25];
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      write(at('sharded'), artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
});
afterAll(() => project.remove());

/** The arrays of an .npz: name, header, float32 numbers. */
function arraysIn(file: string): Record<string, { header: string; values: number[] }> {
  return Object.fromEntries(
    Object.entries(unzipSync(readFileSync(file))).map(([name, bytes]) => {
      const length = bytes[8] + 256 * bytes[9];
      const data = bytes.slice(10 + length);
      expect((10 + length) % 64).toBe(0);
      return [
        name,
        {
          header: Buffer.from(bytes.slice(10, 10 + length))
            .toString()
            .trim(),
          values: [...new Float32Array(data.buffer)],
        },
      ];
    }),
  );
}

test('writes a folder that Keras 3 loads, weights of several files in one', () => {
  const { status, stdout, stderr } = project.command([
    'convert',
    'sharded/model.json',
    'keras',
    '--to',
    'keras',
    '--pooling',
    'im2col',
  ]);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('2 weights in weights.npz; load.py loads the model in Keras 3');
  expect(readdirSync(at('keras')).sort()).toEqual(['config.json', 'im2col_pooling.py', 'load.py', 'weights.npz']);
  expect(readFileSync(at('keras', 'im2col_pooling.py'), 'utf8')).toBe(
    readFileSync(join(__dirname, '../../src/keras/python/im2col_pooling.py'), 'utf8'),
  );
  expect(arraysIn(at('keras', 'weights.npz'))).toEqual({
    'conv/kernel.npy': { header: "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 1, 1), }", values },
    'conv/bias.npy': { header: "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", values: [0.125] },
  });
});

test('restores quantized weights', () => {
  mkdirSync(at('quantized'));
  const document = JSON.parse(readFileSync(at('sharded', 'model.json'), 'utf8'));
  document.weightsManifest = [
    {
      paths: ['weights.bin'],
      weights: [
        {
          name: 'conv/depthwise_kernel',
          shape: [2, 2, 1, 1],
          dtype: 'float32',
          quantization: { dtype: 'uint8', scale: 0.25, min: -1 },
        },
        {
          name: 'conv/bias',
          shape: [1],
          dtype: 'float32',
          quantization: { dtype: 'float16', original_dtype: 'float32' },
        },
      ],
    },
  ];
  writeFileSync(at('quantized', 'model.json'), JSON.stringify(document));
  // 0.125 in 16 bits is 0x3000.
  writeFileSync(at('quantized', 'weights.bin'), Buffer.from([6, 0, 12, 5, 0x00, 0x30]));
  expect(project.command(['convert', 'quantized/model.json', 'restored', '--to', 'keras', '-p', 'im2col']).status).toBe(
    0,
  );
  const arrays = arraysIn(at('restored', 'weights.npz'));
  expect([arrays['conv/kernel.npy'].values, arrays['conv/bias.npy'].values]).toEqual([values, [0.125]]);
});

test('refuses by the name of the layer what stock Keras has not, and writes nothing', () => {
  const { status, stderr } = project.command(['convert', 'sharded/model.json', 'refused', '--to', 'keras']);
  expect(status).toBe(2);
  expect(stderr).toBe(
    "error: sharded/model.json: expected layers that Keras 3 can have; got layer 'pool' (Im2ColMaxPooling2D): " +
      "stock Keras has no numeric padding (here [[1, 1], [1, 1]]); --pooling im2col keeps this package's layers\n",
  );
  expect(existsSync(at('refused'))).toBe(false);
});

test('a weight of no layer is named', () => {
  const document = JSON.parse(readFileSync(at('sharded', 'model.json'), 'utf8'));
  document.weightsManifest[0].weights[0].name = 'other/kernel';
  writeFileSync(at('sharded', 'wrong.json'), JSON.stringify(document));
  const { status, stderr } = project.command([
    'convert',
    'sharded/wrong.json',
    'wrong',
    '--to',
    'keras',
    '-p',
    'im2col',
  ]);
  expect([status, stderr]).toEqual([
    2,
    "error: sharded/wrong.json: weight 'other/kernel' belongs to no layer of the model\n",
  ]);
  expect(existsSync(at('wrong'))).toBe(false);
});

describe('--to tfjs', () => {
  const saved = (name: string) => {
    copyFileSync(join(__dirname, '../golden/keras_saved', name), at(name));
    return name;
  };

  test('makes a model.json of what Keras saved, which tfjs loads', () => {
    const { status, stdout, stderr } = project.command(['convert', saved('digits.keras'), 'tfjs', '--to', 'tfjs']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('8 weights in weights.bin; tfjs-im2col-pooling must be imported before it is loaded');
    const program = project.program(predicting(at('tfjs'), "require('tfjs-im2col-pooling');"));
    expect([program.status, program.stderr]).toEqual([0, expect.any(String)]);
    const { classes } = JSON.parse(program.stdout.trim().split('\n').pop()!) as { classes: string[] };
    expect(classes).toEqual(['Im2ColMaxPooling2D', 'Im2ColAveragePooling2D']);
  });

  test('refuses by name, and writes nothing', () => {
    const { status, stderr } = project.command(['convert', saved('stock.h5'), 'none', '--to', 'tfjs', '-p', 'builtin']);
    expect(status).toBe(2);
    expect(stderr).toContain("layer 'adaptive_max_pooling2d' (AdaptiveMaxPooling2D): tf.layers has no such layer");
    writeFileSync(at('broken.keras'), readFileSync(at('digits.keras')).subarray(0, 2000));
    expect(project.command(['convert', 'broken.keras', 'none', '--to', 'tfjs']).stderr).toMatch(
      /^error: broken\.keras: this file is broken, or of an unknown kind \(.*\)\n$/,
    );
    expect(existsSync(at('none'))).toBe(false);
  });
});
