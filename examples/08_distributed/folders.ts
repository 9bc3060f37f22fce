/** What Python reads: the converted model and the digits. */
import * as tf from '@tensorflow/tfjs';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toKerasModel } from 'tfjs-im2col-pooling/keras';
import { kerasWeights } from '../../src/cli/keras_names';
import { npzOf } from '../../src/cli/npz';
import { type Digits, indexRange, toTensors } from '../mnist/data';

const HERE = dirname(fileURLToPath(import.meta.url));
const POOLING_FILE = join(HERE, '../../src/keras/python/im2col_pooling.py');

const arrayOf = (name: string, tensor: tf.Tensor) => {
  const values = tensor.dataSync<'float32'>();
  return {
    name,
    shape: tensor.shape,
    dtype: 'float32' as const,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
};

/** The same folder as `npx tfjs-im2col-pooling convert tfjs/model.json keras/ --to keras --pooling im2col` writes, but for load.py. */
export function writeKerasFolder(model: tf.LayersModel, folder: string): void {
  const json = toKerasModel(model.toJSON(null, false) as object, { pooling: 'im2col' });
  const weights = model.weights.map((weight) => arrayOf(weight.originalName, weight.read()));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(json));
  writeFileSync(join(folder, 'weights.npz'), npzOf(kerasWeights(folder, json, weights)));
  copyFileSync(POOLING_FILE, join(folder, 'im2col_pooling.py'));
}

/** x, y, test_x and test_y as numpy reads them. */
export function writeDigits(train: Digits, test: Digits, file: string): void {
  const [some, others] = [train, test].map((digits) => toTensors(digits, indexRange(0, digits.count)));
  writeFileSync(
    file,
    npzOf([arrayOf('x', some.x), arrayOf('y', some.y), arrayOf('test_x', others.x), arrayOf('test_y', others.y)]),
  );
  tf.dispose([some, others]);
}

/** The predictions that Python wrote. */
export function predictionsIn(folder: string): Float32Array {
  const bytes = readFileSync(join(folder, 'predictions.bin'));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
