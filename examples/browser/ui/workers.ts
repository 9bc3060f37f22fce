/** Starts a worker and speaks to it as to an object (comlink). */
import { type Remote, wrap } from 'comlink';
import type { CompareWorker } from '../workers/compare_protocol';
import type { RoutingWorker } from '../workers/routing_protocol';
import type { TrainWorker } from '../workers/train_protocol';

/** The folder of the page, wherever it is served from. */
export const BASE = new URL('.', document.baseURI).href;

export interface Running<T> {
  readonly api: Remote<T>;
  terminate(): void;
}

export const startRoutingWorker = () => start<RoutingWorker>('routing');
export const startTrainWorker = () => start<TrainWorker>('train');
export const startCompareWorker = () => start<CompareWorker>('compare');

interface Startable {
  start(base: string): Promise<void>;
}

/** A worker whose script cannot be loaded says so by an event only; then nothing would ever answer. */
async function start<T extends Startable>(name: string): Promise<Running<T>> {
  // The bundler finds workers by these very words.
  const worker = new Worker(new URL('../workers/worker.ts', import.meta.url), { type: 'module', name });
  const api = wrap<T>(worker);
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener(
      'error',
      (event) => {
        reject(new Error(`The worker could not be started${event.message ? `: ${event.message}` : ''}.`));
      },
      { once: true },
    );
  });
  await Promise.race([(api as Remote<Startable>).start(BASE), failed]);
  return { api, terminate: () => worker.terminate() };
}
