/**
 * What the conformance suite does not ask of the webgl kernels: every kind of shader that they write,
 * textures packed and not, large ones and limited ones, the cache of programs, memory, and WebGL 1.
 */
import type { Tensor4D } from '@tensorflow/tfjs';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { PoolOptions } from '../../src/spec';
import { gradientsOracle, poolOracle } from '../oracle/pooling';
import { expectSame } from '../support/compare';
import { makeDy, makeX } from '../support/data';
import { DEVICES, describeDevice, openDevice } from '../support/devices';
import type { PlainTensor } from '../support/run_case';
import { WEBGL_SHADERS, expectArgmaxOfCpu, expectOracle, expectPlanes, expectRealTapsAlone } from './against_oracle';

describeDevice('webgl', 'webgl kernels', (device) => {
  test('the argmax that cpu kept', () => expectArgmaxOfCpu(device()));

  describe.each(WEBGL_SHADERS)('%s', (...shader) => {
    test.each([3, 4])('%d channels', (channels) => expectOracle(device(), shader, channels));

    test('channels first', () => expectPlanes(device(), shader, 3));

    test('an argmax that names no real tap routes nothing and reads 0', () => expectRealTapsAlone(device(), shader, 3));
  });

  describe.each(['as uploaded', 'packed', 'by conv2d', 'unpacked', 'unpacked slice'])('x and dy %s', (origin) => {
    test.each<[number[], PoolOptions]>([
      [[2, 8, 6, 4], { poolSize: 2 }],
      [[1, 7, 5, 3], { poolSize: 2, ceilMode: true }],
      [[2, 6, 9, 1], { poolSize: 3, strides: 2, padding: 1 }],
      [[1, 2, 2, 1], { poolSize: 2 }],
      [[2, 3, 7, 5], { poolSize: 2, ceilMode: true, dataFormat: 'channelsFirst' }],
    ])('%j %j', async (shape, options) => {
      const x = makeX('real', shape, 3);
      const { y, argmax } = poolOracle(2, options, x);
      const dy = makeDy('real', y.shape, 4);
      const found = await device().page!.call(
        ({ tf, plugin }, call) => {
          const backend = tf.backend() as MathBackendWebGL;
          const place = ({ shape: [n, ...rest], data }: PlainTensor) =>
            tf.tidy(() => {
              const tensor = tf.tensor4d(data, [n, ...rest] as [number, number, number, number]);
              const identity = tf.reshape(tf.eye(rest[2]), [1, 1, rest[2], rest[2]]) as Tensor4D;
              switch (call.origin) {
                // Small tensors that are not on the GPU are computed on the host.
                case 'packed':
                  backend.uploadToGPU(tensor.dataId);
                  return tf.neg(tf.neg(tensor));
                case 'by conv2d':
                  return tf.conv2d(tensor, identity, 1, 'valid');
                case 'unpacked':
                  backend.uploadToGPU(tensor.dataId);
                  return tensor;
                case 'unpacked slice': {
                  const more = tf.concat([tf.ones([1, ...rest]), tensor]);
                  const values = tf.tensor(more.dataSync(), more.shape);
                  backend.uploadToGPU(values.dataId);
                  return tf.slice(values, [1, 0, 0, 0]);
                }
                default:
                  return tensor;
              }
            });
          const [xPlaced, dyPlaced] = [place(call.x), place(call.dy)];
          const isPacked = Boolean(backend.texData.get(xPlaced.dataId).isPacked);
          const outputs = tf.tidy(() => {
            const values = plugin.maxPool2d(xPlaced, call.options);
            const both = plugin.maxPoolWithArgmax2d(xPlaced, call.options);
            const dx = tf.grad((t) => plugin.maxPool2d(t, call.options))(xPlaced, dyPlaced);
            return [values, both.values, both.argmax, dx];
          });
          const plain = outputs.map((t) => ({
            shape: t.shape,
            dtype: t.dtype as 'int32',
            data: Array.from(t.dataSync()),
          }));
          tf.dispose([xPlaced, dyPlaced, outputs]);
          return { isPacked, plain };
        },
        { origin, x, dy, options },
      );
      expect(found.isPacked).toBe(origin === 'packed' || origin === 'by conv2d');
      [y, y, argmax, gradientsOracle(2, options, x, dy).dx].forEach((expected, i) =>
        expectSame(['values alone', 'values', 'argmax', 'dx'][i], found.plain[i], expected),
      );
    });
  });

  test.each([
    [1, 1],
    [1, 6],
    [6, 1],
  ])('channels first, images of %d x %d', (height, width) =>
    expectPlanes(device(), ['same', [2, height, width], { poolSize: 3, strides: 1, padding: 'same' }], 2),
  );

  test('more texels than a division in floats is exact for', async () => {
    const found = await device().page!.call(async ({ tf, plugin }) => {
      const [height, width, channels] = [1031, 1025, 9];
      const data = Float32Array.from({ length: height * width * channels }, (_, i) => (i * 7919) % 1009);
      const results: Array<ArrayLike<number>[]> = [];
      for (const backend of ['webgl', 'cpu']) {
        await tf.setBackend(backend);
        const options = { poolSize: 3, strides: 2, padding: 1 };
        const x = tf.tensor3d(data, [height, width, channels]);
        const { values, argmax } = plugin.maxPoolWithArgmax2d(x, options);
        const dx = plugin.scatterArgmax(values, argmax, x.shape, { ...options, poolSize: [3, 3] });
        results.push(await Promise.all([values, argmax, dx].map((t) => t.data())));
        tf.dispose([x, values, argmax, dx]);
      }
      await tf.setBackend('webgl');
      const [ours, loops] = results;
      return loops.map(
        (expected, k) => Array.prototype.filter.call(expected, (value, i) => value !== ours[k][i]).length,
      );
    }, null);
    expect(found).toEqual([0, 0, 0]);
  });

  test('textures as narrow as the smallest limit allows', async () => {
    const page = device().page!;
    const setLimit = (limit: number) =>
      page.call(({ tf }, size) => {
        const before = tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE');
        tf.env().set('WEBGL_MAX_TEXTURE_SIZE', size);
        return before;
      }, limit);
    const before = await setLimit(40);
    try {
      for (const shader of WEBGL_SHADERS.slice(0, 4)) await expectOracle(device(), shader, 5);
    } finally {
      await setLimit(before);
    }
  });

  test('repeated calls compile nothing, other sizes no program of ours', async () => {
    const found = await device().page!.call(({ tf, plugin }) => {
      const { binaryCache } = tf.backend() as unknown as { binaryCache: Record<string, unknown> };
      const counts: number[][] = [];
      for (const size of [12, 12, 16, 28]) {
        const before = new Set(Object.keys(binaryCache));
        const x = tf.relu(tf.ones([2, size, size, 8]));
        const step = tf.grad((t) => plugin.maxPool2d(t, { poolSize: 3, strides: 2, padding: 1 }));
        tf.tidy(() => [plugin.maxPool2d(x, { poolSize: 3, strides: 2, padding: 1 }), step(x)].map((t) => t.dataSync()));
        x.dispose();
        const added = Object.keys(binaryCache).filter((key) => !before.has(key));
        counts.push([added.length, added.filter((key) => key.includes('quotient(')).length]);
      }
      return counts;
    }, null);
    expect(found[0][1]).toBe(3);
    expect(found[1]).toEqual([0, 0]);
    expect(found.slice(2).map(([, ofOurs]) => ofOurs)).toEqual([0, 0]);
  });

  test('core operations go on with the outputs, also where odd sizes leave texels half empty', async () => {
    const x = makeX('real', [1, 6, 10, 3], 5);
    const { y, argmax } = poolOracle(2, { poolSize: 2 }, x);
    const found = await device().page!.call(async ({ tf, plugin }, { shape, data }) => {
      const outputs = tf.tidy(() => {
        const fed = tf.tensor4d(data, shape as [number, number, number, number]);
        const pooled = plugin.maxPoolWithArgmax2d(fed);
        const planes = tf.reshape(pooled.values, [3, 5, 3]);
        return [
          tf.matMul(planes, planes, true, false),
          tf.sum(pooled.values, 2),
          tf.cast(tf.equal(pooled.argmax, 3), 'int32'),
          tf.concat([pooled.values, pooled.values], 3),
        ];
      });
      const plain = await Promise.all(outputs.map(async (t) => Array.from(await t.data())));
      tf.dispose(outputs);
      return plain;
    }, x);
    // y is [3, 5, 3]; the sums are over its width.
    const value = (h: number, w: number, c: number) => y.data[(h * 5 + w) * 3 + c];
    const sumOverWidth = (of: (w: number) => number) =>
      expect.closeTo(
        [0, 1, 2, 3, 4].map(of).reduce((a, b) => a + b),
        3,
      ) as number;
    const each = (size: number) => Array.from({ length: size }, (_, i) => i);
    expect(found).toEqual([
      each(27).map((i) =>
        sumOverWidth((w) => value(Math.floor(i / 9), w, Math.floor(i / 3) % 3) * value(Math.floor(i / 9), w, i % 3)),
      ),
      each(9).map((i) => sumOverWidth((w) => value(Math.floor(i / 3), w, i % 3))),
      argmax.data.map((tap) => Number(tap === 3)),
      each(90).map((i) => y.data[Math.floor(i / 6) * 3 + (i % 3)]),
    ]);
  });

  test('all textures come back', async () => {
    const found = await device().page!.call(async ({ tf, plugin }) => {
      const backend = tf.backend() as MathBackendWebGL;
      const used = () => [
        (tf.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU,
        backend.getTextureManager().getNumUsedTextures(),
        tf.memory().numTensors,
      ];
      const before = used();
      for (const isPacked of [true, false]) {
        const x = tf.tidy(() => (isPacked ? tf.relu(tf.randomNormal([2, 9, 9, 3])) : tf.randomNormal([2, 9, 9, 3])));
        if (!isPacked) backend.uploadToGPU(x.dataId);
        for (const poolSize of [2, 5]) {
          const { values, argmax } = plugin.maxPoolWithArgmax2d(x, { poolSize, strides: 1 });
          const dx = tf.grad((t) => plugin.maxPool2d(t, { poolSize }))(x);
          const columns = plugin.im2col(x, { poolSize: [poolSize, poolSize] });
          const image = plugin.col2im(columns, x.shape, { poolSize: [poolSize, poolSize] });
          await image.data();
          tf.dispose([values, argmax, dx, columns, image]);
        }
        x.dispose();
      }
      return [before, used()];
    }, null);
    expect(found[1]).toEqual(found[0]);
  });

  test('WebGL 1', async () => {
    const old = await openDevice({ ...DEVICES.webgl, name: 'webgl 1', flags: { WEBGL_VERSION: 1 } });
    try {
      expect(await old.page!.call(({ tf }) => tf.env().getNumber('WEBGL_VERSION'), null)).toBe(1);
      for (const shader of WEBGL_SHADERS.slice(0, 5)) await expectOracle(old, shader, 3);
    } finally {
      await old.close();
    }
  });
});
