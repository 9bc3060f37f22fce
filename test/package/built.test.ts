/** The built package: made by `npm run build`, then required and imported by its own name in fresh processes. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const PROGRAM = `
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  const layer = pooling.im2colMaxPooling2d({ poolSize: 2 });
  const gradient = tf.grad((t) => tf.sum(pooling.maxPool2d(t)))(x);
  console.log(JSON.stringify([
    Array.from(pooling.maxPool2d(x).dataSync()), Array.from(gradient.dataSync()), layer.getClassName(),
  ]));
`;

function node(args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trim().split('\n').pop() ?? '';
}

beforeAll(() => {
  execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'pipe' });
});

test('is required by its own name (CommonJS)', () => {
  const program = `const tf = require('@tensorflow/tfjs'); const pooling = require('tfjs-im2col-pooling'); ${PROGRAM}`;
  expect(node(['-e', program])).toBe('[[4],[0,0,0,1],"Im2ColMaxPooling2D"]');
});

test('is imported by its own name (ES module)', () => {
  const program = `import * as tf from '@tensorflow/tfjs'; import * as pooling from 'tfjs-im2col-pooling'; ${PROGRAM}`;
  expect(node(['--input-type=module', '-e', program])).toBe('[[4],[0,0,0,1],"Im2ColMaxPooling2D"]');
});

test('./base registers nothing', () => {
  const program = `require('@tensorflow/tfjs'); require('tfjs-im2col-pooling/base');
    const core = require('@tensorflow/tfjs-core');
    console.log(core.getKernel('Im2ColMaxPool', 'cpu') === undefined);`;
  expect(node(['-e', program])).toBe('true');
});
