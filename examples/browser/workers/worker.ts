/** The one worker script, so that TensorFlow.js is fetched once: its name begins with the part of the page that it serves. */
import { expose } from 'comlink';
import { compareWorker } from './compare_worker';
import { routingWorker } from './routing_worker';
import { trainWorker } from './train_worker';

const WORKERS = { routing: routingWorker, train: trainWorker, compare: compareWorker };
const worker = WORKERS[self.name.split(' ')[0] as keyof typeof WORKERS];
const held = holdLock();

expose({
  ...worker,
  async start(base: string) {
    await held;
    await worker.start(base);
  },
});

/** Until this worker ends: ui/workers.ts waits for that. Undefined where the page came over plain http. */
function holdLock(): Promise<void> | undefined {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return undefined;
  return new Promise((resolve) => {
    const hold = () => {
      resolve();
      return new Promise<void>(() => {});
    };
    locks.request(self.name, hold).catch(() => resolve());
  });
}
