/**
 * comparePooling of random poolings of every kind, on cpu and wasm: ours keeps the contract in all of them, whatever the
 * built-in does or throws, and the built-in leaves the backend in working order.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { type CompareCase, comparePooling } from '../../src/compare/index';
import { type OracleOptions, layoutOf } from '../oracle/pooling';

const KINDS = ['max', 'average', 'globalMax', 'globalAverage', 'adaptiveMax', 'adaptiveAverage', 'lp'] as const;
const ofWindows = new Set<string>(['max', 'average', 'lp']);

/** Each case has the options that its pooling has. */
const cases: fc.Arbitrary<CompareCase> = fc.constantFrom(1, 2, 2, 2, 3).chain((rank) => {
  const each = (low: number, high: number) =>
    fc.array(fc.integer({ min: low, max: high }), { minLength: rank, maxLength: rank });
  const sides = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 1 }));
  return fc
    .record({
      pooling: fc.constantFrom(...KINDS),
      spatial: each(1, 8),
      channels: fc.integer({ min: 1, max: 3 }),
      dataFormat: fc.constantFrom('channelsLast' as const, 'channelsLast' as const, 'channelsFirst' as const),
      windows: fc.record({
        poolSize: each(1, 3),
        strides: each(1, 3),
        dilationRate: fc.integer({ min: 1, max: 2 }),
        padding: fc.oneof(
          fc.constantFrom('valid' as const, 'same' as const, 1),
          fc.array(sides, { minLength: rank, maxLength: rank }),
        ),
        ceilMode: fc.boolean(),
      }),
      countIncludePad: fc.boolean(),
      divisorOverride: fc.constantFrom(null, null, 3, -5),
      absolute: fc.boolean(),
      keepDims: fc.boolean(),
      outputSize: each(1, 9),
      p: fc.constantFrom(1, 2, 3, 4, 0.5, 2.5, 60),
      dtype: fc.constantFrom('float32' as const, 'float32' as const, 'int32' as const),
      values: fc.constantFrom('relu' as const, 'distinct' as const, 'negative' as const),
    })
    .map(({ pooling, spatial, channels, dataFormat, windows, dtype, values, ...own }) => {
      const options = {
        max: windows,
        average: { ...windows, countIncludePad: own.countIncludePad, divisorOverride: own.divisorOverride },
        lp: { ...windows, p: own.p, absolute: own.absolute },
        globalMax: { keepDims: own.keepDims },
        globalAverage: { keepDims: own.keepDims },
        adaptiveMax: { outputSize: own.outputSize },
        adaptiveAverage: { outputSize: own.outputSize },
      }[pooling];
      const shape = dataFormat === 'channelsFirst' ? [2, channels, ...spatial] : [2, ...spatial, channels];
      return { name: pooling, pooling, shape, dtype, values, options: { ...options, dataFormat } } as CompareCase;
    });
});

/** Rule 1: there is a window, and each one holds a real element. */
function isPossible({ pooling, shape, options }: CompareCase): boolean {
  if (!ofWindows.has(pooling!)) return true;
  const { outputs } = layoutOf(shape.length - 2, options as OracleOptions, [...shape]);
  return outputs.length > 0 && outputs.every(({ candidates }) => candidates.length > 0);
}

test('ours keeps the contract', async () => {
  await tf.setBackend('cpu');
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      fc.pre(isPossible(one));
      const before = tf.memory().numTensors;
      const { rows } = await comparePooling({ backends: ['cpu', 'wasm'], repeats: 0, cases: [one] });
      expect(
        rows.map(({ backend, values, gradient }) => [
          backend,
          values.fromContract.ours,
          gradient?.fromContract.ours ?? 0,
        ]),
      ).toEqual([
        ['cpu', 0, 0],
        ['wasm', 0, 0],
      ]);
      expect(tf.memory().numTensors).toBe(before);
      rows.forEach(({ pooling, counterpart, deviates }) => seen.add(`${pooling} ${counterpart !== null}, ${deviates}`));
    }),
    { seed: 20240303, numRuns: 300, endOnFailure: true },
  );
  // Right and wrong built-ins of each kind, where there are both.
  expect([...seen].sort()).toEqual([
    'adaptiveAverage false, neither',
    'adaptiveMax false, neither',
    'average false, neither',
    'average true, builtin',
    'average true, neither',
    'globalAverage true, neither',
    'globalMax true, builtin',
    'globalMax true, neither',
    'lp false, neither',
    'max true, builtin',
    'max true, neither',
  ]);
}, 300_000);
