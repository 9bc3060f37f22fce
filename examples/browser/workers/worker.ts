/** The one worker script, so that TensorFlow.js is fetched once: its name says which part of the page it serves. */
import { expose } from 'comlink';
import { compareWorker } from './compare_worker';
import { routingWorker } from './routing_worker';
import { trainWorker } from './train_worker';

const WORKERS: Record<string, object> = { routing: routingWorker, train: trainWorker, compare: compareWorker };

expose(WORKERS[self.name]);
