/** Starts workers, speaks to them as to objects (comlink), notices when one dies, and replaces it at the next question. */
import { type Remote, wrap } from 'comlink';
import type { CompareWorker } from '../workers/compare_protocol';
import type { RoutingWorker } from '../workers/routing_protocol';
import type { TrainWorker } from '../workers/train_protocol';

/** The folder of the page, wherever it is served from. */
export const BASE = new URL('.', document.baseURI).href;

/** The worker does not exist any more, nor anything that it kept. */
export class WorkerGone extends Error {}

export interface Workplace<T> {
  /** Starts the worker first, if there is none. @throws WorkerGone if the worker dies before it answers */
  ask<R>(question: (api: Remote<T>) => Promise<R>): Promise<R>;
  /** Ends the worker; all that wait for an answer get the reason. */
  end(reason: Error): void;
}

export const routingWorkplace = () => workplace<RoutingWorker>('routing');
export const trainWorkplace = () => workplace<TrainWorker>('train');
export const compareWorkplace = () => workplace<CompareWorker>('compare');

interface Startable {
  start(base: string): Promise<void>;
}
interface Running<T> {
  readonly api: Remote<T>;
  readonly started: Promise<void>;
  /** Rejects when the worker is gone. */
  readonly gone: Promise<never>;
  end(reason: Error): void;
}

function workplace<T extends Startable>(part: string): Workplace<T> {
  let running: Running<T> | undefined;
  const launched = (): Running<T> => {
    const made: Running<T> = launch(part);
    made.gone.catch(() => {
      if (running === made) running = undefined;
    });
    return made;
  };
  return {
    async ask(question) {
      const { api, started, gone } = (running ??= launched());
      return Promise.race([started.then(() => question(api)), gone]);
    },
    end: (reason) => running?.end(reason),
  };
}

let launches = 0;

function launch<T extends Startable>(part: string): Running<T> {
  const name = `${part} ${performance.timeOrigin} ${++launches}`;
  // The bundler finds workers by these very words.
  const worker = new Worker(new URL('../workers/worker.ts', import.meta.url), { type: 'module', name });
  const api = wrap<T>(worker);
  let isStarted = false;
  let end!: (reason: Error) => void;
  const gone = new Promise<never>((_, reject) => {
    end = (reason) => {
      worker.terminate();
      reject(reason);
    };
  });
  const die = (why = '') =>
    end(
      new WorkerGone(
        isStarted
          ? `The worker that computes has stopped${why}. Try again: the page starts another.`
          : `The worker that computes could not be started${why}. Try again, or reload the page.`,
      ),
    );
  worker.addEventListener('error', ({ message }) => die(message && `: ${message}`));
  const started = (api as Remote<Startable>).start(BASE).then(() => {
    isStarted = true;
    whenReleased(name, die);
  });
  started.catch((error: Error) => die(`: ${error.message}`));
  return { api, started, gone, end };
}

/** A worker that runs out of memory, or closes itself, fires no event. It holds a lock of its name as long as it lives. */
function whenReleased(name: string, act: () => void): void {
  // Undefined where the page came over plain http, whatever the types say.
  const locks = navigator.locks as LockManager | undefined;
  locks?.request(name, () => act()).catch(() => {});
}
