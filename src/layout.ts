/**
 * The layout of shapes: [batch, ...spatial, channels] or, channels first, [batch, channels, ...spatial], with or without
 * batch. Which axis is which, and the checks that all kinds of pooling share. No tensors and no tfjs import.
 */
import { show } from './show';
import type { DataFormat, SpatialRank } from './spec';

/** The part of a spec that says it. */
export interface Layout {
  readonly rank: SpatialRank;
  readonly dataFormat: DataFormat;
}

/** The spatial axes, as errors call them. */
export const AXIS_NAMES = { 1: ['length'], 2: ['height', 'width'], 3: ['depth', 'height', 'width'] } as const;

/** Throws unless there is an axis for batch, if need be, for channels and for each spatial one. */
export function checkRank(name: string, layout: Layout, shape: readonly number[], argument = 'x'): void {
  const { rank } = layout;
  if (shape.length !== rank + 1 && shape.length !== rank + 2) {
    throw new Error(
      `${name}: expected ${argument} of rank ${rank + 1} or ${rank + 2} ${axesOf(layout)}; ` +
        `got rank ${shape.length} ${show([...shape])}.`,
    );
  }
}

/** The same for a layer's input, which always has a batch. */
export function checkLayerRank(
  name: string,
  layout: Layout,
  shape: ReadonlyArray<number | null>,
  argument = 'an input shape',
): void {
  const { rank } = layout;
  if (shape.length !== rank + 2) {
    throw new Error(
      `${name}: expected ${argument} of rank ${rank + 2} ${axesOf(layout)}; ` +
        `got rank ${shape.length} ${show([...shape])}.`,
    );
  }
}

/** Throws if a spatial size is 0. */
export function checkImage(name: string, layout: Layout, shape: ReadonlyArray<number | null>): void {
  const spatial = spatialOf(layout, shape);
  if (spatial.some((size) => size === 0)) {
    throw new Error(`${name}: expected an image of at least one element; got spatial size ${show(spatial)}.`);
  }
}

/** The number of the first spatial axis of a shape of so many axes. */
export function firstSpatialAxis({ rank, dataFormat }: Layout, axes: number): number {
  return axes - rank - 1 + (dataFormat === 'channelsFirst' ? 1 : 0);
}

/** The batch size; 1 without batch. */
export function batchOf({ rank }: Layout, shape: readonly number[]): number {
  return shape.length === rank + 2 ? shape[0]! : 1;
}

export function channelsOf({ rank, dataFormat }: Layout, shape: readonly number[]): number {
  return shape[shape.length - 1 - (dataFormat === 'channelsFirst' ? rank : 0)]!;
}

export function spatialOf<T>(layout: Layout, shape: readonly T[]): T[] {
  const first = firstSpatialAxis(layout, shape.length);
  return shape.slice(first, first + layout.rank);
}

/** The shape with other spatial sizes, or without any. */
export function withSpatial<T>(layout: Layout, shape: readonly T[], spatial: readonly T[]): T[] {
  const first = firstSpatialAxis(layout, shape.length);
  return [...shape.slice(0, first), ...spatial, ...shape.slice(first + layout.rank)];
}

function axesOf({ rank, dataFormat }: Layout): string {
  const spatial = AXIS_NAMES[rank];
  const image = dataFormat === 'channelsFirst' ? ['channels', ...spatial] : [...spatial, 'channels'];
  return `[${['batch', ...image].join(', ')}]`;
}

/** Elements of one tensor: they lie in one memory, which on wasm ends at 4 GiB. */
const MAX_ELEMENTS = 2 ** 30 - 1;

/** Throws if a tensor would have more elements than a backend can hold. Unknown sizes (null) count as 1. */
export function checkElements(name: string, argument: string, shape: ReadonlyArray<number | null>): void {
  const elements = sizeOf(shape.map((size) => size ?? 1));
  if (elements > MAX_ELEMENTS) {
    throw new Error(
      `${name}: expected ${argument} of at most ${MAX_ELEMENTS} elements; got ${elements} for shape ${show(shape)}.`,
    );
  }
}

/** The number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
