/** Native kernels on tfjs-node: that they serve, what they keep, that errors are errors, and what serves where they do not. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { geometryFrom } from '../../src/geometry';
import {
  adaptiveAveragePool1d,
  adaptiveAveragePool2d,
  adaptiveAveragePool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  adaptiveMaxPoolWithArgmax1d,
  adaptiveMaxPoolWithArgmax2d,
  adaptiveMaxPoolWithArgmax3d,
  averagePool2d,
  gatherArgmax,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithArgmax2d,
  scatterArgmax,
} from '../../src/index';
import { hostKernelVariant } from '../../src/kernels/host_kernels';
import { nodeKernels } from '../../src/kernels/node';
import { SIGNATURES } from '../../src/kernels/signatures';
import { callNative } from '../../src/kernels/tensorflow/native';
import { geometryText } from '../../src/kernels/tensorflow/native_attribute';
import { whyNotNative } from '../../src/kernels/tensorflow/native_proof';
import { type NodeBackend, inSession } from '../../src/kernels/tensorflow/session';
import { describeDevice } from '../support/devices';
import { type Binding, watched } from '../support/watched_tensorflow';

/** A NaN with a sign and a payload, the least denormal numbers, and what else has odd bits. */
const ODD_BITS = Int32Array.of(
  ...[0xffc12345, 0x7fc00000, 1, 0x80000001, 0x007fffff, 0x80000000, 0x7f800000, 0xff800000, 0x00800000, 0x3f800000],
);

/** Adaptive poolings of `rank` axes with uneven windows, and their gradients. */
function adaptiveCalls(rank: number, dataFormat: 'channelsLast' | 'channelsFirst'): Array<() => unknown> {
  const pools = [
    [adaptiveMaxPool1d, adaptiveAveragePool1d, adaptiveMaxPoolWithArgmax1d],
    [adaptiveMaxPool2d, adaptiveAveragePool2d, adaptiveMaxPoolWithArgmax2d],
    [adaptiveMaxPool3d, adaptiveAveragePool3d, adaptiveMaxPoolWithArgmax3d],
  ][rank - 1]! as Array<(x: tf.Tensor, options: object) => unknown>;
  const image = () => tf.ones([1, ...Array<number>(rank).fill(7), 7]);
  const options = { outputSize: Array<number>(rank).fill(3), dataFormat };
  const [max, average] = pools as [(x: tf.Tensor, o: object) => tf.Tensor, (x: tf.Tensor, o: object) => tf.Tensor];
  return [
    ...pools.map((pool) => () => pool(image(), options)),
    () => max(image().toInt(), options),
    ...[max, average].map((pool) => () => tf.grad((t) => pool(t, options))(image())),
  ];
}

const isShippedHere = process.platform === 'linux' && process.arch === 'x64';

describeDevice('node', 'native kernels', () => {
  const real = () => tf.backend() as unknown as NodeBackend;
  const ran = () => hostKernelVariant('tensorflow');
  const x = () => tf.randomNormal([1, 6, 6, 3]) as tf.Tensor4D;

  if (!isShippedHere) {
    test('are built for another platform: what runs instead is right', () => {
      expect(whyNotNative(real())).not.toBeNull();
      tf.tidy(() => expect(maxPool2d(x()).shape).toEqual([1, 3, 3, 3]));
    });
    return;
  }

  test('serve: all ranks, both data formats, both dtypes, with and without batch', () => {
    expect(whyNotNative(real())).toBeNull();
    tf.tidy(() => {
      const calls = [
        () => maxPool1d(tf.ones([2, 8, 3])),
        () => maxPool2d(tf.ones([2, 8, 8, 3])),
        () => maxPool2d(tf.ones([8, 8, 3])),
        () => maxPool2d(tf.ones([2, 3, 8, 8]), { dataFormat: 'channelsFirst' }),
        () => maxPool2d(tf.ones([2, 8, 8, 3], 'int32')),
        () => maxPool3d(tf.ones([1, 4, 4, 4, 2])),
        () => averagePool2d(tf.ones([1, 8, 8, 3])),
        () => tf.grad((t) => maxPool2d(t as tf.Tensor4D))(tf.ones([1, 8, 8, 3])),
        () => tf.grad((t) => averagePool2d(t as tf.Tensor4D))(tf.ones([1, 8, 8, 3])),
        ...[2, 3].map((p) => () => lpPool2d(tf.ones([1, 8, 8, 3]), { p })),
        ...[2, 3].map((p) => () => lpPool3d(tf.ones([2, 4, 4, 4, 2]), { p, dataFormat: 'channelsFirst' })),
        ...[2, 3].map((p) => () => tf.grad((t) => lpPool1d(t as tf.Tensor3D, { p }))(tf.ones([1, 8, 3]))),
        ...[1, 2, 3].flatMap((rank) => adaptiveCalls(rank, 'channelsLast')),
        ...[1, 2, 3].flatMap((rank) => adaptiveCalls(rank, 'channelsFirst')),
      ];
      for (const call of calls) {
        tf.addN([tf.ones([1]), tf.ones([1])]);
        call();
        expect(ran()).toBe('native');
      }
      lpPool2d(tf.ones([1, 8, 8, 3]), { p: 4 });
      expect(ran()).not.toBe('native');
      adaptiveAveragePool1d(tf.ones([1, 380, 1]), { outputSize: 3 });
      expect(ran()).toBe('native');
      adaptiveAveragePool1d(tf.ones([1, 400, 1]), { outputSize: 3 });
      expect(ran()).toBe('simd');
    });
  });

  test('every bit comes and goes', () => {
    const data = new Float32Array(ODD_BITS.buffer);
    const t = tf.tensor4d(data, [1, ODD_BITS.length, 1, 1]);
    const bits = (tensor: tf.Tensor) => new Int32Array(tensor.dataSync<'float32'>().slice().buffer);
    tf.tidy(() => {
      const { values, argmax } = maxPoolWithArgmax2d(t, { poolSize: 1 });
      const back = gatherArgmax(t, argmax, { poolSize: [1, 1] });
      for (const tensor of [maxPool2d(t, { poolSize: 1 }), values, back]) expect(bits(tensor)).toEqual(ODD_BITS);
      const dx = scatterArgmax(values, argmax, t.shape, { poolSize: [1, 1] });
      const numbers = (array: Float32Array) => [...array].map((value) => value + 0); // sums: -0 is 0, NaN is NaN
      expect(numbers(dx.dataSync<'float32'>())).toEqual(numbers(data));
    });
    t.dispose();
  });

  test('leave TensorFlow to flush denormal numbers afterwards, as before', () => {
    tf.tidy(() => {
      const tiny = tf.tensor1d([1e-40]);
      const before = tiny.mul(1).dataSync()[0];
      expect(maxPool1d(tf.tensor3d([1e-40, 0], [1, 2, 1])).dataSync()[0]).toBe(Math.fround(1e-40));
      expect(tiny.mul(1).dataSync()[0]).toBe(before);
    });
  });

  test('what makes no sense is an error in JavaScript, and nothing stays', () => {
    const geometry = geometryFrom({ xShape: [1, 4, 4, 2], axes: [{ window: 2 }, { window: 2 }] });
    const text = geometryText(geometry)!;
    const { backend, live } = watched(real());
    inSession(backend, (session) => {
      const { id } = session.share(new Float32Array(31), [31]);
      const call = (of: string) => () =>
        callNative(backend, { key: 'maxPool', isFloat: true, geometry: of, ids: [id] });
      expect(call(text)).toThrow('a tensor of another size');
      expect(call('nonsense')).toThrow('no such geometry');
      expect(call(text.replace(/^1 2/, '2000000000 2'))).toThrow('no such geometry');
    });
    expect(live().size).toBe(0);
  });

  describe('a TensorFlow', () => {
    const served = (backend: NodeBackend) => {
      const { kernelFunc } = nodeKernels.find(({ kernelName }) => kernelName === SIGNATURES.maxPool.name)!;
      const t = tf.tensor4d(
        Float32Array.from({ length: 108 }, (_, i) => (i * 37) % 101),
        [1, 6, 6, 3],
      );
      const geometry = geometryFrom({ xShape: t.shape, axes: [{ window: 2 }, { window: 2 }] });
      const y = kernelFunc({ inputs: { x: t }, attrs: { geometry } as never, backend }) as tf.TensorInfo;
      const expected = tf.tidy(() => maxPool2d(t).dataSync());
      kernelFunc({ inputs: { x: t }, attrs: { geometry } as never, backend });
      const variant = ran();
      expect(backend.readSync(y.dataId)).toEqual(expected);
      backend.disposeData(y.dataId);
      t.dispose();
      return variant;
    };
    const replaced = (executeOp: Binding['executeOp']) => watched(real(), { executeOp }).backend;

    test('that has them gets them', () => {
      const { backend, calls } = watched(real());
      expect(served(backend)).toBe('native');
      expect(calls).not.toContain('InplaceUpdate');
    });

    test('that does not know them is served as before', () => {
      const backend = replaced((name, ...rest) => {
        if (name.startsWith('TfjsIm2Col')) throw new Error('Unknown operation');
        return real().binding.executeOp(name, ...rest);
      });
      expect(served(backend)).toBe('simd');
      expect(whyNotNative(backend)).toBe('Unknown operation');
    });

    test('where they give other numbers is served as before', () => {
      const backend = replaced((name, ...rest) =>
        real().binding.executeOp(name.replace('MaxPoolArgmax', 'MaxPool'), ...rest),
      );
      expect(served(backend)).toBe('simd');
      const other = replaced((name, attributes, ids, outputs) =>
        real().binding.executeOp(name.replace('AverageSpread', 'AveragePool'), attributes, ids, outputs),
      );
      expect(served(other)).toBe('simd');
    });
  });

  test('several workers at once, and one after their end', () => {
    const out = execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'node_workers.ts')], {
      encoding: 'utf8',
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(JSON.parse(out)).toEqual({ workers: Array(4).fill('native: 0 wrong'), then: 'native: 0 wrong' });
  });
});
