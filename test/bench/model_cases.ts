/** The poolings of known networks, each shape once, at a batch of one. Plain data. */
import { type BenchCase, TINY } from './cases';

export const MODEL_NAMES = ['inception', 'vgg16', 'face', 'graph', 'trial'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** All but `trial`, which is for trying the command. */
export const MODELS: readonly ModelName[] = MODEL_NAMES.filter((name) => name !== 'trial');

/** What the names stand for. */
export const MODEL_TEXTS: Readonly<Record<ModelName, string>> = {
  inception: 'Inception V3 at 299x299',
  vgg16: 'VGG16 at 224x224',
  face: 'a tiny face detector at 416x416',
  graph: 'a small GraphModel at 65x65 (test/install/models/graph_model.ts)',
  trial: 'one tiny layer, for trying the command',
};

type Layer = [size: number, channels: number, window: number, stride: number];

function layer(kind: 'max' | 'average', padding: 0 | 'same', [size, channels, window, stride]: Layer): BenchCase {
  const shape = [1, size, size, channels];
  return { name: `${size}x${size}x${channels} ${kind}`, shape, window, stride, padding, pooling: kind };
}

const INCEPTION_MAX: readonly Layer[] = [
  [147, 64, 3, 2],
  [71, 192, 3, 2],
  [35, 288, 3, 2],
  [17, 768, 3, 2],
];
const INCEPTION_AVERAGE: readonly Layer[] = [
  [35, 192, 3, 1],
  [35, 256, 3, 1],
  [35, 288, 3, 1],
  [17, 768, 3, 1],
  [8, 1280, 3, 1],
  [8, 2048, 3, 1],
];
const VGG16: readonly Layer[] = [
  [224, 64, 2, 2],
  [112, 128, 2, 2],
  [56, 256, 2, 2],
  [28, 512, 2, 2],
  [14, 512, 2, 2],
];
const FACE: readonly Layer[] = [
  [416, 16, 2, 2],
  [208, 32, 2, 2],
  [104, 64, 2, 2],
  [52, 128, 2, 2],
  [26, 256, 2, 2],
];

/** A GraphModel is measured as a whole. */
export const MODEL_LAYERS: Readonly<Record<Exclude<ModelName, 'graph'>, readonly BenchCase[]>> = {
  inception: [
    ...INCEPTION_MAX.map((of) => layer('max', 0, of)),
    ...INCEPTION_AVERAGE.map((of) => layer('average', 'same', of)),
    layer('average', 0, [8, 2048, 8, 8]),
  ],
  vgg16: VGG16.map((of) => layer('max', 0, of)),
  face: FACE.map((of) => layer('max', 'same', of)),
  trial: [TINY],
};
