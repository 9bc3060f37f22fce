/** From a backend's name on the command line to a tfjs backend that can train. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { registerWasmTrainingKernels } from 'tfjs-im2col-pooling/training';
import type { BackendChoice } from './args';

const TFJS_NODE = '@tensorflow/tfjs-node';
/** Where `node .ci/tfjs_node.mjs` builds it for the tests. */
const BUILT_HERE = join('.cache', 'tfjs-node', 'node_modules', TFJS_NODE);

/** @throws Error with what to do, if the backend cannot be had here */
export async function useBackend(choice: BackendChoice): Promise<void> {
  // tfjs greets users of its cpu backend in Node with an advertisement for tfjs-node, unless in production.
  tf.enableProdMode();
  if (choice === 'wasm') registerWasmTrainingKernels();
  if (choice === 'node') requireTfjsNode();
  const name = choice === 'node' ? 'tensorflow' : choice;
  if (!(await tf.setBackend(name))) throw new Error(`The backend ${choice} cannot be initialized on this machine.`);
  await tf.ready();
}

/** @throws Error with what to do, where there is none */
export function requireTfjsNode(): typeof tf {
  // libtensorflow tells about instruction sets and threads on stderr unless told not to.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const require = createRequire(import.meta.url);
  const reasons: string[] = [];
  for (const path of [TFJS_NODE, join(process.cwd(), BUILT_HERE)]) {
    try {
      return require(path) as typeof tf;
    } catch (error) {
      reasons.push((error as Error).message.split('\n')[0]);
    }
  }
  throw new Error(
    `The node backend needs ${TFJS_NODE}. Install it (npm install --no-save ${TFJS_NODE}), or build it as ` +
      `the tests do (node .ci/tfjs_node.mjs).\n${reasons.map((reason) => `  tried: ${reason}`).join('\n')}`,
  );
}
