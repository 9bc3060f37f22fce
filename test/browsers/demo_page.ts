/** The demo page in a browser: what a reader does in each of its tabs, done by programs in the page. */
import type { Backend } from '../../examples/browser/shared/backends';
import { type ServedDemo, serveDemo } from '../examples/browser_demo';
import { takeComplaints } from '../support/complaints';
import { type BrowserName, type Tab, openTab } from '../support/tab';
import { isWide } from '../support/wide';
import { compare, prepareReader, route, train } from './visit';

/** The backends of the page, which computes in workers, and why it has not the others: texts of the page itself. */
export interface OnPage {
  readonly backends: readonly Backend[];
  readonly absent: readonly string[];
}

/** Declares the tests of the page: in the tab, and in a wide run also in browsers with other languages. */
export function declareDemo(tab: () => Tab, browser: Exclude<BrowserName, 'chromium'>, onPage: OnPage): void {
  let demo: ServedDemo;
  beforeAll(async () => {
    demo = await serveDemo();
  });
  afterAll(() => demo?.close());

  // The battery's browser was started without a language.
  test('the tabs of the demo page work without a locale', () => visit(tab(), demo.url, onPage));

  for (const lang of isWide ? ['C', 'C.UTF-8', ''] : []) {
    test(`the tabs of the demo page work, LANG='${lang}'`, async () => {
      const other = await openTab(browser, { lang });
      try {
        await visit(other, demo.url, onPage);
      } finally {
        await other.close();
      }
    });
  }
}

async function visit(tab: Tab, url: string, { backends, absent }: OnPage): Promise<void> {
  await tab.goto(url);
  await tab.evaluate(prepareReader, null);
  const seen = [];
  for (const backend of backends) seen.push(await tab.evaluate(route, backend));
  expect(seen).toEqual(
    backends.map((backend) => ({
      backend,
      present: backends,
      absent,
      y: [7, 5, 8, 6],
      // The first of equal maxima gets the gradient.
      dx: [1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
      ran: `Ours ran Im2ColMaxPoolArgmax, Im2ColScatterArgmax on ${backend}`,
    })),
  );
  expect(await tab.evaluate(train, isWide)).toEqual({
    status: expect.stringMatching(isWide ? /^Finished after 20 steps/ : /^A new network/),
    digits: 24,
  });
  const compared: Backend[] = isWide ? [...backends] : ['wasm'];
  expect(await tab.evaluate(compare, compared)).toEqual({
    columns: ['Case', ...compared],
    status: expect.stringMatching(/deviates from the contract in [1-9]\d*, ours in 0;/),
  });
  expect(await tab.evaluate(takeComplaints, null)).toEqual([]);
}
