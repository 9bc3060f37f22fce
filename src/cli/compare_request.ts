/** What the command asks a runner for, in Node or in a page: plain data. */
import type { CompareReport } from '../compare/report';
import { version } from '../version';

export interface CompareRequest {
  readonly backends: readonly string[];
  readonly gradient: boolean;
  readonly repeats: number;
  readonly seed: number;
  /** Whether a model's layers are compared in place of the default cases. */
  readonly model: boolean;
}

/** Told of every row. */
export type OnProgress = (done: number, total: number, label: string) => void;

/** A part of a comparison. */
export type PartialReport = Pick<CompareReport, 'backends' | 'rows' | 'versions' | 'model'>;

/** The part of backends none of which can be had. */
export function nothingCompared(backends: PartialReport['backends']): PartialReport {
  return { rows: [], model: null, versions: { package: version, tfjsCore: '', tfjsLayers: '' }, backends };
}
