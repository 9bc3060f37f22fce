/** Lp pooling beyond the second derivative, which test/family checks on every backend, and its largest exponents. */
import * as tf from '@tensorflow/tfjs';
import { lpPool1d } from '../../src/index';

type F = (t: tf.Tensor) => tf.Tensor;

/** f, the gradient of sum(f^2), the gradient of the sum of that one's squares, and so on. */
function derivative(f: F, order: number): F {
  return order === 0 ? f : tf.grad((t) => tf.sum(tf.square(derivative(f, order - 1)(t))));
}

const pool =
  (p: number): F =>
  (t) =>
    lpPool1d(t as tf.Tensor3D, { p });
const at = (f: F, x: number[]) =>
  tf.tidy(() => Array.from(f(tf.tensor(x, [1, x.length, 1])).dataSync() as Float32Array));

beforeAll(() => tf.setBackend('cpu'));

// By PyTorch's autograd in float64, at [1, 2].
test.each([
  [1.25, [27.098186635829713, 28.069860001940935], [1004.4384424960924, 1020.0095382307775]],
  [2.5, [3.088248431900044, 15.321207264162183], [-17.486515212789126, 253.0199280149446]],
  [3, [0.2054403775853717, 15.613468696488352], [-63.768196822159744, 275.7067088960431]],
  [4, [-2.186851211072663, 16.387543252595165], [20.382627264576627, 263.1425784427594]],
  [5, [-2.3327069184689453, 16.64654702381592], [112.95737930455165, 226.07035973131406]],
])('derivatives of the second and third order, p = %d', (p, second, third) => {
  const before = tf.memory().numTensors;
  for (const [order, expected] of [
    [2, second],
    [3, third],
  ] as const) {
    at(derivative(pool(p), order), [1, 2]).forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-5 * Math.max(...expected.map(Math.abs)));
    });
  }
  expect(tf.memory().numTensors).toBe(before);
});

test('the magnitude of the greatest has derivatives of every order', () => {
  const values = [1, 2, 3].map((order) => at(derivative(pool(Infinity), order), [1, -2]));
  expect(values).toEqual([
    [0, -4],
    [0, -16],
    [0, -256],
  ]);
});

test.each([2 ** 24, 2 ** 24 + 2, 1e10, 1e39, Infinity])('p = %d is the maximum of magnitudes', (p) => {
  expect(at(pool(p), [1, -2])).toEqual([2]);
  expect(at(tf.grad(pool(p)), [1, -2])).toEqual([0, -1]);
});
