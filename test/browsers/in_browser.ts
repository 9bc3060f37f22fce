/**
 * What has to hold in a browser other than Chromium on its own software GPU: the battery on cpu, wasm and webgl, then the demo page.
 * `npm test` takes a selection of both in one start of the browser; `npm run test:browsers` takes all.
 */
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { CASES } from '../conformance/cases';
import { declareCases, declareOperations } from '../conformance/conformance';
import { FAMILY_CASES, check as checkFamily } from '../family/family';
import { declareGolden } from '../golden/golden';
import { WEBGL_SHADERS, expectOracle } from '../kernels/against_oracle';
import { type TestPage, openPageIn } from '../support/browser';
import { describeBrowser } from '../support/browsers';
import { type Device, type DeviceSpec, deviceOn } from '../support/devices';
import type { BrowserName } from '../support/tab';
import { isWide } from '../support/wide';
import { type OnPage, declareDemo } from './demo_page';

export interface Expectations {
  /** How WebGL names what draws: a browser may hide it. */
  readonly renderer: RegExp;
  readonly onPage: OnPage;
}

/** In an ordinary run, every n-th case; on webgl each compiles programs of its own. */
const EVERY = { cpu: 40, wasm: 20, webgl: 70 } as const;

/** Declares the tests in one browser. */
export function inBrowser(browser: Exclude<BrowserName, 'chromium'>, expected: Expectations): void {
  describeBrowser(browser, () => {
    let page: TestPage;
    beforeAll(async () => {
      page = await openPageIn(browser);
    });
    afterAll(() => page?.close());

    for (const backend of ['cpu', 'wasm', 'webgl'] as const) {
      describe(backend, () => {
        const spec: DeviceSpec = { name: `${backend} in ${browser}`, backend, where: 'browser' };
        let device: Device;
        beforeAll(async () => {
          device = await deviceOn(page, spec);
        });
        declareBattery(spec, () => device, isWide ? 1 : EVERY[backend]);
      });
    }

    test('webgl says what draws', async () => {
      const name = await page.call(({ tf }) => {
        const { gl } = (tf.backend() as MathBackendWebGL).gpgpu;
        const names = gl.getExtension('WEBGL_debug_renderer_info');
        return String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
      }, null);
      process.stdout.write(`${page.tab.browser}, WebGL on ${name}\n`);
      expect(name).toMatch(expected.renderer);
    });

    if (isWide)
      test('a hang is an error that names the browser, which is ended', async () => {
        const hanging = await openPageIn(browser, { limitMs: 20_000 });
        try {
          const forever = hanging.call(() => new Promise<never>(() => {}), null);
          await expect(forever).rejects.toThrow(`${hanging.tab.browser}: a call in the page took longer than 20 s`);
        } finally {
          await hanging.close();
        }
      });

    declareDemo(() => page.tab, browser, expected.onPage);
  });
}

/** Every `every`-th case of what the devices in Chromium have to pass. */
function declareBattery(spec: DeviceSpec, device: () => Device, every: number): void {
  const someOf = <T>(cases: readonly T[]) => cases.filter((_, i) => i % every === 0);
  declareCases(spec, device, someOf(CASES));
  declareOperations(spec, device, every);
  for (const c of someOf(FAMILY_CASES.filter(({ large }) => isWide || !large)))
    test(c.name, () => checkFamily(device(), c));
  if (isWide) declareGolden(device, 'fused', spec.backend === 'webgl' ? 8 : 1);
  if (isWide && spec.backend === 'webgl')
    test.each(WEBGL_SHADERS)('%s', async (...shader) => {
      for (const channels of [1, 3, 4]) await expectOracle(device(), shader, channels);
    });
}
