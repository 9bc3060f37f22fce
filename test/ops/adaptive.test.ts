/** The windows of adaptive pooling by their definition, how many there may be, and the order in which gradients add up. */
import * as tf from '@tensorflow/tfjs';
import { adaptiveGeometry } from '../../src/adaptive';
import { POOLING_OPTIONS, readOptions } from '../../src/options';
import { type AxisGeometry, type PoolGeometry, windowSize, windowStart } from '../../src/geometry';
import {
  adaptiveAveragePool1d,
  adaptiveAveragePool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPoolWithArgmax2d,
} from '../../src/index';
import { chunksOf } from '../../src/kernels/simd/chunks';
import { adaptiveAverageOracle } from '../oracle/adaptive';
import { float32, randomFrom } from '../support/data';
import { describeDevice } from '../support/devices';
import { leakCounter } from '../support/run_case';

function geometryOf(input: number[], outputSize: number[], channels = 1): PoolGeometry {
  const spec = readOptions('test', input.length as 1 | 2 | 3, POOLING_OPTIONS.adaptiveAverage, { outputSize });
  return adaptiveGeometry('test', spec, [...input, channels]);
}

function windowsOf(axis: AxisGeometry): { start: number; length: number }[] {
  return Array.from({ length: axis.output }, (_, o) => ({ start: windowStart(axis, o), length: windowSize(axis, o) }));
}

describe('windows', () => {
  test('lie where the definition has them, and the longest is known beforehand', () => {
    for (let input = 1; input <= 24; input++) {
      for (let output = 1; output <= 24; output++) {
        const { width } = geometryOf([input], [output]);
        const expected = Array.from({ length: output }, (_, i) => {
          const start = Math.floor((i * input) / output);
          return { start, length: Math.ceil(((i + 1) * input) / output) - start };
        });
        expect(windowsOf(width)).toEqual(expected);
        expect(width.window).toBe(Math.max(...expected.map(({ length }) => length)));
        expect(width.fitted === undefined).toBe(input % output === 0);
      }
    }
  });

  test('also where the products of sizes are more than a number holds exactly', () => {
    const [input, output] = [2 ** 29 - 57, 2 ** 28 - 39];
    const { width } = geometryOf([input], [output]);
    for (let i = output - 500; i < output; i++) {
      const [o, inputs, outputs] = [i, input, output].map(BigInt);
      const [start, end] = [(o * inputs) / outputs, ((o + 1n) * inputs + outputs - 1n) / outputs];
      expect([windowStart(width, i), windowSize(width, i)]).toEqual([Number(start), Number(end - start)]);
    }
  });

  test('cut into chunks see the same elements', () => {
    for (const [input, output] of [
      [50, 21],
      [21, 50],
      [7, 5],
    ]) {
      const g = geometryOf([input], [output]);
      const cut = [...chunksOf(g, 8, 2)].flatMap(({ geometry, x: [first] }) =>
        windowsOf(geometry.width).map(({ start, length }) => ({ start: start + first, length })),
      );
      expect(cut).toEqual(windowsOf(g.width));
    }
  });
});

for (const key of ['cpu', 'wasm', 'node'] as const) {
  describeDevice(key, 'gradients of averages', () => {
    test.each([
      [3, 10, 'fused'],
      [3, 10, 'im2col'],
      [7, 17, 'fused'],
      [50, 21, 'fused'],
      [50, 21, 'im2col'],
    ] as const)(
      'of %i elements to %i, %s: divided, then added up from the first window to the last',
      (input, output, implementation) => {
        const random = randomFrom(1);
        const dy = Float32Array.from({ length: output }, () => random() - 0.5);
        const expected = new Float32Array(input);
        windowsOf(geometryOf([input], [output]).width).forEach(({ start, length }, window) => {
          const share = Math.fround(dy[window] / length);
          for (let i = 0; i < length; i++) expected[start + i] += share;
        });
        tf.tidy(() => {
          const pool = (x: tf.Tensor) => adaptiveAveragePool1d(x, { outputSize: output, implementation });
          const dx = tf.grad(pool)(tf.zeros([1, input, 1]), tf.tensor3d(dy, [1, output, 1]));
          expect([...dx.dataSync()]).toEqual([...expected]);
        });
      },
    );

    test.each(['fused', 'im2col'] as const)('of planes, %s: in row-major order of the outputs', (implementation) => {
      const random = randomFrom(2);
      const [shape, outputSize] = [
        [2, 5, 7, 3],
        [4, 9],
      ];
      const dy = Float32Array.from({ length: 2 * 4 * 9 * 3 }, () => Math.fround(random() - 0.5));
      const x = float32(shape, new Array<number>(2 * 5 * 7 * 3).fill(0));
      tf.tidy(() => {
        const pool = (t: tf.Tensor) => adaptiveAveragePool2d(t, { outputSize, implementation });
        const dx = tf.grad(pool)(tf.zeros(shape), tf.tensor(dy, [2, 4, 9, 3]));
        expect([...dx.dataSync()]).toEqual(adaptiveAverageOracle(2, { outputSize }, x, [...dy]).dx.data);
      });
    });
  });
}

for (const key of ['cpu', 'wasm', 'node'] as const) {
  describeDevice(key, 'gradients of maxima', () => {
    test('of windows with more than 2048 taps: in row-major order of the outputs, too', () => {
      tf.tidy(() => {
        // Windows of 57x57, all of which end or begin at the maximum.
        const x = tf.buffer([1, 113, 113, 1]);
        x.set(1, 0, 56, 56, 0);
        const tiny = 2 ** -24;
        const dx = tf.grad((t) => adaptiveMaxPool2d(t, { outputSize: 2 }))(
          x.toTensor(),
          tf.tensor4d([1, tiny, tiny, tiny], [1, 2, 2, 1]),
        );
        expect(tf.sum(dx).dataSync()[0]).toBe(1);
      });
    });
  });
}

describe('too many elements are refused before anything is made', () => {
  const refused = (f: () => unknown) => {
    const leaks = leakCounter(tf);
    const message = (() => {
      try {
        f();
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(leaks()).toBe(0);
    return message;
  };

  test.each([
    [[3], [2e9], 1],
    [[5, 5], [2 ** 20, 2 ** 20], 1],
    [[5, 5, 5], [1e6, 1e6, 1e6], 1],
    [[7], [1_000_000], 5000],
    [[3], [Number.MAX_SAFE_INTEGER], 1],
  ])('%j to %j, %i channels', (input, outputSize, channels) => {
    expect(() => geometryOf(input, outputSize, channels)).toThrow(
      /^test: expected an output of at most 1073741823 elements; got \S+ for shape \[/,
    );
  });

  test('by every operation', () => {
    const message = 'expected an output of at most 1073741823 elements; got 2000000000 for shape ';
    const x = tf.zeros([1, 3, 1], 'int32');
    const options = { outputSize: 2e9 };
    expect(refused(() => adaptiveAveragePool1d(x, options))).toBe(
      `adaptiveAveragePool1d: ${message}[1, 2000000000, 1].`,
    );
    expect(refused(() => adaptiveMaxPool1d(x, options))).toBe(`adaptiveMaxPool1d: ${message}[1, 2000000000, 1].`);
    const image = tf.zeros([5, 5, 1]);
    expect(refused(() => adaptiveMaxPoolWithArgmax2d(image, { outputSize: 1e9 }))).toContain(
      'got 1000000000000000000 for',
    );
    tf.dispose([x, image]);
  });

  test('large inputs are not', () => {
    const { depth, height, width } = geometryOf([1000, 1000, 1000], [3, 7, 9]);
    expect([depth, height, width].map(({ window }) => window)).toEqual([334, 144, 112]);
  });
});
