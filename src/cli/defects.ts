/** What the built-in max pooling of TensorFlow.js 4.22 gets wrong, by layer and backend: as `comparePooling` measures it. Data, and who meets it. */

/** A pooling layer as `inspect` sees it. */
export interface InspectedLayer {
  readonly className: string;
  readonly poolSize: readonly number[];
  readonly padding: unknown;
  readonly ceilMode: boolean;
  readonly dilated: boolean;
}

interface Defect {
  readonly what: string;
  readonly backends: readonly string[];
  readonly meets: (layer: InspectedLayer) => boolean;
}

const ALL = ['cpu', 'wasm', 'webgl', 'webgpu', 'node'];
const isGlobal = ({ className }: InspectedLayer) => className.includes('Global');
const is3D = ({ className }: InspectedLayer) => className.endsWith('3D');
const isWindow = (layer: InspectedLayer) => !isGlobal(layer);
const isFlat = (layer: InspectedLayer) => isWindow(layer) && !is3D(layer);
const isVolume = (layer: InspectedLayer) => isWindow(layer) && is3D(layer);
const isNumeric = ({ padding }: InspectedLayer) => Array.isArray(padding) || typeof padding === 'number';

export const DEFECTS: readonly Defect[] = [
  { what: 'a tie sends the gradient to the last element, not the first', backends: ['wasm', 'webgl', 'webgpu'], meets: isFlat },
  { what: 'the gradient of windows whose maximum is <= 0 (after a ReLU: all zeros) vanishes', backends: ['wasm'], meets: isFlat },
  { what: 'maxima below zero become 1.18e-38, and their gradient goes astray', backends: ['wasm'], meets: isVolume },
  { what: 'a tie sends the gradient to a wrong element, or to all', backends: ALL, meets: isVolume },
  {
    what: 'a window that is no cube gets a wrong gradient', backends: ['cpu', 'webgpu'],
    meets: (layer) => isVolume(layer) && new Set(layer.poolSize).size > 1,
  },
  { what: 'NaN is passed over; -Infinity on wasm', backends: ['cpu', 'wasm', 'webgl', 'node'], meets: isFlat },
  { what: 'a window of -Infinity becomes another number (webgl -1e20, node -3.4e38) or loses its gradient (cpu)', backends: ['cpu', 'webgl', 'node'], meets: isFlat },
  { what: 'Infinity loses its gradient to another element', backends: ['webgl', 'webgpu'], meets: isFlat },
  { what: 'int32 input throws', backends: ['wasm'], meets: isFlat },
  { what: 'every one of equal maxima gets the full gradient', backends: ALL, meets: isGlobal },
  { what: 'numeric padding throws', backends: ['node'], meets: isNumeric },
  {
    what: 'numeric padding with a window that is not square gives a wrong shape', backends: ['cpu', 'wasm', 'webgl', 'webgpu'],
    meets: (layer) => isNumeric(layer) && new Set(layer.poolSize).size > 1,
  },
  { what: 'ceil rounding: gradients of the last windows are lost', backends: ALL, meets: ({ ceilMode }) => ceilMode },
  { what: 'dilation: zeros at the borders, padding dropped, no strides', backends: ALL, meets: ({ dilated }) => dilated },
  { what: 'a second derivative throws', backends: ALL, meets: isWindow },
];
