/** The peers in Python: a process for each, which worker.py runs, and which waits while another one has its turn. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PeerCase, PeerOffer, What } from './peer';

/** The interpreter: BENCH_PYTHON names one that has the packages. */
export const PYTHON = process.env.BENCH_PYTHON ?? 'python3';

export const PYTHON_PEERS: readonly PeerOffer[] = [
  offer('PyTorch, channels first', 'torch', 'torch'),
  offer('PyTorch, channels last', 'torch-last', 'torch'),
  offer('JAX', 'jax', 'jax'),
  offer('TensorFlow', 'tensorflow', 'tensorflow-cpu'),
];

function offer(name: string, peer: string, distribution: string): PeerOffer {
  return {
    name,
    install: `${PYTHON} -m pip install ${distribution}`,
    async open() {
      const worker = startWorker(peer);
      const { version } = await worker.ask<{ version: string }>({ what: 'version' }).catch((error: unknown) => {
        worker.close();
        throw error;
      });
      return {
        title: `${version}${peer === 'torch-last' ? ', channels last' : peer === 'torch' ? ', channels first' : ''}`,
        prepare: async ({ benchCase, files, dyShape }: PeerCase) => {
          const request = { what: 'prepare', case: benchCase, shape: benchCase.shape, dyShape, ...files };
          const { y, dx } = await worker.ask<{ y: number; dx: number }>(request);
          return { forward: y, training: dx };
        },
        step: async (what: What) => (await worker.ask<{ ms: number }>({ what })).ms,
        close: worker.close,
      };
    },
  };
}

export interface Worker {
  /** Resolves to the answer. @throws Error with the worker's reason */
  ask<T>(request: object): Promise<T>;
  close(): void;
}

export function startWorker(peer: string): Worker {
  // Threads that spin while they wait would take the cores from whose turn it is.
  const env = { ...process.env, OMP_WAIT_POLICY: 'PASSIVE', KMP_BLOCKTIME: '0' };
  const child: ChildProcessWithoutNullStreams = spawn(PYTHON, [join(__dirname, 'worker.py'), peer], { env });
  let [complaint, waiting] = ['', [] as Array<(line: string | Error) => void>];
  const end = (reason: Error) => {
    waiting.forEach((tell) => tell(reason));
    waiting = [];
  };
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString()}`.slice(-2000);
  });
  child.on('error', end);
  child.on('close', () => end(new Error(complaint.trim().split('\n').at(-1) || `${PYTHON} ended`)));
  child.stdin.on('error', end);
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  return {
    async ask<T>(request: object): Promise<T> {
      const line = await new Promise<string | Error>((resolve) => {
        waiting.push(resolve);
        if (child.exitCode !== null) end(new Error(complaint.trim().split('\n').at(-1) || `${PYTHON} ended`));
        else child.stdin.write(`${JSON.stringify(request)}\n`);
      });
      if (line instanceof Error) throw line;
      const answer = JSON.parse(line) as T & { error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    },
    close: () => {
      child.stdin.end();
    },
  };
}
