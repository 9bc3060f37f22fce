/** What is measured, and where: a row of a table per case. Plain data, for Node, the page and Python alike. */

export const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu', 'node'] as const;
/** Measured when they are asked for: wasm in Chromium, whose engine is another than Node's; WebGPU in Node, by Dawn; webgl on Mesa's OpenGL. */
export const ALL_BACKENDS = [...BACKENDS, 'wasm-browser', 'webgpu-node', 'webgl-mesa'] as const;
export type BackendName = (typeof ALL_BACKENDS)[number];

export const LAYOUTS = ['channelsLast', 'channelsFirst'] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface BenchCase {
  readonly name: string;
  /** [batch, ...spatial, channels], in either layout. */
  readonly shape: readonly number[];
  readonly window: number;
  readonly stride: number;
  /** Before and after each axis, or 'same'. */
  readonly padding: number | 'same';
  /** Default: max pooling. */
  readonly pooling?: 'max' | 'average';
  /** Default: channels last. */
  readonly layout?: Layout;
}

/** The cases of a run without `--case`. */
export const CASES: readonly BenchCase[] = [
  { name: 'mnist', shape: [100, 24, 24, 30], window: 2, stride: 2, padding: 0 },
  { name: 'vgg', shape: [1, 224, 224, 64], window: 2, stride: 2, padding: 0 },
  { name: 'resnet', shape: [8, 112, 112, 64], window: 3, stride: 2, padding: 1 },
  { name: 'inception', shape: [8, 35, 35, 192], window: 3, stride: 2, padding: 0 },
  { name: 'deep', shape: [16, 14, 14, 512], window: 2, stride: 2, padding: 0 },
  { name: 'same', shape: [8, 56, 56, 64], window: 3, stride: 1, padding: 'same' },
  { name: 'wide', shape: [1, 1024, 1024, 8], window: 2, stride: 2, padding: 0 },
  { name: 'volume', shape: [2, 32, 32, 32, 16], window: 2, stride: 2, padding: 0 },
  { name: 'audio', shape: [8, 4096, 64], window: 4, stride: 4, padding: 0 },
];

/** For trying the command: too small for its times to mean anything. Run only when named. */
export const TINY: BenchCase = { name: 'tiny', shape: [2, 16, 16, 8], window: 2, stride: 2, padding: 0 };

/** What a call costs, whatever it computes: measure it with `--calls 1000`. Run only when named. */
export const SMALL: BenchCase = { name: 'small', shape: [1, 8, 8, 4], window: 2, stride: 2, padding: 0 };

/** As many elements in one channel and in many. Run only when named. */
export const ONE_CHANNEL: readonly [one: BenchCase, many: BenchCase] = [
  { name: 'gray', shape: [16, 512, 512, 1], window: 2, stride: 2, padding: 0 },
  { name: 'map', shape: [16, 64, 64, 64], window: 2, stride: 2, padding: 0 },
];

export const ALL_CASES: readonly BenchCase[] = [...CASES, TINY, SMALL, ...ONE_CHANNEL];

/** The shape of x in the case's layout. */
export function shapeOf({ shape, layout }: BenchCase): number[] {
  if (layout !== 'channelsFirst') return [...shape];
  return [shape[0], shape[shape.length - 1], ...shape.slice(1, -1)];
}

/** The same case with channels first. */
export function withChannelsFirst(c: BenchCase): BenchCase {
  return { ...c, name: firstName(c), layout: 'channelsFirst' };
}

/** The name of {@link withChannelsFirst} of a case. */
export function firstName({ name }: BenchCase): string {
  return `${name} first`;
}

/** The number of spatial axes. */
export function rankOf(c: BenchCase): 1 | 2 | 3 {
  return (c.shape.length - 2) as 1 | 2 | 3;
}

/** As the issue writes it: `8x112x112x64 3/2/1`. */
export function describeCase(c: BenchCase): string {
  return `${c.shape.join('x')} ${c.window}/${c.stride}/${c.padding}`;
}

/** The same case with `factor` times the batch. */
export function withBatch(c: BenchCase, factor: number): BenchCase {
  const [batch, ...rest] = c.shape;
  return { ...c, name: `${c.name} x${factor}`, shape: [batch * factor, ...rest] };
}
