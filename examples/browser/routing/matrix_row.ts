/** The cells of the im2col matrix: its head, and a row for a window. */
import { isMaximum } from '../shared/poolings';
import { element } from '../ui/dom';
import type { Shown } from './analysis';
import { precise, short } from './format';

export function headOf({ result, pooling, withGradient }: Shown, taps: number): HTMLElement {
  const width = result.windowWidth;
  // Where windows differ in width, a tap's number does not say where it is.
  const place = (tap: number) => width !== null && `${Math.floor(tap / width)}, ${tap % width}`;
  return element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'window'),
    ...Array.from({ length: taps }, (_, tap) =>
      element('th', { scope: 'col' }, `tap ${tap}`, width !== null && element('small', {}, place(tap))),
    ),
    ...[...derivedNames(pooling, result.divisors !== null), ...(withGradient ? ['dy'] : [])].map((name) =>
      element('th', { scope: 'col', class: 'derived' }, name),
    ),
  );
}

function derivedNames(pooling: Shown['pooling'], isDivided: boolean): string[] {
  if (isMaximum(pooling)) return ['maximum', 'argmax'];
  return isDivided ? ['mean', 'n'] : ['norm'];
}

export function rowOf(shown: Shown, output: number, taps: number): HTMLElement {
  const { result } = shown;
  const { windows, argmax, divisors, outWidth, ours, dy } = result;
  const between = argmax ? [String(argmax[output])] : divisors ? [String(divisors[output])] : [];
  const derived = [short(ours.y![output]), ...between, ...(shown.withGradient ? [short(dy[output])] : [])];
  return element(
    'tr',
    { 'data-output': output },
    element('th', { scope: 'row' }, `${Math.floor(output / outWidth)}, ${output % outWidth}`),
    ...windows[output].map((_, tap) => cellOf(shown, output, tap)),
    // A window of fewer taps than the largest: its row ends here.
    windows[output].length < taps && element('td', { class: 'absent', colspan: taps - windows[output].length }),
    ...derived.map((text) => element('td', { class: 'derived' }, text)),
  );
}

function cellOf({ image, result, analysis, withGradient }: Shown, output: number, tap: number): HTMLElement {
  const input = result.windows[output][tap];
  if (input < 0) return element('td', { class: 'padding' }, element('span', { class: 'hidden' }, 'padding'));
  const isArgmax = tap === result.argmax?.[output];
  const isTied = analysis.tied[output].includes(input);
  const gradient = result.shares[output][tap] * result.dy[output];
  return element(
    'td',
    { class: isArgmax ? 'argmax' : isTied ? 'tied' : '' },
    short(image.values[input]),
    isArgmax && element('span', { class: 'hidden' }, ' argmax'),
    withGradient &&
      !result.argmax &&
      element(
        'small',
        { class: 'share', title: precise(gradient) },
        element('span', { class: 'hidden' }, ' gets '),
        short(gradient),
      ),
  );
}
