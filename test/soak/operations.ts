/** The rows of the soak: names and options. Plain data, for the command, Node workers and the page alike. */

export type Rank = 1 | 2 | 3;
export type Options = Readonly<Record<string, unknown>>;

/** An operation of the package that pools, as it is called for ranks 1 to 3. */
interface Pooling {
  readonly name: string;
  /** Calls alternate between these. */
  readonly options: readonly Options[];
}

const OVERLAPPING = { poolSize: 3, strides: 2, padding: 'same' };
/** For an axis of 4: windows of one size, and windows that overlap. */
const EVEN = { outputSize: 2 };
const UNEVEN = { outputSize: 3 };

export const POOLINGS: readonly Pooling[] = [
  { name: 'maxPool', options: [OVERLAPPING] },
  { name: 'maxPoolWithArgmax', options: [OVERLAPPING] },
  { name: 'averagePool', options: [OVERLAPPING, { ...OVERLAPPING, padding: 1, countIncludePad: true }] },
  { name: 'globalMaxPool', options: [{}] },
  { name: 'globalAveragePool', options: [{}] },
  { name: 'adaptiveMaxPool', options: [EVEN, UNEVEN] },
  { name: 'adaptiveMaxPoolWithArgmax', options: [EVEN, UNEVEN] },
  { name: 'adaptiveAveragePool', options: [EVEN, UNEVEN] },
  {
    name: 'lpPool',
    options: [
      { ...OVERLAPPING, p: 2 },
      { ...OVERLAPPING, p: 3 },
    ],
  },
];

/** Operations on an argmax or on columns; they take these options. */
export const ROUTINGS = ['scatterArgmax', 'gatherArgmax', 'maxUnpool1d', 'maxUnpool2d', 'maxUnpool3d'] as const;
export const COLUMNS = ['im2col', 'col2im'] as const;
/** Conversions between an argmax and flat indices. */
export const INDICES = ['argmaxToIndices', 'indicesToArgmax'] as const;
export const ROUTING_OPTIONS: Options = OVERLAPPING;

/** Poolings that are also called with another size and window each time: no cache may hold on to them. */
const SIZED = ['maxPool2d', 'averagePool2d', 'globalMaxPool2d', 'adaptiveMaxPool2d', 'im2col'] as const;

export interface SoakOperation {
  readonly name: string;
  /** Of the calls that are asked for. */
  readonly share: number;
  /** Bytes that a call may leave on the JavaScript heap: tfjs numbers the layers that it ever made. */
  readonly heapPerCall: number;
}

const row = (name: string, share = 1, heapPerCall = 8): SoakOperation => ({ name, share, heapPerCall });

export const SIZES_VARY = ', sizes';

export const OPERATIONS: readonly SoakOperation[] = [
  ...POOLINGS.flatMap(({ name }) => ([1, 2, 3] as const).map((rank) => row(`${name}${rank}d`))),
  ...[...ROUTINGS, ...COLUMNS, ...INDICES].map((name) => row(name)),
  ...SIZED.map((name) => row(name + SIZES_VARY)),
  row('installPoolingKernels'),
  row('layers: predict', 0.05),
  row('layers: training step', 0.05),
  row('layers: save and load', 0.01, 16384),
  row('convertPooling', 0.01, 16384),
];

/** Deliberate leaks: the soak must find them. Run only with `--self-check`. */
export const LEAKS: readonly SoakOperation[] = [
  row('leaks a tensor'),
  row('leaks in a cache'),
  row('leaks outside of JavaScript'),
];
