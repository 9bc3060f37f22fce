/** Small inputs at which the built-in average and global pooling of TensorFlow.js 4.22 go wrong. */
import { ODD, PLAIN, type Preset, filled } from './preset';

const AVERAGE = { ...PLAIN, pooling: 'average' } as const;

export const SIBLING_PRESETS: readonly Preset[] = [
  {
    id: 'average-border',
    title: 'Average: border',
    rows: [
      [4, 8, 2, 6],
      [1, 9, 7, 3],
      [6, 2, 8, 4],
      [5, 3, 1, 7],
    ],
    settings: { ...AVERAGE, windowHeight: 3, windowWidth: 3, stride: 1, padding: 'same' },
    backends: [],
    about:
      'A window that reaches over the border averages the elements that are there, four at a corner. On the way back the built-in divides by all nine taps, and gradient is lost.',
  },
  {
    id: 'average-ceil',
    title: 'Average: ceil',
    rows: ODD,
    settings: { ...AVERAGE, ceilMode: true },
    backends: ['cpu', 'webgl', 'webgpu', 'wasm'],
    about:
      'Rounding up keeps the last, partial windows. The built-in forgets them on the way back: five of nine windows send nothing. On wasm it computes four outputs only, and leaves in the others what was in memory.',
  },
  {
    id: 'average-dilation',
    title: 'Average: dilation',
    rows: filled(5, 5, 9),
    settings: { ...AVERAGE, windowHeight: 3, windowWidth: 3, stride: 1, dilation: 2, padding: 'same' },
    backends: [],
    about:
      "The average of nines is nine. With dilation and padding 'same' the built-in puts zeros around them and averages those too, in every window but the middle one.",
  },
  {
    id: 'average-nan',
    title: 'Average: NaN',
    rows: [
      [NaN, 1, 4, 2],
      [2, 3, 1, 5],
      [5, 6, 0, 8],
      [7, 4, 9, 3],
    ],
    settings: AVERAGE,
    backends: ['wasm'],
    about: 'The average of a window with a NaN is NaN. The built-in gives −∞ on wasm; the other backends are right.',
  },
  {
    id: 'global-tie',
    title: 'Global: tie',
    rows: [
      [3, 9, 2, 9],
      [1, 4, 9, 5],
      [9, 6, 7, 8],
      [2, 9, 3, 1],
    ],
    settings: { ...PLAIN, pooling: 'globalMax' },
    backends: [],
    about:
      'One window, five elements that equal its maximum: the first gets the gradient. The built-in, tf.max, gives all of it to each of the five.',
  },
];
