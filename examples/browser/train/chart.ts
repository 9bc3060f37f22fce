/** Loss and accuracy, live: one small uPlot chart each, in the page's colours. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from '../ui/dom';
import { styleColour } from '../ui/theme';

export interface Charts {
  readonly root: HTMLElement;
  /** All steps so far. Drawn with the next frame. */
  show(loss: readonly number[], accuracy: readonly number[]): void;
}

const HEIGHT = 208;
/** What the ticks of the steps may be apart. */
const STEPS = [1, 2, 5]
  .flatMap((digit) => [1, 10, 100, 1000, 10_000].map((power) => digit * power))
  .sort((a, b) => a - b);
/** Each point is the mean of the last so many batches: single ones jump. */
const SMOOTHING = 9;
const AVERAGED = `training digits, mean of the last ${SMOOTHING} batches`;

export function charts(): Charts {
  const loss = chart('Loss', '--argmax', (value) => value.toFixed(2), [0, null]);
  const accuracy = chart('Accuracy', '--window', (value) => `${Math.round(value * 100)} %`, [0, 1]);
  let frame = 0;
  return {
    root: element('div', { class: 'charts' }, loss.root, accuracy.root),
    show(losses, accuracies) {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        loss.show(losses);
        accuracy.show(accuracies);
      });
    },
  };
}

function chart(title: string, colour: string, format: (value: number) => string, range: [number, number | null]) {
  const canvas = element('div', { class: 'chart-canvas', role: 'img', 'aria-label': `${title}: no steps yet` });
  const now = element('span', { class: 'chart-now' });
  const caption = element('figcaption', {}, title, element('span', { class: 'chart-about' }, AVERAGED), now);
  const root = element('figure', { class: 'chart' }, caption, canvas);
  let values: readonly number[] = [];
  let plot: uPlot | undefined;

  function make(): void {
    plot?.destroy();
    const axis = {
      stroke: styleColour('--muted'),
      grid: { stroke: styleColour('--line'), width: 1 },
      ticks: { show: false },
      font: '11px Inter, sans-serif',
    };
    plot = new uPlot(
      {
        width: Math.max(200, canvas.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        padding: [10, 12, 0, 0],
        scales: {
          x: { time: false },
          y: { range: (_, low, high) => [range[0] ?? low, range[1] ?? Math.max(high * 1.05, 0.1)] },
        },
        axes: [
          // Steps are whole numbers.
          { ...axis, size: 28, incrs: STEPS, label: 'step', labelSize: 18, labelFont: axis.font, labelGap: 0 },
          { ...axis, size: 48, values: (_, ticks) => ticks.map(format) },
        ],
        series: [{}, { stroke: styleColour(colour), width: 2, points: { show: false } }],
      },
      data(),
      canvas,
    );
  }

  function data(): uPlot.AlignedData {
    return [values.map((_, step) => step + 1), smoothed(values)];
  }

  new ResizeObserver(() => {
    if (canvas.clientWidth > 0) plot?.setSize({ width: canvas.clientWidth, height: HEIGHT });
  }).observe(canvas);
  addEventListener('themechange', () => {
    if (plot) make();
  });
  return {
    root,
    show(next: readonly number[]): void {
      values = next;
      const last = smoothed(values.slice(-SMOOTHING)).pop();
      now.textContent = last === undefined ? '' : format(last);
      canvas.setAttribute(
        'aria-label',
        last === undefined ? `${title}: no steps yet` : `${title} over ${values.length} steps, now ${format(last)}`,
      );
      if (values.length === 0) {
        plot?.destroy();
        plot = undefined;
      } else if (plot) plot.setData(data());
      else make();
    },
  };
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
