/**
 * Properties of average pooling over random geometry and data: it is what the oracle says, and forward and gradient
 * are adjoint, <A x, y> = <x, A* y>. And how exactly a device divides.
 */
import fc from 'fast-check';
import { averageOracle, spreadOracle } from '../oracle/average';
import { layoutOf } from '../oracle/pooling';
import { expectWithin } from '../support/compare';
import { filled, float32, randomFrom } from '../support/data';
import { type Device, type DeviceKey, describeDevice } from '../support/devices';
import type { PlainTensor } from '../support/run_case';
import { type Sample, inner, isPossible, samples } from './samples';

const SEED = 20240302;
const OPS = ['averagePool1d', 'averagePool2d', 'averagePool3d'] as const;
/** What the standards of GLSL and WGSL allow a GPU's division, in units in the last place. */
const GPU_DIVISION = 2.5;

/** Declares the properties on one device, with so many samples. */
export function familyProperties(key: DeviceKey, runs: number): void {
  describeDevice(key, 'properties of averages', (device) => {
    test(
      "forward and gradient are the oracle's, and adjoint",
      () =>
        fc.assert(
          fc.asyncProperty(samples(fc.record({ countIncludePad: fc.boolean() })), (sample) =>
            agreesAndIsAdjoint(device(), sample),
          ),
          { seed: SEED, numRuns: runs, endOnFailure: true },
        ),
      300_000,
    );
    test('division is exact on a host, and within the standard on a GPU', () => divides(device()));
  });
}

async function agreesAndIsAdjoint(
  { runOp, spec }: Device,
  { rank, shape, options, dataSeed }: Sample<{ countIncludePad: boolean }>,
): Promise<void> {
  fc.pre(isPossible({ rank, options, shape }));
  const { yShape } = layoutOf(rank, options, shape);
  const x = randomTensor(shape, dataSeed);
  const dy = randomTensor(yShape, dataSeed + 1);
  const counted = options.countIncludePad ? 'padded' : 'real';
  const { result, gradient, leaked } = await runOp({
    op: OPS[rank - 1],
    args: [{ tensor: x }, { plain: options }],
    dResult: dy,
  });
  const tolerance = isGpu(spec.backend) ? 2 ** -20 : 0;
  expectWithin('y', result, averageOracle(rank, options, x, counted), tolerance);
  expectWithin('dx', gradient, spreadOracle(rank, options, dy, shape, counted), tolerance);
  const [left, right] = [inner(result, dy), inner(x, gradient!)];
  const size = x.data.reduce((sum, value, i) => sum + Math.abs(value * gradient!.data[i]), 1);
  expect(Math.abs(left - right)).toBeLessThanOrEqual(size * 2 ** -20);
  expect(leaked).toBe(0);
}

/** Windows of 1 to 49 elements, all but the first of them 0: what is left is one division. */
async function divides({ runOp, spec }: Device): Promise<void> {
  const random = randomFrom(SEED);
  let worst = 0;
  for (const window of [3, 5, 6, 7, 9, 25, 49]) {
    const firsts = Array.from({ length: 64 }, () => Math.fround(random() * 2 ** Math.floor(random() * 20 - 10)));
    const x = float32(
      [1, 64 * window, 1],
      firsts.flatMap((first) => [first, ...new Array<number>(window - 1).fill(0)]),
    );
    const { result } = await runOp({ op: 'averagePool1d', args: [{ tensor: x }, { plain: { poolSize: window } }] });
    firsts.forEach((first, i) => {
      worst = Math.max(worst, unitsBetween(result.data[i], first / window));
    });
  }
  process.stdout.write(`${spec.name}: averages are off by ${worst.toFixed(2)} units in the last place at most\n`);
  // Half a unit is what rounding to float32 costs.
  expect(worst).toBeLessThanOrEqual(isGpu(spec.backend) ? GPU_DIVISION : 0.5);
}

function unitsBetween(actual: number, exact: number): number {
  return Math.abs(actual - exact) / 2 ** (Math.floor(Math.log2(exact)) - 23);
}

function isGpu(backend: string): boolean {
  return backend === 'webgl' || backend === 'webgpu';
}

function randomTensor(shape: number[], seed: number): PlainTensor {
  const random = randomFrom(seed);
  return filled(shape, () => Math.fround(random() * 4 - 2));
}
