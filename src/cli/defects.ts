/**
 * What the built-in pooling of TensorFlow.js 4.22 gets wrong, by layer and backend, as `comparePooling` measures
 * it. Data, and who meets it.
 */
import type { BACKENDS } from '../known_backends';
import type { InspectedLayer } from './inspected_layer';

type Backend = (typeof BACKENDS)[number];

/** Whether a layer meets a defect, as far as its sizes are known. */
type Met = boolean | 'for some sizes';

interface Defect {
  /** Backend by backend, what goes wrong there. */
  readonly on: Readonly<Partial<Record<Backend, string>>>;
  readonly meets: (layer: InspectedLayer) => Met;
}

const everywhere = (what: string): Defect['on'] => ({ cpu: what, wasm: what, webgl: what, webgpu: what, node: what });
const isGlobal = ({ kind }: InspectedLayer) => kind.windows.rule === 'whole';
const is3D = ({ rank }: InspectedLayer) => rank === 3;
const isAverage = ({ kind }: InspectedLayer) => kind.reduces === 'mean';
const isLocal = (layer: InspectedLayer) => !isGlobal(layer);
const isLocalAverage = (layer: InspectedLayer) => isLocal(layer) && isAverage(layer);
const isGlobalMax = (layer: InspectedLayer) => isGlobal(layer) && !isAverage(layer);
const isFlat = (layer: InspectedLayer) => isLocal(layer) && !isAverage(layer) && !is3D(layer);
const isVolume = (layer: InspectedLayer) => isLocal(layer) && !isAverage(layer) && is3D(layer);
// Padding that counts can be written out as zeros, which the built-in averages rightly.
const isNumeric = (layer: InspectedLayer) => layer.numericPadding && !layer.countIncludePad;
const isOblong = ({ poolSize }: InspectedLayer) => new Set(poolSize).size > 1;

/** Whether windows reach over the border. */
function isPadded({ paddings, dilated, countIncludePad }: InspectedLayer): Met {
  if (dilated || countIncludePad) return false;
  if (paddings.some(({ least }) => least > 0)) return true;
  return paddings.some(({ greatest }) => greatest > 0) && 'for some sizes';
}

/** Whether the padding of a 3-D layer is `most` or less. */
const isPaddedBy = (most: number) => (layer: InspectedLayer) => {
  if (!is3D(layer) || layer.dilated) return false;
  if (layer.paddings.some(({ greatest }) => greatest <= most)) return true;
  return layer.paddings.some(({ least }) => least <= most) && 'for some sizes';
};

const LAST = 'of equal maxima the last gets the gradient, not the first';
const WRONG_SHAPE = 'numeric padding with a window that is not square: wrong output shape';
const BORDER = 'the gradient of a window at the border is divided by all taps, its average by those on the input';
const INFINITY = 'the gradient of a window with Infinity goes to another element';
const LEAST = '-Infinity, and all below -1e20, becomes -1e20';
const GAPS = "strides leave gaps, and 'same' shifts the windows by a negative padding: wrong values and gradient";

const DEFECTS: readonly Defect[] = [
  { meets: isFlat, on: { wasm: LAST, webgl: LAST, webgpu: LAST } },
  {
    meets: isFlat,
    on: { wasm: 'the gradient of windows whose maximum is 0 or below vanishes: after a ReLU, of all that are zero' },
  },
  {
    meets: isFlat,
    on: {
      cpu: 'NaN is passed over',
      wasm: 'NaN is passed over, or becomes -Infinity',
      webgl: 'NaN is passed over',
      webgpu: 'NaN is passed over on some devices',
      node: 'NaN is passed over',
    },
  },
  {
    meets: isFlat,
    on: {
      cpu: 'the gradient of a window of -Infinity is lost',
      webgl: LEAST,
      webgpu: LEAST,
      node: '-Infinity becomes -3.4e38',
    },
  },
  { meets: isFlat, on: { webgl: INFINITY, webgpu: INFINITY } },
  { meets: isFlat, on: { wasm: 'int32 input throws' } },
  { meets: isVolume, on: { wasm: 'maxima of 0 or below become 1.18e-38; their gradient goes astray' } },
  {
    meets: isVolume,
    on: {
      cpu: LAST,
      wasm: 'equal maxima: the gradient goes to the first element of the input',
      webgl: LAST,
      webgpu: LAST,
      node: 'each of equal maxima gets the full gradient',
    },
  },
  {
    meets: (layer) => isVolume(layer) && isOblong(layer),
    on: { cpu: 'a window that is no cube: wrong gradient', webgpu: 'a window that is no cube: wrong gradient' },
  },
  {
    meets: (layer) => isLocalAverage(layer) && isPadded(layer),
    on: { cpu: BORDER, wasm: BORDER, webgl: BORDER, webgpu: BORDER },
  },
  { meets: isPaddedBy(-1), on: { cpu: GAPS, wasm: GAPS, webgl: GAPS, webgpu: GAPS } },
  // TensorFlow halves -1 to 0. oneDNN, which it uses on newer processors, knows no negative padding; it computes no maxima.
  { meets: (layer) => isVolume(layer) && isPaddedBy(-2)(layer), on: { node: GAPS } },
  {
    meets: (layer) => isLocalAverage(layer) && isPaddedBy(-2)(layer),
    on: { node: "where TensorFlow runs without oneDNN, 'same' shifts windows that leave gaps: wrong averages" },
  },
  { meets: (layer) => isLocalAverage(layer) && !is3D(layer), on: { wasm: 'NaN becomes -Infinity' } },
  { meets: isLocalAverage, on: everywhere('int32 input throws') },
  { meets: isGlobalMax, on: everywhere('each of equal maxima gets the full gradient') },
  { meets: isGlobalMax, on: everywhere('the gradient of NaN is lost') },
  { meets: isNumeric, on: { node: 'numeric padding throws' } },
  {
    meets: (layer) => isNumeric(layer) && isOblong(layer) && !is3D(layer),
    on: { cpu: WRONG_SHAPE, wasm: `${WRONG_SHAPE}, and writes past its end`, webgl: WRONG_SHAPE, webgpu: WRONG_SHAPE },
  },
  {
    meets: ({ ceilMode }) => ceilMode,
    on: {
      ...everywhere('ceil rounding: the gradient of the last windows is lost'),
      wasm: 'ceil rounding: reads uninitialised memory',
      node: 'ceil rounding rounds down',
    },
  },
  { meets: ({ dilated }) => dilated, on: everywhere('dilation: zeros at the borders, padding dropped, no strides') },
  { meets: (layer) => isLocal(layer) || !isAverage(layer), on: everywhere('a second derivative throws') },
];

/** What a layer's counterpart gets wrong on a backend; `null`: it has none. */
export function defectsOf(layer: InspectedLayer | null, backend: Backend): string[] {
  if (layer === null) return ['tf.layers has no such layer'];
  const defects = DEFECTS.flatMap(({ on: { [backend]: what }, meets }) => {
    const met = meets(layer);
    return what === undefined || met === false ? [] : [met === true ? what : `${met}: ${what}`];
  });
  return [...layer.lacks.map(({ what }) => `tf.layers has no ${what}`), ...defects];
}
