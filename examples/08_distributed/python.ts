/** Runs Python: whether TensorFlow can be had, one process, or two that find each other. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PYTHON = process.env.PYTHON ?? 'python3';
const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'train.py');

/** Why there is no TensorFlow with Keras 3; null if there is. */
export function whatIsMissing(): string | null {
  const check =
    "import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in ('tensorflow', 'keras', 'numpy')))";
  const { status } = spawnSync(PYTHON, ['-c', check]);
  if (status === 0) return null;
  return `${PYTHON} has no TensorFlow with Keras 3. To train on: python3 -m venv venv && venv/bin/pip install tensorflow-cpu keras numpy, then PYTHON=venv/bin/python`;
}

/** One process; what it says is printed as it comes. */
export function mirrored(args: string[]): Promise<void> {
  return run(['mirrored', ...args]);
}

/** Two processes on this machine. */
export async function twoWorkers(args: string[]): Promise<void> {
  const worker = [await freePort(), await freePort()].map((port) => `127.0.0.1:${port}`);
  await Promise.all(
    [0, 1].map((index) =>
      run(['worker', ...args], { TF_CONFIG: JSON.stringify({ cluster: { worker }, task: { type: 'worker', index } }) }),
    ),
  );
}

function run(args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, ['-W', 'ignore', SCRIPT, ...args], { env: { ...process.env, ...env } });
    let problems = '';
    child.stdout.on('data', (text: Buffer) => process.stdout.write(text));
    child.stderr.on('data', (text: Buffer) => (problems += text.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${PYTHON} ${SCRIPT} ended with ${status}:\n${problems.slice(-2000)}`));
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
