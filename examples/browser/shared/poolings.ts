/** The kinds of pooling that the page knows, by the names that comparePooling has for them. No TensorFlow.js import. */
export const POOLINGS = [
  'max',
  'average',
  'globalMax',
  'globalAverage',
  'adaptiveMax',
  'adaptiveAverage',
  'lp',
] as const;
export type Pooling = (typeof POOLINGS)[number];

export const POOLING_TITLES: Readonly<Record<Pooling, string>> = {
  max: 'max',
  average: 'average',
  globalMax: 'global max',
  globalAverage: 'global average',
  adaptiveMax: 'adaptive max',
  adaptiveAverage: 'adaptive average',
  lp: 'Lp',
};

/** One element of a window wins it, and takes its gradient. */
export const isMaximum = (pooling: Pooling) => /max$/i.test(pooling);
export const isAverage = (pooling: Pooling) => /average$/i.test(pooling);
export const isGlobal = (pooling: Pooling) => pooling.startsWith('global');
/** Windows are made to fit a given output. */
export const isAdaptive = (pooling: Pooling) => pooling.startsWith('adaptive');
/** Windows have a size, a stride, padding, dilation. */
export const isWindowed = (pooling: Pooling) => !isGlobal(pooling) && !isAdaptive(pooling);
