/** The whole table once more where a policy forbids compiling WebAssembly: the loops serve. */
import { hostKernelVariant } from '../../src/kernels/host_kernels';
import { conformance } from './conformance';

// The wasm backend itself is not made this way, so it still loads.
WebAssembly.Module = class {
  constructor() {
    throw new WebAssembly.CompileError('forbidden');
  }
} as never;

conformance('wasm');

test('it was the loops that ran', () => {
  expect(hostKernelVariant('wasm')).toBe('loops');
});
