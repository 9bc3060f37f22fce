/** The presets as a row of buttons, and what there is to see in the chosen one. */
import { element, setText } from '../ui/dom';
import { MAX_PRESETS } from './max_presets';
import type { Preset } from './preset';
import { PRESETS } from './presets';
import type { Verdict } from './verdict';

const LEAD =
  'Pooling makes an image smaller: of each window it keeps the largest number, or the mean. In training a gradient goes the ' +
  'other way, from each output back to the inputs that it was made of, and none of it may be lost.';

export interface PresetChips {
  readonly root: HTMLElement;
  /** What is said below the buttons; the preset that is shown, if any is, is pressed. */
  show(chosen: Preset | undefined, about: string): void;
  /** In a sentence, what the built-in makes of it; nothing, if it is not shown. */
  judge(verdict: Verdict | undefined): void;
}

export function presetChips(onChoose: (preset: Preset) => void): PresetChips {
  const about = element('p', { class: 'preset-about', 'aria-live': 'polite' });
  const verdict = element('p', { class: 'builtin-verdict', 'aria-live': 'polite' });
  const chips = PRESETS.map((preset) =>
    element(
      'button',
      { type: 'button', class: 'chip', 'aria-pressed': 'false', onclick: () => onChoose(preset) },
      preset.title,
    ),
  );
  return {
    root: element(
      'section',
      { class: 'presets', 'aria-label': 'Defects of the built-in pooling' },
      element('p', { class: 'lead' }, LEAD),
      element('h2', {}, 'Where the built-in goes wrong'),
      // Those of max pooling in a row, those of its siblings in the next.
      element('div', { class: 'chips' }, ...chips.slice(0, MAX_PRESETS.length)),
      element('div', { class: 'chips' }, ...chips.slice(MAX_PRESETS.length)),
      verdict,
      about,
    ),
    judge(next) {
      verdict.className = `builtin-verdict ${next?.isRight ? 'good' : 'bad'}`;
      setText(verdict, next?.text ?? '');
    },
    show(chosen, text) {
      setText(about, text);
      PRESETS.forEach((preset, i) => chips[i].setAttribute('aria-pressed', String(preset === chosen)));
    },
  };
}
