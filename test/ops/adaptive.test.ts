/** The windows of adaptive pooling by their definition, how many there may be, and the numbers of their taps. */
import * as tf from '@tensorflow/tfjs';
import { type AdaptiveAxis, adaptiveAxes, adaptivePoolSpec, forEachAdaptiveWindow } from '../../src/adaptive';
import { adaptiveAveragePool1d, adaptiveMaxPool1d, adaptiveMaxPoolWithArgmax2d } from '../../src/index';
import { ownTaps } from '../../src/ops/own_taps';
import { randomFrom } from '../support/data';
import { describeDevice } from '../support/devices';
import { leakCounter } from '../support/run_case';

function axesOf(input: number[], output: number[]): AdaptiveAxis[] {
  const spec = adaptivePoolSpec('test', input.length as 1 | 2 | 3, { outputSize: output });
  return adaptiveAxes('test', spec, [...input, 1]);
}

function windowsOf(axis: AdaptiveAxis): { start: number; length: number }[] {
  const windows: { start: number; length: number }[] = [];
  forEachAdaptiveWindow(axis, (start, length, window) => (windows[window] = { start, length }));
  return windows;
}

describe('windows', () => {
  test('lie where the definition has them, and the longest is known beforehand', () => {
    for (let input = 1; input <= 24; input++) {
      for (let output = 1; output <= 24; output++) {
        const [axis] = axesOf([input], [output]);
        const expected = Array.from({ length: output }, (_, i) => {
          const start = Math.floor((i * input) / output);
          return { start, length: Math.ceil(((i + 1) * input) / output) - start };
        });
        expect(windowsOf(axis)).toEqual(expected);
        expect(axis.longest).toBe(Math.max(...expected.map(({ length }) => length)));
      }
    }
  });

  test('also where the products of sizes are more than a number holds exactly', () => {
    const [input, output] = [2 ** 28 - 57, 2 ** 25 - 39];
    const axis = { index: 0, input, output, longest: 9, even: false };
    let wrong = 0;
    forEachAdaptiveWindow(axis, (start, length, window) => {
      if (window < output - 500) return;
      const [i, inputs, outputs] = [window, input, output].map(BigInt);
      const end = ((i + 1n) * inputs + outputs - 1n) / outputs;
      if (BigInt(start) !== (i * inputs) / outputs || BigInt(start + length) !== end) wrong++;
    });
    expect(wrong).toBe(0);
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
        windowsOf(axesOf([input], [output])[0]).forEach(({ start, length }, window) => {
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
    [[3], [1e9], 1], // 2e9 and 1e9
    [[4], [1e9], 1], // windows of one element
    [[5, 5], [2 ** 20, 2 ** 20], 1],
    [[5, 5, 5], [1e6, 1e6, 1e6], 1],
    [[5, 6], [20_000, 20_001], 1],
    [[7], [100_000], 5000],
    [[3], [Number.MAX_SAFE_INTEGER], 1],
  ])('%j to %j, %i channels', (input, outputSize, channels) => {
    const spec = adaptivePoolSpec('test', input.length as 1 | 2 | 3, { outputSize });
    expect(() => adaptiveAxes('test', spec, [...input, channels])).toThrow(
      /^test: expected outputs and their windows of at most 1073741823 elements; got \S+ for outputSize \[/,
    );
  });

  test('by every operation, with an empty batch as well', () => {
    const message =
      'expected outputs and their windows of at most 1073741823 elements; ' +
      'got 3000000000 for outputSize [1000000000] and x of shape ';
    const [x, empty] = [tf.zeros([1, 3, 1], 'int32'), tf.zeros([0, 3, 1])];
    const options = { outputSize: 1e9 };
    expect(refused(() => adaptiveAveragePool1d(x, options))).toBe(`adaptiveAveragePool1d: ${message}[1, 3, 1].`);
    expect(refused(() => adaptiveMaxPool1d(x, options))).toBe(`adaptiveMaxPool1d: ${message}[1, 3, 1].`);
    expect(refused(() => adaptiveMaxPool1d(empty, options))).toBe(`adaptiveMaxPool1d: ${message}[0, 3, 1].`);
    const image = tf.zeros([5, 5, 1]);
    expect(refused(() => adaptiveMaxPoolWithArgmax2d(image, options))).toContain('got 2000000000000000000 for');
    tf.dispose([x, empty, image]);
  });

  test('large inputs are not', () => {
    expect(axesOf([1000, 1000, 1000], [3, 7, 9]).map(({ longest }) => longest)).toEqual([334, 144, 112]);
  });
});

for (const key of ['cpu', 'wasm', 'node'] as const) {
  describeDevice(key, 'numbers of taps', () => {
    test.each<[number[], number[]]>([
      [
        [7, 5],
        [3, 3],
      ],
      [
        [5, 7, 8],
        [3, 3, 3],
      ],
      [
        [1, 50],
        [1, 7],
      ],
      [
        [15_000, 50_001],
        [3, 3],
      ],
      [
        [300, 1001, 1201],
        [1, 3, 4],
      ],
      [
        [3, 200_000_003],
        [2, 3],
      ],
    ])('%j to %j: exact in int32', (input, output) => {
      const axes = axesOf(input, output).map((axis, i) => ({ ...axis, index: i + 1 }));
      const random = randomFrom(1);
      const [given, expected]: [number[], number[]] = [[], []];
      const lengths = axes.map((axis) => windowsOf(axis).map(({ length }) => length));
      const channels = 40;
      const visit = (axis: number, windows: number[]): void => {
        if (axis < axes.length) return lengths[axis].forEach((length) => visit(axis + 1, [...windows, length]));
        for (let c = 0; c < channels; c++) {
          // First and last of rows are where a quotient goes wrong.
          const at = windows.map((length) => [0, length - 1, Math.floor(random() * length)][Math.floor(random() * 3)]);
          given.push(at.reduce((tap, along, i) => tap * axes[i].longest + along, 0));
          expected.push(at.reduce((tap, along, i) => tap * windows[i] + along, 0));
        }
      };
      visit(0, []);
      const shape = [1, ...output, channels];
      tf.tidy(() => {
        const taps = ownTaps(tf.tensor(Int32Array.from(given), shape, 'int32'), axes);
        expect({ dtype: taps.dtype, shape: taps.shape }).toEqual({ dtype: 'int32', shape });
        expect([...taps.dataSync()]).toEqual(expected);
      });
    });
  });
}
