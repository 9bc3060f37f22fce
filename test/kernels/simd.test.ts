/** The SIMD module: what is embedded is what its source compiles to, and it is what runs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { maxPool2d } from '../../src/index';
import { hostKernelVariant } from '../../src/kernels/host_kernels';
import { backendName, describeDevice } from '../support/devices';

const SRC = join(__dirname, '..', '..', 'src');
const BUILD = join(SRC, 'kernels', 'simd', 'build.mjs');

test.each(['kernels/simd/module_bytes.ts', 'training/simd/module_bytes.ts'])(
  '%s is what its source compiles to',
  (file) => {
    const built = execFileSync(process.execPath, [BUILD, '--print', file], { encoding: 'utf8' });
    expect(readFileSync(join(SRC, file), 'utf8')).toBe(built);
  },
);

for (const key of ['cpu', 'wasm', 'node'] as const) {
  describeDevice(key, 'the SIMD module', (device) => {
    test('serves', () => {
      tf.tidy(() => {
        maxPool2d(tf.ones([1, 4, 4, 8]));
      });
      // On node the native kernels go before it, where they can be had: node_native.test.ts.
      const variants = key === 'node' ? ['native', 'simd'] : ['simd'];
      expect(variants).toContain(hostKernelVariant(backendName(device().spec)));
    });
  });
}

describeDevice('wasmBrowser', 'the SIMD module', (device) => {
  test('serves in the memory that threads share', async () => {
    const found = await device().page!.call((p) => {
      p.tf.tidy(() => {
        p.plugin.maxPool2d(p.tf.ones([1, 4, 4, 8]));
      });
      const { HEAPU8 } = (p.tf.backend() as tf.KernelBackend & { wasm: { HEAPU8: Uint8Array } }).wasm;
      return {
        variant: p.hostKernelVariant('wasm'),
        isolated: globalThis.crossOriginIsolated,
        memory: Object.prototype.toString.call(HEAPU8.buffer),
        threads: p.wasm.getThreadsCount(),
      };
    }, null);
    expect(found).toEqual({ variant: 'simd', isolated: true, memory: '[object SharedArrayBuffer]', threads: 2 });
  });

  test('so does the module of training', async () => {
    const found = await device().page!.call((p) => {
      const { unregister } = p.training.registerWasmTrainingKernels();
      const kernel = p.tf.getKernel('DepthwiseConv2dNativeBackpropFilter', 'wasm');
      const [x, filter] = [p.tf.ones([4, 4, 2]), p.tf.ones([3, 3, 2, 1])];
      const dw = p.tf.grad((f) => p.tf.depthwiseConv2d(x as never, f as never, 1, 'valid'))(filter);
      const product = p.tf.matMul(p.tf.tensor2d([1, 2], [2, 1]), p.tf.tensor2d([3, 4], [2, 1]), true);
      const result = { has: kernel != null, dw: Array.from(dw.dataSync()), product: Array.from(product.dataSync()) };
      unregister();
      return result;
    }, null);
    expect(found).toEqual({ has: true, dw: new Array(18).fill(4), product: [11] });
  });
});
