/** Loss and accuracy, live: one small uPlot chart each, with a line of each pooling layer's run, in the page's colours. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { PoolingKind } from '../../mnist/networks';
import { element, setText } from '../ui/dom';
import { styleColour } from '../ui/theme';
import { LAYERS, LAYER_NAMES, type Run } from './runs';

export interface Charts {
  readonly root: HTMLElement;
  /** All steps so far. Drawn with the next frame. */
  show(runs: readonly Run[]): void;
}

const HEIGHT = 208;
/** What the ticks of the steps may be apart. */
const STEPS = [1, 2, 5]
  .flatMap((digit) => [1, 10, 100, 1000, 10_000].map((power) => digit * power))
  .sort((a, b) => a - b);
/** Each point is the mean of the last so many batches: single ones jump. */
const SMOOTHING = 9;
const AVERAGED = `training digits, mean of the last ${SMOOTHING} batches`;
/** Told apart without colours, too. */
const LINES: Readonly<Record<PoolingKind, { colour: string; dash: number[] }>> = {
  im2col: { colour: '--ours', dash: [] },
  builtin: { colour: '--builtin', dash: [7, 5] },
};

export function charts(): Charts {
  const loss = chart('Loss', (value) => value.toFixed(2), [0, null]);
  const accuracy = chart('Accuracy', (value) => `${Math.round(value * 100)} %`, [0, 1]);
  let frame = 0;
  return {
    root: element('div', { class: 'charts' }, loss.root, accuracy.root),
    show(runs) {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const of = (figure: 'loss' | 'accuracy') => new Map(runs.map((run) => [run.options.pooling, run[figure]]));
        loss.show(of('loss'));
        accuracy.show(of('accuracy'));
      });
    },
  };
}

/** Values of each run, a step after the other. */
type Curves = ReadonlyMap<PoolingKind, readonly number[]>;

function chart(title: string, format: (value: number) => string, range: [number, number | null]) {
  const canvas = element('div', { class: 'chart-canvas', role: 'img', 'aria-label': `${title}: no steps yet` });
  const about = element('span', { class: 'chart-about' }, AVERAGED);
  const keys = element('span', { class: 'chart-keys' });
  const root = element('figure', { class: 'chart' }, element('figcaption', {}, title, about, keys), canvas);
  let curves: Curves = new Map();
  let plot: uPlot | undefined;

  function make(): void {
    plot?.destroy();
    plot = new uPlot(options(Math.max(200, canvas.clientWidth), format, range), dataOf(curves), canvas);
  }

  new ResizeObserver(() => {
    if (canvas.clientWidth > 0) plot?.setSize({ width: canvas.clientWidth, height: HEIGHT });
  }).observe(canvas);
  addEventListener('themechange', () => {
    if (plot) make();
  });
  return {
    root,
    show(next: Curves): void {
      curves = new Map([...next].filter(([, values]) => values.length > 0));
      const said = [...curves].map(([pooling, values]) => {
        const now = format(smoothed(values.slice(-SMOOTHING)).pop()!);
        return { pooling, now, text: `${LAYER_NAMES[pooling]} over ${values.length} steps, now ${now}` };
      });
      canvas.setAttribute('aria-label', `${title}: ${said.map(({ text }) => text).join('; ') || 'no steps yet'}`);
      showKeys(keys, said);
      if (curves.size === 0) {
        plot?.destroy();
        plot = undefined;
      } else if (plot) plot.setData(dataOf(curves));
      else make();
    },
  };
}

/** Each run's line, name and present value. */
function showKeys(keys: HTMLElement, said: ReadonlyArray<{ pooling: PoolingKind; now: string }>): void {
  const texts = said.map(({ pooling, now }) => ({ pooling, text: `${LAYER_NAMES[pooling]} ${now}` }));
  while (keys.children.length > texts.length) keys.lastChild!.remove();
  texts.forEach(({ pooling, text }, i) => {
    if (!keys.children[i]) keys.append(element('span'));
    const key = keys.children[i] as HTMLElement;
    key.className = `run-key ${pooling}`;
    setText(key, text);
  });
}

function options(
  width: number,
  format: (value: number) => string,
  [least, most]: [number, number | null],
): uPlot.Options {
  const axis = {
    stroke: styleColour('--muted'),
    grid: { stroke: styleColour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px Inter, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [10, 12, 0, 0],
    scales: {
      x: { time: false },
      y: { range: (_, __, high) => [least, most ?? Math.max(high * 1.05, 0.1)] },
    },
    axes: [
      // Steps are whole numbers.
      { ...axis, size: 28, incrs: STEPS, label: 'step', labelSize: 18, labelFont: axis.font, labelGap: 0 },
      { ...axis, size: 48, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...LAYERS.map((pooling) => ({
        stroke: styleColour(LINES[pooling].colour),
        dash: LINES[pooling].dash,
        width: 2,
        points: { show: false },
      })),
    ],
  };
}

/** The shorter curve ends earlier. */
function dataOf(curves: Curves): uPlot.AlignedData {
  const steps = Math.max(...[...curves.values()].map(({ length }) => length));
  const x = Array.from({ length: steps }, (_, step) => step + 1);
  const lines = LAYERS.map((pooling) => {
    const values = smoothed(curves.get(pooling) ?? []);
    return x.map((_, i) => values[i] ?? null);
  });
  return [x, ...lines];
}

function smoothed(values: readonly number[]): number[] {
  const made: number[] = [];
  let sum = 0;
  values.forEach((value, i) => {
    sum += value - (i >= SMOOTHING ? values[i - SMOOTHING] : 0);
    made.push(sum / Math.min(i + 1, SMOOTHING));
  });
  return made;
}
