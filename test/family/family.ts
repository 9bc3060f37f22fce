/**
 * The conformance tests of max pooling's siblings: a table of calls with their results, gradients and second
 * derivatives, run on one device. What is expected comes from the oracle, which knows nothing of src.
 */
import { expectWithin } from '../support/compare';
import { shareOf } from '../support/wide';
import { type Device, type DeviceKey, type DeviceSpec, DEVICES, backendName, describeDevice } from '../support/devices';
import type { OpCall } from '../support/run_op';
import type { PlainTensor } from '../support/run_case';
import { ADAPTIVE_CASES } from './adaptive_cases';
import { AVERAGE_CASES } from './average_cases';
import { ERRORS } from './error_cases';
import { GLOBAL_AVERAGE_CASES } from './global_average_cases';
import { GLOBAL_MAX_CASES } from './global_max_cases';
import { LP_CASES } from './lp_cases';

export interface FamilyCase {
  readonly name: string;
  readonly call: OpCall;
  readonly expected: Expected | ((x: PlainTensor) => Expected);
  /** Kernels of ours that must run where there are any, but for those of the matrix with `implementation: 'im2col'`. */
  readonly kernels: readonly string[];
  /** What results may differ by: relative to the greatest one. Default 0: bit for bit. */
  readonly tolerance?: { host?: number; gpu?: number; half?: number };
  /** What 16-bit textures cannot hold. */
  readonly notInHalf?: boolean;
  /** Left out where everything is computed by core operations. */
  readonly large?: boolean;
}

export interface Expected {
  readonly result: PlainTensor;
  readonly gradient?: PlainTensor | undefined;
  readonly second?: PlainTensor | undefined;
}

export const FAMILY_CASES: readonly FamilyCase[] = [
  ...GLOBAL_MAX_CASES,
  ...AVERAGE_CASES,
  ...GLOBAL_AVERAGE_CASES,
  ...ADAPTIVE_CASES,
  ...LP_CASES,
];
/** The backends that lay uneven windows out by a kernel; the others by core operations. */
const NATIVE = ['cpu', 'wasm', 'tensorflow', 'webgl', 'webgpu'];

/** Declares the tests on one device; `share` of them, [from, of], in an ordinary run. */
export function family(key: DeviceKey, share: readonly [number, number] = [0, 1]): void {
  const spec: DeviceSpec = DEVICES[key];
  describeDevice(key, 'family', (device) => {
    for (const c of shareOf(FAMILY_CASES, ...share).filter(
      (each) => !(spec.halfPrecision && each.notInHalf) && !(spec.backend === 'toy' && each.large),
    )) {
      test(c.name, () => check(device(), c));
    }
    for (const { message, ...call } of ERRORS) {
      test(`throws, and leaves nothing: ${message}`, async () => {
        expect(await device().runThrowingOp(call, false)).toEqual({ message, leaked: 0 });
        expect(await device().runThrowingOp(call, true)).toEqual({ message, leaked: 0 });
      });
    }
  });
}

/** One case on a device: throws unless all is as expected. */
export async function check({ spec, runOp, stored }: Device, c: FamilyCase): Promise<void> {
  const { result, gradient, second, kernels, backend, leaked } = await runOp(c.call);
  const [first] = c.call.args;
  const x = await stored((first as { tensor: PlainTensor }).tensor);
  const expected = typeof c.expected === 'function' ? c.expected(x) : c.expected;
  const tolerance = toleranceOn(spec, c);
  expectWithin('result', result, expected.result, tolerance);
  if (expected.gradient) expectWithin('gradient', gradient, expected.gradient, tolerance);
  if (expected.second) expectWithin('second derivative', second, expected.second, tolerance);
  expect(leaked).toBe(0);
  expect(backend).toBe(backendName(spec));
  // On webgpu im2col also transposes int32, which core's transpose does not.
  const matrix = isIm2Col(c) ? ['Im2ColColumns', ...(c.call.dResult ? ['Im2ColImage'] : [])] : [];
  const expectedKernels = [...new Set([...c.kernels, ...matrix])].sort();
  const isTranspose = (name: string) =>
    backend === 'webgpu' && name === 'Im2ColColumns' && !expectedKernels.includes(name);
  const ours = kernels.filter((name) => name.startsWith('Im2Col') && !isTranspose(name)).sort();
  const isNative = NATIVE.includes(backend) && !(isIm2Col(c) && usesCore(spec, c)) && x.data.length > 0;
  expect(ours).toEqual(isNative ? expectedKernels : []);
}

/** Whether `implementation: 'im2col'` is left to core operations: in 16 bit, and on a GPU where windows have unequal numbers of taps. */
function usesCore({ backend, halfPrecision }: DeviceSpec, { call }: FamilyCase): boolean {
  const isGpu = backend === 'webgl' || backend === 'webgpu';
  return halfPrecision === true || (isGpu && call.op.startsWith('adaptive'));
}

export function toleranceOn({ halfPrecision, backend }: DeviceSpec, { tolerance = {} }: FamilyCase): number {
  if (halfPrecision) return tolerance.half ?? 0;
  return (backend === 'webgl' || backend === 'webgpu' ? tolerance.gpu : tolerance.host) ?? 0;
}

function isIm2Col({ call }: FamilyCase): boolean {
  return call.args.some(
    (arg) => 'plain' in arg && (arg.plain as { implementation?: string } | undefined)?.implementation === 'im2col',
  );
}
