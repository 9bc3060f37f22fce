/** The packed package in fresh Node projects: ES modules, CommonJS, both at once, the parts, and tfjs-node. */
import { DEVICES, describeDevice } from '../support/devices';
import { type Project, REPORT, expectedReport, makeProject } from './project';

const CORE_AND_CPU = ['tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu'];
const BACKENDS = { cpu: 'cpu', wasm: 'wasm', webgl: 'webgl', webgpu: 'webgpu', node: 'tensorflow' } as const;
/** Prints the names of our kernels by backend. */
const LIST_KERNELS = `
  const listed = ['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow']
    .map((backend) => [backend, tf.getKernelsForBackend(backend).filter((k) => k.kernelName.startsWith('Im2Col')).length]);
  console.log(JSON.stringify(Object.fromEntries(listed.filter(([, count]) => count > 0))));`;
const PRINT = 'console.log(JSON.stringify(await report(tf, pooling)));';

let project: Project;
beforeAll(() => {
  project = makeProject([...CORE_AND_CPU, 'tfjs']);
});
afterAll(() => project?.remove());

const esm = (program: string) => project.nodeJson(['--input-type=module', '-e', program]);
const commonJs = (program: string) => project.nodeJson(['-e', `(async () => { ${program} })();`]);

test('ES module, with the union package', () => {
  expect(
    esm(`import * as tf from '@tensorflow/tfjs'; import * as pooling from 'tfjs-im2col-pooling'; ${REPORT} ${PRINT}`),
  ).toEqual(expectedReport('cpu'));
});

test('ES module, with tfjs-core and tfjs-layers alone', () => {
  expect(
    esm(`import * as tf from '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-backend-cpu';
    import * as pooling from 'tfjs-im2col-pooling'; ${REPORT} ${PRINT}`),
  ).toEqual(expectedReport('cpu'));
});

test('CommonJS', () => {
  expect(
    commonJs(
      `const tf = require('@tensorflow/tfjs'); const pooling = require('tfjs-im2col-pooling'); ${REPORT} ${PRINT}`,
    ),
  ).toEqual(expectedReport('cpu'));
});

test('CommonJS and ES module in one process: the second adds nothing, warns of nothing', () => {
  const program = `const tf = require('@tensorflow/tfjs'); require('tfjs-im2col-pooling');
    const warnings = []; console.warn = (text) => { if (!/^\\s*=+\\s+Hi, looks like/.test(text)) warnings.push(text); };
    const pooling = await import('tfjs-im2col-pooling');
    ${REPORT} console.log(JSON.stringify([warnings, await report(tf, pooling)]));`;
  expect(commonJs(program)).toEqual([[], expectedReport('cpu')]);
});

test('every export of the entries is the same in both formats', () => {
  const names = (entry: string) => [
    esm(`import * as all from '${entry}'; console.log(JSON.stringify(Object.keys(all).sort()));`),
    commonJs(`console.log(JSON.stringify(Object.keys(require('${entry}')).sort()));`),
  ];
  const [fromEsm, fromCommonJs] = names('tfjs-im2col-pooling');
  expect(fromEsm).toContain('maxPool2d');
  expect(fromCommonJs).toEqual(fromEsm);
  expect(names('tfjs-im2col-pooling/base')).toEqual([fromEsm, fromEsm]);
  const tools = {
    convert: ['convertPooling', 'convertPoolingTopology'],
    compare: ['comparePooling', 'formatMarkdown'],
  };
  for (const [entry, expected] of Object.entries(tools)) {
    expect(names(`tfjs-im2col-pooling/${entry}`)).toEqual([expected, expected]);
    for (const name of expected) expect(fromEsm).not.toContain(name);
  }
});

test('./base registers nothing, neither kernels nor layers', () => {
  expect(
    commonJs(`const tf = require('@tensorflow/tfjs-core'); require('tfjs-im2col-pooling/base'); ${LIST_KERNELS}`),
  ).toEqual({});
  expect(
    commonJs(`const tf = require('@tensorflow/tfjs'); const { im2colMaxPooling2d } = require('tfjs-im2col-pooling/base');
    const model = tf.sequential({ layers: [im2colMaxPooling2d({ inputShape: [4, 4, 1] })] });
    console.log(JSON.stringify(await tf.models.modelFromJSON(model.toJSON(null, false)).then(() => '', (error) => error.message)));`),
  ).toMatch(/Unknown layer: Im2ColMaxPooling2D/);
});

test('./convert and ./compare register no kernel, and share the layers of the main entry', () => {
  const imports = "import 'tfjs-im2col-pooling/convert'; import 'tfjs-im2col-pooling/compare';";
  expect(esm(`import * as tf from '@tensorflow/tfjs-core'; ${imports} ${LIST_KERNELS}`)).toEqual({});
  expect(
    esm(`import * as tf from '@tensorflow/tfjs'; import { Im2ColMaxPooling2D } from 'tfjs-im2col-pooling';
    import { convertPooling } from 'tfjs-im2col-pooling/convert';
    const model = tf.sequential({ layers: [tf.layers.maxPooling2d({ inputShape: [4, 4, 1] })] });
    const { layers } = await convertPooling(model, { to: 'im2col' });
    console.log(JSON.stringify(layers.some((layer) => layer instanceof Im2ColMaxPooling2D)));`),
  ).toBe(true);
});

test.each(Object.entries(BACKENDS))(
  './backends/%s registers the kernels of that backend, and no other',
  (entry, backend) => {
    const name = `tfjs-im2col-pooling/backends/${entry}`;
    const all = esm(`import * as tf from '@tensorflow/tfjs-core'; import 'tfjs-im2col-pooling'; ${LIST_KERNELS}`);
    const { [backend]: count, ...others } = all as Record<string, number>;
    expect(count).toBeGreaterThanOrEqual(6);
    expect(Object.keys(others)).toHaveLength(4);
    expect(esm(`import * as tf from '@tensorflow/tfjs-core'; import '${name}'; ${LIST_KERNELS}`)).toEqual({
      [backend]: count,
    });
    expect(commonJs(`const tf = require('@tensorflow/tfjs-core'); require('${name}'); ${LIST_KERNELS}`)).toEqual({
      [backend]: count,
    });
  },
);

test('./base with one backend computes by its kernels', () => {
  expect(
    esm(`import * as tf from '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-backend-cpu';
    import 'tfjs-im2col-pooling/backends/cpu'; import * as pooling from 'tfjs-im2col-pooling/base'; ${REPORT} ${PRINT}`),
  ).toEqual(expectedReport('cpu'));
});

test('nothing else of the package can be imported', () => {
  expect(() => project.node(['-e', "require('tfjs-im2col-pooling/dist/index.js')"])).toThrow(
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
  );
  expect(commonJs("console.log(JSON.stringify(require('tfjs-im2col-pooling/package.json').name));")).toBe(
    'tfjs-im2col-pooling',
  );
});

describeDevice('node', 'the packed package', () => {
  const require_ = `const tf = require(${JSON.stringify(process.env.TEST_TFJS_NODE)});`;

  test('on tfjs-node', () => {
    expect(commonJs(`${require_} const pooling = require('tfjs-im2col-pooling'); ${REPORT} ${PRINT}`)).toEqual(
      expectedReport(BACKENDS[DEVICES.node.backend]),
    );
  });

  test('on tfjs-node, with the kernels of that backend alone', () => {
    expect(
      commonJs(`${require_} require('tfjs-im2col-pooling/backends/node'); const pooling = require('tfjs-im2col-pooling/base');
      ${REPORT} ${PRINT}`),
    ).toEqual(expectedReport('tensorflow'));
  });
});
