/**
 * One backend in a Node process of its own, so that no other backend's memory or compiled code is around. Started by
 * runners.ts with the backend's name (and tfjs-node's folder); answers requests until the parent hangs up.
 */
import { useBackend } from './bench_backend';
import type { BackendName } from './cases';
import { type MeasureRequest, measureCase } from './measure';

export type WorkerReply = { value: unknown } | { error: string };

function open(backend: BackendName, tfjsNode: string | undefined): Promise<unknown> {
  // Required, not imported: the same copy of tfjs-core as ours, whichever loader runs this.
  if (backend === 'wasm') require('@tensorflow/tfjs-backend-wasm');
  if (backend === 'node') require(tfjsNode!);
  return useBackend(backend);
}

async function reply(work: Promise<unknown>): Promise<void> {
  const message: WorkerReply = await work.then(
    (value) => ({ value }),
    (error: Error) => ({ error: String(error.message ?? error) }),
  );
  process.send!(message);
}

const [backend, tfjsNode] = process.argv.slice(2);
process.on('disconnect', () => {
  process.exit(0);
});
process.on('message', (request: MeasureRequest) => {
  void reply(measureCase(request));
});
void reply(open(backend as BackendName, tfjsNode));
