/**
 * Every code block of the documents is executed: `js` and `ts` in Node, `html` in Chromium. Of `sh` blocks, which install
 * packages and train for minutes, it is checked that the scripts and files which they name exist. Links lead somewhere, the README is
 * short, and its Japanese version has the same structure and the same code.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserPage, openPage } from '../support/browser';
import { describeDevice } from '../support/devices';
import { type Manifest, ROOT } from '../package/packed';
import { type Project, makeProject } from '../package/project';
import { type Block, DOCUMENTS, documentBlocks } from './blocks';
import { runBlock } from './run_block';

const JAPANESE = 'README.ja.md';
/** The Japanese README has the blocks of the English one. */
const BLOCKS = DOCUMENTS.filter((file) => file !== JAPANESE).flatMap(documentBlocks);
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
/** Where the command's own commands and flags are declared. */
const COMMANDS = readFileSync(join(ROOT, 'src', 'cli', 'main.ts'), 'utf8');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const TREATED: Record<string, string> = {
  js: 'run in Node',
  ts: 'run in Node',
  html: 'opened in Chromium',
  sh: 'its scripts, files and commands exist',
  text: 'for the reader',
};
const named = (block: Block) =>
  `${block.file}:${block.line} (${block.language}, "${block.title}"): ${TREATED[block.language]}`;
const needsTfjsNode = (block: Block) => block.code.includes('@tensorflow/tfjs-node');
const of = (...languages: string[]) => BLOCKS.filter(({ language }) => languages.includes(language));

test('every block has a language that is treated', () => {
  expect(BLOCKS.filter(({ language }) => !(language in TREATED)).map(named)).toEqual([]);
  expect(['js', 'html', 'sh'].filter((language) => of(language).length === 0)).toEqual([]);
});

test('the README is one page', () => {
  expect(read('README.md').split('\n').length - 1).toBeLessThanOrEqual(150);
});

/** Headings by depth, rows of tables by number of columns, list items, pictures and links. */
const structureOf = (file: string) =>
  read(file)
    .replace(/^```[\s\S]*?^```/gm, '```')
    .split('\n')
    .flatMap((line) => {
      const links = [...line.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => `link ${target}`);
      const [mark] = /^(#+|```|- |\|(?=.*\|$))/.exec(line) ?? [];
      const shown = mark === '|' ? `row of ${line.replace(/`[^`]*`/g, '').split('|').length - 2}` : mark;
      return [...(shown === undefined ? [] : [shown]), ...links];
    });
/** Code without what its comments say to the reader. */
const codeOf = (file: string) =>
  documentBlocks(file).map(({ code }) => code.replace(/\s+(\/\/|#) (?![[\d]|Im2Col).*$/gm, ''));

test('the Japanese README has the same structure and the same code', () => {
  expect(structureOf(JAPANESE)).toEqual(structureOf('README.md'));
  expect(codeOf(JAPANESE)).toEqual(codeOf('README.md'));
});

test.each(DOCUMENTS)('%s: links lead to files', (file) => {
  const targets = structureOf(file).flatMap((part) => (part.startsWith('link ') ? [part.slice(5)] : []));
  const local = targets.filter((target) => !/^https?:|^#/.test(target)).map((target) => target.split('#')[0]);
  expect(local.filter((target) => !existsSync(join(ROOT, file, '..', target)))).toEqual([]);
});

for (const block of of('js', 'ts').filter((each) => !needsTfjsNode(each))) {
  test(named(block), async () => {
    await runBlock(block, false);
  });
}

describeDevice('node', 'the documents', () => {
  for (const block of of('js', 'ts').filter(needsTfjsNode)) {
    test(named(block), async () => {
      await runBlock(block, false);
    });
  }
});

describeDevice('webgl', 'the documents', () => {
  let page: BrowserPage | undefined;
  let project: Project | undefined;
  beforeAll(() => {
    project = makeProject([]);
  });
  afterEach(() => page?.close());
  afterAll(() => project?.remove());

  for (const block of of('html')) {
    test(named(block), async () => {
      page = await openPage({ '/block.html': `<!doctype html><link rel="icon" href="data:,">${block.code}` });
      const served: string[] = [];
      // What a content network would serve: the file that package.json names, and that of tfjs.
      await page.playwright.route(/^https:/, (route, request) => {
        const url = request.url();
        served.push(url);
        const path = url.includes(MANIFEST.name) ? fileOf(url, project!.installed, MANIFEST) : tfjsFileOf(url);
        return route.fulfill({
          path,
          contentType: url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript',
          headers: { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' },
        });
      });
      const errors: string[] = [];
      page.playwright.on('pageerror', (error) => errors.push(error.message));
      const expected = [...block.code.matchAll(/console\.log\(.*\/\/ (.+)$/gm)].map(([, comment]) => comment);
      const logged = page.playwright.waitForEvent('console');
      await page.playwright.goto(`${page.url}block.html`);
      const message = (await logged).text();
      expect(errors).toEqual([]);
      const tags = [...block.code.matchAll(/<script src="(.*?)"/g)].map(([, url]) => url);
      expect(served.filter((url) => !url.endsWith('.wasm'))).toEqual(tags);
      expect([message]).toEqual(expected);
    });
  }
});

test.each(of('sh').map((block) => [named(block), block] as const))('%s', (_, { code }) => {
  const scripts = [...code.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script);
  const short = [...code.matchAll(/npm (start|test)\b/g)].map(([, script]) => script);
  expect([...scripts, ...short].filter((script) => !(script in MANIFEST.scripts))).toEqual([]);
  const files = [...code.matchAll(/\b(?:src|test|examples)\/[\w./-]+/g)].map(([file]) => file);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  const commands = [...code.matchAll(/npx tfjs-im2col-pooling ([\w-]+)([^#\n]*)/g)];
  for (const [, command, rest] of commands) {
    expect(COMMANDS).toContain(`.command('${command}')`);
    for (const [flag] of rest.matchAll(/--[\w-]+/g)) expect(COMMANDS).toContain(flag);
  }
  // A block that names nothing checkable must at least be an installation.
  expect(scripts.length + short.length + files.length + commands.length > 0 || /^npm install /m.test(code)).toBe(true);
});

function fileOf(url: string, folder: string, manifest: Manifest): string {
  const [, path] = /\/tfjs-im2col-pooling(?:@[\d.]+)?\/?(.*)$/.exec(new URL(url).pathname)!;
  return join(folder, path === '' ? manifest.jsdelivr : path);
}

function tfjsFileOf(url: string): string {
  const [, name, path] = /@tensorflow\/([\w-]+)@[\d.]+\/(.*)$/.exec(url) ?? [];
  if (path === undefined) throw new Error(`expected a file of @tensorflow at a version; got ${url}`);
  return join(ROOT, 'node_modules/@tensorflow', name, path);
}
