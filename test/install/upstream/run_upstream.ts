/**
 * Runs tfjs-core's own tests of pooling, as its npm package ships them and unchanged, on one backend. Bundled for Node and
 * for the page (bundle.ts): the tests then share one copy of tfjs-core with the backends.
 *
 * Everything is loaded by calls, as order matters: Jasmine, whose globals the tests use; the backend; what the tests are to
 * run on; our kernels, if asked for; the tests.
 */
import * as tf from '@tensorflow/tfjs-core';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import { installPoolingKernels } from '../../../src/base';
import { watchKernels } from '../../support/run_case';

export interface UpstreamRequest {
  /** As tfjs names it. */
  backend: string;
  installed: boolean;
  /** tfjs-node's folder, for its backend. */
  tfjsNode?: string | undefined;
}

interface UpstreamTest {
  name: string;
  passed: boolean;
  /** Why it failed: the first line. */
  message: string;
}

export interface UpstreamRun {
  tests: UpstreamTest[];
  /** Names of all kernels that ran. */
  kernels: string[];
}

/** As tfjs's own test set-ups have them: everything on the device. */
const FLAGS: Record<string, Record<string, number | boolean>> = {
  webgl: { WEBGL_VERSION: 2, WEBGL_CPU_FORWARD: false, WEBGL_SIZE_UPLOAD_UNIFORM: 0 },
  webgpu: { WEBGPU_CPU_FORWARD: false },
};

/** What of Jasmine is used here. */
interface Jasmine {
  configure(options: { random: boolean }): void;
  addReporter(reporter: { specDone(result: SpecResult): void }): void;
  execute(): Promise<unknown>;
}

interface SpecResult {
  fullName: string;
  status: string;
  failedExpectations: Array<{ message: string }>;
}

export async function runUpstream(request: UpstreamRequest): Promise<UpstreamRun> {
  const { backend, installed } = request;
  const environment = bootJasmine();
  loadBackend(request);
  const flags = FLAGS[backend] ?? {};
  setTestEnvs([{ name: backend, backendName: backend, flags, isDataSync: backend !== 'webgpu' }]);
  if (installed) installPoolingKernels();
  loadTests();
  const tests: UpstreamTest[] = [];
  environment.addReporter({
    specDone({ fullName, status, failedExpectations }) {
      // Suites are named after what they run on as well.
      const name = fullName.replace(` ${backend} ${JSON.stringify(flags)}`, '');
      const earlier = tests.filter((test) => test.name.replace(/ \(#\d+\)$/, '') === name).length;
      tests.push({
        name: earlier === 0 ? name : `${name} (#${earlier + 1})`,
        passed: status === 'passed',
        message: failedExpectations[0]?.message.split('\n')[0] ?? '',
      });
    },
  });
  const { names } = watchKernels(tf);
  await environment.execute();
  return { tests, kernels: [...names] };
}

function bootJasmine(): Jasmine {
  const required = require('jasmine-core/lib/jasmine-core/jasmine.js');
  const core = required.core(required);
  const environment = core.getEnv({ suppressLoadErrors: true }) as Jasmine;
  Object.assign(globalThis, required.interface(core, environment));
  environment.configure({ random: false });
  return environment;
}

/** Within the page's bundle there is no `tfjsNode`; in Node's, requiring it is left to Node. */
function loadBackend({ backend, tfjsNode }: UpstreamRequest): void {
  require('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  require('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');
  switch (backend) {
    case 'cpu':
      require('@tensorflow/tfjs-backend-cpu');
      break;
    case 'wasm':
      require('@tensorflow/tfjs-backend-wasm').setThreadsCount(1);
      break;
    case 'webgl':
      require('@tensorflow/tfjs-backend-webgl');
      break;
    case 'webgpu':
      require('@tensorflow/tfjs-backend-webgpu');
      break;
    default:
      (globalThis as unknown as { nodeRequire: NodeJS.Require }).nodeRequire(tfjsNode!);
  }
}

function loadTests(): void {
  require('@tensorflow/tfjs-core/dist/ops/max_pool_test.js');
  require('@tensorflow/tfjs-core/dist/ops/max_pool_3d_test.js');
  require('@tensorflow/tfjs-core/dist/ops/max_pool_with_argmax_test.js');
  require('@tensorflow/tfjs-core/dist/ops/pool_test.js');
  require('@tensorflow/tfjs-core/dist/ops/avg_pool_test.js');
  require('@tensorflow/tfjs-core/dist/ops/avg_pool_3d_test.js');
}
