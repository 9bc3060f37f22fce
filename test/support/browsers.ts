/** Tests in browsers other than Chromium on its own software GPU. */
import { type BrowserName, browsersFound } from './tab';

/**
 * Declares tests that need a browser. Where it cannot be had, they are skipped under a name that says so, or one test fails if
 * REQUIRE_BROWSERS=firefox,webkit,chromium-mesa names it.
 */
export function describeBrowser(name: Exclude<BrowserName, 'chromium'>, declareTests: () => void): void {
  const { reason } = browsersFound()[name];
  const required = (process.env.REQUIRE_BROWSERS ?? '').split(',').map((each) => each.trim());
  if (reason === undefined) describe(name, declareTests);
  else if (!required.includes(name)) describe.skip(`${name}: NOT AVAILABLE (${reason})`, declareTests);
  else
    test(`${name}: REQUIRE_BROWSERS asks for it`, () => {
      throw new Error(`${name}: ${reason}`);
    });
}
