/** Whether a measure levels off: its last third against its second; the first is for code and caches to warm up. */
import { median } from '../../src/compare/statistics';
import { EXACT, type Gauges, type Measure, WAVERING } from './gauges';
import type { SoakOperation } from './operations';

export const SEGMENTS_PER_THIRD = 3;

/** A measure that grows. */
export interface Growth {
  readonly measure: Measure;
  readonly from: number;
  readonly to: number;
  readonly perCall: number;
}

/** Growth that may be noise, in bytes. */
const FLOOR = { gpuBytes: 64 * 1024, heap: 256 * 1024, rss: 6 * 2 ** 20 };
const RSS_PER_CALL = 64;

/** The measures that grow. `samples`: one after each `calls` calls; the last two thirds are judged. */
export function growths(samples: readonly Gauges[], calls: number, { heapPerCall }: SoakOperation): Growth[] {
  const second = samples.slice(-2 * SEGMENTS_PER_THIRD, -SEGMENTS_PER_THIRD);
  const last = samples.slice(-SEGMENTS_PER_THIRD);
  const callsPerThird = calls * SEGMENTS_PER_THIRD;
  const compare = (measure: Measure, summary: (values: number[]) => number, allowed: number): Growth[] => {
    if (samples[0][measure] === undefined) return [];
    const [from, to] = [second, last].map((third) => summary(third.map((gauges) => gauges[measure]!)));
    return to - from > allowed ? [{ measure, from, to, perCall: (to - from) / callsPerThird }] : [];
  };
  return [
    ...EXACT.flatMap((measure) => compare(measure, (values) => Math.max(...values), 0)),
    ...compare('gpuBytes', median, FLOOR.gpuBytes),
    ...compare('heap', median, FLOOR.heap + heapPerCall * callsPerThird),
    ...compare('rss', median, FLOOR.rss + RSS_PER_CALL * callsPerThird),
  ];
}

/**
 * Whether only measures grow of which more calls will tell: those that waver, programs, of which a step's first call may come late, and the wasm
 * heap, whose end rises by gaps that no later tensor fits.
 */
export function isDoubtful(found: readonly Growth[]): boolean {
  const doubtful: readonly Measure[] = [...WAVERING, 'programs', 'wasm'];
  return found.length > 0 && found.every(({ measure }) => doubtful.includes(measure));
}
