/**
 * The conformance battery on WebGPU in Node, without a browser: on a machine's graphics card, or on Chromium's software GPU. It is
 * a program of its own, as the driver is chosen by a variable of the process. Run: npx tsx test/gpu/main.ts [--every N]
 */
import * as tf from '@tensorflow/tfjs';
import { Command } from 'commander';
import { expect as jestExpect } from 'expect';
import * as plugin from '../../src/index';
import { positive } from '../bench/options';
import { check as checkMaxima } from '../conformance/conformance';
import { CASES } from '../conformance/cases';
import { FAMILY_CASES, check as checkFamily } from '../family/family';
import { DEVICES, type Device } from '../support/devices';
import { enableWebGPU } from '../support/node_webgpu';
import { runPoolCase } from '../support/run_case';
import { runOp, runThrowingOp } from '../support/run_op';

async function main(): Promise<void> {
  const command = new Command('npx tsx test/gpu/main.ts').option('--every <n>', 'run every n-th case', positive, 1);
  const { every } = command.parse().opts<{ every: number }>();
  const { webgpuInNode } = await import('../../.ci/from_npm.mjs');
  const found = webgpuInNode();
  if (found === null)
    throw new Error('WebGPU in Node is not here: `node .ci/from_npm.mjs` fetches it, or says why not.');
  if (found.icd !== null) process.env.VK_ICD_FILENAMES = found.icd;
  enableWebGPU(found.path);
  if (!(await tf.setBackend('webgpu'))) throw new Error('The webgpu backend cannot be initialized here.');
  // The checks are those of the tests, which have it from Jest.
  Object.assign(globalThis, { expect: jestExpect });
  console.log(`WebGPU in Node ${process.versions.node}: ${found.adapter}`);
  const checks = [
    ...CASES.map((c) => [c.name, () => checkMaxima(DEVICE, c)] as const),
    ...FAMILY_CASES.map((c) => [c.name, () => checkFamily(DEVICE, c)] as const),
  ].filter((_, i) => i % every === 0);
  const failed: string[] = [];
  for (const [name, run] of checks) {
    await run().catch((error: Error) => failed.push(`${name}: ${error.message}`));
  }
  for (const line of failed) console.log(`✗ ${line}`);
  console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
  // Dawn may keep the process alive.
  process.exit(failed.length > 0 ? 1 : 0);
}

const DEVICE: Device = {
  spec: { ...DEVICES.webgpu, name: 'webgpu in Node', where: 'node' },
  stored: (tensor) => Promise.resolve(tensor),
  runPoolCase: (c) => runPoolCase(tf, plugin, c),
  runOp: (call) => runOp(tf, plugin, call),
  runThrowingOp: (call, insideTidy) => runThrowingOp(tf, plugin, call, insideTidy),
  close: async () => {},
};

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
