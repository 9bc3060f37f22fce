/** Programs that end with this process, however it ends: also where it is killed and can close nothing. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface TiedProcess {
  readonly child: ChildProcess;
  /** Rejects when the program ends by itself, with its last words. */
  readonly ended: Promise<never>;
  kill(): void;
}

// The shell reads what is never written: the end of this process closes the pipe. Either's end is the end of the whole group.
const TIED = '("$@"; kill -9 0) & cat > /dev/null; kill -9 0';

/** Starts it in a process group of its own; `fds` more pipes follow stdin, stdout and stderr. */
export function startTied(command: readonly string[], env: NodeJS.ProcessEnv, fds = 0): TiedProcess {
  const child = spawn('sh', ['-c', TIED, 'sh', ...command], {
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'pipe', ...Array.from({ length: fds }, () => 'pipe' as const)],
  });
  let words = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-1000);
  });
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      reject(new Error(`${command[0]} ended: ${words.trim().split('\n').at(-1)}`));
    });
  });
  ended.catch(() => {
    /* reported to whoever waits */
  });
  return {
    child,
    ended,
    kill: () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    },
  };
}
