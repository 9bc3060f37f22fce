/** The kernels on tfjs-node: what the copies keep, what they leave alone, and what happens where they are not to be had. */
import * as tf from '@tensorflow/tfjs';
import { type PoolGeometry, poolGeometry } from '../../src/geometry';
import { maxPool2d, maxPoolWithArgmax2d, scatterArgmax } from '../../src/index';
import { hostKernels } from '../../src/kernels/host_kernels';
import { LOOPS } from '../../src/kernels/loops';
import { nodeHost } from '../../src/kernels/node';
import { SIGNATURES } from '../../src/kernels/signatures';
import type { NodeBackend } from '../../src/kernels/tensorflow/session';
import { type PoolOptions, poolSpec } from '../../src/spec';
import { randomFrom } from '../support/data';
import { describeDevice } from '../support/devices';
import { type Binding, watched } from '../support/watched_tensorflow';

// Native kernels would serve first: they have their own tests.
process.env.TFJS_IM2COL_NATIVE = 'off';

/** A NaN with a sign and a payload, the least denormal numbers, and what else has odd bits. */
const ODD_BITS = Int32Array.of(
  0xffc12345,
  0x7fc00000,
  1,
  0x80000001,
  0x007fffff,
  0x80000000,
  0x7f800000,
  0xff800000,
  0x00800000,
  0x3f800000,
  0xff7fffff,
);

describeDevice('node', 'kernels', () => {
  const real = () => tf.backend() as unknown as NodeBackend;

  for (const length of [10, 11]) {
    test(`every bit of ${length} numbers comes and goes`, () => {
      const bits = ODD_BITS.slice(0, length);
      const x = tf.tensor(new Float32Array(bits.buffer), [1, length, 1, 1], 'float32') as tf.Tensor4D;
      const { values, argmax } = maxPoolWithArgmax2d(x, { poolSize: 1 });
      const dx = scatterArgmax(values, argmax, x.shape, { poolSize: [1, 1] });
      for (const tensor of [maxPool2d(x, { poolSize: 1 }), values]) expect(bitsOf(tensor)).toEqual(bits);
      const numbers = (array: Float32Array) => [...array].map((value) => value + 0); // sums: -0 is 0, NaN is NaN
      expect(numbers(dx.dataSync<'float32'>())).toEqual(numbers(new Float32Array(bits.buffer)));
      tf.dispose([x, values, argmax, dx]);
    });
  }

  test('a result outlives the next pooling, and x is left alone', () => {
    tf.tidy(() => {
      const [a, b] = [random([2, 6, 6, 3], 1), random([2, 6, 6, 3], 2)];
      const before = a.dataSync().slice();
      const first = maxPoolWithArgmax2d(a);
      const [values, argmax] = [first.values.dataSync().slice(), first.argmax.dataSync().slice()];
      maxPoolWithArgmax2d(b);
      expect(first.values.dataSync()).toEqual(values);
      expect(first.argmax.dataSync()).toEqual(argmax);
      expect(a.dataSync()).toEqual(before);
    });
  });

  test('TensorFlow makes the copies', () => {
    const { backend, calls } = watched(real());
    expectRight(backend, nodeHost(2 ** 20, 2 ** 20, 0));
    expect(calls).toEqual(expect.arrayContaining(['InplaceUpdate', 'DeepCopy']));
    expect(calls).not.toContain('MaxPool');
  });

  test('tensors beyond the limit go by readSync and write', () => {
    const { backend, calls } = watched(real());
    const host = nodeHost(1024, 1024, 0);
    expectRight(backend, host);
    const trial = calls.length;
    expectRight(backend, host);
    expect(calls.length).toBe(trial);
  });

  test('between two limits a second memory serves, and is made anew where it was collected', () => {
    const { backend, calls } = watched(real());
    const host = nodeHost(4096, 2 ** 20, 0);
    const deref = jest.spyOn(WeakRef.prototype, 'deref');
    for (const isCollected of [false, true, false]) {
      if (isCollected) deref.mockReturnValueOnce(undefined as never);
      const before = calls.length;
      expectRight(backend, host);
      expect(calls.slice(before)).toEqual(expect.arrayContaining(['InplaceUpdate', 'DeepCopy']));
    }
    expect(deref).toHaveBeenCalledTimes(2);
    deref.mockRestore();
  });

  test('so do small ones, in two calls into the binding', () => {
    const { backend, calls } = watched(real());
    expectRight(backend, nodeHost(2 ** 20, 2 ** 20));
    expect(calls).toEqual([]);
  });

  test('so do all where copies do not arrive', () => {
    const apart: Partial<Binding> = {
      createTensor: (shape, dtype, values) => real().binding.createTensor(shape, dtype, values.slice()),
    };
    const { backend, calls } = watched(real(), apart);
    expectRight(backend, nodeHost(2 ** 20, 2 ** 20, 0));
    expect(calls.filter((name) => name === 'InplaceUpdate').length).toBe(1); // the trial
  });

  test('so do all where TensorFlow lacks an operation, or tfjs-node a method', () => {
    const { backend } = watched(real(), {
      executeOp: () => {
        throw new Error('Unknown operation');
      },
    });
    expectRight(backend, nodeHost(2 ** 20, 2 ** 20, 0));
    const bare = Object.create(real() as object, { createOutputTensor: { value: undefined } }) as NodeBackend;
    expectRight(bare, nodeHost(2 ** 20, 2 ** 20, 0));
  });

  test('a failing operation leaves nothing in TensorFlow', () => {
    let full = false;
    const failing: Partial<Binding> = {
      executeOp: (name, ...rest) => {
        if (full && name === 'DeepCopy') throw new Error('out of memory');
        return real().binding.executeOp(name, ...rest);
      },
    };
    const { backend, live } = watched(real(), failing);
    const host = nodeHost(2 ** 20, 2 ** 20, 0);
    const x = random([1, 4, 4, 2], 3);
    real().getInputTensorIds([x]); // x is in TensorFlow now
    const given = run(backend, host, x, geometryOf(x));
    expect(live().size).toBe(given.length);
    full = true;
    expect(() => run(backend, host, x, geometryOf(x))).toThrow('out of memory');
    expect(live().size).toBe(given.length);
    tf.dispose([x, ...(given as tf.Tensor[])]);
  });

  test('a tensor of 75 MB', () => {
    const x = tf.tensor4d(
      Float32Array.from({ length: 9 * 512 * 512 * 8 }, (_, i) => (i * 7919) % 1009),
      [9, 512, 512, 8],
    );
    const g = geometryOf(x);
    const [y, argmax] = [new Float32Array(x.size / 4), new Int32Array(x.size / 4)];
    LOOPS.maxPool(g, x.dataSync<'float32'>(), y, argmax);
    const result = maxPoolWithArgmax2d(x);
    // Not toEqual, which would take minutes.
    expect(Buffer.compare(Buffer.from(y.buffer), Buffer.from(bitsOf(result.values).buffer))).toBe(0);
    expect(
      Buffer.compare(Buffer.from(argmax.buffer), Buffer.from(result.argmax.dataSync<'int32'>().slice().buffer)),
    ).toBe(0);
    tf.dispose([x, result.values, result.argmax]);
  });
});

function bitsOf(tensor: tf.Tensor): Int32Array {
  return new Int32Array(tensor.dataSync<'float32'>().slice().buffer);
}

function random(shape: [number, number, number, number], seed: number): tf.Tensor4D {
  const next = randomFrom(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => next() - 0.5),
    shape,
  );
}

function geometryOf(x: tf.Tensor4D, options: PoolOptions = {}): PoolGeometry {
  return poolGeometry('test', poolSpec('test', 2, options), x.shape);
}

/** y and argmax by the kernel on a host of the test's own. */
function run(
  backend: NodeBackend,
  host: ReturnType<typeof nodeHost>,
  x: tf.Tensor4D,
  geometry: PoolGeometry,
): tf.TensorInfo[] {
  const kernel = hostKernels('tensorflow', host).find(
    ({ kernelName }) => kernelName === SIGNATURES.maxPoolArgmax.name,
  )!;
  return kernel.kernelFunc({ inputs: { x }, attrs: { geometry } as never, backend }) as tf.TensorInfo[];
}

function expectRight(backend: NodeBackend, host: ReturnType<typeof nodeHost>): void {
  tf.tidy(() => {
    const x = random([2, 8, 8, 5], 5);
    const g = geometryOf(x, { poolSize: 3, strides: 2 });
    const expected = maxPoolWithArgmax2d(x, { poolSize: 3, strides: 2 });
    const [y, argmax] = run(backend, host, x, g);
    expect(backend.readSync(y.dataId)).toEqual(expected.values.dataSync());
    expect(backend.readSync(argmax.dataId)).toEqual(expected.argmax.dataSync());
  });
}
