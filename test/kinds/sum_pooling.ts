/** A kind of pooling that only the tests have: the sum of each window. All of it is one entry and one operation. */
import { lpPool1d, lpPool2d, lpPool3d } from '../../src/base';
import { KINDS, type PoolingKind } from '../../src/kinds';
import { OPERATIONS } from '../../src/ops/by_kind';
import { POOLING_OPTIONS } from '../../src/options';

const { p: _, ...options } = POOLING_OPTIONS.lp;

const SUM: PoolingKind = {
  name: 'sum',
  label: 'sum',
  layer: 'Im2ColSumPooling',
  options,
  windows: KINDS.find(({ name }) => name === 'max')!.windows,
  reduces: 'mean',
  divisor: () => 'one',
  builtin: { layer: 'SumPooling', ranks: [2] },
};

const sumPool: (typeof OPERATIONS)[string] = {
  1: (x, given) => lpPool1d(x, { ...given, p: 1 }),
  2: (x, given) => lpPool2d(x, { ...given, p: 1 }),
  3: (x, given) => lpPool3d(x, { ...given, p: 1 }),
};

/** Adds the kind; what comes back takes it away. */
export function addSumPooling(): () => void {
  KINDS.push(SUM);
  OPERATIONS.sum = sumPool;
  return () => {
    KINDS.splice(KINDS.indexOf(SUM), 1);
    delete OPERATIONS.sum;
  };
}
