/** A report's numbers in words: the page's table and the Markdown say the same. */
import type { Agreement, CompareRow, GradientAgreement, Timing } from 'tfjs-im2col-pooling';

export const NONE = '–';

export function agreementText(agreement: Agreement): string {
  if (agreement.oursError !== undefined) return `ours throws: ${agreement.oursError}`;
  if (agreement.builtinError !== undefined) return 'built-in throws';
  if (agreement.builtinShape) return `built-in: wrong shape [${agreement.builtinShape.join(', ')}]`;
  if (agreement.equal) return 'equal';
  return `${agreement.differing} of ${agreement.elements} differ`;
}

export function gradientText(gradient: GradientAgreement | null): string {
  if (gradient === null) return NONE;
  const { builtin } = gradient.mass;
  const share = (part: number) => `${(part * 100).toFixed(part < 0.1 ? 1 : 0)} %`;
  const parts = builtin === null ? [] : [
    builtin.lost > 0 && `${share(builtin.lost)} lost`, builtin.misplaced > 0 && `${share(builtin.misplaced)} misplaced`,
    builtin.invented > 0 && `${share(builtin.invented)} invented`,
  ].filter((part): part is string => part !== false);
  return agreementText(gradient) + (parts.length > 0 ? ` (${parts.join(', ')})` : '');
}

/** `4.2×`, or the bare time where the built-in has none. */
export function speedText(timing: Timing | null | undefined): string {
  if (!timing) return NONE;
  if (timing.ratio === null) return `${timing.ours.toFixed(2)} ms; no built-in`;
  return `${timing.ratio.toFixed(timing.ratio < 10 ? 1 : 0)}×`;
}

export function timingTitle(timing: Timing | null | undefined): string {
  if (!timing) return '';
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return `ours ${ms(timing.ours)}${timing.builtin === null ? '' : `, built-in ${ms(timing.builtin)}`}`;
}

export function shapeText({ shape, options }: CompareRow): string {
  const { poolSize, strides, padding, dilationRate, ceilMode } = options;
  const plain = (value: unknown) => (Array.isArray(value) ? value.join('×') : String(value));
  const parts = [shape.join('×'), `window ${plain(poolSize ?? 2)}`];
  if (strides !== undefined && strides !== null) parts.push(`stride ${plain(strides)}`);
  if (padding !== undefined && padding !== 'valid') parts.push(`padding ${plain(padding)}`);
  if (dilationRate !== undefined && plain(dilationRate) !== '1') parts.push(`dilation ${plain(dilationRate)}`);
  if (ceilMode) parts.push('ceil');
  return parts.join(', ');
}
