/** The Train part's worker: keeps the network, trains it, saves and loads it. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Backend } from '../shared/backends';
import { type Digits, fetchDigits } from '../train/digits';
import { Session } from '../train/session';
import { inMemory, loadModelFiles, loadSaved, modelFiles, progressOf, saveModel, savedModel } from '../train/storage';
import type { Progress, TrainWorker } from './train_protocol';
import { prepareBackends, useBackend } from './use_backend';

let base = '';
let digits: Promise<{ train: Digits; test: Digits }> | undefined;
let session: Session | undefined;

export const trainWorker: TrainWorker = {
  async start(folder) {
    base = folder;
    prepareBackends(base);
  },
  async create(backend, options) {
    await useBackend(backend);
    return replaceBy(Session.create(await allDigits(), backend, options));
  },
  async train(backend, epochs, onStep) {
    await moveTo(backend);
    return present().train(epochs, onStep);
  },
  pause() {
    session?.pause();
  },
  progress: async () => present().progress,
  async test() {
    await present().test();
    return present().progress;
  },
  predict: async (count) => present().predict(count),
  save: async () => saveModel(present().model, present().progress),
  saved: savedModel,
  load: async (backend) => resume(backend, loadSaved),
  files: async () => modelFiles(present().model, present().progress),
  loadFiles: async (backend, files) => resume(backend, () => loadModelFiles(files)),
};

function present(): Session {
  if (!session) throw new Error('There is no network yet: train one, or load one.');
  return session;
}

function allDigits(): Promise<{ train: Digits; test: Digits }> {
  digits ??= fetchDigits(base).catch((error) => {
    digits = undefined; // the next attempt may succeed
    throw error;
  });
  return digits;
}

function replaceBy(next: Session): Progress {
  session?.dispose();
  session = next;
  return next.progress;
}

async function resume(backend: Backend, load: () => Promise<LayersModel>): Promise<Progress> {
  await useBackend(backend);
  const model = await load();
  try {
    const loaded = Session.resume(await allDigits(), backend, model, progressOf(model, backend));
    // The present network stays if this one cannot compute.
    await loaded.predict(1);
    return replaceBy(loaded);
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Weights do not follow from one backend to another by themselves in every browser; through memory they do. */
async function moveTo(backend: Backend): Promise<void> {
  const old = present();
  if (old.backend === backend) return useBackend(backend);
  const load = await inMemory(old.model, old.progress);
  const { progress } = old;
  old.dispose();
  await useBackend(backend);
  const model = await load();
  session = Session.resume(await allDigits(), backend, model, { ...progress, backend });
}
