/** Slices by a table, added up: the kernel on cpu, wasm and node against core operations, bit for bit. */
import * as tf from '@tensorflow/tfjs';
import { runTake } from '../../src/dispatch';
import { NOTHING, type Take, takenShape } from '../../src/slices';
import { randomFrom } from '../support/data';
import { describeDevice } from '../support/devices';
import { leakCounter, traceKernels } from '../support/run_case';

const KERNEL = 'Im2ColTake';
// No denormal numbers: TensorFlow's sums flush them.
const RARE = [NaN, Infinity, -Infinity, 0, -0, -0, 2e-38, 3e38].map(Math.fround);

interface Sample {
  shape: number[];
  dtype: 'float32' | 'int32';
  values: number[];
  terms: number;
  take: Take;
}

/** Runs, repetitions, nothing, and slices from anywhere; many terms or one. */
function sample(seed: number): Sample {
  const random = randomFrom(seed);
  const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const shape = Array.from({ length: int(2, 5) }, () => int(1, 5));
  if (random() < 0.3) shape[shape.length - 1] = int(30, 130);
  const [axis, to, terms] = [int(0, shape.length - 1), int(1, 12), random() < 0.5 ? 1 : int(2, 4)];
  const sources = new Int32Array(to * terms);
  for (let i = 0; i < sources.length; i++) {
    const following = i > 0 && sources[i - 1] !== NOTHING ? sources[i - 1] + 1 : 0;
    sources[i] = random() < 0.6 ? following % shape[axis] : int(NOTHING, shape[axis] - 1);
  }
  const dtype = random() < 0.3 ? 'int32' : 'float32';
  const value = () => {
    if (dtype === 'int32') return random() < 0.2 ? -(2 ** 31) : int(-9, 9);
    return random() < 0.3 ? RARE[int(0, RARE.length - 1)] : Math.fround((random() - 0.5) * 10 ** int(-6, 6));
  };
  const values = Array.from({ length: shape.reduce((a, b) => a * b) }, value);
  return { shape, dtype, values, terms, take: { axis, to, sources: () => sources } };
}

const SAMPLES = Array.from({ length: 120 }, (_, seed) => sample(seed));

/** With one bit pattern for all sums that are NaN: which it is, no processor says. */
function bitsOf(t: tf.Tensor): number[] {
  const values = t.dataSync<'float32'>().slice();
  if (t.dtype === 'float32') values.forEach((value, i) => (values[i] = Number.isNaN(value) ? NaN : value));
  return [...new Int32Array(values.buffer)];
}

for (const key of ['cpu', 'wasm', 'node'] as const) {
  describeDevice(key, 'slices', () => {
    test('the kernel gives what core operations give', () => {
      const leaks = leakCounter(tf);
      for (const { shape, dtype, values, take } of SAMPLES) {
        const x = tf.tensor(values, shape, dtype);
        const [fused, kernels] = traceKernels(tf, () => runTake(x, take, 'fused'));
        const [byCore, others] = traceKernels(tf, () => runTake(x, take, 'im2col'));
        expect([...kernels]).toEqual([KERNEL]);
        expect([...others]).not.toContain(KERNEL);
        for (const y of [fused, byCore]) {
          expect({ shape: y.shape, dtype: y.dtype }).toEqual({ shape: takenShape(shape, take), dtype });
        }
        expect(bitsOf(fused)).toEqual(bitsOf(byCore));
        tf.dispose([x, fused, byCore]);
      }
      expect(leaks()).toBe(0);
    });

    test('slices alone keep every bit', () => {
      // Of NaN with a sign and a payload, quiet or not, as well.
      const bits = Int32Array.of(0x7f812345, 0xffc12345 | 0, 0x80000000 | 0, 1, 0x7f800000, 0x3f800000);
      const sources = Int32Array.of(2, NOTHING, 0, 1, 1);
      tf.tidy(() => {
        for (const inner of [1, 2, 100]) {
          const repeated = Int32Array.from({ length: 3 * inner }, (_, i) => bits[i % bits.length]);
          const x = tf.tensor(new Float32Array(repeated.buffer), [3, inner], 'float32');
          const y = runTake(x, { axis: 0, to: 5, sources: () => sources }, 'fused');
          const slice = (source: number) =>
            source === NOTHING
              ? new Array<number>(inner).fill(0)
              : [...repeated.slice(source * inner, (source + 1) * inner)];
          expect([...new Int32Array(y.dataSync().slice().buffer)]).toEqual([...sources].flatMap(slice));
        }
      });
    });

    test('nothing is taken of nothing, and no table made for it', () => {
      const sources = () => {
        throw new Error('a table was made');
      };
      const x = tf.zeros([0, 3, 2], 'int32');
      const y = runTake(x, { axis: 1, to: 7, sources }, 'fused');
      expect({ shape: y.shape, dtype: y.dtype }).toEqual({ shape: [0, 7, 2], dtype: 'int32' });
      tf.dispose([x, y]);
    });
  });
}
