/** What the Train part and its worker say to each other: plain data. */
import type { NetworkName, PooledBy, PoolingKind } from '../../mnist/networks';
import type { Backend } from '../shared/backends';

export interface TrainOptions {
  readonly network: NetworkName;
  readonly pooling: PoolingKind;
  readonly kind: PooledBy;
  /** Digits to learn from: the first so many of the training digits. */
  readonly samples: number;
  readonly seed: number;
}

/** After one batch. */
export interface Step {
  readonly loss: number;
  readonly accuracy: number;
}

/** What belongs to a model besides its weights; saved with it. */
export interface Progress {
  readonly options: TrainOptions;
  readonly backend: Backend;
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
  /** On the test digits, none of which is learned from. */
  readonly test: { readonly step: number; readonly loss: number; readonly accuracy: number } | null;
}

/** Some test digits and the network's opinion of them. */
export interface Predictions {
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** [count * 10] */
  readonly probabilities: Float32Array;
}

export interface ModelFile {
  readonly name: string;
  readonly blob: Blob;
}

export interface SavedModel {
  readonly date: string;
  readonly bytes: number;
}

/** Keeps one network of each pooling layer. */
export interface TrainWorker {
  start(base: string): Promise<void>;
  /** Makes a new network, in place of the present one of this pooling layer. */
  create(backend: Backend, options: TrainOptions): Promise<Progress>;
  /** Trains for so many more epochs, on this backend, or until paused. */
  train(
    pooling: PoolingKind,
    backend: Backend,
    epochs: number,
    onStep: (step: Step) => void,
  ): Promise<'finished' | 'paused'>;
  pause(): void;
  progress(pooling: PoolingKind): Promise<Progress>;
  /** Of all test digits; remembered in the progress. */
  test(pooling: PoolingKind): Promise<Progress>;
  predict(pooling: PoolingKind, count: number): Promise<Predictions>;
  /** In this browser's IndexedDB. */
  save(pooling: PoolingKind): Promise<SavedModel>;
  saved(): Promise<SavedModel | null>;
  load(backend: Backend): Promise<Progress>;
  /** In TensorFlow.js's own format: model.json and its weights. */
  files(pooling: PoolingKind): Promise<ModelFile[]>;
  loadFiles(backend: Backend, files: readonly File[]): Promise<Progress>;
}
