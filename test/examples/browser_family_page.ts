/** Asks the demo page, in a real Chromium, for a kind of pooling, and holds all that it shows against the definitions. */
import type { Page } from 'playwright-core';
import { type Pooling, poolingTitle } from '../../examples/browser/shared/poolings';
import { type Demo, type DemoPage, DIGIT, cells, exactCells, follow, marked, routed, startDemo } from './browser_demo';
import { type Kind, expectNear, expectedOf } from './browser_family';

/** The kernels of ours that each runs, forward and backward. A norm with p = 1 is a sum. */
const RAN: Record<Pooling, RegExp> = {
  max: /Im2ColMaxPoolArgmax.*Im2ColScatterArgmax/,
  average: /Im2ColAveragePool.*Im2ColAverageSpread/,
  globalMax: /Im2ColMaxPoolArgmax.*Im2ColScatterArgmax/,
  globalAverage: /Im2ColAveragePool.*Im2ColAverageSpread/,
  adaptiveMax: /Im2ColMaxPoolArgmax.*Im2ColScatterArgmax/,
  adaptiveAverage: /Im2ColAveragePool.*Im2ColAverageSpread/,
  lp: /Im2ColLpPool.*Im2ColLpPoolGradient/,
};

/** Declares that the tests of a file have the demo page, and that it complains of nothing. `onOpen` gets it. */
export function withDemoPage(onOpen: (opened: DemoPage) => void): void {
  let demo: Demo | undefined;
  let opened: DemoPage;
  beforeAll(async () => {
    demo = await startDemo();
    opened = await demo.open();
    onOpen(opened);
    await opened.page.waitForSelector('.backends li');
  });
  afterEach(() => {
    expect(opened.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => demo?.close());
}

/** The page anew: a digit, 14 by 14; max pooling 2x2 on cpu; and the matrix. */
export async function startAnew(page: Page): Promise<void> {
  await follow(page, `${DIGIT}&dy=ramp&showMatrix=true`);
  await page.waitForSelector('#figure-y .cell');
}

export const setPooling = (page: Page, pooling: Pooling) =>
  page.getByRole('combobox', { name: 'Pooling' }).selectOption(poolingTitle(pooling));

/** y, dx, the window that is lit and the rows of the matrix, against the definitions. */
export async function expectKind(page: Page, kind: Kind): Promise<void> {
  await routed(page);
  const x = await cells(page, 'x');
  const side = Math.sqrt(x.length);
  const expected = expectedOf(kind, x, [side, side], (i) => i + 1);
  expectNear('y', await exactCells(page, 'y'), expected.y);
  expectNear('dx', await exactCells(page, 'dx'), expected.dx);
  expect(await page.locator('#figure-y .grid-row').count()).toBe(expected.outHeight);
  expect(await page.locator('.ran').textContent()).toMatch(RAN['p' in kind && kind.p === 1 ? 'average' : kind.pooling]);
  for (const output of [0, expected.y.length - 1]) {
    await page.locator('#figure-y .cell').nth(output).focus();
    expect(await marked(page, 'x', 'in-window')).toEqual(expected.windows[output]);
    await expectRow(page, output, x, expected.windows[output], expected.shares[output]);
  }
}

/** The row of the matrix: the window's elements, and either the argmax or what each gets of dy. */
async function expectRow(page: Page, output: number, x: number[], inputs: number[], shares: number[]): Promise<void> {
  const row = await page.locator(`.matrix tr[data-output="${output}"]`).evaluate((line) =>
    Array.from(line.querySelectorAll<HTMLElement>('td:not(.derived, .padding, .absent)')).map((cell) => ({
      value: Number(cell.firstChild!.textContent),
      isArgmax: cell.classList.contains('argmax'),
      share: cell.querySelector<HTMLElement>('.share')?.title,
    })),
  );
  expect(row.map(({ value }) => value)).toEqual(inputs.map((input) => x[input]));
  if (row[0].share === undefined) expect(row.map(({ isArgmax }) => Number(isArgmax))).toEqual(shares);
  else
    expectNear(
      'shares',
      row.map(({ share }) => Number(share)),
      shares.map((share) => share * (output + 1)),
    );
}
