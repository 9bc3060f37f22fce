/** In the worker: models in and out, with their history, in IndexedDB or as TensorFlow.js's two files. */
import { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import type { Backend } from '../shared/backends';
import type { ModelFile, Progress, SavedModel, TrainOptions } from '../workers/train_protocol';
import { SAMPLES, USUAL_SAMPLES } from './batch';
import { infoOf, keep, kept } from './browser_store';
import { buildModel } from './build_model';
import { readModelFiles } from './model_files';

const PLACE = 'im2col-pooling-demo';
const WEIGHTS = 'weights.bin';

export async function saveModel(model: LayersModel, progress: Progress): Promise<SavedModel> {
  const artifacts = await modelArtifacts(model, progress);
  await keep(PLACE, { ...artifacts, weightData: io.CompositeArrayBuffer.join(artifacts.weightData) });
  return (await savedModel())!;
}

export async function savedModel(): Promise<SavedModel | null> {
  const info = await infoOf(PLACE);
  if (!info) return null;
  return { date: info.dateSaved.toISOString(), bytes: info.weightDataBytes ?? 0 };
}

export async function loadSaved(): Promise<LayersModel> {
  const artifacts = await kept(PLACE);
  if (!artifacts) throw new Error('There is no saved network in this browser any more.');
  return buildModel(artifacts);
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

export async function loadModelFiles(files: readonly File[]): Promise<LayersModel> {
  return buildModel(await readModelFiles(files));
}

/** The model, through memory, for a backend that is about to be used. */
export async function inMemory(model: LayersModel, progress: Progress): Promise<() => Promise<LayersModel>> {
  const artifacts = await modelArtifacts(model, progress);
  return () => loadLayersModel(io.fromMemory(artifacts));
}

/** What was saved with a model; of a stranger's model, what can be said of it. */
export function progressOf(model: LayersModel, backend: Backend): Progress {
  const { demo } = (model.getUserDefinedMetadata() ?? {}) as { demo?: unknown };
  const saved: Saved = isSaved(demo)
    ? demo
    : { options: { samples: USUAL_SAMPLES, seed: 1 }, loss: [], accuracy: [], test: null };
  return { ...saved, options: { ...saved.options, ...madeOf(model) }, backend };
}

/** The layers themselves say which network it is. */
function madeOf(model: LayersModel): Pick<TrainOptions, 'network' | 'pooling' | 'kind'> {
  const names = model.layers.map((layer) => layer.getClassName());
  const poolings = names.filter((name) => name.includes('Pooling'));
  return {
    network: names.includes('LeakyReLU') ? 'matters' : 'simple',
    pooling: poolings.some((name) => name.startsWith('Im2Col')) ? 'im2col' : 'builtin',
    kind: poolings.some((name) => name.includes('Average')) ? 'average' : 'max',
  };
}

type Saved = Omit<Progress, 'backend' | 'options'> & { options: Pick<TrainOptions, 'samples' | 'seed'> };

/** Anybody may have written it. */
function isSaved(value: unknown): value is Saved {
  const { options, loss, accuracy, test } = (value ?? {}) as Partial<Progress>;
  return (
    SAMPLES.includes(options?.samples ?? 0) &&
    Number.isSafeInteger(options?.seed) &&
    options!.seed > 0 &&
    isNumbers(loss) &&
    isNumbers(accuracy) &&
    loss.length === accuracy.length &&
    (test === null || isNumbers([test?.step, test?.loss, test?.accuracy]))
  );
}

function isNumbers(list: unknown): list is number[] {
  return Array.isArray(list) && list.every((value) => typeof value === 'number');
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
