/** What the Routing part shows, as a link has it. */
import type { BackendInfo } from '../shared/backends';
import { type Values, quoted, settingsOf, valuesOf } from '../ui/address';
import type { Preset } from './preset';
import { PRESETS, presetSettings } from './presets';
import { CHOICES, DEFAULTS, type Settings } from './settings';

export interface Linked {
  readonly settings: Settings;
  readonly preset: Preset;
  /** The output that the reader chose; else the most telling one is shown. */
  readonly output: number | undefined;
  readonly drawing: string;
  /** Of the reader's own numbers: their values in the link. */
  readonly typed: Values;
}

/** `list`: the backends of this browser, as far as they are known. */
export function linkOf({ settings, preset, output, drawing, typed }: Linked, list: readonly BackendInfo[]): Values {
  const { source } = settings;
  const isTyped = Object.keys(typed).length > 0;
  const usual = source === 'numbers' && !isTyped ? presetSettings(preset, DEFAULTS, list) : DEFAULTS;
  return {
    ...(source === 'numbers' && (isTyped ? typed : preset !== PRESETS[0] && { preset: preset.id })),
    ...valuesOf(settings, usual),
    ...(source === 'drawing' && { drawing }),
    ...(output !== undefined && { output: String(output) }),
  };
}

export interface FromLink extends Omit<Linked, 'typed'> {
  /** The link leaves the backend to the preset. */
  readonly isBackendFree: boolean;
  readonly problems: readonly string[];
}

export function fromLink(values: URLSearchParams, list: readonly BackendInfo[]): FromLink {
  const id = values.get('preset') ?? PRESETS[0].id;
  const named = PRESETS.find((preset) => preset.id === id);
  const isOfNumbers = named && (values.get('source') ?? 'numbers') === 'numbers' && !values.has('numbers');
  const usual = isOfNumbers ? presetSettings(named, DEFAULTS, list) : DEFAULTS;
  const { settings: read, problems } = settingsOf(values, usual, CHOICES, [
    'preset',
    'drawing',
    'output',
    'numbers',
    'channel',
  ]);
  if (!named) problems.push(`there is no preset ${quoted(id)}`);
  const isMissing = list.some(({ name, available }) => name === read.backend && !available);
  if (isMissing) problems.push(`this browser has no ${read.backend}`);
  const settings = isMissing ? { ...read, backend: usual.backend } : read;
  const output = values.get('output');
  const isOutput = output !== null && /^\d{1,3}$/.test(output);
  if (output !== null && !isOutput) problems.push(`output is a number of at most three figures, not ${quoted(output)}`);
  return {
    settings,
    preset: named ?? PRESETS[0],
    output: isOutput ? Number(output) : undefined,
    drawing: values.get('drawing') ?? '',
    isBackendFree: !values.has('backend'),
    problems,
  };
}
