/**
 * What the conformance suite does not ask of the webgpu kernels: every kind of shader that they
 * generate, dispatches beyond the limit of one dimension, pipelines, and buffers.
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { describeDevice } from '../support/devices';
import { WEBGPU_SHADERS, expectArgmaxOfCpu, expectOracle, expectRealTapsAlone } from './against_oracle';

describeDevice('webgpu', 'webgpu kernels', (device) => {
  test('the argmax that cpu kept', () => expectArgmaxOfCpu(device()));

  describe.each(WEBGPU_SHADERS)('%s', (...shader) => {
    test.each([1, 2, 3, 4])('%d channels', (channels) => expectOracle(device(), shader, channels));

    test('an argmax that names no real tap routes nothing and reads 0', () => expectRealTapsAlone(device(), shader, 4));
  });

  test('NaN of either sign and any payload', async () => {
    const found = await device().page!.call(async ({ tf, plugin }) => {
      const bits = [0x7f800001, 0xff800001, 0x7fc00000, 0xffffffff, 0x7f800000, 0xff800000];
      const pairs = new Uint32Array(bits.flatMap((nan) => [0x3f800000, nan]));
      const x = tf.tensor3d(new Float32Array(pairs.buffer), [6, 2, 1]);
      const { values, argmax } = plugin.maxPoolWithArgmax1d(x, { poolSize: 2 });
      const numbers = [Array.from(await values.data()), Array.from(await argmax.data())];
      tf.dispose([x, values, argmax]);
      return numbers;
    }, null);
    expect(found).toEqual([
      [NaN, NaN, NaN, NaN, Infinity, 1],
      [1, 1, 1, 1, 1, 0],
    ]);
  });

  test('more workgroups than a dimension of a dispatch may have', async () => {
    const found = await device().page!.call(async ({ tf, plugin }) => {
      const windows = 66_000 * 128;
      const data = new Float32Array(2 * windows);
      for (let i = 0; i < data.length; i++) data[i] = (i * 7919) % 1009;
      const x = tf.tensor3d(data, [1, 2 * windows, 1]);
      const { values, argmax } = plugin.maxPoolWithArgmax1d(x, { poolSize: 2 });
      const dx = plugin.scatterArgmax(values, argmax, x.shape, { poolSize: [2] });
      const [y, taps, back] = [await values.data(), await argmax.data(), await dx.data()];
      let wrong = 0;
      for (let o = 0; o < windows; o++) {
        const tap = data[2 * o + 1] > data[2 * o] ? 1 : 0;
        const best = data[2 * o + tap];
        if (y[o] !== best || taps[o] !== tap || back[2 * o + tap] !== best || back[2 * o + 1 - tap] !== 0) wrong++;
      }
      tf.dispose([x, values, argmax, dx]);
      return { wrong, checked: y.length };
    }, null);
    expect(found).toEqual({ wrong: 0, checked: 66_000 * 128 });
  });

  test('repeated calls and other sizes make no new pipelines', async () => {
    const made = await device().page!.call(async ({ tf, plugin }) => {
      const { device: gpu } = tf.backend() as unknown as WebGPUBackend;
      const create = gpu.createComputePipeline.bind(gpu);
      let pipelines = 0;
      gpu.createComputePipeline = (descriptor) => {
        pipelines++;
        return create(descriptor);
      };
      const counts = [];
      for (const size of [11, 11, 13, 29]) {
        const before = pipelines;
        const x = tf.ones([2, size, size, 8]);
        const dx = tf.grad((t) => plugin.maxPool2d(t, { poolSize: 3, strides: 2, padding: 1, ceilMode: true }))(x);
        await dx.data();
        tf.dispose([x, dx]);
        counts.push(pipelines - before);
      }
      gpu.createComputePipeline = create;
      return counts;
    }, null);
    expect(made.slice(1)).toEqual([0, 0, 0]);
  });

  test('core operations go on with both outputs', async () => {
    const found = await device().page!.call(async ({ tf, plugin }) => {
      const x = tf.tensor4d(
        Array.from({ length: 4096 }, (_, i) => (i * 31) % 64),
        [1, 32, 32, 4],
      );
      const sums = tf.tidy(() => {
        const { values, argmax } = plugin.maxPoolWithArgmax2d(tf.relu(x));
        return [tf.sum(tf.relu(tf.sub(values, 50))), tf.sum(tf.cast(tf.equal(argmax, 3), 'float32')), tf.max(argmax)];
      });
      const numbers = await Promise.all(sums.map(async (t) => (await t.data())[0]));
      tf.dispose([x, ...sums]);
      return numbers;
    }, null);
    const windows = Array.from({ length: 1024 }, (_, i) => {
      const [c, w, h] = [i % 4, (i >> 2) % 16, i >> 6];
      const window = [0, 1, 32, 33].map((step) => (((64 * h + 2 * w + step) * 4 + c) * 31) % 64);
      return { best: Math.max(...window), tap: window.indexOf(Math.max(...window)) };
    });
    expect(found).toEqual([
      windows.reduce((sum, { best }) => sum + Math.max(0, best - 50), 0),
      windows.filter(({ tap }) => tap === 3).length,
      Math.max(...windows.map(({ tap }) => tap)),
    ]);
  });

  test('all buffers come back, whichever output is disposed of first', async () => {
    const bytes = await device().page!.call(async ({ tf, plugin }) => {
      const bytesInGpu = () => (tf.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
      // Tests before this one may have left a buffer.
      const before = bytesInGpu();
      const x = tf.randomNormal([2, 16, 16, 8]);
      await x.data();
      const used = [];
      for (const first of ['argmax', 'values', 'argmax'] as const) {
        const outputs = plugin.maxPoolWithArgmax2d(x);
        outputs[first].dispose();
        const other = outputs[first === 'argmax' ? 'values' : 'argmax'];
        // Disposed of while the commands that write to them still wait.
        const more = plugin.maxPoolWithArgmax2d(x);
        await other.data();
        tf.dispose([other, more.values, more.argmax]);
        const dx = tf.grad((t) => plugin.maxPool2d(t))(x);
        await dx.data();
        dx.dispose();
        used.push(bytesInGpu() - before);
      }
      x.dispose();
      return used;
    }, null);
    expect(bytes).toEqual([bytes[0], bytes[0], bytes[0]]);
    expect(bytes[0]).toBe(2 * 16 * 16 * 8 * 4);
  });
});
