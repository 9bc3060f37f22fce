/** What is in the tarball, and that it is the same bytes whenever it is made. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { type Manifest, ROOT, filesIn, locked, pack, packedTarball } from './packed';
import { SCRIPTS } from './script_tags';

const read = (file: string) => readFileSync(join(folder, 'package', file), 'utf8');
let folder: string;
let files: string[];
let manifest: Manifest;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'im2col-packed-'));
  execFileSync('tar', ['xzf', packedTarball(), '-C', folder]);
  files = execFileSync('tar', ['tzf', packedTarball()], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''))
    .sort();
  manifest = JSON.parse(read('package.json')) as Manifest;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file that `exports` names. */
function exported(): string[] {
  return Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string'
      ? [entry]
      : [entry.import, entry.require].flatMap(({ types, default: code }) => [types, code]),
  );
}

/** The command, and the page that it opens: programs, which nobody imports. */
function commandFiles(): string[] {
  return [...Object.values(manifest.bin ?? {}).map((file) => posix.normalize(file)), 'dist/compare_page.js'];
}

/** The source files that the build is made of: a file of the build has the path of its source. */
function modules(): string[] {
  return filesIn('src')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/^src\//, 'dist/').replace(/\.ts$/, ''));
}

test('holds the build, four documents, package.json and the native kernels with their source, and nothing else', () => {
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.ja.md', 'README.md', 'package.json'];
  expect(files.filter((file) => !file.startsWith('dist/'))).toEqual([...documents, ...filesIn('src/kernels/native')]);
  const entries = exported()
    .map((file) => posix.normalize(file))
    .filter((file) => file !== 'package.json');
  const scripts = Object.values(SCRIPTS).flatMap((file) => [file, `${file}.map`]);
  const expected = new Set([...entries, ...scripts, ...commandFiles()]);
  const others = files.filter((file) => file.startsWith('dist/') && !expected.has(file));
  // Each other file is a module of the source, or package.json, whose version src/version.ts reads.
  const known = new Set([...modules(), 'dist/package']);
  expect(others.filter((file) => !known.has(file.replace(/\.(d\.ts|d\.mts|js|mjs)$/, '')))).toEqual([]);
  expect([...expected].filter((file) => !files.includes(file))).toEqual([]);
});

test('each entry has types, for import and for require, of its own format', () => {
  const entries = Object.entries(manifest.exports).filter(([name]) => name !== './package.json');
  expect(entries.map(([name]) => name)).toEqual([
    '.',
    './base',
    './convert',
    './compare',
    './keras',
    './training',
    './backends/cpu',
    './backends/wasm',
    './backends/webgl',
    './backends/webgpu',
    './backends/node',
  ]);
  for (const [, entry] of entries) {
    const { import: imported, require: required } = entry as Exclude<typeof entry, string>;
    expect(Object.keys(imported)).toEqual(['types', 'default']);
    expect(imported.types).toBe(imported.default.replace(/\.mjs$/, '.d.mts'));
    expect(required.types).toBe(required.default.replace(/\.js$/, '.d.ts'));
  }
});

test('no dependencies, two peers, no install scripts', () => {
  expect(manifest.dependencies).toBeUndefined();
  expect(manifest.peerDependencies).toEqual({
    '@tensorflow/tfjs-core': '^4.0.0 || ^4.23.0-rc.0',
    '@tensorflow/tfjs-layers': '^4.0.0 || ^4.23.0-rc.0',
  });
  expect(
    Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$|^dependencies$/.test(name)),
  ).toEqual([]);
  expect(manifest.engines).toEqual({ node: '>=20' });
});

test('sideEffects names the entries that register, and no other file', () => {
  const patterns = manifest.sideEffects
    .filter((pattern) => pattern.startsWith('./dist/'))
    .map((pattern) => new RegExp(`^${pattern.slice(2).replace(/\./g, '\\.').replace('*', '[^/]*')}$`));
  const named = files.filter((file) => patterns.some((pattern) => pattern.test(file)));
  const registering = files.filter((file) => /^dist\/(index|backends\/\w+|.*\.min)\.m?js$/.test(file));
  expect(named).toEqual(registering);
});

test.each(Object.values(SCRIPTS))('%s has a source map that holds its sources', (script) => {
  expect(read(script)).toContain(`//# sourceMappingURL=${posix.basename(script)}.map`);
  const map = JSON.parse(read(`${script}.map`)) as { sources: string[]; sourcesContent: string[] };
  const ours = map.sources
    .map((source, i) => ({ path: posix.join(posix.dirname(script), source), text: map.sourcesContent[i] }))
    .filter(({ path }) => path.startsWith('src/'));
  expect(ours.length).toBeGreaterThan(script === SCRIPTS['im2col.js'] ? 50 : 10);
  expect(ours.filter(({ path, text }) => text !== readFileSync(join(ROOT, path), 'utf8'))).toEqual([]);
});

test('nothing tells of the machine that built it', () => {
  for (const file of files) expect([file, read(file).includes(ROOT)]).toEqual([file, false]);
});

test('code is documented in the types alone, and can be shaken', () => {
  expect(read('dist/ops/max_pool.d.ts')).toContain('Max pooling over one spatial axis');
  expect(read('dist/ops/max_pool.mjs')).not.toContain('Max pooling over one spatial axis');
  expect(read('dist/layers/max_layers.mjs')).toContain('/* @__PURE__ */');
});

test.each(Object.values(SCRIPTS))('%s says which version it is', (script) => {
  expect(manifest.jsdelivr).toBe(manifest.unpkg);
  expect(read(script)).toMatch(new RegExp(`^/\\*! ${manifest.name} ${manifest.version}, Apache-2.0 \\*/`));
});

test('no backend in the public types', () => {
  const types = files.filter((file) => /\.d\.m?ts$/.test(file));
  const imports = types.flatMap((file) =>
    [...read(file).matchAll(/(?:from|import\()\s*["']([^"']+)["']/g)].map(([, name]) => name),
  );
  expect([...new Set(imports)].filter((name) => !name.startsWith('.')).sort()).toEqual([
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-layers',
  ]);
});

test('built again, it is the same bytes', () => {
  const again = locked(() => pack(folder));
  const unpacked = join(folder, 'again');
  mkdirSync(unpacked);
  execFileSync('tar', ['xzf', again, '-C', unpacked]);
  const differ = files.filter(
    (file) => !readFileSync(join(unpacked, 'package', file)).equals(readFileSync(join(folder, 'package', file))),
  );
  expect(differ).toEqual([]);
  const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  expect(hash(again)).toBe(hash(packedTarball()));
});
