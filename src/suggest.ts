/**
 * "Did you mean": names and values one typo or one framework away from those of this package.
 *
 * The foreign names are those of Keras, PyTorch, ONNX, TensorFlow.js, JAX and Paddle.
 */

/** Names that options have elsewhere, in lower case without underscores. */
const OPTION_NAMES_ELSEWHERE: ReadonlyArray<readonly [ours: readonly string[], elsewhere: string]> = [
  [['poolSize'], 'pool poolshape poolsizes kernel kernels kernelsize kernelshape ksize filter filtersize filtershape'],
  [['poolSize'], 'window windows windowsize windowshape windowdimensions'],
  [['poolSize', 'outputSize'], 'size shape'],
  [['strides'], 'stride step steps stridesize windowstrides'],
  [['padding'], 'pad pads paddings autopad padmode paddingmode padtype'],
  [['dilationRate'], 'dilation dilations rate rates atrous windowdilation kerneldilation'],
  [['ceilMode'], 'ceil ceiling rounding roundingmode roundingtype roundmode dimroundingmode'],
  [['dataFormat'], 'format layout datalayout dimordering imagedataformat channelsfirst channelslast nchw nhwc'],
  [['nan'], 'nans nanrule nanmode nanpolicy propagatenan propagatenans'],
  [['implementation'], 'impl algorithm method'],
  [['countIncludePad'], 'countpad includepad includepadding exclusive'],
  [['divisorOverride'], 'divisor'],
  [['absolute'], 'abs absolutevalue magnitude magnitudes'],
  [['keepDims'], 'keepdim keepdimensions'],
  [['outputSize'], 'outputshape outsize targetsize'],
  [['p'], 'norm normtype power exponent ord'],
  [['returnArgmax'], 'argmax withargmax indices returnindices withindices returnmask includebatchinindex'],
  [['padValue'], 'value fillvalue constantvalue constantvalues paddingvalue'],
];

/** Values that options have elsewhere, in lower case without underscores, and ours. */
const VALUES_ELSEWHERE: ReadonlyArray<readonly [ours: string, elsewhere: string]> = [
  ['channelsFirst', 'ncw nchw ncdhw ncl first'],
  ['channelsLast', 'nwc nhwc ndhwc nlc last'],
  ['same', 'sameupper'],
  ['valid', 'notset none'],
  ['ignore', 'omit skip'],
  ['im2col', 'literal matrix'],
  ['pytorch', 'torch'],
  ['tensorflow', 'tf tfjs keras'],
  ['onnx', 'onnxruntime ort'],
  ['node', 'tfjsnode tensorflow'],
  ['average', 'avg mean averagepool avgpool'],
  ['max', 'maxpool'],
  ['globalAverage', 'globalavg globalmean gap'],
  ['adaptiveAverage', 'adaptiveavg'],
  ['builtin', 'tfjs tflayers'],
];

/** Paddings elsewhere that only numbers can express here. */
const UNEVEN_PADDINGS = ['samelower', 'causal', 'full'];
const WITH_ARGMAX = 'the argmax comes from maxPoolWithArgmax';

/** What an error about an unknown option ends with: a sentence's rest, or nothing. */
export function optionHint(unknown: string, known: readonly string[], knownElsewhere: readonly string[]): string {
  if (knownElsewhere.includes(unknown) || unknown.length > LONGEST_NAME) return '';
  const plain = plainName(unknown);
  const same = known.find((name) => plainName(name) === plain);
  const foreign = OPTION_NAMES_ELSEWHERE.filter(([, names]) => names.split(' ').includes(plain)).flatMap(
    ([ours]) => ours,
  );
  const name = same ?? foreign.find((ours) => known.includes(ours));
  if (name !== undefined) return didYouMean(name);
  if (foreign.includes('returnArgmax')) return `; ${WITH_ARGMAX}`;
  if (foreign.length > 0) return '; this pooling has no counterpart of it';
  const near = nearest(plain, known);
  return near === undefined ? '' : didYouMean(near);
}

/** What an error about a wrong value ends with: a sentence's rest, or nothing. */
export function valueHint(value: unknown, allowed: readonly string[]): string {
  if (typeof value !== 'string' || value.length > LONGEST_NAME) return '';
  const plain = plainName(value);
  const same = allowed.find((one) => plainName(one) === plain);
  const foreign = VALUES_ELSEWHERE.filter(([, values]) => values.split(' ').includes(plain)).map(([ours]) => ours);
  const near = same ?? foreign.find((ours) => allowed.includes(ours)) ?? nearest(plain, allowed);
  return near === undefined ? '' : didYouMean(`'${near}'`);
}

/** {@link valueHint} for a padding. */
export function paddingHint(value: unknown): string {
  const isUneven = typeof value === 'string' && UNEVEN_PADDINGS.includes(plainName(value));
  return isUneven ? '; pairs [before, after] can express it.' : valueHint(value, ['valid', 'same']);
}

/** Longer names are no typos. */
const LONGEST_NAME = 40;

function didYouMean(name: string): string {
  return `; did you mean ${name}?`;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}

/** The name at most two typos away; at most one where it is as short as three letters. */
function nearest(plain: string, names: readonly string[]): string | undefined {
  if (plain.length < 3) return undefined;
  const most = plain.length > 3 ? 2 : 1;
  const ranked = names
    .filter((name) => name.length >= 3)
    .map((name) => ({ name, typos: typosBetween(plain, plainName(name)) }))
    .filter(({ typos }) => typos <= most);
  return ranked.sort((a, b) => a.typos - b.typos)[0]?.name;
}

/** Letters to insert, to leave out, to replace or to exchange with their neighbours: Damerau's distance. */
function typosBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  let twoAbove: number[] = [];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const least = Math.min(above[j]! + 1, row[j - 1]! + 1, replaced);
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(isExchange ? Math.min(least, twoAbove[j - 2]! + 1) : least);
    }
    [twoAbove, above] = [above, row];
  }
  return above[b.length]!;
}
