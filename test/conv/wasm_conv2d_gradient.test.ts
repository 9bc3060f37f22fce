/**
 * Conv2DBackpropFilter on wasm against the cpu backend. All values are small integers, so both must give
 * the same sums exactly, in whatever order they add.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { registerWasmConv2DGradient } from '../../src/conv/wasm_conv2d_gradient';
import { SIGNATURES } from '../../src/kernels/signatures';

type Pad = 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;

interface ConvCase {
  x: [number, number, number, number];
  /** [height, width, outChannels]; the input's channels are x's. */
  filter: [number, number, number];
  strides?: number | [number, number];
  pad?: Pad;
}

const CASES: Record<string, ConvCase> = {
  '5x5, one channel, as in the MNIST example': { x: [3, 12, 12, 1], filter: [5, 5, 6] },
  'many channels': { x: [2, 6, 6, 17], filter: [3, 3, 9] },
  '1x1 filter': { x: [2, 5, 4, 3], filter: [1, 1, 4] },
  '1x1 filter, strides 2': { x: [2, 5, 4, 3], filter: [1, 1, 4], strides: 2 },
  '1x1 image': { x: [3, 1, 1, 2], filter: [1, 1, 3] },
  '1x1 image, 3x3 filter, same: eight taps see only padding': { x: [2, 1, 1, 2], filter: [3, 3, 3], pad: 'same' },
  'filter of the size of the image': { x: [2, 4, 3, 2], filter: [4, 3, 5] },
  'odd sizes, oblong filter': { x: [2, 7, 9, 3], filter: [3, 2, 4] },
  'same, even filter: the odd element goes after': { x: [2, 7, 5, 3], filter: [2, 4, 2], pad: 'same' },
  'same, strides 2': { x: [2, 7, 8, 3], filter: [3, 3, 4], strides: 2, pad: 'same' },
  'same, strides larger than the filter': { x: [1, 9, 8, 2], filter: [2, 2, 3], strides: 3, pad: 'same' },
  'valid, strides that leave a rest': { x: [2, 8, 9, 2], filter: [3, 3, 3], strides: 2 },
  'a stride per axis': { x: [2, 8, 9, 2], filter: [3, 2, 3], strides: [1, 3] },
  'numeric padding': { x: [2, 5, 6, 2], filter: [3, 3, 3], pad: 1 },
  'numeric padding as large as the filter: windows of padding alone': { x: [1, 4, 4, 2], filter: [2, 2, 3], pad: 2 },
  'explicit padding': {
    x: [2, 5, 6, 2],
    filter: [3, 3, 3],
    pad: [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ],
  },
  'explicit padding, strides': {
    x: [2, 5, 6, 2],
    filter: [3, 3, 3],
    strides: 2,
    pad: [
      [0, 0],
      [0, 1],
      [2, 1],
      [0, 0],
    ],
  },
};

/** Integers from -4 to 4, the same on every call with the same seed. */
function integers(shape: number[], seed: number): tf.Tensor4D {
  const uniform = tf.randomUniform(shape, -4.5, 4.5, 'float32', seed);
  return tf.round(uniform) as tf.Tensor4D;
}

function filterGradient({ x, filter: [height, width, outChannels], strides = 1, pad = 'valid' }: ConvCase): tf.Tensor {
  return tf.tidy(() => {
    const $x = integers(x, 1);
    const $filter = integers([height, width, x[3], outChannels], 2);
    // conv2d itself asks for a rounding mode with numeric padding.
    const rounding = typeof pad === 'string' ? undefined : 'floor';
    const convolve = (f: tf.Tensor4D) => tf.conv2d($x, f, strides, pad, 'NHWC', 1, rounding);
    const dy = integers(convolve($filter).shape, 3);
    return tf.grad((f: tf.Tensor) => convolve(f as tf.Tensor4D))($filter, dy);
  });
}

async function onBackend<T>(name: string, f: () => T): Promise<T> {
  await tf.setBackend(name);
  return f();
}

async function valuesOn(backend: string, f: () => tf.Tensor): Promise<{ shape: number[]; values: number[] }> {
  return onBackend(backend, () => {
    const result = f();
    const values = Array.from(result.dataSync());
    result.dispose();
    return { shape: result.shape, values };
  });
}

function runKernel(x: tf.Tensor, dy: tf.Tensor, attrs: object): tf.Tensor {
  return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy } as never, attrs as never) as tf.Tensor;
}

beforeAll(() => registerWasmConv2DGradient());

describe('Conv2DBackpropFilter on wasm', () => {
  test.each(Object.entries(CASES))('%s', async (_, c) => {
    const expected = await valuesOn('cpu', () => filterGradient(c));
    const actual = await valuesOn('wasm', () => filterGradient(c));
    expect(actual).toEqual(expected);
    expect(actual.values.some((value) => value !== 0)).toBe(true);
  });

  test('real numbers: as close to cpu as float32 sums can be', async () => {
    const gradient = () =>
      tf.tidy(() => {
        const x = tf.randomNormal([8, 20, 20, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
        const dy = tf.randomNormal([8, 16, 16, 7], 0, 1, 'float32', 2) as tf.Tensor4D;
        return runKernel(x, dy, { strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: [5, 5, 3, 7] });
      });
    const expected = await valuesOn('cpu', gradient);
    const actual = await valuesOn('wasm', gradient);
    const errors = actual.values.map((value, i) => Math.abs(value - expected.values[i]));
    // Sums of 2048 products, each of size 1: they are near 45, of which float32 keeps 1e-5.
    expect(Math.max(...errors)).toBeLessThan(1e-3);
  });

  test('a batch whose matrix is too large is worked off in parts', async () => {
    const c: ConvCase = { x: [20, 64, 64, 8], filter: [6, 6, 2] };
    const { matrices, actual } = await onBackend('wasm', async () => {
      const profile = await tf.profile(() => filterGradient(c));
      const kernels = profile.kernels.filter((kernel) => kernel.name === SIGNATURES.im2col.name);
      const result = profile.result as tf.Tensor;
      const values = Array.from(result.dataSync());
      result.dispose();
      return { matrices: kernels.map((kernel) => kernel.outputShapes[0] as number[]), actual: values };
    });
    expect(matrices.length).toBeGreaterThan(1);
    for (const [rows, columns] of matrices) expect(rows * columns).toBeLessThanOrEqual(2 ** 24);
    const images = matrices.map(([, columns]) => columns / (59 * 59));
    expect(images.reduce((a, b) => a + b)).toBe(20);
    // The gradient is linear in the batch: the parts alone, which fit, add up to the whole.
    const single = await onBackend('wasm', () =>
      tf.tidy(() => {
        const x = integers(c.x, 1);
        const dy = integers([20, 59, 59, 2], 3);
        const attrs = { strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: [6, 6, 8, 2] };
        const halves = tf.split(x, 2).map((half, i) => runKernel(half, tf.split(dy, 2)[i], attrs));
        return Array.from(halves[0].add(halves[1]).dataSync());
      }),
    );
    expect(actual).toEqual(single);
  });
});

describe('dilations', () => {
  // tfjs-core refuses the gradient of a dilated convolution, so the kernel is run directly. A dilated filter
  // is a larger one with zeros between its taps; its gradient is the larger one's, read at the taps.
  test.each([
    ['dilation 2', [2, 9, 9, 3], [3, 3], 2, 1, 'valid'],
    ['a dilation per axis', [2, 9, 9, 3], [3, 2], [2, 3], 1, 'valid'],
    ['same', [2, 7, 8, 2], [3, 3], 2, 1, 'same'],
    ['with strides', [2, 11, 12, 2], [3, 3], 2, 2, 'valid'],
    ['with numeric padding', [2, 7, 7, 2], [2, 2], 3, 1, 2],
    [
      'with explicit padding and strides',
      [1, 7, 7, 2],
      [2, 2],
      3,
      2,
      [
        [0, 0],
        [1, 2],
        [0, 3],
        [0, 0],
      ],
    ],
  ] as const)('%s', async (_, xShape, [height, width], dilations, strides, pad) => {
    const [dilationH, dilationW] = typeof dilations === 'number' ? [dilations, dilations] : dilations;
    const [largeHeight, largeWidth] = [(height - 1) * dilationH + 1, (width - 1) * dilationW + 1];
    const large: [number, number, number, number] = [largeHeight, largeWidth, xShape[3], 4];
    const dyShape = tf.backend_util.computeConv2DInfo([...xShape], large, strides, 1, pad as Pad, 'floor').outShape;
    const attrs = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor' };
    const gradient = (extra: object) =>
      tf.tidy(() => runKernel(integers([...xShape], 1), integers(dyShape, 2), { ...attrs, ...extra }));
    const enlarged = await onBackend('cpu', () => gradient({ filterShape: large }));
    const all = enlarged.arraySync() as number[][][][];
    enlarged.dispose();
    const expected = Array.from({ length: height }, (_row, h) =>
      Array.from({ length: width }, (_column, w) => all[h * dilationH][w * dilationW]),
    );
    const actual = await onBackend('wasm', () => gradient({ filterShape: [height, width, xShape[3], 4], dilations }));
    expect(actual.arraySync()).toEqual(expected);
    actual.dispose();
  });
});

describe('the rest of the kernel contract', () => {
  test('a rounding mode that the gradient of conv2d forgets: dy tells the number of windows', async () => {
    // 6x6, 3x3, strides 2: three windows per axis by ceil, two by floor; the third sees one column past the end.
    const gradient = (pad: Pad) =>
      tf.tidy(() =>
        runKernel(integers([1, 6, 6, 2], 1), integers([1, 3, 3, 3], 2), {
          strides: 2,
          pad,
          dataFormat: 'NHWC',
          filterShape: [3, 3, 2, 3],
        }),
      );
    const expected = await valuesOn('cpu', () =>
      gradient([
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 0],
      ]),
    );
    const actual = await valuesOn('wasm', () => gradient('valid'));
    expect(actual).toEqual(expected);
  });

  test('batch 0 gives zeros', async () => {
    const actual = await valuesOn('wasm', () =>
      tf.tidy(() =>
        runKernel(tf.zeros([0, 5, 5, 2]), tf.zeros([0, 3, 3, 4]), {
          strides: 1,
          pad: 'valid',
          dataFormat: 'NHWC',
          filterShape: [3, 3, 2, 4],
        }),
      ),
    );
    expect(actual).toEqual({ shape: [3, 3, 2, 4], values: new Array(72).fill(0) });
  });

  test('NCHW is refused by name', async () => {
    await onBackend('wasm', () =>
      tf.tidy(() => {
        const attrs = { strides: 1, pad: 'valid', dataFormat: 'NCHW', filterShape: [3, 3, 2, 4] };
        expect(() => runKernel(tf.zeros([1, 2, 5, 5]), tf.zeros([1, 4, 3, 3]), attrs)).toThrow(
          /expected dataFormat NHWC; got NCHW/,
        );
      }),
    );
  });

  test("it is our matrix and the backend's product that run", async () => {
    await onBackend('wasm', async () => {
      const profile = await tf.profile(() => filterGradient(CASES['many channels']));
      (profile.result as tf.Tensor).dispose();
      expect(profile.kernelNames).toEqual(
        expect.arrayContaining(['Conv2DBackpropFilter', SIGNATURES.im2col.name, 'BatchMatMul']),
      );
    });
  });

  test('leaks nothing, in tensors or in the backend, also when it throws', async () => {
    await onBackend('wasm', () => {
      filterGradient(CASES['same, strides 2']).dispose();
      const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
      for (let i = 0; i < 3; i++) filterGradient(CASES['same, strides 2']).dispose();
      const x = tf.zeros([1, 5, 5, 2]);
      const attrs = { strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: [3, 3, 2, 4] };
      const wrong = tf.zeros([2, 3, 3, 4]);
      expect(() => runKernel(x, wrong, attrs)).toThrow(/expected x of shape .*; got \[1, 5, 5, 2\] and \[2, 3, 3, 4\]/);
      tf.dispose([x, wrong]);
      expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
    });
  });

  test("registering twice is silent; another's kernel is left alone", () => {
    const registered = tf.getKernel('Conv2DBackpropFilter', 'wasm');
    registerWasmConv2DGradient();
    expect(tf.getKernel('Conv2DBackpropFilter', 'wasm')).toBe(registered);
  });

  test('a CNN trains on wasm', async () => {
    await onBackend('wasm', async () => {
      const before = tf.memory().numTensors;
      const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({
            inputShape: [6, 6, 1],
            filters: 4,
            kernelSize: 3,
            activation: 'relu',
            kernelInitializer: initializer(1),
          }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 1, kernelInitializer: initializer(2) }),
        ],
      });
      model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
      const [x, y] = [tf.randomNormal([8, 6, 6, 1], 0, 1, 'float32', 3), tf.randomNormal([8, 1], 0, 1, 'float32', 4)];
      const { history } = await model.fit(x, y, { epochs: 5, shuffle: false, verbose: 0 });
      const losses = history.loss as number[];
      expect(losses[4]).toBeLessThan(losses[0]);
      model.optimizer.dispose();
      model.dispose();
      tf.dispose([x, y]);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
