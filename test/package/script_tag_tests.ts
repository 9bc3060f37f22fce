/** The script-tag files in a browser: the main one alone, and the others before it, after it and in the middle of a gradient. */
import * as tf from '@tensorflow/tfjs';
import * as pooling from '../../src/index';
import type { BrowserPage } from '../support/browser';
import { DEVICES, missingReason } from '../support/devices';
import { expectedReport } from './project';
import { SIMD_CALLS, poolings } from './script_tags';

/** Declares them, for a page that serves what script_tags.ts has. */
export function scriptTagTests(page: () => BrowserPage): void {
  const inPage = <T>(code: string) => page().playwright.evaluate<T>(code);
  const addTags = async (...files: string[]) => {
    for (const file of files) await page().playwright.addScriptTag({ url: file });
  };
  /** Opens an empty page and adds a tag for each file, when the one before has run. */
  const openWithTags = async (...files: string[]) => {
    await page().playwright.goto(`${page().url}scripts.html`);
    await addTags(...files);
    await inPage("tf.wasm?.setWasmPaths('/')");
  };
  const expectPoolings = async (backend: string) => {
    const expected = await poolings(tf, pooling, 'cpu');
    const found = await inPage<typeof expected>(`poolings(tf, im2colPooling, '${backend}')`);
    const same = Object.fromEntries(Object.keys(found).map((key) => [key, expected[key]]));
    expect([backend, found]).toEqual([backend, same]);
  };
  /** The kernels of the SIMD module that have run since this was last asked. */
  const simdCalls = async () => {
    const calls = await inPage<string[]>('[...simdCalls]');
    await inPage('simdCalls.clear()');
    return SIMD_CALLS.filter((name) => calls.includes(name));
  };
  const expectSimd = async () => {
    for (const backend of ['cpu', 'wasm']) {
      await expectPoolings(backend);
      expect([backend, await simdCalls()]).toEqual([backend, SIMD_CALLS]);
    }
  };
  /** The gradient of a pooling on a backend; the script runs between its forward pass and its backward pass. */
  const gradientAround = (file: string, backend: string) =>
    inPage<
      number[]
    >(`tf.setBackend('${backend}').then(() => fetch('${file}')).then((file) => file.text()).then((script) => {
      const pooled = (t) => { const y = im2colPooling.maxPool2d(t); (0, eval)(script); return y; };
      return tf.grad(pooled)(tf.tensor4d([1, 2, 4, 3], [1, 2, 2, 1]), tf.tensor4d([7], [1, 1, 1, 1])).data();
    }).then((dx) => [...dx])`);

  test('the main script alone pools on cpu, wasm and webgl; the SIMD script takes over when it comes', async () => {
    await openWithTags('tf.min.js', 'tf_wasm.js', 'im2col.js');
    for (const backend of ['cpu', 'wasm', 'webgl']) {
      expect(await inPage(`report(tf, im2colPooling, '${backend}')`)).toEqual(expectedReport(backend));
      await expectPoolings(backend);
    }
    await inPage("tf.registerBackend('copy', () => null); tf.copyRegisteredKernels('cpu', 'copy')");
    await inPage('im2colPooling.installPoolingKernels(), undefined');
    const installed =
      "tf.setBackend('wasm').then(() => tf.maxPool(tf.ones([1, 2, 2, 1]), 2, 2, 'valid').dataSync()[0])";
    expect(await inPage(installed)).toBe(1);
    expect(await simdCalls()).toEqual([]);
    // On cpu the loops are faster than tfjs's own pooling.
    const warnings = [expect.stringMatching(/pooling on wasm .* tfjs-im2col-pooling-simd\.min\.js/)];
    expect(await inPage('warnings')).toEqual(warnings);

    const workers = await inPage<number>('workers');
    expect(await gradientAround('simd.js', 'wasm')).toEqual([0, 0, 7, 0]);
    expect(await simdCalls()).toEqual(['scatter']);
    // Of two threads one is the page's.
    expect(await inPage('workers')).toBe(workers + 1);
    expect(await inPage(installed)).toBe(1);
    expect(await simdCalls()).toEqual(['maxPool']);
    await expectSimd();
    const copied =
      "tf.getKernel('Im2ColMaxPool', 'copy').kernelFunc === tf.getKernel('Im2ColMaxPool', 'cpu').kernelFunc";
    expect(await inPage(copied)).toBe(true);
    expect(await inPage('warnings')).toEqual(warnings);
  });

  test('the SIMD script before the main script, and twice', async () => {
    await openWithTags('tf.min.js', 'tf_wasm.js', 'simd.js');
    await inPage("globalThis.kernels = () => ['cpu', 'wasm'].flatMap((name) => tf.getKernelsForBackend(name))");
    await inPage('globalThis.before = kernels(), undefined');
    await addTags('im2col.js', 'simd.js');
    expect(await inPage('kernels().filter((kernel, i) => kernel !== before[i])')).toEqual([]);
    await expectSimd();
    expect(await inPage('warnings')).toEqual([]);
  });

  const noWebgpu = missingReason(DEVICES.webgpu);
  (noWebgpu === undefined ? test : test.skip)(
    `the main script on webgpu names the script with its kernels, once, which may come before or after${noWebgpu ? `: ${noWebgpu}` : ''}`,
    async () => {
      const report = () => inPage("report(tf, im2colPooling, 'webgpu')");
      await openWithTags('tf.min.js', 'tf_webgpu.js', 'im2col.js');
      expect(await report()).toEqual({ ...expectedReport('webgpu'), kernels: [] });
      const warnings = [expect.stringMatching(/pooling on webgpu .* tfjs-im2col-pooling-webgpu\.min\.js/)];
      expect(await inPage('warnings')).toEqual(warnings);
      expect(await gradientAround('webgpu.js', 'webgpu')).toEqual([0, 0, 7, 0]);
      expect(await report()).toEqual(expectedReport('webgpu'));
      expect(await inPage('warnings')).toEqual(warnings);

      await openWithTags('tf.min.js', 'tf_webgpu.js', 'webgpu.js', 'im2col.js', 'webgpu.js');
      expect(await report()).toEqual(expectedReport('webgpu'));
      expect(await inPage('warnings')).toEqual([]);
    },
  );
}
