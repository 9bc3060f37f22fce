/** Asks once, before all tests, which backends the browser really has: a name -> reason list of those it has not. */
import { openPage } from './browser';

const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu'];

export async function missingInBrowser(): Promise<Record<string, string>> {
  const missing: Record<string, string> = {};
  const firstLine = (error: unknown) => (error as Error).message.split('\n')[0];
  try {
    const page = await openPage();
    for (const backend of BACKENDS) {
      const reason = await page.call(
        (p, name) =>
          p.useBackend(name).then(
            () => '',
            (error: Error) => error.message,
          ),
        backend,
      );
      if (reason !== '') missing[`${backend} in Chromium`] = reason;
    }
    await page.close();
  } catch (error) {
    for (const backend of BACKENDS) missing[`${backend} in Chromium`] = firstLine(error);
  }
  return missing;
}
