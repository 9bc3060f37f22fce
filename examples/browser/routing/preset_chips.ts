/** The presets as a row of buttons, and what there is to see in the chosen one. */
import { element, setText } from '../ui/dom';
import { MAX_PRESETS } from './max_presets';
import type { Preset } from './preset';
import { PRESETS } from './presets';

export interface PresetChips {
  readonly root: HTMLElement;
  /** What is said below the buttons; the preset that is shown, if any is, is pressed. */
  show(chosen: Preset | undefined, about: string): void;
}

export function presetChips(onChoose: (preset: Preset) => void): PresetChips {
  const about = element('p', { class: 'preset-about', 'aria-live': 'polite' });
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
      element('h2', {}, 'Where the built-in goes wrong'),
      // Those of max pooling in a row, those of its siblings in the next.
      element('div', { class: 'chips' }, ...chips.slice(0, MAX_PRESETS.length)),
      element('div', { class: 'chips' }, ...chips.slice(MAX_PRESETS.length)),
      about,
    ),
    show(chosen, text) {
      setText(about, text);
      PRESETS.forEach((preset, i) => chips[i].setAttribute('aria-pressed', String(preset === chosen)));
    },
  };
}
