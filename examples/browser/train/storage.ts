/** In the worker: models in and out, with their history, in IndexedDB or as TensorFlow.js's two files. */
import { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import type { Backend } from '../shared/backends';
import type { ModelFile, Progress, SavedModel } from '../workers/train_protocol';

const PLACE = 'indexeddb://im2col-pooling-demo';
const WEIGHTS = 'weights.bin';

export async function saveModel(model: LayersModel, progress: Progress): Promise<SavedModel> {
  await remember(model, progress).save(PLACE, { includeOptimizer: true });
  return (await savedModel())!;
}

export async function savedModel(): Promise<SavedModel | null> {
  const info = (await io.listModels())[PLACE];
  if (!info) return null;
  return { date: info.dateSaved.toISOString(), bytes: info.weightDataBytes ?? 0 };
}

export function loadSaved(): Promise<LayersModel> {
  return loadLayersModel(PLACE);
}

/** As `model.save('downloads://...')` would make them; that needs a document, which a worker has not. */
export async function modelFiles(model: LayersModel, progress: Progress): Promise<ModelFile[]> {
  const artifacts = await modelArtifacts(model, progress);
  const { weightSpecs, weightData, ...rest } = artifacts;
  const json = { ...rest, weightsManifest: [{ paths: [`./${WEIGHTS}`], weights: weightSpecs! }] };
  const weights = io.CompositeArrayBuffer.join(weightData);
  return [
    { name: 'model.json', blob: new Blob([JSON.stringify(json)], { type: 'application/json' }) },
    { name: WEIGHTS, blob: new Blob([weights], { type: 'application/octet-stream' }) },
  ];
}

export function loadModelFiles(files: readonly File[]): Promise<LayersModel> {
  const json = files.find(({ name }) => name.endsWith('.json'));
  const weights = files.filter((file) => file !== json);
  if (!json || weights.length === 0) {
    throw new Error(
      `A model is two files, model.json and its weights: choose both at once. Got: ${files.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  }
  return loadLayersModel(io.browserFiles([json, ...weights]));
}

/** The model, through memory, for a backend that is about to be used. */
export async function inMemory(model: LayersModel, progress: Progress): Promise<() => Promise<LayersModel>> {
  const artifacts = await modelArtifacts(model, progress);
  return () => loadLayersModel(io.fromMemory(artifacts));
}

/** What was saved with a model; of a stranger's model, what can be said of it. */
export function progressOf(model: LayersModel, backend: Backend): Progress {
  const saved = model.getUserDefinedMetadata() as { demo?: Progress } | undefined;
  const names = model.layers.map((layer) => layer.getClassName()).filter((name) => name.includes('Pooling'));
  const pooling = names.some((name) => name.startsWith('Im2Col')) ? 'im2col' : 'builtin';
  const kind = names.some((name) => name.includes('Average')) ? 'average' : 'max';
  // Networks that were saved before there was a choice have no kind.
  if (saved?.demo) return { ...saved.demo, options: { ...saved.demo.options, kind }, backend };
  return { options: { pooling, kind, samples: 3000, seed: 1 }, backend, loss: [], accuracy: [], test: null };
}

function remember(model: LayersModel, progress: Progress): LayersModel {
  model.setUserDefinedMetadata({ demo: progress });
  return model;
}

async function modelArtifacts(model: LayersModel, progress: Progress): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts | undefined;
  await remember(model, progress).save(
    io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
    { includeOptimizer: true },
  );
  return artifacts!;
}
