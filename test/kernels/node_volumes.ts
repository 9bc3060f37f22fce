/** A process of its own, with the TensorFlow that its environment asks for: volumes with NaN against the loops, as JSON. */
import * as tf from '@tensorflow/tfjs';
import { averagePoolSpec } from '../../src/average';
import { poolGeometry } from '../../src/geometry';
import { averagePool3d } from '../../src/index';
import { hostKernelVariant } from '../../src/kernels/host_kernels';
import { LOOPS } from '../../src/kernels/loops';

async function main(): Promise<void> {
  require(process.env.TEST_TFJS_NODE!);
  await tf.setBackend('tensorflow');
  const shape = [1, 5, 6, 7, 35];
  const x = Float32Array.from({ length: 7350 }, (_, i) => (i % 97 === 5 ? NaN : Math.sin(i) * 10 ** (i % 9)));
  const { pool, divisor } = averagePoolSpec('volumes', 3, { poolSize: 3, strides: 2, padding: 'same' });
  const geometry = poolGeometry('volumes', pool, shape);
  const expected = new Float32Array(geometry.yShape.reduce((a, b) => a * b, 1));
  LOOPS.averagePool(geometry, x, expected, divisor);
  const y = averagePool3d(tf.tensor(x, shape), { poolSize: 3, strides: 2, padding: 'same' });
  const actual = await y.data();
  const wrong = expected.filter((value, i) => !Object.is(value + 0, actual[i] + 0)).length;
  process.stdout.write(JSON.stringify({ elements: expected.length, wrong, variant: hostKernelVariant('tensorflow') }));
}

void main();
