/** The packed package on Node 22, 24 and 26, Bun and Deno: both formats, on cpu, wasm and, in Node, tfjs-node. */
import { testsWith } from '../support/fetched';
import { type Project, REPORT, expectedReport, makeProject } from './project';

const paths = JSON.parse(process.env.TEST_RUNTIMES!) as Record<string, string | null>;
const TFJS_NODE = process.env.TEST_TFJS_NODE ?? '';
const PRINT = (backend: string) => `console.log(JSON.stringify(await report(tf, pooling, '${backend}')));`;

/** On wasm the layer's kernels are the same; what runs is our SIMD module. */
const PROGRAMS = {
  'esm.mjs': `import * as tf from '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-backend-cpu'; import '@tensorflow/tfjs-backend-wasm';
import * as pooling from 'tfjs-im2col-pooling';
${REPORT} ${PRINT('cpu')} ${PRINT('wasm')}`,
  'cjs.cjs': `const tf = require('@tensorflow/tfjs-core'); require('@tensorflow/tfjs-backend-cpu'); require('@tensorflow/tfjs-backend-wasm');
const pooling = require('tfjs-im2col-pooling');
(async () => { ${REPORT} ${PRINT('cpu')} ${PRINT('wasm')} })();`,
  // The package before and after tfjs-node: util.isNullOrUndefined must be there by the first operation in both orders.
  'node_first.cjs': `const tf = require(${JSON.stringify(TFJS_NODE)}); const pooling = require('tfjs-im2col-pooling');
(async () => { ${REPORT} ${PRINT('tensorflow')} })();`,
  'node_last.cjs': `require('tfjs-im2col-pooling/backends/node'); const tf = require(${JSON.stringify(TFJS_NODE)});
const pooling = require('tfjs-im2col-pooling/base');
(async () => { ${REPORT} ${PRINT('tensorflow')} })();`,
};

const FLAGS: Record<string, string[]> = { deno: ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual'] };

let project: Project;
beforeAll(() => {
  project = makeProject(['tfjs-core', 'tfjs-layers', 'tfjs-backend-cpu', 'tfjs-backend-wasm']);
  project.write(PROGRAMS);
});
afterAll(() => project?.remove());

/** The reports that a program printed, one a line. */
function reportsOf(name: string, program: keyof typeof PROGRAMS): unknown[] {
  const printed = project.run(paths[name]!, [...(FLAGS[name] ?? []), program]);
  return printed.split('\n').flatMap((line) => (line.startsWith('{"backend"') ? [JSON.parse(line)] : []));
}

describe.each(Object.keys(paths))('%s', (name) => {
  const isThere = paths[name] !== null;
  const { declare, note } = testsWith(name, isThere);

  declare.each(['esm.mjs', 'cjs.cjs'] as const)(`%s on cpu and wasm${note}`, (program) => {
    expect(isThere).toBe(true);
    expect(reportsOf(name, program)).toEqual([expectedReport('cpu'), expectedReport('wasm')]);
  });

  if (!name.startsWith('node')) return;
  const declareNode = isThere && TFJS_NODE !== '' ? test : test.skip;
  const nodeNote = TFJS_NODE === '' ? ': NOT AVAILABLE (tfjs-node has no native part here)' : note;
  declareNode.each(['node_first.cjs', 'node_last.cjs'] as const)(`%s on tfjs-node${nodeNote}`, (program) => {
    expect(reportsOf(name, program)).toEqual([expectedReport('tensorflow')]);
  });
});
