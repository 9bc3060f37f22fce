/** The built command's `compare`, run as a user runs it: on every backend, as table, JSON, Markdown and page. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import picocolors from 'picocolors';
import { compareTable } from '../../src/cli/compare_table';
import { DEFAULT_CASES } from '../../src/compare/default_cases';
import type { CompareReport } from '../../src/compare/index';
import { openPage } from '../support/browser';
import { isWide } from '../support/wide';
import { unpackInception } from './inception';
import { type Project, makeProject } from './project';
import { trainAndSave } from './saved_models';

const missing = JSON.parse(process.env.TEST_MISSING ?? '{}') as Record<string, string>;
const required = (process.env.REQUIRE_BACKENDS ?? '').split(',');
let project: Project;
beforeAll(async () => {
  project = makeProject();
  await trainAndSave(join(project.folder, 'small'));
});
afterAll(() => project.remove());

const COUNT = DEFAULT_CASES.length;
const QUICK = ['compare', '--repeats', '0'];
/** One case in place of all. */
const SMALL = ['--model', 'small/model.json'];
const once = <T>(make: () => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const report = (args: string[], env?: NodeJS.ProcessEnv) => {
  const { status, stdout, stderr } = project.command([...args, '--json'], env);
  return { status, stderr, report: JSON.parse(stdout) as CompareReport };
};
const summary = ({ rows }: CompareReport, backend: string) =>
  rows
    .filter((row) => row.backend === backend)
    .map(
      (row) => `${row.case}: ${row.deviates}, ${row.kernels.ours.filter((name) => name.startsWith('Im2Col')).join()}`,
    );

/** A test that needs backends; skipped by name and reason where they cannot be had, failed where they are required. */
function testOn(keys: string[], title: string, body: () => Promise<void>): void {
  const lacking = keys.filter((key) => key in missing);
  if (lacking.length === 0) test(title, body);
  else if (lacking.some((key) => required.includes(key.split(' ')[0])))
    test(title, () => {
      throw new Error(lacking.map((key) => `${key}: ${missing[key]}`).join('; '));
    });
  else test.skip(`${title}: NOT AVAILABLE (${lacking.map((key) => `${key}: ${missing[key]}`).join('; ')})`, body);
}

/** cpu and wasm with times: the table, and the page. */
const timed = once(() =>
  project.command(['compare', '--backend', 'cpu, wasm', '--repeats', '1', '--html', 'out/report.html']),
);

test('cpu and wasm: a table to stdout, progress to stderr, status 0', () => {
  const { status, stdout, stderr } = timed();
  expect([status, stderr]).toEqual([
    0,
    `cpu: comparing (${2 * COUNT} comparisons in this run)\nwasm: comparing (${2 * COUNT} comparisons in this run)\n`,
  ]);
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 6));
  expect(rows.filter((row) => row.join() === 'tie,1x2x2x1,equal,equal,nothing lost,both right')).toHaveLength(1);
  expect(rows).toContainEqual(['tie', '1x2x2x1', 'equal', '2 of 4 differ', '100 % misplaced', 'built-in wrong']);
  expect(rows).toContainEqual('adaptive max, 7x5 to 3x2;2x7x5x3;no built-in;no built-in;-;ours right'.split(';'));
  // The sum of it comes before the tables.
  expect(rows).toContainEqual([
    'wasm',
    `0 of ${COUNT}`,
    `39 of ${COUNT - 5}`,
    expect.stringMatching(/x$/),
    expect.stringMatching(/x$/),
  ]);
  expect(stdout.indexOf('This package deviates')).toBeLessThan(stdout.indexOf('cpu: JavaScript'));
  expect(stdout).toContain(
    `This package deviates from its contract in 0 of ${2 * COUNT} comparisons; the built-in in 63 of the ${2 * (COUNT - 5)} in which there is one.`,
  );
  expect(stdout).toMatch(/ordinary 2\/2 .* ms, [\d.]+x/);
  expect(stdout).not.toContain('\u001b');
});

test('colour where it is asked for, and not against NO_COLOR', () => {
  const args = [...QUICK, '--backend', 'cpu', ...SMALL];
  expect(project.command(args, { FORCE_COLOR: '1' }).stdout).toContain('\u001b[32mboth right\u001b[39m');
  expect(project.command(args, { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).not.toContain('\u001b');
});

/** All cases on wasm. */
const onWasm = once(() => report([...QUICK, '--backend', 'wasm', '--seed', '4']));

test.each([80, 60])('%d columns: no line is longer, no word is split, nothing that is wrong is left out', (width) => {
  const stdout = compareTable(onWasm().report, { colors: picocolors.createColors(false), width });
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.length > width)).toEqual([]);
  expect(stdout).not.toContain('…');
  expect(lines.filter((line) => /^negatives .*gradient: 99 % lost/.test(line))).toHaveLength(1);
});

test('JSON and Markdown', () => {
  const { status, report: json } = onWasm();
  expect([status, json.kind, json.seed, json.repeats, json.backends.map(({ name }) => name)]).toEqual([
    0,
    'tfjs-im2col-pooling.compare',
    4,
    0,
    ['wasm'],
  ]);
  expect(json.rows).toHaveLength(COUNT);
  const { stdout } = project.command([...QUICK, '--backend', 'cpu', '--markdown']);
  expect(stdout).toContain(
    '| cpu | max | tie [1, 2, 2, 1] | equal | equal | nothing lost | both right | - | - | 1 of 20 |',
  );
  expect(project.command([...QUICK, '--json', '--markdown'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('cannot be used with'),
  });
});

test('a model: its layers, on what flows into them', () => {
  const { status, report: json } = report([...QUICK, '--backend', 'cpu,wasm', ...SMALL]);
  expect([status, json.model]).toEqual([0, 'stripes']);
  expect(json.rows.map((row) => [row.backend, row.case, row.about, row.shape.join('x')])).toEqual([
    ['cpu', 'pool_one', 'MaxPooling2D', '1x7x7x4'],
    ['wasm', 'pool_one', 'MaxPooling2D', '1x7x7x4'],
  ]);
  expect(project.command([...QUICK, '--model', 'small/nothing.json'])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: 'error: small/nothing.json: there is no such file\n',
  });
});

// It is a minute of the run; the layers of other models are above.
if (isWide)
  test('Inception V3: four maxima and ten averages, whose gradient the built-in loses at every border', () => {
    unpackInception(join(project.folder, 'inception'));
    const { status, report: json } = report([...QUICK, '--backend', 'wasm', '--model', 'inception/model.json']);
    expect(status).toBe(0);
    const of = (kind: string) => json.rows.filter(({ pooling }) => pooling === kind);
    expect([json.rows.length, of('max').length, of('average').length]).toEqual([14, 4, 10]);
    const [inside, ...border] = [...of('average')].reverse();
    // Windows of the whole image: only those of 3x3 reach over the border.
    expect([inside.outputShape, inside.deviates]).toEqual([[1, 1, 1, 2048], 'neither']);
    for (const { values, gradient, deviates, kernels } of border) {
      expect([deviates, values.fromContract, kernels.ours]).toEqual([
        'builtin',
        { ours: 0, builtin: 0 },
        expect.arrayContaining(['Im2ColAveragePool']),
      ]);
      expect(gradient!.mass.ours).toEqual({ lost: 0, misplaced: 0, invented: 0 });
      expect(gradient!.mass.builtin!.lost).toBeGreaterThan(0.03);
    }
  });

test('a model that tfjs cannot load, or that has nothing to compare: status 2 and the reason, no stack', () => {
  const edited = (edit: (text: string) => string) => {
    writeFileSync(
      join(project.folder, 'small', 'edited.json'),
      edit(readFileSync(join(project.folder, 'small', 'model.json'), 'utf8')),
    );
    return project.command([...QUICK, '--backend', 'cpu', '--model', 'small/edited.json']);
  };
  const unknown = edited((text) => text.replace('"class_name":"Flatten"', '"class_name":"Crumple"'));
  expect([unknown.status, unknown.stdout]).toEqual([2, '']);
  expect(unknown.stderr).toMatch(
    /^error: .*edited\.json: tfjs cannot load this model \(Unknown layer: Crumple\..*\)\n$/,
  );
  const cropped = edited((text) =>
    text.replace(
      '"class_name":"MaxPooling2D","config":{',
      '"class_name":"Cropping2D","config":{"cropping":[[2,2],[2,2]],',
    ),
  );
  expect([cropped.status, cropped.stdout]).toEqual([2, '']);
  expect(cropped.stderr).toMatch(/^error: .*expected a model with pooling layers; got none in 'stripes'\.\n$/);
  const average = edited((text) => text.replace('"class_name":"MaxPooling2D"', '"class_name":"AveragePooling2D"'));
  expect(average.status).toBe(0);
  expect(average.stdout).toMatch(/average pooling\n *pool_one +1x7x7x4 .* both right/);
});

test('status 1 where this package breaks its contract', () => {
  writeFileSync(
    join(project.folder, 'sabotage.js'),
    `
    const core = require('@tensorflow/tfjs-core');
    const { registerKernel } = core;
    const wrong = (config) => ({ ...config, kernelFunc: (params) => {
      const y = config.kernelFunc(params);
      params.backend.data.get(y.dataId).values[0] += 1;
      return y;
    } });
    core.registerKernel = (config) => registerKernel(config.kernelName === 'Im2ColMaxPool' && config.backendName === 'cpu' ? wrong(config) : config);`,
  );
  const { status, stdout } = project.command([...QUICK, '--backend', 'cpu', '--no-gradient'], {
    NODE_OPTIONS: '--require ./sabotage.js',
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/OURS WRONG/);
  expect(stdout).toMatch(new RegExp(`This package deviates from its contract in (?!0 )\\d+ of ${COUNT} comparisons`));
});

describe('what is not there is said, with what to do', () => {
  test('tfjs-node is not installed', () => {
    const { status, stderr, report: json } = report([...QUICK, '--backend', 'cpu,node', ...SMALL]);
    expect([status, json.backends.map((one) => one.missing)]).toEqual([
      2,
      [null, '@tensorflow/tfjs-node is not installed: npm install @tensorflow/tfjs-node'],
    ]);
    expect(stderr).toContain(
      'error: node: @tensorflow/tfjs-node is not installed: npm install @tensorflow/tfjs-node\n',
    );
  });

  test.each([[[]], [['--markdown']], [['--html', 'never.html']]])(
    'nothing but a backend that is not there: the reason alone, %j',
    (how) => {
      expect(project.command([...QUICK, '--backend', 'node', ...how])).toEqual({
        status: 2,
        stdout: '',
        stderr: 'error: node: @tensorflow/tfjs-node is not installed: npm install @tensorflow/tfjs-node\n',
      });
      expect(existsSync(join(project.folder, 'never.html'))).toBe(false);
    },
  );

  test('no browser driver', () => {
    const { status, stdout, stderr } = project.command([...QUICK, '--backend', 'webgl']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      'error: webgl: no browser driver was found: npm install --save-dev playwright-core (or one of playwright, puppeteer-core, puppeteer)\n',
    );
  });

  test('a driver but no browser, or one that does not start', () => {
    project.link('playwright-core');
    const none = project.command([...QUICK, '--backend', 'webgpu'], { PATH: '', CHROME_PATH: '' });
    expect([none.status, none.stderr]).toEqual([
      2,
      'error: webgpu: no Chromium or Chrome was found: install one, or name it in CHROME_PATH\n',
    ]);
    const bad = project.command([...QUICK, '--backend', 'webgl,cpu', ...SMALL], {
      CHROME_PATH: join(project.folder, 'no-chrome'),
    });
    expect(bad.status).toBe(2);
    expect(bad.stderr).toMatch(/error: webgl: no Chromium that was found can be started: .*no-chrome/);
    // The others are compared all the same.
    expect(bad.stdout).toContain('cpu: JavaScript');
  });

  test('a backend that nobody named may be missing', () => {
    const { status, report: json } = report([...QUICK, ...SMALL], { PATH: '', CHROME_PATH: '' });
    expect(status).toBe(0);
    expect(json.backends.map(({ name, missing: reason }) => [name, reason === null])).toEqual([
      ['cpu', true],
      ['wasm', true],
      ['webgl', false],
      ['webgpu', false],
      ['node', false],
    ]);
  });

  test('no TensorFlow.js at all', () => {
    const bare = mkdtempSync(join(tmpdir(), 'im2col-bare-'));
    cpSync(join(project.folder, 'node_modules', 'tfjs-im2col-pooling', 'dist'), join(bare, 'dist'), {
      recursive: true,
    });
    // Started from there, so that neither the command nor the working folder finds one.
    const { status, stderr } = project.elsewhere(bare, [...QUICK, '--backend', 'cpu']);
    rmSync(bare, { recursive: true });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /error: this needs TensorFlow\.js, which is not installed here: npm install @tensorflow\/tfjs/,
    );
  });
});

testOn(
  ['webgl in Chromium', 'webgpu in Chromium'],
  'webgl and webgpu, in a Chromium that the command starts',
  async () => {
    const env = { CHROME_PATH: process.env.TEST_CHROMIUM };
    // Gradients double what the software GPU compiles; test/compare/devices.test.ts has them.
    const how = isWide ? [] : ['--no-gradient'];
    const { status, report: json } = report([...QUICK, ...how, '--backend', 'webgl,webgpu'], env);
    expect([status, json.backends.map((one) => one.missing)]).toEqual([0, [null, null]]);
    expect(json.backends[0].description).toMatch(/WebGL 2, 32-bit textures/);
    for (const backend of ['webgl', 'webgpu']) {
      expect(summary(json, backend)).toHaveLength(COUNT);
      expect(summary(json, backend)).toContain(`tie: ${isWide ? 'builtin' : 'neither'}, Im2ColMaxPool`);
      expect(summary(json, backend)).toContain('negatives: neither, Im2ColMaxPool');
      expect(summary(json, backend)).toContain(`${isWide ? 'Infinity' : 'NaN'}: builtin, Im2ColMaxPool`);
    }
    const model = report([...QUICK, '--backend', 'webgl', ...SMALL], env);
    expect([model.status, model.report.model, summary(model.report, 'webgl').length]).toEqual([0, 'stripes', 1]);
  },
);

testOn(['node'], 'node, through the tfjs-node of the project', async () => {
  symlinkSync(process.env.TEST_TFJS_NODE!, join(project.folder, 'node_modules', '@tensorflow', 'tfjs-node'));
  const { status, report: json } = report([...QUICK, '--backend', 'node']);
  expect(status).toBe(0);
  expect(json.backends[0].description).toMatch(/^libtensorflow 2\./);
  expect(summary(json, 'node')).toContain('tie: neither, Im2ColMaxPool');
  expect(summary(json, 'node')).toContain('padding 1: builtin, Im2ColMaxPool');
});

testOn(['cpu in Chromium'], 'a page: one file, all rows, plots, nothing from elsewhere, light and dark', async () => {
  expect(timed().status).toBe(0);
  const html = readFileSync(join(project.folder, 'out', 'report.html'), 'utf8');
  expect(html).not.toMatch(/<(script|img|iframe)|<link(?! rel="icon" href="data:,")|@import|url\(|https?:/);
  const page = await openPage({ '/report.html': html });
  try {
    const colors: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.playwright.emulateMedia({ colorScheme });
      await page.playwright.goto(`${page.url}report.html`);
      colors.push(await page.playwright.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(new Set(colors).size).toBe(2);
    const found = await page.playwright.evaluate(() => ({
      tiles: Array.from(document.querySelectorAll('.tile b'))
        .slice(0, 2)
        .map((tile) => tile.textContent),
      right: document.querySelectorAll('.mark.neither').length,
      alone: Array.from(document.querySelectorAll('.mark.alone'), (mark) => mark.textContent),
      kinds: Array.from(document.querySelectorAll('.matrix .kind'), (kind) => kind.textContent),
      wrong: document.querySelectorAll('.mark.builtin').length,
      plots: document.querySelectorAll('svg').length,
      dots: document.querySelectorAll('svg circle').length,
      bars: document.querySelectorAll('svg rect').length,
      figures: document.querySelectorAll('details tr').length,
      tie: Array.from(document.querySelectorAll('.matrix tr:nth-child(3) > *'), (cell) => cell.textContent),
      windows: Array.from(document.querySelectorAll('.matrix td.window'), (cell) => cell.textContent),
      broken: document.querySelectorAll('svg .break').length,
    }));
    expect(found).toMatchObject({
      tiles: ['0', '63'],
      right: 25,
      wrong: 63,
      alone: new Array(10).fill('ours right'),
      kinds: ['max', 'average', 'global max', 'global average', 'adaptive max', 'adaptive average', 'Lp'].map(
        (kind) => `${kind} pooling`,
      ),
      plots: 2,
      dots: 28,
      // The head, and a line before each kind of pooling on each backend.
      figures: 2 * COUNT + 1 + 2 * 7,
      // Of a global maximum at a tie, on both backends, two strokes each.
      broken: 4,
    });
    expect(found.bars).toBeGreaterThan(20);
    expect(found.tie).toEqual([
      'tie1x2x2x1 · Of equal maxima the first wins.',
      '2x2 / 2x2',
      'right',
      'gradient: 100\u00a0%\u00a0misplaced',
    ]);
    expect(found.windows).toContain('3x3 / 2x2padding\u00a01');
    expect(found.windows).toContain('the whole input');
    // On a phone the page itself does not scroll sideways; its tables do. On a desk nothing does; no word leaves its cell.
    for (const width of [390, 1280]) {
      await page.playwright.setViewportSize({ width, height: 800 });
      const sizes = await page.playwright.evaluate(() => {
        document.querySelector('details')!.open = true;
        const tooWide = (selector: string) =>
          Array.from(document.querySelectorAll(selector)).filter((one) => one.scrollWidth > one.clientWidth).length;
        return [
          document.documentElement.scrollWidth,
          tooWide('.scroll') > 0,
          tooWide('.mark'),
          tooWide('.matrix th, .matrix td'),
        ];
      });
      expect(sizes).toEqual([width, width === 390, 0, 0]);
    }
  } finally {
    await page.close();
  }
});
