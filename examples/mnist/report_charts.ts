/** The curves of the report: loss and accuracy over the epochs, as SVG. */
import { TEXTBOOK } from './comparison';
import { type EpochRecord, type RunRecord, mean } from './history';
import { POOLING_NAMES } from './model';

const WIDTH = 540;
const HEIGHT = 300;
const PLOT = { left: 66, right: WIDTH - 14, top: 16, bottom: HEIGHT - 44 };
/** A curve has at most this many points, each the mean of the steps between it and the last one. */
const MAX_POINTS = 75;

/** A quantity to draw: where it is in a record, and its axis. */
interface Measure {
  readonly title: string;
  readonly axis: string;
  readonly ofSteps: (run: RunRecord) => readonly number[];
  readonly ofTest: (epoch: EpochRecord) => number;
  readonly scale: (values: readonly number[]) => Scale;
  /** A value to compare with, drawn as a line. */
  readonly mark?: { value: number; label: string };
}

interface Scale {
  /** 0 at the bottom of the axis, 1 at its top; values outside are cut off. */
  readonly position: (value: number) => number;
  readonly ticks: readonly { value: number; label: string }[];
}

interface Point {
  x: number;
  y: number;
}

export function curveCharts(runs: readonly RunRecord[]): string {
  // The wide curve first, the thin dashed one on it: both can be seen where they agree, without colour too.
  const backToFront = [...runs].sort((a, b) => a.pooling.localeCompare(b.pooling));
  const measures: Measure[] = [
    {
      title: 'Loss',
      axis: 'cross-entropy, logarithmic',
      scale: logarithmic,
      ofSteps: (run) => run.steps.loss,
      ofTest: (epoch) => epoch.testLoss,
    },
    {
      title: 'Accuracy',
      axis: 'correct digits',
      scale: percentages,
      ofSteps: (run) => run.steps.accuracy,
      ofTest: (epoch) => epoch.testAccuracy,
      mark: { value: TEXTBOOK, label: 'the textbook after 20 epochs' },
    },
  ];
  return `<div class="charts">${measures.map((measure) => chart(measure, backToFront)).join('\n')}</div>`;
}

function chart(measure: Measure, runs: readonly RunRecord[]): string {
  const stepsPerEpoch = (run: RunRecord) => Math.ceil(run.samples / run.batchSize);
  const curves = runs.map((run) => thin(measure.ofSteps(run), stepsPerEpoch(run)));
  const tests = runs.map((run) => run.epochs.map((epoch) => ({ x: epoch.epoch, y: measure.ofTest(epoch) })));
  const all = [...curves, ...tests].flat();
  const lastEpoch = Math.max(1e-9, ...all.map(({ x }) => x));
  const scale = measure.scale(all.map(({ y }) => y));
  const place = ({ x, y }: Point): Point => ({
    x: PLOT.left + (x / lastEpoch) * (PLOT.right - PLOT.left),
    y: PLOT.bottom - scale.position(y) * (PLOT.bottom - PLOT.top),
  });
  const shapes = runs.map(
    (run, i) =>
      curve(run, curves[i].map(place)) +
      tests[i].map((point) => testPoint(run, place(point), `epoch ${point.x}: ${point.y.toFixed(4)}`)).join(''),
  );
  const perPoint = stepsPerPoint(Math.max(...runs.map((run) => run.steps.loss.length)));
  const meaning = perPoint === 1 ? 'every training step' : `training: means of ${perPoint} steps`;
  const names = runs.map((run) => POOLING_NAMES[run.pooling]).join(' and ');
  return `<figure><figcaption>${measure.title} <small>${meaning}</small></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${measure.title} of ${names}">
${grid(scale, lastEpoch, measure.axis)}
${measure.mark ? markLine(scale, measure.mark) : ''}
${shapes.join('\n')}
</svg>
${legend([...runs].reverse())}</figure>`;
}

function markLine(scale: Scale, { value, label }: { value: number; label: string }): string {
  const y = (PLOT.bottom - scale.position(value) * (PLOT.bottom - PLOT.top)).toFixed(1);
  return (
    `<line class="mark" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y}" y2="${y}"/>` +
    `<text x="${PLOT.right}" y="${y}" dy="-.6em" text-anchor="end">${(100 * value).toFixed(2)} %: ${label}</text>`
  );
}

function stepsPerPoint(steps: number): number {
  return Math.max(1, Math.ceil(steps / MAX_POINTS));
}

/** At most MAX_POINTS means; x in epochs. */
function thin(values: readonly number[], stepsPerEpoch: number): Point[] {
  const size = stepsPerPoint(values.length);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const part = values.slice(i * size, (i + 1) * size);
    return { x: (i * size + part.length / 2) / stepsPerEpoch, y: mean(part) };
  });
}

function curve({ pooling }: RunRecord, points: readonly Point[]): string {
  const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return `<polyline class="curve ${pooling}" points="${path}"/>`;
}

function testPoint({ pooling }: RunRecord, { x, y }: Point, title: string): string {
  const radius = pooling === 'im2col' ? 4 : 7;
  const at = `cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}"`;
  return `<circle class="point ${pooling}" ${at}><title>${title}</title></circle>`;
}

function grid(scale: Scale, lastEpoch: number, axisLabel: string): string {
  const lines = scale.ticks.map(({ value, label }) => {
    const y = (PLOT.bottom - scale.position(value) * (PLOT.bottom - PLOT.top)).toFixed(1);
    return (
      `<line class="gridline" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y}" y2="${y}"/>` +
      `<text x="${PLOT.left - 8}" y="${y}" dy=".32em" text-anchor="end">${label}</text>`
    );
  });
  const epochs = epochTicks(lastEpoch).map((epoch) => {
    const x = (PLOT.left + (epoch / lastEpoch) * (PLOT.right - PLOT.left)).toFixed(1);
    return (
      `<line class="axis" x1="${x}" x2="${x}" y1="${PLOT.bottom}" y2="${PLOT.bottom + 5}"/>` +
      `<text x="${x}" y="${PLOT.bottom + 19}" text-anchor="middle">${+epoch.toFixed(3)}</text>`
    );
  });
  const middle = (PLOT.top + PLOT.bottom) / 2;
  return `${lines.join('')}
<line class="axis" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>${epochs.join('')}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">epoch</text>
<text class="axis-title" transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${axisLabel}</text>`;
}

/** Beside the drawing, where it may wrap on a phone: a piece of curve with a point on it, and the name. */
function legend(runs: readonly RunRecord[]): string {
  const entries = runs.map((run) => {
    const sample =
      curve(run, [
        { x: 0, y: 9 },
        { x: 56, y: 9 },
      ]) + testPoint(run, { x: 28, y: 9 }, '');
    return `<li><svg viewBox="0 0 56 18" aria-hidden="true">${sample}</svg>${POOLING_NAMES[run.pooling]}</li>`;
  });
  return `<ul class="legend">${entries.join('')}<li>lines: training; circles: on the test digits</li></ul>`;
}

/** About six ticks at 1, 2 or 5 times a power of ten. */
function epochTicks(lastEpoch: number): number[] {
  const rough = lastEpoch / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) as number;
  return Array.from({ length: Math.floor(lastEpoch / step + 1e-9) + 1 }, (_, i) => i * step);
}

function logarithmic(values: readonly number[]): Scale {
  const [low, high] = [Math.max(1e-4, Math.min(...values)) * 0.85, Math.max(...values) * 1.1];
  const factors = high / low > 20 ? [1, 2, 5] : [1, 1.5, 2, 3, 5, 7];
  const ticks = [-4, -3, -2, -1, 0, 1].flatMap((exponent) => factors.map((factor) => factor * 10 ** exponent));
  return {
    position: (value) => clamp(Math.log(value / low) / Math.log(high / low)),
    ticks: ticks
      .filter((value) => value >= low && value <= high)
      .map((value) => ({ value, label: String(+value.toPrecision(2)) })),
  };
}

/** To 100 %; from where all but the very first steps lie, or the differences would be lost at the top. */
function percentages(values: readonly number[]): Scale {
  const sorted = [...values].sort((a, b) => a - b);
  const low = Math.min(0.9, Math.floor(10 * (sorted[Math.floor(sorted.length * 0.04)] ?? 0)) / 10);
  const step = low >= 0.8 ? 0.02 : low >= 0.6 ? 0.05 : 0.1;
  const count = Math.round((1 - low) / step);
  return {
    position: (value) => clamp((value - low) / (1 - low)),
    ticks: Array.from({ length: count + 1 }, (_, i) => low + i * step).map((value) => ({
      value,
      label: `${Math.round(100 * value)} %`,
    })),
  };
}

function clamp(position: number): number {
  return Math.min(1, Math.max(0, position));
}
