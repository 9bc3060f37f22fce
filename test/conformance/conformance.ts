/** Runs the tables of cases on one device and compares everything with the oracle. */
import { gradientsOracle, poolOracle } from '../oracle/pooling';
import { expectSame, expectWithin } from '../support/compare';
import { type Device, type DeviceKey, type DeviceSpec, DEVICES, backendName, describeDevice } from '../support/devices';
import type { PlainTensor, PoolResult } from '../support/run_case';
import { isWide, shareOf } from '../support/wide';
import { CASES, type ConformanceCase } from './cases';
import { ERROR_CASES } from './error_cases';
import { OP_CASES, WRONG_TAP_CASES } from './op_cases';

/** The backends that have kernels of ours. On these, and on no other, they must be what runs. */
const NATIVE = ['cpu', 'wasm', 'tensorflow', 'webgl', 'webgpu'];

/** The backends whose memory the host sees: there a number that is no tap is an error. */
const HOST: readonly string[] = ['cpu', 'wasm', 'node'];

const FORWARD = ['Im2ColMaxPool', 'Im2ColMaxPoolArgmax'];
const BACKWARD = ['Im2ColScatterArgmax', 'Im2ColGatherArgmax'];
/** Those that `implementation: 'im2col'` runs besides. */
const MATRIX = ['Im2ColColumns', 'Im2ColImage'];
/** Kernels of core operations that the reference path needs and nothing else here does. */
const REFERENCE = ['Pack', 'Select'];

/**
 * Declares the tests on one device. In an ordinary run: `share` of the max pooling cases, [from, of], and every `operations`-th test of
 * the other operations and of errors.
 */
export function conformance(key: DeviceKey, share: readonly [number, number] = [0, 1], operations = 1): void {
  const spec: DeviceSpec = DEVICES[key];
  describeDevice(key, 'conformance', (device) => {
    if (spec.threads !== undefined) beforeAll(() => device().page!.call(({ threads }) => threads.shareAll(), null));
    declareCases(spec, device, shareOf(CASES, ...share));
    declareOperations(spec, device, isWide ? 1 : operations);
    test('the same bits from run to run', async () => {
      const c = CASES.find(({ name }) => name === 'overlaps add up in row-major order')!;
      const [first, second] = [await device().runPoolCase(c), await device().runPoolCase(c)];
      expect(second).toEqual({ ...first, kernels: second.kernels });
    });
    if (spec.threads !== undefined) {
      test('workers did their share of each pooling', async () => {
        const { jobs, served, count } = await device().page!.call(({ threads }) => threads.shared(), null);
        expect(jobs).toBeGreaterThan(CASES.length);
        expect(served).toBeGreaterThanOrEqual(jobs);
        expect(count).toBe(spec.threads);
      });
    }
  });
}

/** Declares the tests of single operations and of their errors: every `of`-th. */
export function declareOperations(spec: DeviceSpec, device: () => Device, of = 1): void {
  const everyOf = <T>(cases: readonly T[]) => cases.filter((_, i) => i % of === 0);
  for (const c of everyOf(OP_CASES)) {
    test(c.name, async () => {
      const { result, gradient, leaked } = await device().runOp(c.call);
      expectSame('result', result, c.expected);
      if (c.gradient) expectSame('gradient', gradient, c.gradient);
      expect(leaked).toBe(0);
    });
  }
  for (const { name, call, expected, message } of everyOf(WRONG_TAP_CASES)) {
    test(name, async () => {
      if (HOST.includes(spec.backend)) {
        expect(await device().runThrowingOp(call, false)).toEqual({ message, leaked: 0 });
        expect(await device().runThrowingOp(call, true)).toEqual({ message, leaked: 0 });
      } else {
        const { result, leaked } = await device().runOp(call);
        expectSame('result', result, expected);
        expect(leaked).toBe(0);
      }
    });
  }
  for (const { message, ...call } of everyOf(ERROR_CASES)) {
    test(`throws, and leaves nothing: ${message}`, async () => {
      expect(await device().runThrowingOp(call, false)).toEqual({ message, leaked: 0 });
      if (call.op === 'argmaxToIndices' || call.op === 'indicesToArgmax') return; // asynchronous, so in no tidy
      expect(await device().runThrowingOp(call, true)).toEqual({ message, leaked: 0 });
    });
  }
}

/** Declares every `of`-th max pooling case, and no other test, on a device with flags. */
export function conformanceUnder(spec: DeviceSpec, of: number): void {
  describeDevice(spec, 'conformance', (device) => {
    test('the flags are set', async () => {
      const flags = Object.keys(spec.flags ?? {});
      const set = await device().page!.call(({ tf }, names) => names.map((name) => tf.env().get(name)), flags);
      expect(set).toEqual(Object.values(spec.flags ?? {}));
    });
    // While tfjs debugs, it refuses tensors that hold NaN.
    const isTaken = ({ x }: ConformanceCase) => !(spec.flags?.DEBUG && x.data.some(Number.isNaN));
    declareCases(
      spec,
      device,
      CASES.filter(isTaken).filter((_, i) => i % of === 0),
    );
  });
}

/** Declares a test per max pooling case that the device can hold. */
export function declareCases(spec: DeviceSpec, device: () => Device, cases: readonly ConformanceCase[]): void {
  for (const c of cases.filter((each) => !isBeyond(spec, each))) {
    test(c.name, async () => check(device(), c));
  }
}

/** Whether the device's numbers cannot hold the case's input at all (a limit that the README prints), or it is too slow for it. */
function isBeyond(spec: DeviceSpec, c: ConformanceCase): boolean {
  if (spec.backend === 'toy') return c.x.data.length > 10_000;
  return spec.halfPrecision ? c.half === 'cannot hold x' : spec.backend === 'webgl' && c.beyondTextures === true;
}

/** One case on a device: throws unless all is as the oracle says. */
export async function check({ spec, runPoolCase, stored }: Device, c: ConformanceCase): Promise<void> {
  const result = await runPoolCase(c);
  const x = await stored(c.x);
  const { y, argmax } = poolOracle(c.rank, c.options, x);
  expectSame('argmax', result.argmax, argmax);
  expectSame('y', result.y, y);
  expectSame('values of maxPoolWithArgmax', result.values, y);
  if (c.x.dtype === 'float32') checkGradients(result, c, x, spec);
  expect(result.leaked).toBe(0);
  expect(result.backend).toBe(backendName(spec));
  checkKernels(result, c, spec);
}

function checkGradients(result: PoolResult, c: ConformanceCase, x: PlainTensor, spec: DeviceSpec): void {
  const { dx, ddx } = gradientsOracle(c.rank, c.options, x, c.dy);
  // Each addition may be rounded to a half's 11 bits.
  const tolerance = spec.halfPrecision && c.half === 'rounds gradients' ? 2 ** -8 : 0;
  expectWithin('dx', result.dx, dx, tolerance);
  expectWithin('dx of the values of maxPoolWithArgmax', result.dxOfValues, dx, tolerance);
  if (x.data.length > 0) expectWithin('second derivative', result.ddx, ddx, tolerance);
}

function checkKernels({ kernels, backend }: PoolResult, c: ConformanceCase, spec: DeviceSpec): void {
  const isLiteral = c.options.implementation === 'im2col';
  const ours = kernels.filter((name) => [...FORWARD, ...BACKWARD, ...MATRIX].includes(name));
  const reference = kernels.filter((name) => REFERENCE.includes(name));
  if (c.x.data.length === 0) {
    expect({ ours, reference }).toEqual({ ours: [], reference: [] });
  } else if (NATIVE.includes(backend) && !(isLiteral && spec.halfPrecision)) {
    const steps = c.x.dtype === 'float32' ? [...FORWARD, ...BACKWARD, ...MATRIX] : [...FORWARD, MATRIX[0]];
    const expected = steps.filter((name) => isLiteral || !MATRIX.includes(name));
    expect({ ours: [...ours].sort(), reference }).toEqual({ ours: expected.sort(), reference: [] });
  } else {
    expect({ ours, reference: [...reference].sort() }).toEqual({ ours: [], reference: REFERENCE });
  }
}
