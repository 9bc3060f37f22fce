/** The Train part's worker: keeps the networks, trains them, saves and loads them. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PoolingKind } from '../../mnist/networks';
import type { Backend } from '../shared/backends';
import { type Digits, fetchDigits } from '../train/digits';
import { Session } from '../train/session';
import { inMemory, loadModelFiles, loadSaved, modelFiles, progressOf, saveModel, savedModel } from '../train/storage';
import type { Progress, TrainWorker } from './train_protocol';
import { prepareBackends, useBackend } from './use_backend';

let base = '';
let digits: Promise<{ train: Digits; test: Digits }> | undefined;
const sessions = new Map<PoolingKind, Session>();

export const trainWorker: TrainWorker = {
  async start(folder) {
    base = folder;
    prepareBackends(base);
  },
  async create(backend, options) {
    await useBackend(backend);
    return keep(Session.create(await allDigits(), backend, options));
  },
  async train(pooling, backend, epochs, onStep) {
    await moveTo(pooling, backend);
    return present(pooling).train(epochs, onStep);
  },
  pause() {
    for (const session of sessions.values()) session.pause();
  },
  progress: async (pooling) => present(pooling).progress,
  async test(pooling) {
    const session = await ready(pooling);
    await session.test();
    return session.progress;
  },
  predict: async (pooling, count) => (await ready(pooling)).predict(count),
  save: async (pooling) => saveModel(present(pooling).model, present(pooling).progress),
  saved: savedModel,
  load: async (backend) => resume(backend, loadSaved),
  files: async (pooling) => modelFiles(present(pooling).model, present(pooling).progress),
  loadFiles: async (backend, files) => resume(backend, () => loadModelFiles(files)),
};

function present(pooling: PoolingKind): Session {
  const session = sessions.get(pooling);
  if (!session) throw new Error('There is no network yet: train one, or load one.');
  return session;
}

/** On the backend that has its weights: the other network may have been on another one. */
async function ready(pooling: PoolingKind): Promise<Session> {
  const session = present(pooling);
  await useBackend(session.backend);
  return session;
}

function allDigits(): Promise<{ train: Digits; test: Digits }> {
  digits ??= fetchDigits(base).catch((error) => {
    digits = undefined; // the next attempt may succeed
    throw error;
  });
  return digits;
}

/** In place of the network of the same pooling layer. */
function keep(next: Session): Progress {
  const { progress } = next;
  const { pooling } = progress.options;
  sessions.get(pooling)?.dispose();
  sessions.set(pooling, next);
  return progress;
}

async function resume(backend: Backend, load: () => Promise<LayersModel>): Promise<Progress> {
  await useBackend(backend);
  const model = await load();
  try {
    const loaded = Session.resume(await allDigits(), backend, model, progressOf(model, backend));
    // The present network stays if this one cannot compute.
    await loaded.predict(1);
    return keep(loaded);
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Weights do not follow from one backend to another by themselves in every browser; through memory they do. */
async function moveTo(pooling: PoolingKind, backend: Backend): Promise<void> {
  const old = present(pooling);
  if (old.backend === backend) return useBackend(backend);
  const load = await inMemory(old.model, old.progress);
  const { progress } = old;
  old.dispose();
  await useBackend(backend);
  const model = await load();
  sessions.set(pooling, Session.resume(await allDigits(), backend, model, { ...progress, backend }));
}
