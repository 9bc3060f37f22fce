/** What `inspect` says of the built-in, held to what comparePooling measures: neither more nor less than that. */
import { DEFECTS, type InspectedLayer } from '../../src/cli/defects';
import type { CompareReport } from '../../src/index';

const FLAT: InspectedLayer = {
  className: 'MaxPooling2D',
  poolSize: [2, 2],
  padding: 'valid',
  ceilMode: false,
  dilated: false,
};
const VOLUME: InspectedLayer = { ...FLAT, className: 'MaxPooling3D', poolSize: [2, 2, 2] };

const AVERAGE: InspectedLayer = { ...FLAT, className: 'AveragePooling2D' };
const GLOBAL: InspectedLayer = { ...FLAT, className: 'GlobalMaxPooling2D', poolSize: [] };

/** A kind of layer, a statement about it, and the case that shows whether it is true. */
const STATEMENTS: ReadonlyArray<[InspectedLayer, RegExp, string]> = [
  [FLAT, /^of equal maxima the last|maximum is 0 or below vanishes/, 'tie'],
  [FLAT, /maximum is 0 or below vanishes/, 'negatives'],
  [FLAT, /^NaN is passed over/, 'NaN'],
  [FLAT, /-Infinity( is lost|, and all| becomes -3)/, '-Infinity'],
  [FLAT, /window with Infinity/, 'Infinity'],
  [FLAT, /^int32 input throws/, 'int32'],
  [VOLUME, /1\.18e-38/, '3-D negatives'],
  [VOLUME, /equal maxima/, '3-D zeros'],
  [{ ...VOLUME, poolSize: [2, 2, 1] }, /no cube|1\.18e-38/, '3-D, 2x2x1 window'],
  [
    {
      ...FLAT,
      padding: [
        [1, 1],
        [1, 1],
      ],
      poolSize: [2, 3],
    },
    /numeric padding/,
    'padding, 2x3 window',
  ],
  [{ ...FLAT, ceilMode: true }, /^ceil rounding/, 'ceil'],
  [{ ...FLAT, dilated: true }, /^dilation/, 'dilation, same'],
  [AVERAGE, /^NaN becomes/, 'average, NaN'],
  [AVERAGE, /^int32 input throws/, 'average, int32'],
  [{ ...AVERAGE, padding: 'same' }, /window at the border/, 'average, same'],
  [{ ...VOLUME, className: 'AveragePooling3D', padding: 'same' }, /window at the border/, 'average, 3-D'],
  [{ ...AVERAGE, padding: 1 }, /window at the border|numeric padding throws/, 'average, padding 1'],
  [{ ...AVERAGE, padding: 1, poolSize: [2, 3] }, /numeric padding/, 'average, padding, 2x3 window'],
  [{ ...AVERAGE, ceilMode: true }, /^ceil rounding/, 'average, ceil'],
  [{ ...AVERAGE, dilated: true }, /^dilation/, 'average, dilation, same'],
  [GLOBAL, /^each of equal maxima/, 'global max, tie'],
  [GLOBAL, /NaN is lost/, 'global max, NaN'],
];

/** Every statement, with what was said and what was measured: [case, said, measured]. */
export function saidAndMeasured({ rows }: CompareReport, backend: string): Array<[string, boolean, boolean]> {
  return STATEMENTS.map(([layer, statement, name]) => {
    const said = DEFECTS.filter(({ meets }) => meets(layer))
      .map(({ on }) => on[backend as 'cpu'] ?? '')
      .some((what) => statement.test(what));
    const row = rows.find((one) => one.backend === backend && one.case === name)!;
    // WebGPU's built-in propagates NaN rightly; its gradient is another matter.
    const part = name === 'NaN' ? row.values : row;
    return [name, said, part.deviates === 'builtin'];
  });
}
