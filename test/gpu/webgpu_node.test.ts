/** A part of the conformance battery on WebGPU in Node, by the program that test/gpu/run.sh runs whole. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testsWith } from '../support/fetched';
import { isWide } from '../support/wide';

const ROOT = join(__dirname, '..', '..');
const adapter = process.env.TEST_WEBGPU_NODE ?? '';
const { declare, note } = testsWith('webgpu', adapter !== '');

declare(`WebGPU in Node${note}`, async () => {
  const args = [require.resolve('tsx/cli'), join(__dirname, 'main.ts'), '--every', isWide ? '1' : '25'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  const [, passed] = /^(\d+) passed, 0 failed$/m.exec(stdout) ?? [];
  expect([stdout.includes(adapter), Number(passed) > 10]).toEqual([true, true]);
});
