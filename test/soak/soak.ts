/** The soak's short version: the command itself in a process of its own, on one backend. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BACKENDS } from '../bench/cases';
import { DEVICES, isRequired, missingReason } from '../support/devices';
import type { SoakReport } from './main';
import { shareOf } from '../support/wide';
import { OPERATIONS } from './operations';

export interface Run {
  status: number;
  stdout: string;
  stderr: string;
  report: SoakReport | undefined;
}

export async function runSoak(args: readonly string[]): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const json = join(folder, 'soak.json');
  const command = [require.resolve('tsx/cli'), join(__dirname, 'main.ts'), '--json', json, ...args];
  const run = await new Promise<Omit<Run, 'report'>>((resolve) => {
    execFile(process.execPath, command, { cwd: join(__dirname, '..', '..') }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
  const text = await readFile(json, 'utf8').catch(() => undefined);
  await rm(folder, { recursive: true });
  return { ...run, report: text === undefined ? undefined : (JSON.parse(text) as SoakReport) };
}

/** The kernel of ours that an operation must have called; index conversion calls none. */
function kernelOf(operation: string): RegExp | undefined {
  if (/^(argmax|indices)To/.test(operation)) return undefined;
  if (/^(max|globalMax|adaptiveMax)Pool|^install/.test(operation)) return /^Im2ColMaxPoolArgmax$/;
  if (/Average/i.test(operation)) return /^Im2ColAverageSpread$/;
  if (/Argmax$|^maxUnpool/.test(operation)) return /^Im2ColScatterArgmax$/;
  return /^Im2Col/;
}

/** WebGL compiles two thousand shaders for all operations, on a software GPU and maybe a busy machine. */
const TIMEOUT = 900_000;

/** Declares the test of a backend: its share of the operations, [from, of], or every one in a wide run; each `calls` times. */
export function soak(
  backend: (typeof BACKENDS)[number],
  calls: number,
  share: readonly [number, number] = [0, 1],
): void {
  const operations = shareOf(OPERATIONS, ...share).map(({ name }) => name);
  const reason = missingReason(DEVICES[backend]);
  const declare = reason === undefined || isRequired(DEVICES[backend]) ? test : test.skip;
  declare(
    `${calls} calls of each operation (${operations.length} of ${OPERATIONS.length}) leave nothing on ${backend}${reason ? `: NOT AVAILABLE (${reason})` : ''}`,
    async () => {
      const run = await runSoak(['--backend', backend, '--calls', String(calls), '--operation', operations.join()]);
      expect(run.report?.missing).toEqual([]);
      const { rows } = run.report!.backends[0];
      expect(rows.map(({ operation }) => operation)).toEqual(operations);
      for (const row of rows) {
        expect(row).toMatchObject({ left: 0, growths: [] });
        const kernel = kernelOf(row.operation);
        if (kernel && 'kernels' in row) expect(row.kernels).toContainEqual(expect.stringMatching(kernel));
      }
      expect(Math.max(...run.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(run.status).toBe(0);
    },
    TIMEOUT,
  );
}
