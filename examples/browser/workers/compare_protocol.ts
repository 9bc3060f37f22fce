/** What the Compare part and its worker say to each other: plain data. */
import type { CompareReport, CompareRow } from 'tfjs-im2col-pooling/compare';
import type { Backend } from '../shared/backends';

interface CompareRequest {
  readonly backends: readonly Backend[];
  readonly gradient: boolean;
  readonly repeats: number;
}

export interface Comparison {
  readonly report: CompareReport;
  readonly markdown: string;
}

export interface CompareWorker {
  start(base: string): Promise<void>;
  /** Rejects when it was cancelled. */
  compare(
    request: CompareRequest,
    onProgress: (done: number, total: number, label: string) => void,
    onRow: (row: CompareRow) => void,
  ): Promise<Comparison>;
  /** Takes effect before the next row. */
  cancel(): void;
}
