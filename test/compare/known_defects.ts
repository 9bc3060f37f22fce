/** What `inspect` says of the built-in, held to what comparePooling measures: neither more nor less than that. */
import { defectsOf } from '../../src/cli/defects';
import { inspectedLayer } from '../../src/cli/inspected_layer';
import { DEFAULT_CASES } from '../../src/compare/default_cases';
import type { CompareCase, CompareReport } from '../../src/compare/index';

export type Backend = Parameters<typeof defectsOf>[1];

/** A statement, and the case that shows whether it is true. */
const STATEMENTS: ReadonlyArray<[RegExp, string]> = [
  [/^of equal maxima the last|maximum is 0 or below vanishes/, 'tie'],
  [/maximum is 0 or below vanishes/, 'negatives'],
  [/^NaN is passed over/, 'NaN'],
  [/-Infinity( is lost|, and all| becomes -3)|maximum is 0 or below vanishes/, '-Infinity'],
  [/window with Infinity/, 'Infinity'],
  [/^int32 input throws/, 'int32'],
  [/1\.18e-38/, '3-D negatives'],
  [/equal maxima/, '3-D zeros'],
  [/no cube|1\.18e-38/, '3-D, 2x2x1 window'],
  [/strides leave gaps/, '3-D 2/4 same'],
  [/numeric padding (with|throws)/, 'padding, 2x3 window'],
  [/^ceil rounding/, 'ceil'],
  [/^dilation/, 'dilation, same'],
  [/^NaN becomes/, 'average, NaN'],
  [/^int32 input throws/, 'average, int32'],
  [/window at the border/, 'average, same'],
  [/window at the border/, 'average, 1-D'],
  [/window at the border/, 'average, 3-D'],
  [/window at the border/, 'average, channels first'],
  [/window at the border/, 'average 3/1 same'],
  [/window at the border/, 'average 2/2'],
  [/window at the border|strides leave gaps/, 'average, 3-D 2/4 same'],
  [/window at the border|numeric padding throws/, 'average, padding 1'],
  [/window at the border|numeric padding throws/, 'average, padding 1, counted'],
  [/numeric padding (with|throws)/, 'average, padding, 2x3 window'],
  [/^ceil rounding/, 'average, ceil'],
  [/^dilation/, 'average, dilation, same'],
  [/^each of equal maxima/, 'global max, tie'],
  [/NaN is lost/, 'global max, NaN'],
];

const CLASSES = {
  max: 'MaxPooling',
  average: 'AveragePooling',
  globalMax: 'GlobalMaxPooling',
  globalAverage: 'GlobalAveragePooling',
};

/** What `inspect` says of a layer that does what a case does. */
export function saidOf({ pooling = 'max', options, shape }: CompareCase, backend: Backend): string[] {
  const className = `Im2Col${CLASSES[pooling as 'max']}${shape.length - 2}D`;
  return defectsOf(inspectedLayer(className, { ...options }, [shape]), backend);
}

/** Every statement, with what was said and what was measured: [case, said, measured]. */
export function saidAndMeasured({ rows }: CompareReport, backend: Backend): Array<[string, boolean, boolean]> {
  return STATEMENTS.map(([statement, name]) => {
    const said = saidOf(
      DEFAULT_CASES.find((one) => one.name === name)!,
      backend,
    ).some((what) => statement.test(what));
    const row = rows.find((one) => one.backend === backend && one.case === name)!;
    return [name, said, row.deviates === 'builtin'];
  });
}
