/** The worker's side of a Node process with one backend; runners.ts starts it with the backend's name (and the folder of tfjs-node, or of WebGPU for Node). */
import { enableWebGPU } from '../support/node_webgpu';
import { useBackend } from './bench_backend';
import type { BackendName } from './cases';

export type WorkerReply = { value: unknown } | { error: string };

/** Makes the backend current and replies what it is; then answers requests until the parent hangs up. */
export function serve<Request>(answer: (request: Request) => Promise<unknown>): void {
  const [backend, folder] = process.argv.slice(2);
  process.on('disconnect', () => {
    process.exit(0);
  });
  process.on('message', (request: Request) => {
    void reply(answer(request));
  });
  void reply(open(backend as BackendName, folder));
}

function open(backend: BackendName, folder: string | undefined): Promise<unknown> {
  // Required, not imported: the same copy of tfjs-core as ours, whichever loader runs this.
  if (backend === 'wasm') require('@tensorflow/tfjs-backend-wasm');
  if (backend === 'node') require(folder!);
  if (backend === 'webgpu-node') enableWebGPU(folder!);
  return useBackend(backend);
}

async function reply(work: Promise<unknown>): Promise<void> {
  const message: WorkerReply = await work.then(
    (value) => ({ value }),
    (error: Error) => ({ error: String(error.message ?? error) }),
  );
  process.send!(message);
}
