/** What a training run leaves behind; `history.json` is one RunRecord. */
import type { GradientMass } from './gradient_probe';
import type { PoolingKind } from './networks';
import type { RecipeName } from './recipes';

export interface EpochRecord {
  readonly epoch: number;
  /** Means over the epoch's batches, taken while the weights changed. */
  readonly loss: number;
  readonly accuracy: number;
  /** On all 10,000 test digits, after the epoch. */
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Training alone, without the test. */
  readonly seconds: number;
  /** The part of `seconds` spent inside the pooling kernels, forward and gradient. */
  readonly poolingSeconds: number;
}

export interface RunRecord {
  readonly pooling: PoolingKind;
  readonly backend: string;
  readonly recipe: RecipeName;
  readonly seed: number;
  readonly samples: number;
  readonly batchSize: number;
  readonly epochs: EpochRecord[];
  /** One entry per training step. */
  readonly steps: { readonly loss: number[]; readonly accuracy: number[] };
  /** Of the first batch, before any training. */
  readonly gradient: GradientMass;
  /** Ctrl-C came before the last epoch's end. */
  stopped: boolean;
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
