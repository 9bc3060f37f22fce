import { hostKernelVariant } from '../../src/kernels/host_kernels';
import { golden } from './golden';

// As where the native kernels cannot be had: through arrays.
process.env.TFJS_IM2COL_NATIVE = 'off';

golden('node', 'fused');

test('no native kernel ran', () => {
  expect(hostKernelVariant('tensorflow')).not.toBe('native');
});
