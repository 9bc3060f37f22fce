/** Links to the demo page, in a real Chromium: they show what was shared, the back button works, and hostile ones do no harm. */
import { CHOICES, DEFAULTS } from '../../examples/browser/routing/settings';
import { fromLink, linkOf } from '../../examples/browser/routing/link';
import { parseNumbers, textOf } from '../../examples/browser/routing/numbers';
import { PRESETS } from '../../examples/browser/routing/presets';
import { hashOf, linkProblem, placeIn } from '../../examples/browser/ui/address';
import type { Page } from 'playwright-core';
import { type Demo, type DemoPage, cells, choose, follow, marked, routed, startDemo } from './browser_demo';

let demo: Demo;
let opened: DemoPage;
let page: Page;
/** How often the page was loaded. */
let loads = 0;

beforeAll(async () => {
  demo = await startDemo();
  opened = await demo.open({ context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  page = opened.page;
  page.on('load', () => loads++);
  await page.waitForSelector('.backends li');
  await routed(page);
});
afterEach(() => {
  expect(opened.complaints.splice(0)).toEqual([]);
  expect(loads).toBe(0);
});
afterAll(() => demo?.close());

const summary = () => page.locator('.settings-summary').textContent();
const hash = () => new URL(page.url()).hash;
const written = (text: string) => page.waitForFunction((wanted) => location.hash === wanted, text);
const problem = () => page.locator('.link-problem').textContent();
const chip = (name: string) => page.getByRole('button', { name, exact: true });

test('it opens on zeros after ReLU on wasm, with nothing in its address', async () => {
  expect(hash()).toBe('');
  expect(await chip('Zeros after ReLU').getAttribute('aria-pressed')).toBe('true');
  expect(await page.locator('.lead').textContent()).toMatch(/^Pooling makes an image smaller: /);
  expect(await page.locator('.builtin-verdict').textContent()).toBe(
    'The built-in on wasm: its values are right; of a gradient of 4, 1 arrives.',
  );
});

test('a copied link shows the same elsewhere: part, image, options, backend, chosen output, what is shown', async () => {
  await choose(page, 'Image', 'Digit');
  await page.getByRole('combobox', { name: 'Digit' }).selectOption('8');
  await page.getByRole('combobox', { name: 'Pooling' }).selectOption('average');
  await choose(page, 'Window height', '3');
  await choose(page, 'Padding', 'same');
  await choose(page, 'Backend', 'cpu');
  await choose(page, 'Gradient sent back, dy', '1, 2, 3');
  await page.getByRole('switch', { name: 'im2col matrix' }).click();
  await routed(page);
  await page.locator('#figure-y .cell').nth(9).click();
  const sentence = page.locator('.routing .readout');
  const said = await sentence.textContent();
  // On its way to the button the pointer rests on other outputs, and on rows of the matrix: they are shown, and do not stay.
  for (const other of [2, 16, 0]) {
    await page.locator('#figure-y .cell').nth(other).hover();
    expect(await marked(page, 'y', 'is-selected')).toEqual([other]);
  }
  await page.locator('.matrix tbody tr').nth(5).hover();
  expect(await marked(page, 'y', 'is-selected')).toEqual([5]);
  expect(await sentence.textContent()).not.toBe(said);
  await page.locator('#figure-y .cell').nth(2).hover();
  await chip('Copy link').hover();
  expect([await sentence.textContent(), await marked(page, 'y', 'is-selected')]).toEqual([said, [9]]);
  // Nor does the one that Tab passes.
  await page.locator('#figure-y .cell').nth(4).focus();
  expect(await marked(page, 'y', 'is-selected')).toEqual([4]);
  await chip('Copy link').click();
  await page.locator('.copy-link .status').filter({ hasText: 'Copied.' }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).hash).toBe(
    '#routing?source=digit&digit=8&pooling=average&windowHeight=3&padding=same&backend=cpu&dy=ramp&showMatrix=true&output=9',
  );
  const seen = async () => [
    await summary(),
    await cells(page, 'x'),
    await cells(page, 'dx'),
    await marked(page, 'y', 'is-selected'),
    await page.locator('.matrix').isVisible(),
  ];
  const before = await seen();
  await follow(page, '');
  expect(await summary()).toBe('max, 2×2 window, stride 2, padding valid, wasm');
  await follow(page, new URL(link).hash);
  expect(await seen()).toEqual(before);
  expect(await problem()).toBe('');
});

test('a drawing is in the link', async () => {
  await follow(page, '#routing?source=drawing&size=8&backend=cpu&drawing=8000000000000001');
  expect((await cells(page, 'x')).map((ink, i) => (ink > 0 ? i : -1)).filter((i) => i >= 0)).toEqual([0, 63]);
  await page.getByRole('button', { name: 'Clear the drawing' }).click();
  await written('#routing?source=drawing&size=8&backend=cpu&drawing=0000000000000000');
});

test('numbers are typed or pasted, in channels; a bad one is told and nothing is lost; the link has them', async () => {
  await follow(page, '');
  const field = page.getByRole('textbox', { name: 'Numbers' });
  expect(await field.isVisible()).toBe(false);
  await page.getByText('Type numbers of your own').click();
  expect(await field.inputValue()).toBe('0 0 0 0\n0 0 0 0\n0 0 0 0\n0 0 0 0');
  await field.fill('1, 2\tNaN\n-0 Infinity,-3.5\n\n9 8 7\n6 5 4');
  await choose(page, 'Backend', 'cpu');
  await written('#routing?numbers=1,2,NaN;-0,Infinity,-3.5|9,8,7;6,5,4&backend=cpu');
  await routed(page);
  expect(await cells(page, 'x')).toEqual([1, 2, NaN, 0, Infinity, -3.5]);
  expect(await cells(page, 'y')).toEqual([Infinity]);
  await choose(page, 'Channel', '2');
  await routed(page);
  expect(await cells(page, 'y')).toEqual([9]);
  await field.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('x');
  const refused = page.locator('.numbers .problem');
  expect(await refused.textContent()).toBe(
    'In channel 2, row 2, number 3, “4x”, is no number. Expected one such as 7, -2.5, 1e3, NaN, Infinity or -0.',
  );
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  expect(await cells(page, 'x')).toEqual([9, 8, 7, 6, 5, 4]);
  await page.keyboard.press('Backspace');
  expect(await refused.textContent()).toBe('');
  await follow(page, '');
  await follow(page, '#routing?numbers=1,2,NaN;-0,Infinity,-3.5|9,8,7;6,5,4&channel=2&backend=cpu');
  expect(await field.inputValue()).toBe('1 2 NaN\n-0 Infinity -3.5\n\n9 8 7\n6 5 4');
  expect(await cells(page, 'y')).toEqual([9]);
  await chip('Tie').click();
  await routed(page);
  expect(await field.inputValue()).toMatch(/^7 7 1 5\n/);
});

test('what is no table of numbers is refused with its place', () => {
  const said = (text: string) => {
    try {
      return parseNumbers(text).map(({ height, width }) => `${height}x${width}`);
    } catch (error) {
      return (error as Error).message;
    }
  };
  const row = (count: number) => '1 '.repeat(count);
  expect(said('')).toBe('There are no numbers yet.');
  expect(said('1 2\n3')).toBe('In row 2 the count of numbers is 1, in row 1 it is 2.');
  expect(said('1,,3')).toBe('In row 1, number 2 is missing.');
  expect(said('1\t\t3')).toBe('In row 1, number 2 is missing.');
  expect(said('1e39')).toBe('In row 1, number 1, “1e39”, is too large for float32, which ends at 3.4e38.');
  expect(said(row(17))).toBe('In row 1 the count of numbers is 17; at most 16 are taken.');
  expect(said(`${row(1)}\n`.repeat(17))).toBe('There are 17 rows; at most 16 are taken.');
  expect(said('1\n\n1\n\n1\n\n1\n\n1')).toBe('There are 5 channels; at most 4 are taken.');
  expect(said('1 2\n\n1')).toBe('Channel 2 is 1 × 1, the first one 1 × 2.');
  expect(said('9'.repeat(50_000))).toMatch(/^This is too long/);
  expect(said(`${row(16)}\r\n`.repeat(16))).toEqual(['16x16']);
  expect(said(' 1;2,\n−3\t+∞ ')).toEqual(['2x2']);
  const odd = parseNumbers('0.1 1e-40 -0 NaN -Infinity 16777217 3.4e38');
  expect(textOf(odd)).toBe('0.1 1e-40 -0 NaN -Infinity 16777216 3.4e+38');
  expect(parseNumbers(textOf(odd))).toEqual(odd);
});

test('back and forward go through presets and parts; what is changed in between is kept', async () => {
  await follow(page, '');
  await chip('Tie').click();
  expect(hash()).toBe('#routing?preset=tie');
  await choose(page, 'Stride', '1');
  await written('#routing?preset=tie&stride=1');
  await chip('Ceil').click();
  await page.getByRole('tab', { name: 'Train' }).click();
  await choose(page, 'Epochs', '10');
  await written('#train?epochs=10');
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByRole('switch', { name: 'Gradients too' }).click();
  await written('#compare?gradient=false');
  await page.goBack();
  expect(await page.getByRole('tab', { name: 'Train' }).getAttribute('aria-selected')).toBe('true');
  await page.goBack();
  expect([await chip('Ceil').getAttribute('aria-pressed'), hash()]).toEqual(['true', '#routing?preset=ceil']);
  await page.goBack();
  await routed(page);
  expect([await chip('Tie').getAttribute('aria-pressed'), (await cells(page, 'y')).length]).toEqual(['true', 9]);
  await page.goForward();
  await page.goForward();
  expect(await page.getByRole('group', { name: 'Epochs' }).locator('input:checked').inputValue()).toBe('10');
});

const HOSTILE: ReadonlyArray<[hash: string, said: RegExp]> = [
  ['#nothing', /there is no part “nothing”/],
  ['#<img src=x onerror=alert(1)>?a=b', /there is no part “<?.*img/],
  ['#routing?preset=<script>alert(1)</script>', /there is no preset “<script>alert\(1\)<\/script>”/],
  [
    '#routing?size=1e99&windowHeight=999999999999',
    /size is one of 8, 10, .*, not “1e99”; windowHeight .* “999999999999”/,
  ],
  ['#routing?__proto__=7&toString=1&constructor=x', /no setting “__proto__”; .*“toString”; .*“constructor”/],
  ['#routing?output=-1', /^This link is not quite right: output is a number .*“-1”\. The usual settings are shown/],
  ['#routing?cell=z.1', /cell is one of x, .*, y-builtin, a dot and a number, not “z\.1”/],
  ['#routing?cell=x.12345', /cell is one of .* “x\.12345”/],
  ['#routing?backend=cuda', /backend is one of cpu, wasm, webgl, webgpu, not “cuda”/],
  ['#routing?source=picture', /a link holds no picture of yours/],
  ['#routing?source=drawing&drawing=zz', /its drawing cannot be read/],
  [`#routing?stride=${'9'.repeat(50_000)}`, /stride is one of 1, 2, 3, 4, not “9{30}…”/],
  ['#routing?a=1&b=1&c=1&d=1&e=1', /“a”; .*“b”; .*“c”; and 2 more/],
  ['#routing?numbers=1,2;3', /its numbers cannot be read \(In row 2 the count of numbers is 1, in row 1 it is 2\.\)/],
  ['#routing?numbers=<b>', /its numbers cannot be read \(In row 1, number 1, “<b>”, is no number/],
  ['#routing?numbers=1&channel=3', /channel is at most 1, not “3”/],
  ['#routing?%E0%A4%A=%00', /there is no setting/],
];

test('hostile links are answered in words, with the usual settings', async () => {
  page.on('dialog', () => opened.complaints.push('a dialog'));
  for (const [link, said] of HOSTILE) {
    await follow(page, link);
    const text = (await problem())!;
    expect(text).toMatch(said);
    expect(text.length).toBeLessThan(400);
    expect([link.slice(0, 40), await summary()]).toEqual([
      link.slice(0, 40),
      expect.stringContaining('max, 2×2 window'),
    ]);
  }
  await follow(page, '#routing?output=999');
  expect(await marked(page, 'y', 'is-selected')).toHaveLength(1);
  await follow(page, '#train?samples=5&kind=lp');
  expect(await problem()).toMatch(/samples is one of .* “5”; kind is one of max, average, not “lp”/);
  await follow(page, '#compare?repeats=1e9&cpu=no');
  expect(await problem()).toMatch(/repeats is one of 0, 3, 5, 15, not “1e9”; cpu is one of true, false/);
  await page.getByRole('tab', { name: 'Routing' }).click();
  expect(await problem()).toBe('');
});

test('every value that is offered can be in a link', () => {
  for (const [name, values] of Object.entries(CHOICES)) {
    for (const value of values as ReadonlyArray<string | number | boolean>) {
      const shown = {
        settings: { ...DEFAULTS, [name]: value },
        preset: PRESETS[name === 'source' ? 0 : 1],
        cell: { grid: 'dx-builtin', index: 3 } as const,
        drawing: '0f',
        typed: {},
      };
      const place = placeIn(hashOf('routing', linkOf(shown, [])));
      const { settings, cell, problems } = fromLink(place.values, []);
      expect([settings, cell, linkProblem(problems)]).toEqual([shown.settings, shown.cell, '']);
    }
  }
});

test('a part alone, in a frame of another page', async () => {
  const alone = await demo.open({ hash: '?embed#routing?preset=ceil' });
  const framed = alone.page;
  const address = framed.url();
  await framed.route('**/frame.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<title>Another page</title><iframe src="${address}" width="700" height="600" title="embedded"></iframe>`,
    }),
  );
  await framed.goto(new URL('/frame.html', address).href);
  const frame = framed.frameLocator('iframe');
  await frame.locator('#figure-dx-builtin .cell').first().waitFor();
  expect(await frame.locator(':is(header, footer, [role=tablist]):visible').count()).toBe(0);
  expect(await frame.getByRole('heading', { level: 1 }).textContent()).toBe('Pooling, routed');
  const [whole] = await Promise.all([
    framed.waitForEvent('popup'),
    frame.getByRole('link', { name: 'Open the page' }).click(),
  ]);
  expect(whole.url()).toBe(address.replace('?embed', ''));
  expect(alone.complaints).toEqual([]);
  await alone.close();
});
