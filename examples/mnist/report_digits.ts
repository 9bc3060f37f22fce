/** The digits of the report: where the gradient of max pooling goes, drawn over them as SVG. */
import * as tf from '@tensorflow/tfjs';
import { type Digits, SIDE, toTensors } from './data';
import { routingInside, routingMap } from './gradient_probe';
import { POOLING_NAMES } from './model';
import { FILTERS, KERNEL, poolingLayer } from './networks';
import { percent } from './progress';
import { pixelPaths } from './report_pixels';
import type { TrainedNetwork } from './train';

/** These are drawn: the first test digit of each. */
const SHOWN = [0, 2, 3, 5, 8];
const WINDOW = 2;

/** Each network's pooling on the digits' own pixels. */
export function ownPixelFigures(networks: readonly TrainedNetwork[], test: Digits): string {
  return figures(
    networks,
    ({ record }) => {
      const layer = poolingLayer(record.pooling);
      const pool = (x: tf.Tensor) => layer.apply(x) as tf.Tensor;
      return (index) => {
        const routing = withDigit(test, index, (x) => routingMap(pool, x));
        const windows = lostWindows(routing);
        const total = (SIDE / WINDOW) ** 2;
        const lost = windows.map(([row, column]) => square('lost', column, row, WINDOW));
        const dots = nonZero(routing).map((i) => dot(i % SIDE, Math.floor(i / SIDE), 0.36));
        return { marks: [...lost, ...dots], caption: `${total - windows.length} of ${total} windows` };
      };
    },
    test,
  );
}

/** Each trained network's pooling of its feature maps. */
export function insideFigures(networks: readonly TrainedNetwork[], test: Digits): string {
  const maps = SIDE - KERNEL + 1;
  const margin = (KERNEL - 1) / 2;
  return figures(
    networks,
    ({ model }) =>
      (index) => {
        const routing = withDigit(test, index, (x) => routingInside(model, x));
        const marks = nonZero(routing).map((i) =>
          // The area of a dot is the number of feature maps; all of them fill a pixel.
          dot((i % maps) + margin, Math.floor(i / maps) + margin, 0.56 * Math.sqrt(routing[i] / FILTERS)),
        );
        const arrived = routing.reduce((a, b) => a + b, 0) / (FILTERS * (maps / WINDOW) ** 2);
        return { marks, caption: `${percent(arrived, 1)} arrives` };
      },
    test,
  );
}

type Drawing = { marks: string[]; caption: string };

function figures(
  networks: readonly TrainedNetwork[],
  drawingOf: (network: TrainedNetwork) => (index: number) => Drawing,
  test: Digits,
): string {
  return networks
    .map((network) => {
      const draw = drawingOf(network);
      const cells = SHOWN.map((digit) => {
        const index = test.labels.indexOf(digit);
        const { marks, caption } = draw(index);
        return (
          `<figure><svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="a ${digit}: ${caption}">` +
          `${ink(test, index)}${marks.join('')}</svg><figcaption>${caption}</figcaption></figure>`
        );
      });
      const { pooling } = network.record;
      return `<div class="digits ${pooling}"><h3>${POOLING_NAMES[pooling]}</h3><div class="row">${cells.join('\n')}</div></div>`;
    })
    .join('\n');
}

function withDigit(test: Digits, index: number, f: (x: tf.Tensor) => Float32Array): Float32Array {
  const { x, y } = toTensors(test, [index]);
  const result = f(x);
  tf.dispose([x, y]);
  return result;
}

/** The digit, pale enough to draw on. */
function ink(test: Digits, index: number): string {
  const pixels = test.pixels.subarray(index * SIDE * SIDE, (index + 1) * SIDE * SIDE);
  const pale = Array.from(pixels, (pixel) => (0.5 * pixel) / 255);
  return `<g class="ink" shape-rendering="crispEdges">${pixelPaths(pale, SIDE)}</g>`;
}

function dot(column: number, row: number, radius: number): string {
  return `<circle class="dot" cx="${column + 0.5}" cy="${row + 0.5}" r="${+radius.toFixed(2)}"/>`;
}

function square(name: string, column: number, row: number, size: number): string {
  return `<rect class="${name}" x="${column}" y="${row}" width="${size}" height="${size}"/>`;
}

/** [row, column] of the first pixel of every window in which no pixel receives anything. */
function lostWindows(routing: Float32Array): [row: number, column: number][] {
  const lost: [number, number][] = [];
  for (let row = 0; row < SIDE; row += WINDOW) {
    for (let column = 0; column < SIDE; column += WINDOW) {
      const at = row * SIDE + column;
      if ([at, at + 1, at + SIDE, at + SIDE + 1].every((i) => routing[i] === 0)) lost.push([row, column]);
    }
  }
  return lost;
}

function nonZero(values: ArrayLike<number>): number[] {
  return Array.from(values, (_, i) => i).filter((i) => values[i] !== 0);
}
