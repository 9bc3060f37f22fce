/** A picture of the reader's own in the demo page's Routing part, in a real Chromium: pooled, or refused in words. */
import { AxeBuilder } from '@axe-core/playwright';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { pictureHeader } from '../../examples/browser/routing/picture_header';
import { type Demo, type DemoPage, cells, choose, routed, startDemo } from './browser_demo';
import { blackPng, gif, jpeg, jpegHead, png, webpHead } from './picture_files';

const FOLDER = mkdtempSync(join(tmpdir(), 'demo-picture-'));
let demo: Demo;
let opened: DemoPage;
let page: Page;

beforeAll(async () => {
  demo = await startDemo();
  opened = await demo.open();
  page = opened.page;
  await page.waitForSelector('.backends li');
});
afterAll(async () => {
  await demo?.close();
  rmSync(FOLDER, { recursive: true, force: true });
});

const file = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content as string),
});
const upload = (name: string, content: string | Buffer, to = page) =>
  to.locator('.routing input[type=file]').setInputFiles(file(name, content));
const problem = () => page.locator('.own-picture .problem');
const about = (text: string | RegExp, of = page) =>
  of.locator('.own-picture [role=status]').filter({ hasText: text }).waitFor();

/** Numbers of the input, after the picture of this name was taken. */
async function taken(name: string, of = page): Promise<number[]> {
  await about(name, of);
  await routed(of);
  return cells(of, 'x');
}
/** Few cells are drawn, and looked at, sooner than many. */
async function shrink(of = page): Promise<void> {
  await of.getByRole('combobox', { name: 'Size' }).selectOption('8');
  await routed(of);
}
/** What a brightness from 0 to 255 becomes. */
const shown = (gray: number) => Math.round((gray / 255) * 99);

const RAMP = png(28, 28, 1, (row, column) => [9 * row + (column % 9)]);
const RAMP_CELLS = Array.from({ length: 784 }, (_, i) => shown(9 * Math.floor(i / 28) + ((i % 28) % 9)));

test('a PNG of 28 x 28 gray pixels is pooled as it is; another size is its mean; the choice between images stays', async () => {
  await expect(page.getByRole('radio', { name: 'Yours' }).count()).resolves.toBe(0);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Your picture…' }).press('Enter'),
  ]);
  await chooser.setFiles(file('ramp.png', RAMP));
  expect(await taken('ramp.png (28 × 28 pixels), in gray.')).toEqual(RAMP_CELLS);
  expect((await cells(page, 'y')).slice(0, 2)).toEqual([shown(10), shown(12)]);
  await page.getByRole('combobox', { name: 'Size' }).selectOption('14');
  await routed(page);
  expect((await cells(page, 'x'))[0]).toBe(shown((0 + 1 + 9 + 10) / 4));
  await choose(page, 'Image', 'Digit');
  await about(/^PNG, JPEG/);
  await choose(page, 'Image', 'Yours');
  expect(await taken('ramp.png')).toEqual(RAMP_CELLS);
  // The pictures that follow keep this size.
  await shrink();
  expect(opened.complaints).toEqual([]);
});

const WORKING: ReadonlyArray<[what: string, name: string, content: Buffer, gray: number]> = [
  ['one pixel', '1x1.png', png(1, 1, 1, () => [200]), 200],
  ['a line of 5000 pixels', '1x5000.png', png(1, 5000, 1, () => [120]), 120],
  ['colours', 'red.png', png(3, 3, 3, () => [255, 0, 0]), 0.2126 * 255],
  ['transparent pixels, over white', 'clear.png', png(2, 2, 4, () => [0, 0, 0, 0]), 255],
  ['half transparent pixels', 'half.png', png(2, 2, 4, () => [0, 0, 0, 128]), 127],
  ['the first frame of an animated GIF', 'two.gif', gif(5, 5, [{ colour: 1 }, { colour: 0 }]), 255],
  ['a gray JPEG', 'gray.jpg', jpeg(2, 2, [200]), 200],
  ['a CMYK JPEG', 'cmyk.jpg', jpeg(2, 2, [255, 255, 255, 120]), 120],
  ['more pixels than are kept', 'wide.png', png(700, 300, 1, (_, x) => [x < 200 || x >= 500 ? 255 : 60]), 60],
  ['a name in another direction', 'a\u202egnp.png', png(1, 1, 1, () => [7]), 7],
];
test.each(WORKING)('%s: shown', async (_, name, content, gray) => {
  await upload(name, content);
  const values = await taken(name.replace('\u202e', ' '));
  expect(new Set(values)).toEqual(new Set([shown(gray)]));
  expect(values.length).toBe(64);
  expect(opened.complaints).toEqual([]);
});

test('JPEG and WebP as the browser itself writes them', async () => {
  for (const type of ['jpeg', 'webp']) {
    const url = await page.evaluate((wanted) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [400, 300];
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#c8c8c8';
      context.fillRect(0, 0, 200, 300);
      return canvas.toDataURL(`image/${wanted}`);
    }, type);
    expect(url).toContain(`image/${type}`);
    await upload(`written.${type}`, Buffer.from(url.split(',')[1], 'base64'));
    const values = await taken(`written.${type} (400 × 300 pixels): its middle square, in gray.`);
    expect(Math.abs(values[0] - shown(200))).toBeLessThan(3);
  }
});

const whole = jpeg(20, 20, [90, 128, 128]);
const HOSTILE: ReadonlyArray<[what: string, name: string, content: string | Buffer, said: RegExp]> = [
  [
    '20,000 x 20,000',
    'huge.png',
    blackPng(20_000),
    /^huge\.png has 20,000 × 20,000 pixels\. Expected at most 50 million/,
  ],
  ['its header alone', 'huge.png', blackPng(20_000).subarray(0, 33), /^huge\.png has 20,000 × 20,000 pixels/],
  ['a large JPEG', 'huge.jpg', jpegHead(65_000, 65_000), /^huge\.jpg has 65,000 × 65,000 pixels/],
  ['a GIF with a large frame', 'huge.gif', gif(1, 1, [{ colour: 1 }]).fill(0xff, 38, 42), /has 65,535 × 65,535 pixels/],
  ['a large WebP', 'huge.webp', webpHead('VP8X', 16_384, 16_384), /^huge\.webp has 16,384 × 16,384 pixels/],
  ['a PNG with wrong bytes', 'bad.png', Buffer.from(RAMP).fill(0x55, 41, 80), /^bad\.png is damaged, or no picture/],
  ['half a PNG', 'half.png', RAMP.subarray(0, 100), /^half\.png is damaged: the end of this PNG is missing\.$/],
  [
    'a PNG of no size',
    'no.png',
    Buffer.from(RAMP).fill(0, 16, 24),
    /^no\.png is damaged: this PNG does not say its size/,
  ],
  ['half a JPEG', 'half.jpg', whole.subarray(0, whole.length - 80), /^half\.jpg is damaged: the end of this JPEG/],
  [
    'half a GIF',
    'half.gif',
    gif(30, 30, [{ colour: 1 }]).subarray(0, 99),
    /^half\.gif is damaged: the end of this GIF/,
  ],
  ['half a WebP', 'half.webp', webpHead('VP8L', 9, 9).subarray(0, 29), /^half\.webp is damaged: the end of this WebP/],
  ['an empty WebP', 'empty.webp', webpHead('VP8L', 9, 9), /^empty\.webp is damaged, or no picture/],
  ['no bytes', 'nothing.png', '', /^nothing\.png is empty\.$/],
  ['text', 'text.png', 'hello', /^text\.png is no PNG, JPEG, GIF or WebP picture\.$/],
  ['a web page', 'page.png', '<!doctype html><title>404</title>', /^page\.png is no PNG.*picture: it is a web page\.$/],
  [
    'an SVG with a script',
    'drawing.svg',
    '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"><script>document.title = "!"</script></svg>',
    /^drawing\.svg is no PNG.*picture: it is an SVG drawing\.$/,
  ],
  ['an AVIF', 'a.avif', Buffer.from('\0\0\0\x1cftypavif\0\0\0\0', 'latin1'), /: it is an AVIF\.$/],
  ['a name of 250 letters', `${'x'.repeat(250)}.png`, 'hello', /^x{39}… is no PNG/],
  ['markup in its name', '<img src=x onerror=alert(1)>.png', '', /^<img src=x onerror=alert\(1\)>\.png is empty\.$/],
];

test.each(HOSTILE)('%s: refused in words, and the image stays', async (_, name, content, said) => {
  const before = await cells(page, 'x');
  await upload(name, content);
  await page.locator('.own-picture .problem:not(:empty)').waitFor();
  expect(await problem().textContent()).toMatch(said);
  expect(await problem().getAttribute('role')).toBe('alert');
  expect(await problem().isVisible()).toBe(true);
  await routed(page);
  expect(await cells(page, 'x')).toEqual(before);
  expect(await page.title()).not.toBe('!');
  expect(opened.complaints).toEqual([]);
});

test('a file of 100 MB is refused before it is read; another image takes the sentence away', async () => {
  const path = join(FOLDER, 'large.png');
  writeFileSync(path, RAMP);
  truncateSync(path, 100e6);
  await page.locator('.routing input[type=file]').setInputFiles(path);
  await problem().filter({ hasText: 'large.png: 100 MB are too many. Expected at most 50.' }).waitFor();
  await choose(page, 'Image', 'Photo');
  await routed(page);
  expect(await problem().textContent()).toBe('');
});

test('a picture can be dropped on the input or pasted; elsewhere, and of text, nothing happens', async () => {
  /** Whether the page took the event. */
  const give = (kind: 'drop' | 'paste', where: string, name: string, bytes: number[] | undefined) =>
    page.evaluate(
      ([type, selector, called, content]) => {
        const data = new DataTransfer();
        if (content) data.items.add(new File([new Uint8Array(content)], called));
        else data.setData('text/plain', 'hello');
        const shared = { bubbles: true, cancelable: true };
        const event =
          type === 'drop'
            ? new DragEvent(type, { dataTransfer: data, ...shared })
            : new ClipboardEvent(type, { clipboardData: data, ...shared });
        document.querySelector(selector)!.dispatchEvent(event);
        return event.defaultPrevented;
      },
      [kind, where, name, bytes] as const,
    );
  const bytesOf = (gray: number) => [...png(1, 1, 1, () => [gray])];
  expect(await give('drop', '#figure-x .cell', 'dropped.png', bytesOf(50))).toBe(true);
  expect((await taken('dropped.png'))[0]).toBe(shown(50));
  await shrink();
  await give('paste', 'body', 'pasted.png', bytesOf(80));
  expect((await taken('pasted.png'))[0]).toBe(shown(80));
  expect(await give('drop', '#figure-x .cell', '', undefined)).toBe(false);
  // The page is not left for a file that misses the input.
  expect(await give('drop', 'footer', 'missed.png', bytesOf(9))).toBe(true);
  await give('paste', 'body', '', undefined);
  await page.getByRole('tab', { name: 'Train' }).click();
  await give('paste', 'body', 'unseen.png', bytesOf(9));
  await page.getByRole('tab', { name: 'Routing' }).click();
  expect((await taken('pasted.png'))[0]).toBe(shown(80));
  expect(await problem().textContent()).toBe('');
});

test('a slow picture does not replace a newer choice, and its failure is not told', async () => {
  const slow = await demo.open({
    before: `const decode = self.createImageBitmap;
      self.held = [];
      self.createImageBitmap = async (blob) => {
        if (blob.size > 1000) await new Promise((resolve) => self.held.push(resolve));
        return decode(blob);
      };`,
  });
  const large = png(40, 40, 1, (row, column) => [(row * row * 7 + column * 31 + row * column) % 256]);
  expect(large.length).toBeGreaterThan(1000);
  const isHeld = async () => {
    while ((await slow.page.evaluate('held.length')) === 0) await slow.page.waitForTimeout(50);
  };
  const release = () => slow.page.evaluate('held.splice(0).forEach((go) => go())');
  await upload('slow.png', large, slow.page);
  await isHeld();
  await upload(
    'quick.png',
    png(1, 1, 1, () => [99]),
    slow.page,
  );
  await taken('quick.png', slow.page);
  await release();
  await upload('slow.png', Buffer.from(large).fill(0x55, 60, 90), slow.page);
  await isHeld();
  await choose(slow.page, 'Image', 'Digit');
  await release();
  await choose(slow.page, 'Image', 'Yours');
  expect(new Set(await taken('quick.png', slow.page))).toEqual(new Set([shown(99)]));
  expect(await slow.page.locator('.own-picture .problem').textContent()).toBe('');
  expect(slow.complaints).toEqual([]);
  await slow.close();
});

describe.each([
  ['light', {}],
  ['phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
] as const)('%s', (name, context) => {
  test('accessible, and within the window, with a picture and a refusal', async () => {
    const { page: own, close, screenshot } = await demo.open({ context });
    await own.waitForSelector('.backends li');
    await upload('ramp.png', RAMP, own);
    await taken('ramp.png', own);
    await own.evaluate("document.querySelector('details.settings').open = true");
    await shrink(own);
    await screenshot(`picture-${name}`);
    await upload(`${'long'.repeat(15)}.png`, blackPng(20_000).subarray(0, 33), own);
    await own.locator('.own-picture .problem:not(:empty)').waitFor();
    await screenshot(`picture-refused-${name}`);
    const axe = new AxeBuilder({ page: own }).setLegacyMode().options({ resultTypes: ['violations'], preload: false });
    expect((await axe.analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    const isOverflowing = 'document.documentElement.scrollWidth > Math.min(innerWidth, screen.width)';
    expect(await own.evaluate(isOverflowing)).toBe(false);
    const box = (await own.getByRole('button', { name: 'Your picture…' }).boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(name === 'phone' ? 40 : 24);
    await close();
  });
});

test('sizes are read from the first bytes, and no bytes make the reader of headers fail', () => {
  for (const kind of ['VP8 ', 'VP8L', 'VP8X'] as const)
    expect(pictureHeader(webpHead(kind, 16_000, 77))).toMatchObject({ format: 'WebP', width: 16_000, height: 77 });
  expect(pictureHeader(jpegHead(640, 480))).toMatchObject({ format: 'JPEG', width: 640, height: 480, isCut: true });
  expect(pictureHeader(gif(3, 2, [{ colour: 0, width: 9 }]))).toMatchObject({ width: 9, height: 2, isCut: false });
  for (const bytes of [RAMP, whole, gif(5, 5, [{ colour: 1 }]), webpHead('VP8 ', 9, 9)]) {
    expect(pictureHeader(bytes)).toMatchObject({ isCut: false });
    // Without a PNG's last checksum or a GIF's last byte all pixels are there.
    for (let length = 12; length < bytes.length - 4; length++)
      expect({ length, header: pictureHeader(bytes.subarray(0, length)) }).not.toMatchObject({
        header: { isCut: false },
      });
    for (let at = 0; at < Math.min(bytes.length - 4, 300); at++)
      pictureHeader(Buffer.from(bytes).fill(0xff, at, at + 4));
  }
});
