/** Small inputs at which the built-in max pooling of TensorFlow.js 4.22 goes wrong. */
import { ODD, PLAIN, type Preset, filled } from './preset';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export const MAX_PRESETS: readonly Preset[] = [
  {
    id: 'zeros',
    title: 'Zeros after ReLU',
    rows: filled(4, 4, 0),
    settings: PLAIN,
    backends: ['wasm', 'webgl', 'webgpu'],
    about:
      'All zeros, as ReLU leaves them: four windows send gradient to four inputs, the first of each. Of the built-in on wasm the gradient of one window arrives, and three are lost; on webgl and webgpu the last of each window gets it.',
  },
  {
    id: 'tie',
    title: 'Tie',
    rows: [
      [7, 7, 1, 5],
      [7, 7, 5, 2],
      [3, 8, 6, 6],
      [8, 1, 6, 6],
    ],
    settings: PLAIN,
    backends: ['wasm', 'webgl', 'webgpu'],
    about:
      'Equal maxima in a window: here the first tap gets the gradient, on every backend. The built-in takes the first on cpu and the last on wasm, webgl and webgpu.',
  },
  {
    id: 'negative',
    title: 'Negative',
    rows: [
      [-4, -3, -9, -2],
      [-8, -6, -5, -7],
      [-1, -5, 3, -4],
      [-2, -9, -6, -8],
    ],
    settings: PLAIN,
    backends: ['wasm'],
    about:
      'Three windows whose maximum is below zero: on wasm the built-in misses them, for its running maximum starts at the smallest positive number. It sends all three gradients to x[0, 0], where one of them is left; the other backends are right.',
  },
  {
    id: 'nan',
    title: 'NaN',
    rows: [
      [nan, 1, 4, 2],
      [2, 3, 1, nan],
      [5, 6, 0, 8],
      [7, 4, 9, 1],
    ],
    settings: PLAIN,
    backends: ['wasm', 'webgl', 'cpu', 'webgpu'],
    about:
      'A NaN in a window: here it comes out (or loses to every number, if you say so). The built-in ignores it on cpu and webgl; on wasm it makes −∞ of a window that begins with it, and ignores it elsewhere; on webgpu the graphics card decides.',
  },
  {
    id: 'minus-infinity',
    title: '−∞',
    rows: [
      [-inf, -inf, 1, 2],
      [-inf, -inf, 3, 4],
      [5, 6, -inf, -inf],
      [7, 8, -inf, -inf],
    ],
    settings: PLAIN,
    backends: ['webgl', 'webgpu', 'cpu', 'wasm'],
    about:
      'Two windows of nothing but −∞: the built-in makes −1e20 of them on webgl and webgpu. Of their two gradients it loses both on cpu, and one on wasm.',
  },
  {
    id: 'infinity',
    title: '∞',
    rows: [
      [1, inf, 5, 2],
      [2, 3, 4, 9],
      [8, 1, inf, 2],
      [6, 3, 4, 7],
    ],
    settings: PLAIN,
    backends: ['webgl', 'webgpu'],
    about:
      'Two infinite maxima: on webgl and webgpu the built-in sends their gradient to the last element of the window, for its shader multiplies by zero.',
  },
  {
    id: 'ceil',
    title: 'Ceil',
    rows: ODD,
    settings: { ...PLAIN, ceilMode: true },
    backends: ['cpu', 'webgl', 'webgpu', 'wasm'],
    about:
      'Rounding up keeps the last, partial windows: nine in all. The built-in forgets that on the way back, and five windows lose their gradient. On wasm it forgets it on the way there, too: it computes four outputs, and leaves in the others what was in memory.',
  },
  {
    id: 'dilation',
    title: 'Dilation',
    rows: filled(5, 5, -5),
    settings: { ...PLAIN, windowHeight: 3, windowWidth: 3, stride: 1, dilation: 2, padding: 'same' },
    backends: [],
    about:
      "Dilation with padding 'same' on −5 everywhere: the built-in pads with zeros, and they win every window but the middle one. Their gradient is lost.",
  },
  {
    id: 'padding',
    title: 'Padding',
    rows: [
      [1, 4, 2, 8],
      [7, 3, 9, 6],
      [2, 8, 4, 3],
      [6, 5, 1, 9],
    ],
    settings: { ...PLAIN, windowHeight: 3, windowWidth: 2, stride: 1, padding: '1' },
    backends: [],
    about:
      'Padding by a number and a window that is not square: the built-in uses the window’s height for both axes, and its output is a column too narrow. On wasm it would write past the end of it, and is not run.',
  },
];
