/** The packed package's types: compiled against by each way that TypeScript resolves modules, and as publint and attw see them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT, packedTarball } from './packed';
import { type Project, makeProject } from './project';

const ENTRIES = ['cpu', 'wasm', 'webgl', 'webgpu', 'node']
  .map((name) => `import 'tfjs-im2col-pooling/backends/${name}';`)
  .join('\n');
const CONSUMER = `
${ENTRIES}
import * as tf from '@tensorflow/tfjs-core';
import * as pooling from 'tfjs-im2col-pooling';
import { type PoolOptions, maxPool2d } from 'tfjs-im2col-pooling/base';
import { type ConvertTarget, convertPoolingTopology } from 'tfjs-im2col-pooling/convert';
import { type CompareReport, comparePooling } from 'tfjs-im2col-pooling/compare';
import { type WasmTrainingKernels, registerWasmTrainingKernels } from 'tfjs-im2col-pooling/training';

const options: PoolOptions = { poolSize: [2, 3], padding: 'same', nan: 'ignore' };
const y: tf.Tensor4D = maxPool2d(tf.zeros([1, 4, 6, 1]) as tf.Tensor4D, options);
const { values, argmax }: { values: tf.Tensor4D; argmax: tf.Tensor4D } = pooling.maxPoolWithArgmax2d(y, { poolSize: 1 });
const unpooled: tf.Tensor = pooling.maxUnpool2d(values, argmax, y.shape, { poolSize: 1 });
const layer: pooling.Im2ColMaxPooling2D = new pooling.Im2ColMaxPooling2D({ poolSize: 2, name: 'pool' });
const size: readonly number[] = layer.spec.poolSize;
export const indices: Promise<Int32Array> = pooling.argmaxToIndices(argmax, y.shape, { poolSize: 1 }, 'onnx');
const target: ConvertTarget = 'im2col';
export const report: Promise<CompareReport> = comparePooling({ repeats: 0 });
export const training: () => WasmTrainingKernels = registerWasmTrainingKernels;
export default [unpooled, size, convertPoolingTopology({}, { to: target })];

// What is wrong must not compile: were a type lost, it would be \`any\` and these would be unused.
// @ts-expect-error an unknown option
maxPool2d(y, { pool: 2 });
// @ts-expect-error a padding that does not exist
new pooling.Im2ColMaxPooling2D({ padding: 'full' });
// @ts-expect-error no such export
pooling.maxPool4d;
`;

const { ModuleKind, ModuleResolutionKind: Resolution } = ts;
const MODES: Array<[string, string, ts.CompilerOptions]> = [
  ['nodenext, an ES module', 'consumer.mts', { module: ModuleKind.NodeNext, moduleResolution: Resolution.NodeNext }],
  ['nodenext, CommonJS', 'consumer.cts', { module: ModuleKind.NodeNext, moduleResolution: Resolution.NodeNext }],
  ['node16, CommonJS', 'consumer.cts', { module: ModuleKind.Node16, moduleResolution: Resolution.Node16 }],
  ['bundler', 'consumer.ts', { module: ModuleKind.ESNext, moduleResolution: Resolution.Bundler }],
  ['node10', 'consumer.ts', { module: ModuleKind.CommonJS, moduleResolution: Resolution.Node10 }],
];

let project: Project;
let program: ts.Program;
beforeAll(() => {
  // No backend is installed here: the public types must do without.
  project = makeProject(['tfjs-core', 'tfjs-layers']);
  project.write({ 'consumer.ts': CONSUMER, 'consumer.mts': CONSUMER, 'consumer.cts': CONSUMER });
});
afterAll(() => project?.remove());

test.each(MODES)('%s', (_, file, options) => {
  program = ts.createProgram([join(project.folder, file)], {
    ...options,
    target: ts.ScriptTarget.ES2020,
    lib: ['lib.es2020.d.ts', 'lib.dom.d.ts'],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    esModuleInterop: true,
    exactOptionalPropertyTypes: false,
    types: [],
  });
  const ours = (name: string | undefined) => name === undefined || name.startsWith(project.folder);
  // Types of tfjs itself have errors that are not ours to mend.
  const diagnostics = ts.getPreEmitDiagnostics(program).filter((diagnostic) => ours(diagnostic.file?.fileName));
  expect(
    ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => project.folder,
      getNewLine: () => '\n',
    }),
  ).toBe('');
  const used = program
    .getSourceFiles()
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith(project.installed));
  expect(used.filter((name) => name.includes('/backends/'))).toHaveLength(5);
  expect(
    used.every((name) =>
      name.endsWith(file === 'consumer.cts' || options.moduleResolution === Resolution.Node10 ? '.d.ts' : '.d.mts'),
    ),
  ).toBe(true);
});

test('an editor shows the default of each option of a factory', () => {
  const checker = program.getTypeChecker();
  const base = program.getSourceFile(join(project.installed, 'dist', 'base.d.ts'))!;
  const factories = checker
    .getExportsOfModule(checker.getSymbolAtLocation(base)!)
    .filter(({ name }) => /^(im2col|max)\w+ing[123]d$/.test(name));
  expect(factories).toHaveLength(24);
  const undocumented = factories.flatMap((factory) => {
    const [{ parameters }] = checker.getTypeOfSymbol(checker.getAliasedSymbol(factory)).getCallSignatures();
    const options = checker.getNonNullableType(checker.getTypeOfSymbol(parameters[0])).getProperties();
    return options.filter((option) => {
      const text = ts.displayPartsToString(option.getDocumentationComment(checker));
      const [file] = option.declarations!.map((declaration) => declaration.getSourceFile().fileName);
      return file.startsWith(project.installed) && option.name !== 'updatable' && !/default|required/i.test(text);
    });
  });
  expect(undocumented.map(({ name }) => name)).toEqual([]);
});

test('publint has nothing to say', async () => {
  const program = `
    import { publint } from 'publint';
    import { formatMessage } from 'publint/utils';
    import { readFileSync } from 'node:fs';
    const [tarball] = process.argv.slice(1);
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) }, strict: true });
    console.log(JSON.stringify([pkg.name, messages.map((message) => formatMessage(message, pkg))]));`;
  expect(fromTools(program)).toEqual(['tfjs-im2col-pooling', []]);
});

test('are the types wrong? They are not', async () => {
  const program = `
    import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
    import { readFileSync } from 'node:fs';
    const [tarball] = process.argv.slice(1);
    const { problems, entrypoints } = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
    console.log(JSON.stringify([Object.keys(entrypoints).sort(), problems]));`;
  const [entries, problems] = fromTools(program) as [string[], unknown[]];
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object };
  expect(entries).toEqual(Object.keys(manifest.exports).sort());
  expect(problems).toEqual([]);
});

/** Both are ES modules, which run outside of jest. */
function fromTools(program: string): unknown {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program, packedTarball()], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return JSON.parse(printed.trim().split('\n').pop() ?? '');
}
