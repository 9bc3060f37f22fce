/** A process of its own: four workers pool at once with tfjs-node, and when they have ended the main thread does; as JSON. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { maxPoolWithArgmax2d } from '../../src/index';
import { hostKernelVariant } from '../../src/kernels/host_kernels';

/** Large enough for threads to share it. */
const SHAPE: [number, number, number, number] = [2, 64, 64, 40];

async function pool(): Promise<string> {
  require(process.env.TEST_TFJS_NODE!);
  await tf.setBackend('tensorflow');
  const data = Float32Array.from({ length: SHAPE.reduce((a, b) => a * b) }, (_, i) => (i * 7919) % 10007);
  const x = tf.tensor4d(data, SHAPE);
  let wrong = 0;
  for (let round = 0; round < 20; round++) {
    tf.tidy(() => {
      const { values } = maxPoolWithArgmax2d(x);
      const expected = tf.maxPool(x, 2, 2, 'valid');
      wrong += tf.notEqual(values, expected).sum().dataSync()[0];
    });
  }
  return `${hostKernelVariant('tensorflow')}: ${wrong} wrong`;
}

async function main(): Promise<void> {
  if (!isMainThread) return parentPort!.postMessage(await pool());
  const workers = await Promise.all(
    Array.from({ length: 4 }, () => {
      const worker = new Worker(`require('tsx/cjs'); require(${JSON.stringify(__filename)});`, { eval: true });
      return new Promise<string>((resolve, reject) => {
        let result = '';
        worker.on('message', (text: string) => (result = text)).on('error', reject);
        worker.on('exit', () => resolve(result));
      });
    }),
  );
  process.stdout.write(JSON.stringify({ workers, then: await pool() }));
}

void main();
