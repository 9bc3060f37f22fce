/** Averages on tfjs-node: TensorFlow's own operation serves where it can say the pooling, and where it proves equal to ours. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type AveragePoolOptions, type OrDefault, averagePool1d, averagePool2d, averagePool3d } from '../../src/index';
import { averagePoolSpec } from '../../src/average';
import { poolGeometry } from '../../src/geometry';
import { hostKernelVariant } from '../../src/kernels/host_kernels';
import { SIGNATURES } from '../../src/kernels/signatures';
import { LOOPS } from '../../src/kernels/loops';
import { nodeKernels } from '../../src/kernels/node';
import { CALLS_BEFORE_PROOF, MAX_REMEMBERED } from '../../src/kernels/tensorflow/proof';
import type { NodeBackend } from '../../src/kernels/tensorflow/session';
import { randomFrom } from '../support/data';
import { describeDevice } from '../support/devices';
import { type Binding, watched } from '../support/watched_tensorflow';

// Native kernels would serve first: they have their own tests.
process.env.TFJS_IM2COL_NATIVE = 'off';

type Options = OrDefault<AveragePoolOptions>;

/** Numbers of all magnitudes but denormal ones: a sum in another order is another number. */
function values(length: number, seed: number, notFinite = false): Float32Array {
  const next = randomFrom(seed);
  const rare = [NaN, Infinity, -Infinity, 3e38, -0];
  return Float32Array.from({ length }, () =>
    notFinite && next() < 0.05 ? rare[Math.floor(next() * rare.length)] : (next() - 0.5) * 10 ** (next() * 12 - 6),
  );
}

function expected(rank: 1 | 2 | 3, x: Float32Array, shape: number[], options: Options): Float32Array {
  const { pool, divisor } = averagePoolSpec('test', rank, options);
  const g = poolGeometry('test', pool, shape);
  const y = new Float32Array(g.yShape.reduce((a, b) => a * b, 1));
  LOOPS.averagePool(g, x, y, divisor);
  return y;
}

function expectedGradient(rank: 1 | 2 | 3, dy: Float32Array, shape: number[], options: Options): Float32Array {
  const { pool, divisor } = averagePoolSpec('test', rank, options);
  const dx = new Float32Array(size(shape));
  LOOPS.averageSpread(poolGeometry('test', pool, shape), dy, dx, divisor);
  return dx;
}

const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
/** -0 is 0. */
const numbers = (array: ArrayLike<number>) => Array.from(array, (value) => value + 0);

describeDevice('node', 'averages', () => {
  const real = () => tf.backend() as unknown as NodeBackend;
  const OPS = { 1: averagePool1d, 2: averagePool2d, 3: averagePool3d };

  const SAID: [string, 1 | 2 | 3, number[], Options][] = [
    ['2x2/2', 2, [2, 8, 6, 17], {}],
    ['3x3/2 on odd sizes', 2, [2, 11, 9, 35], { poolSize: 3, strides: 2 }],
    ["3x3/1 'same'", 2, [1, 7, 8, 16], { poolSize: 3, strides: 1, padding: 'same' }],
    ["'same' with more after", 2, [1, 6, 6, 3], { poolSize: 3, strides: 2, padding: 'same' }],
    ['numbers that say the same as same', 2, [1, 7, 7, 3], { poolSize: 3, strides: 2, padding: 1 }],
    ['padding that counts, but is none', 2, [1, 6, 6, 3], { countIncludePad: true }],
    ['the whole image', 2, [1, 31, 29, 5], { poolSize: [31, 29] }],
    ['strides beyond the window', 2, [1, 9, 9, 8], { poolSize: 2, strides: 3 }],
    ['a sequence', 1, [2, 32, 9], { poolSize: 4 }],
    ['unbatched', 2, [6, 6, 4], {}],
    ['channels first', 2, [2, 3, 8, 6], { dataFormat: 'channelsFirst' }],
  ];
  test.each(SAID)('TensorFlow serves, bit for bit: %s', (_, rank, shape, options) => {
    for (const notFinite of [false, true]) {
      const x = values(size(shape), 7, notFinite);
      tf.tidy(() => {
        const y = OPS[rank](tf.tensor(x, shape), options);
        expect(hostKernelVariant('tensorflow')).toBe('tensorflow');
        if (options?.dataFormat !== 'channelsFirst')
          expect(numbers(y.dataSync())).toEqual(numbers(expected(rank, x, shape, options)));
      });
    }
  });

  const GRADIENTS: [string, 1 | 2 | 3, number[], Options][] = [
    ['2x2/2', 2, [2, 8, 6, 17], {}],
    ['2x2/2, the rest is cut off', 2, [1, 9, 7, 8], {}],
    ["2x2/2 'same'", 2, [1, 7, 9, 5], { padding: 'same' }],
    ['2x2/3: elements that no window has', 2, [1, 9, 9, 8], { strides: 3 }],
    ['4x1/[4, 2]', 2, [1, 9, 9, 3], { poolSize: [4, 1], strides: [4, 2] }],
    ['a sequence', 1, [2, 32, 9], { poolSize: 4 }],
    ["3x3/1 'same'", 2, [2, 7, 8, 16], { poolSize: 3, strides: 1, padding: 'same' }],
    ['[2, 5]/1', 2, [1, 6, 13, 4], { poolSize: [2, 5], strides: 1 }],
    ['one window', 2, [1, 4, 4, 5], { poolSize: 4 }],
    ['unbatched', 2, [7, 7, 4], { poolSize: 3, strides: 1 }],
  ];
  test.each(GRADIENTS)('TensorFlow serves the gradient, bit for bit: %s', (_, rank, shape, options) => {
    for (const notFinite of [false, true]) {
      tf.tidy(() => {
        const x = tf.zeros(shape);
        const yShape = OPS[rank](x, options).shape;
        const dy = values(size(yShape), 11, notFinite);
        const dx = tf.grad((t) => OPS[rank](t, options))(x, tf.tensor(dy, yShape));
        expect(hostKernelVariant('tensorflow')).toBe('tensorflow');
        expect(numbers(dx.dataSync())).toEqual(numbers(expectedGradient(rank, dy, shape, options)));
      });
    }
  });

  test('the SIMD module serves the gradient of dilated windows', () => {
    const options = { dilationRate: 2, strides: 1 };
    tf.tidy(() => {
      const x = tf.zeros([1, 9, 9, 4]);
      const dy = values(7 * 7 * 4, 12);
      const dx = tf.grad((t) => averagePool2d(t as tf.Tensor4D, options))(x, tf.tensor(dy, [1, 7, 7, 4]));
      expect(hostKernelVariant('tensorflow')).toBe('simd');
      expect(numbers(dx.dataSync())).toEqual(numbers(expectedGradient(2, dy, x.shape, options)));
    });
  });

  // Which sizes TensorFlow adds up in our order depends on the machine; it is asked once they have come often.
  const PROVED_EACH: [string, 1 | 2 | 3, number[], Options][] = [
    ['3x3/2, many channels', 2, [2, 11, 9, 192], { poolSize: 3, strides: 2 }],
    ['3x3/2, few channels', 2, [2, 11, 9, 35], { poolSize: 3, strides: 2 }],
    ['3x3/2, the rest is cut off', 2, [1, 10, 12, 16], { poolSize: 3, strides: 2 }],
    ["3x3/2 'same'", 2, [1, 8, 7, 3], { poolSize: 3, strides: 2, padding: 'same' }],
    ['[2, 5]/[1, 3]', 2, [1, 6, 13, 4], { poolSize: [2, 5], strides: [1, 3] }],
    ['3x3/3: to be divided by 9', 2, [2, 9, 10, 7], { poolSize: 3 }],
    ["3x3/3 'same'", 2, [2, 10, 11, 7], { poolSize: 3, padding: 'same' }],
    ['one window', 2, [1, 3, 4, 5], { poolSize: [3, 4] }],
    ['unbatched', 2, [7, 7, 4], { poolSize: 3, strides: 2 }],
    ['many taps', 2, [1, 9, 9, 160], { poolSize: 5, strides: 1 }],
    ['a sequence', 1, [2, 33, 9], { poolSize: 4, strides: 3 }],
    ['volumes that overlap', 3, [1, 5, 5, 5, 3], { poolSize: 3, strides: 1 }],
    ['volumes to be divided by 27', 3, [1, 6, 6, 6, 3], { poolSize: 3 }],
  ];
  test.each(PROVED_EACH)('whoever serves the gradient, now and after many calls: %s', (_, rank, shape, options) => {
    const yShape = tf.tidy(() => OPS[rank](tf.zeros(shape), options).shape);
    const gradientOf = (dy: Float32Array) =>
      tf.tidy(() => {
        const gradient = tf.grad((t) => OPS[rank](t, options));
        return numbers(gradient(tf.zeros(shape), tf.tensor(dy, yShape)).dataSync());
      });
    const first = values(size(yShape), 11);
    expect(gradientOf(first)).toEqual(numbers(expectedGradient(rank, first, shape, options)));
    expect(hostKernelVariant('tensorflow')).toBe('simd');
    for (let i = 0; i < CALLS_BEFORE_PROOF; i++) gradientOf(first);
    for (const notFinite of [false, true]) {
      const dy = values(size(yShape), 12, notFinite);
      expect(gradientOf(dy)).toEqual(numbers(expectedGradient(rank, dy, shape, options)));
    }
  });

  const VOLUMES: [string, number[], Options][] = [
    ['2x2x2/1', [2, 6, 5, 7, 11], { poolSize: 2, strides: 1 }],
    ["3x3x3/2, 'same'", [1, 5, 5, 5, 8], { poolSize: 3, strides: 2, padding: 'same' }],
  ];
  // With oneDNN AvgPool3D is right, and without it spreads NaN: who serves depends on how TensorFlow was built.
  test.each(VOLUMES)('whoever serves, volumes are right: %s', (_, shape, options) => {
    for (const notFinite of [false, true]) {
      const x = values(size(shape), 10, notFinite);
      tf.tidy(() => {
        const y = averagePool3d(tf.tensor(x, shape), options);
        expect(numbers(y.dataSync())).toEqual(numbers(expected(3, x, shape, options)));
      });
    }
  });

  test.each(['0', '1'])('and with TF_ENABLE_ONEDNN_OPTS=%s', (oneDnn) => {
    const out = execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'node_volumes.ts')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TF_ENABLE_ONEDNN_OPTS: oneDnn },
    });
    expect(JSON.parse(out)).toEqual({ elements: expect.any(Number), wrong: 0, variant: expect.any(String) });
  });

  const NOT_SAID: [string, number[], Options][] = [
    ['dilation', [1, 9, 9, 4], { dilationRate: 2, strides: 1 }],
    ['padding that counts', [1, 7, 7, 4], { poolSize: 3, strides: 2, padding: 1, countIncludePad: true }],
    ['padding before, where same has it after', [1, 6, 6, 4], { poolSize: 3, strides: 2, padding: 1 }],
    ['a partial window', [1, 6, 6, 4], { poolSize: 3, strides: 2, ceilMode: true, padding: [[1, 1], [0, 0]] }], // prettier-ignore
  ];
  test.each(NOT_SAID)('the SIMD module serves: %s', (_, shape, options) => {
    const x = values(size(shape), 8);
    tf.tidy(() => {
      const y = averagePool2d(tf.tensor(x, shape), options);
      expect(hostKernelVariant('tensorflow')).toBe('simd');
      expect(numbers(y.dataSync())).toEqual(numbers(expected(2, x, shape, options)));
    });
  });

  test('denormal numbers are zero to TensorFlow', () => {
    tf.tidy(() => {
      expect(averagePool2d(tf.fill([1, 2, 2, 1], 1e-40)).dataSync()).toEqual(Float32Array.of(0));
    });
  });

  describe('a TensorFlow that', () => {
    const shape = [1, 6, 6, 3];
    const x = values(size(shape), 9);
    const { pool, divisor } = averagePoolSpec('test', 2, {});
    const geometry = poolGeometry('test', pool, shape);
    const [kernel, gradientKernel] = [SIGNATURES.averagePool, SIGNATURES.averageSpread].map(({ name }) =>
      nodeKernels.find(({ kernelName }) => kernelName === name)!,
    );
    const spreadBy = (backend: NodeBackend, strides = 1, xShape = shape) => {
      const options = { poolSize: 3, strides };
      const g = poolGeometry('test', averagePoolSpec('test', 2, options).pool, xShape);
      const dy = values(size(g.yShape), 13);
      const input = tf.tensor(dy, [...g.yShape]);
      const attrs = { geometry: g, divisor } as never;
      const dx = gradientKernel.kernelFunc({ inputs: { dy: input }, attrs, backend }) as tf.Tensor;
      const actual = backend.readSync(dx.dataId) as Float32Array;
      expect(numbers(actual)).toEqual(numbers(expectedGradient(2, dy, xShape, options)));
      tf.dispose([input, dx]);
      return hostKernelVariant('tensorflow');
    };
    const averageBy = (backend: NodeBackend) => {
      const input = tf.tensor(x, shape);
      const y = kernel.kernelFunc({
        inputs: { x: input },
        attrs: { geometry, divisor } as never,
        backend,
      }) as tf.Tensor;
      expect(numbers(backend.readSync(y.dataId) as Float32Array)).toEqual(numbers(expected(2, x, shape, {})));
      tf.dispose([input, y]);
      return hostKernelVariant('tensorflow');
    };

    test('is as it should be is asked for proof once', () => {
      const { backend, calls, live } = watched(real());
      expect(averageBy(backend)).toBe('tensorflow');
      const first = calls.length;
      expect(averageBy(backend)).toBe('tensorflow');
      expect(calls.slice(first).filter((name) => name === 'AvgPool')).toHaveLength(1);
      expect(first).toBeGreaterThan(8);
      // The results went back to the backend; the proof left nothing.
      expect(live().size).toBeLessThanOrEqual(4);
    });

    const replaced =
      (operation: string) => (f: (...args: Parameters<Binding['executeOp']>) => ReturnType<Binding['executeOp']>) => ({
        executeOp: (...args: Parameters<Binding['executeOp']>) =>
          args[0] === operation ? f(...args) : real().binding.executeOp(...args),
      });
    const avgPoolAs = replaced('AvgPool');

    test('adds up in another order does not serve', () => {
      // The average of the mirrored image, mirrored: the same windows, their taps from last to first.
      const { binding } = real();
      const mirrored = (id: number) => {
        const axes = binding.createTensor([2], 3, Int32Array.of(1, 2));
        const types = { T: 1, Tidx: 3 };
        const attributes = Object.entries(types).map(([name, value]) => ({ name, type: binding.TF_ATTR_TYPE, value }));
        return binding.executeOp('ReverseV2', attributes, [id, axes], 1)[0].id;
      };
      const { backend, calls } = watched(
        real(),
        avgPoolAs((name, attributes, [id], count) => {
          const [{ id: y }] = binding.executeOp(name, attributes, [mirrored(id)], count);
          const turned = mirrored(y);
          return [{ id: turned, shape: [], dtype: 1 }];
        }),
      );
      expect(averageBy(backend)).toBe('simd');
      expect(calls).toContain('AvgPool');
    });

    test('adds up gradients in another order does not serve them', () => {
      const { binding } = real();
      expect(spreadBy(watched(real()).backend)).toBe('tensorflow');
      const asDouble = (id: number, to: number) => {
        const attributes = Object.entries({ SrcT: to === 2 ? 1 : 2, DstT: to }).map(([name, value]) => ({
          name,
          type: binding.TF_ATTR_TYPE,
          value,
        }));
        return binding.executeOp('Cast', attributes, [id], 1)[0].id;
      };
      // Sums in double precision are better than ours, and other ones.
      const { backend, calls } = watched(
        real(),
        replaced('DepthwiseConv2dNative')((name, attributes, ids, count) => {
          const doubles = attributes.map((one) => (one.name === 'T' ? { ...one, value: 2 } : one));
          const [{ id }] = binding.executeOp(
            name,
            doubles,
            ids.map((input) => asDouble(input, 2)),
            count,
          );
          return [{ id: asDouble(id, 1), shape: [], dtype: 1 }];
        }),
      );
      expect(spreadBy(backend)).toBe('simd');
      expect(calls).toContain('DepthwiseConv2dNative');
      expect(averageBy(backend)).toBe('tensorflow');
    });

    const ourGradient = (dy: Float32Array) => expectedGradient(2, dy, shape, { poolSize: 3, strides: 2 });
    const spreading = (gradient: (dy: Float32Array) => Float32Array) =>
      watched(
        real(),
        replaced('AvgPool3DGrad')((_, __, [, dy]) => {
          const dx = gradient(real().binding.tensorDataSync(dy) as Float32Array);
          return [{ id: real().binding.createTensor([1, 1, 6, 6, 3], 1, dx), shape: [], dtype: 1 }];
        }),
      );

    test('has our order for some sizes serves them, once it has proved it', () => {
      const { backend, calls } = spreading(ourGradient);
      for (let i = 0; i < CALLS_BEFORE_PROOF; i++) expect(spreadBy(backend, 2)).toBe('simd');
      expect(calls).not.toContain('AvgPool3DGrad');
      expect(spreadBy(backend, 2)).toBe('tensorflow');
      expect(spreadBy(backend, 2)).toBe('tensorflow');
      expect(calls.filter((name) => name === 'AvgPool3DGrad')).toHaveLength(3);
    });

    test('proved sizes that nobody asks for any more are forgotten', () => {
      const { backend } = spreading(ourGradient);
      for (let i = 0; i < CALLS_BEFORE_PROOF; i++) spreadBy(backend, 2);
      for (let size = 0; size < MAX_REMEMBERED - 2; size++) spreadBy(backend, 2, [1, 6, 8 + size, 3]);
      expect(spreadBy(backend, 2)).toBe('tensorflow');
      for (let size = 0; size < MAX_REMEMBERED; size++) spreadBy(backend, 2, [1, 6, 8 + size, 3]);
      expect(spreadBy(backend, 2)).toBe('simd');
    });

    test('has another order for some sizes does not serve them', () => {
      const { backend, calls } = spreading((dy) => ourGradient(dy).map((value) => Math.fround(value * (1 + 2 ** -23))));
      for (let i = 0; i < CALLS_BEFORE_PROOF + 2; i++) expect(spreadBy(backend, 2)).toBe('simd');
      expect(calls.filter((name) => name === 'AvgPool3DGrad')).toHaveLength(1);
    });

    test('lacks the operation does not serve', () => {
      const { backend } = watched(
        real(),
        avgPoolAs(() => {
          throw new Error('Unknown operation');
        }),
      );
      expect(averageBy(backend)).toBe('simd');
    });
  });
});
