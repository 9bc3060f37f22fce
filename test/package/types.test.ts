/** The packed package's types: compiled against by each way that TypeScript resolves modules, and as publint and attw see them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { KINDS, layerOptionsOf } from '../../src/kinds';
import { ROOT, packedTarball } from './packed';
import { type Project, makeProject } from './project';

const ENTRIES = ['cpu', 'wasm', 'webgl', 'webgpu', 'node']
  .map((name) => `import 'tfjs-im2col-pooling/backends/${name}';`)
  .join('\n');
const CONSUMER = `
${ENTRIES}
import * as tf from '@tensorflow/tfjs-core';
import * as pooling from 'tfjs-im2col-pooling';
import { type PoolOptions, type PoolingLayerClass, averagePool3d, adaptiveMaxPool2d, globalMaxPool1d, im2colAdaptiveAveragePooling2d, im2colMaxPooling1d, im2colMaxPooling2d, maxPool2d, maxUnpool1d } from 'tfjs-im2col-pooling/base';
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

// Lists whose length nobody knows, readonly tuples, numbers in place of tensors, and tensors of unknown rank, compile.
const sizes: number[] = [2, 2];
const ranked = ['same', [2, 1], [[0, 1], [1, 0]], [sizes, 1], [...sizes]] as const;
const tuple: readonly [number, number] = [2, 2];
const unknown: tf.Tensor = y;
const either: tf.Tensor3D | tf.Tensor4D = y;
const outputs: tf.Tensor[] = [
  maxPool2d(y, { poolSize: sizes, strides: tuple, padding: ranked[2], dilationRate: null }),
  maxPool2d([[[[1]]]], { poolSize: [1, 1], padding: [sizes, [1, 1]] }),
  maxPool2d(unknown, null),
  maxPool2d(either),
  maxPool2d(unknown as any),
  adaptiveMaxPool2d(unknown, { outputSize: [null, 3] }),
  globalMaxPool1d([[1]]),
];
const layers = [
  im2colMaxPooling1d(),
  im2colMaxPooling1d({ poolSize: [2], padding: [[1, 0]] }),
  im2colMaxPooling2d({ poolSize: sizes, padding: ranked[1], strides: null }),
  im2colAdaptiveAveragePooling2d({ outputSize: sizes, inputShape: [3, 3, 1] }),
  new pooling.MaxUnpooling3D({ outputSize: [3, 4, 5] }),
];
const anyLayer: PoolingLayerClass<'max'>[] = [pooling.Im2ColMaxPooling3D];
export const valid: unknown[] = [outputs, layers, anyLayer, pooling.im2col(y, { poolSize: [2, 3] })];

// What is wrong must not compile: were a type lost, it would be \`any\` and these would be unused.
// @ts-expect-error an unknown option
maxPool2d(y, { pool: 2 });
// @ts-expect-error a padding that does not exist
new pooling.Im2ColMaxPooling2D({ padding: 'full' });
// @ts-expect-error a size too many
maxPool2d(y, { poolSize: [2, 2, 2] });
// @ts-expect-error a size too few
averagePool3d(unknown, { strides: [2, 2] });
// @ts-expect-error a tuple with a size too many
maxPool2d(y, { dilationRate: [1, 1, 1] as const });
// @ts-expect-error an axis too many
im2colMaxPooling1d({ padding: [[1, 0], [0, 1]] });
// @ts-expect-error three numbers for before and after
im2colMaxPooling2d({ padding: [[1, 0, 1], 1] });
// @ts-expect-error a size too many
new pooling.MaxUnpooling2D({ outputSize: [5, 5, 5] });
// @ts-expect-error a size too few
adaptiveMaxPool2d(y, { outputSize: [5] });
// @ts-expect-error rank 2
maxPool2d(tf.zeros([4, 4]) as tf.Tensor2D);
// @ts-expect-error rank 5
globalMaxPool1d(tf.zeros([1, 2, 2, 2, 1]) as tf.Tensor5D);
// @ts-expect-error rank 4
maxUnpool1d(values, argmax, y.shape);
// @ts-expect-error no outputSize
adaptiveMaxPool2d(y, {});
// @ts-expect-error no options, where one is required
adaptiveMaxPool2d(y);
// @ts-expect-error no outputSize
im2colAdaptiveAveragePooling2d({ name: 'pool' });
// @ts-expect-error no arguments, where one is required
new pooling.Im2ColAdaptiveMaxPooling3D();
// @ts-expect-error null, where an option is required
pooling.im2colAdaptiveMaxPooling1d(null);
// @ts-expect-error no such export
pooling.maxPool4d;
`;

const { ModuleKind, ModuleResolutionKind: Resolution } = ts;
const MODES: Array<[string, string, ts.CompilerOptions]> = [
  ['nodenext, an ES module', 'consumer.mts', { module: ModuleKind.NodeNext, moduleResolution: Resolution.NodeNext }],
  ['nodenext, CommonJS', 'consumer.cts', { module: ModuleKind.NodeNext, moduleResolution: Resolution.NodeNext }],
  ['node16, CommonJS', 'consumer.cts', { module: ModuleKind.Node16, moduleResolution: Resolution.Node16 }],
  ['bundler', 'consumer.ts', { module: ModuleKind.ESNext, moduleResolution: Resolution.Bundler }],
  [
    'node10, which TypeScript 6 warns of',
    'consumer.ts',
    { module: ModuleKind.CommonJS, moduleResolution: Resolution.Node10, ignoreDeprecations: '6.0' },
  ],
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
    const [args] = checker.getTypeArguments(checker.getTypeOfSymbol(parameters[0]) as ts.TypeReference);
    const options = checker.getNonNullableType(args).getProperties();
    expect(options.length).toBeGreaterThan(9);
    return options.filter((option) => {
      const text = ts.displayPartsToString(option.getDocumentationComment(checker));
      const [file] = option.declarations!.map((declaration) => declaration.getSourceFile().fileName);
      return file.startsWith(project.installed) && option.name !== 'updatable' && !/default|required/i.test(text);
    });
  });
  expect(undocumented.map(({ name }) => name)).toEqual([]);
});

test('hovering a factory shows its options with their defaults', () => {
  const checker = program.getTypeChecker();
  const base = program.getSourceFile(join(project.installed, 'dist', 'base.d.ts'))!;
  for (const kind of KINDS)
    for (const rank of [1, 2, 3]) {
      const name = `${kind.layer.replace(/^(Im2Col|[A-Z])/, (start) => start.toLowerCase())}${rank}d`;
      const factory = checker.getExportsOfModule(checker.getSymbolAtLocation(base)!).find((one) => one.name === name)!;
      const tags = checker.getAliasedSymbol(factory).getJsDocTags(checker);
      const [args] = tags
        .filter(({ name: tag }) => tag === 'param')
        .map(({ text }) => ts.displayPartsToString(text).replace(/\s+/g, ' '));
      for (const option of Object.keys(layerOptionsOf(kind)))
        expect(args).toMatch(new RegExp(`\\b${option} \\(.+?\\)`));
    }
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
