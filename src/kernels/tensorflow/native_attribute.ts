/** A geometry as text: the attribute of the native operations, whose kernels TensorFlow keeps by it. */
import type { Divisor } from '../../average';
import { type AxisGeometry, type PoolGeometry, hasFitted } from '../../geometry';

const DIVISORS = { one: 0, real: 1, padded: 2 };
/** Native kernels have tables of windows and strides, up to this size along an axis. */
const MAX_SPAN = 65536;
const MAX_RANK = 8;

const known = new WeakMap<PoolGeometry, Map<Divisor, string | undefined>>();

/** The fields of geometry.h, in order; undefined for a pooling that native kernels leave to others. */
export function geometryText(g: PoolGeometry, divisor: Divisor = 'one'): string | undefined {
  let texts = known.get(g);
  if (!texts) known.set(g, (texts = new Map<Divisor, string | undefined>()));
  if (!texts.has(divisor)) texts.set(divisor, textOf(g, divisor));
  return texts.get(divisor);
}

function textOf(g: PoolGeometry, divisor: Divisor): string | undefined {
  const { batch, channels, depth, height, width, spec, xShape, yShape } = g;
  const axes = [depth, height, width];
  const isFitted = hasFitted(g);
  if (typeof divisor === 'number' || (isFitted && !axes.every(isFittedWhole))) return undefined;
  if (xShape.length > MAX_RANK || axes.some(({ window, stride }) => Math.max(window, stride) > MAX_SPAN))
    return undefined;
  return [
    batch,
    channels,
    ...axes.flatMap(fieldsOf),
    Number(spec.nan === 'ignore'),
    DIVISORS[divisor],
    Number(isFitted),
    xShape.length,
    ...xShape,
    yShape.length,
    ...yShape,
  ].join(' ');
}

/** Native kernels fit windows along all axes to the outputs, where they fit any: ordinary ones side by side are such windows, too. */
function isFittedWhole({
  input,
  output,
  window,
  stride,
  dilation,
  padBefore,
  padAfter,
  fitted,
}: AxisGeometry): boolean {
  if (fitted) return fitted.step === input && fitted.per === output && fitted.offset === 0;
  const isSideBySide = output * window === input && (output === 1 || stride === window);
  return isSideBySide && dilation === 1 && padBefore === 0 && padAfter === 0;
}

/** Windows that are fitted have no stride, and the native module finds out how long the longest is. */
function fieldsOf({ input, output, window, stride, dilation, padBefore, padAfter, fitted }: AxisGeometry): number[] {
  return [input, output, window, fitted ? 1 : stride, dilation, padBefore, padAfter];
}
