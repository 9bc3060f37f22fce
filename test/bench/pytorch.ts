/** The comparison with PyTorch: finds a python3 that has it, or installs it where asked to, and runs pytorch.py. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BenchCase } from './cases';
import type { PytorchReport } from './results';

const FOLDER = join(__dirname, '..', '..', '.cache', 'torch');
/** An interpreter, and PYTHONPATH for it. An installed torch goes before ours, which that path would put first. */
const CANDIDATES: ReadonlyArray<readonly [python: string, path: string]> = [
  ['python3', ''],
  ['/usr/bin/python3', ''],
  ['python3', FOLDER],
];

export interface PytorchRequest {
  cases: readonly BenchCase[];
  pairs: number;
  install: boolean;
}

/** Throws with the reason where PyTorch cannot be had. */
export async function measurePytorch({ cases, pairs, install }: PytorchRequest): Promise<Omit<PytorchReport, 'bars'>> {
  if (cases.some(({ pooling }) => pooling === 'average')) throw new Error('it is compared in max pooling only');
  const [python, path] = (await interpreterWithTorch()) ?? (install ? await installTorch() : nothing());
  const printed = await run(python, [join(__dirname, 'pytorch.py')], path, JSON.stringify({ cases, pairs }));
  return JSON.parse(printed) as Omit<PytorchReport, 'bars'>;
}

async function interpreterWithTorch(): Promise<readonly [string, string] | undefined> {
  for (const [python, path] of CANDIDATES) {
    const found = await run(python, ['-c', 'import torch'], path).then(
      () => true,
      () => false,
    );
    if (found) return [python, path];
  }
  return undefined;
}

function nothing(): never {
  throw new Error(
    'no python3 here can import torch; ' +
      '`npm run bench -- --pytorch install` tries pip (some GB, into .cache/torch)',
  );
}

async function installTorch(): Promise<readonly [string, string]> {
  // pip's own settings (PIP_INDEX_URL and the like) choose where from; a wheel for the CPU alone is by far the smaller.
  await run(
    'python3',
    ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--target', FOLDER, 'torch', 'numpy'],
    '',
  ).catch((error: Error) => {
    throw new Error(`pip could not install torch: ${error.message}`);
  });
  await run('python3', ['-c', 'import torch'], FOLDER).catch((error: Error) => {
    throw new Error(`torch was installed into .cache/torch, but: ${error.message}`);
  });
  return ['python3', FOLDER];
}

/** Resolves to what it printed; rejects with the last line of its errors. */
function run(command: string, args: readonly string[], pythonPath: string, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = pythonPath === '' ? process.env : { ...process.env, PYTHONPATH: pythonPath };
    const child = spawn(command, args, { env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(stderr.trim().split('\n').at(-1) || `${command} ended with status ${String(code)}`));
    });
    child.stdin.on('error', () => {
      /* it ended before it read: 'close' tells */
    });
    child.stdin.end(input);
  });
}
