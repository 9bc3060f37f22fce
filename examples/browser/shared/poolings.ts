/** The kinds of pooling that the page knows: those of the package's table, by their names there. No TensorFlow.js import. */
import { type PoolingKind, type PoolingKinds, poolings } from '../../../src/kinds';

export type Pooling = Exclude<keyof PoolingKinds, 'unpooling'>;

export function poolingNames(): Pooling[] {
  return poolings().map(({ name }) => name as Pooling);
}

export function poolingTitle(pooling: Pooling): string {
  return kindOf(pooling).label;
}

/** Whether the operation has an option. */
export function hasOption(pooling: Pooling, option: string): boolean {
  return option in kindOf(pooling).options;
}

/** One element of a window wins it, and takes its gradient. */
export const isMaximum = (pooling: Pooling) => kindOf(pooling).reduces === 'max';
export const isAverage = (pooling: Pooling) => kindOf(pooling).reduces === 'mean';
export const isGlobal = (pooling: Pooling) => kindOf(pooling).windows.rule === 'whole';
/** Windows are made to fit a given output. */
export const isAdaptive = (pooling: Pooling) => kindOf(pooling).windows.rule === 'adaptive';
/** Windows have a size, a stride, padding, dilation. */
export const isWindowed = (pooling: Pooling) => kindOf(pooling).windows.rule === 'sliding';

function kindOf(pooling: Pooling): PoolingKind {
  return poolings().find(({ name }) => name === pooling)!;
}
