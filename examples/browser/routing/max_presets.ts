/** Small inputs at which the built-in max pooling of TensorFlow.js 4.22 goes wrong. */
import { PLAIN, type Preset, filled } from './preset';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

export const MAX_PRESETS: readonly Preset[] = [
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
    id: 'zeros',
    title: 'Zeros after ReLU',
    rows: filled(4, 4, 0),
    settings: PLAIN,
    backends: ['wasm', 'webgl', 'webgpu'],
    about:
      'All zeros, as ReLU leaves them. Four windows should send gradient to four inputs; the built-in on wasm sends all of it to one.',
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
      'Windows whose maximum is at most zero: on wasm the built-in loses their gradient, for its running maximum starts at the smallest positive number.',
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
      'A NaN in a window: here it comes out (or loses to every number, if you say so). The built-in gives −∞ on wasm, ignores it on cpu and webgl, passes it on webgpu.',
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
    backends: ['webgl', 'cpu'],
    about: 'Windows of nothing but −∞: the built-in on webgl makes −1e20 of them; on cpu it loses their gradient.',
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
      'An infinite maximum: on webgl and webgpu the built-in sends its gradient to another element, for its shader multiplies by zero.',
  },
  {
    id: 'ceil',
    title: 'Ceil',
    rows: [
      [1, 4, 2, 8, 5],
      [7, 3, 9, 6, 1],
      [2, 8, 4, 3, 7],
      [6, 5, 1, 9, 2],
      [3, 7, 8, 4, 6],
    ],
    settings: { ...PLAIN, ceilMode: true },
    backends: ['cpu', 'webgl', 'webgpu', 'wasm'],
    about:
      'Rounding up keeps the last, partial windows: nine of them. The built-in forgets that on the way back, and five windows lose their gradient.',
  },
  {
    id: 'dilation',
    title: 'Dilation',
    rows: filled(5, 5, -5),
    settings: { ...PLAIN, windowHeight: 3, windowWidth: 3, stride: 1, dilation: 2, padding: 'same' },
    backends: [],
    about: "Dilation with padding 'same' on −5 everywhere: the built-in pads with zeros, and they win at the border.",
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
      'Padding by a number and a window that is not square: the built-in uses the window’s height for both axes, and its output is too narrow.',
  },
];
