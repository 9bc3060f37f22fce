/** Where the built-in pooling of TensorFlow.js 4.22 goes wrong: small inputs, each with the options and backend to see it. */
import type { BackendInfo } from '../shared/backends';
import { availableOf } from '../ui/backend_choice';
import { SIBLING_PRESETS } from './sibling_presets';
import { MAX_PRESETS } from './max_presets';
import type { Preset } from './preset';
import { DEFAULTS, type Settings } from './settings';

/** The first is what the page opens on. */
export const PRESETS: readonly Preset[] = [...MAX_PRESETS, ...SIBLING_PRESETS];

/** The settings of a preset, on the first of its backends that this browser has, or else the present one. */
export function presetSettings(preset: Preset, current: Settings, list: readonly BackendInfo[]): Settings {
  return {
    ...DEFAULTS,
    ...current,
    ...preset.settings,
    source: 'numbers',
    backend: availableOf(list, preset.backends) ?? current.backend,
    showGradient: true,
    showBuiltin: true,
  };
}
