/** What the Routing part shows, as a link has it. */
import type { BackendInfo } from '../shared/backends';
import { type Values, quoted, settingsOf, valuesOf } from '../ui/address';
import { type Cell, GRIDS } from './cell';
import type { Preset } from './preset';
import { PRESETS, presetSettings } from './presets';
import { CHOICES, DEFAULTS, type Settings } from './settings';

export interface Linked {
  readonly settings: Settings;
  readonly preset: Preset;
  /** The cell that the reader chose; else the most telling output is shown. */
  readonly cell: Cell | undefined;
  readonly drawing: string;
  /** Of the reader's own numbers: their values in the link. */
  readonly typed: Values;
}

/** `list`: the backends of this browser, as far as they are known. */
export function linkOf({ settings, preset, cell, drawing, typed }: Linked, list: readonly BackendInfo[]): Values {
  const { source } = settings;
  const isTyped = Object.keys(typed).length > 0;
  const usual = source === 'numbers' && !isTyped ? presetSettings(preset, DEFAULTS, list) : DEFAULTS;
  return {
    ...(source === 'numbers' && (isTyped ? typed : preset !== PRESETS[0] && { preset: preset.id })),
    ...valuesOf(settings, usual),
    ...(source === 'drawing' && { drawing }),
    ...(cell && (cell.grid === 'y' ? { output: String(cell.index) } : { cell: `${cell.grid}.${cell.index}` })),
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
    'cell',
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
    cell: isOutput ? { grid: 'y', index: Number(output) } : cellIn(values, problems),
    drawing: values.get('drawing') ?? '',
    isBackendFree: !values.has('backend'),
    problems,
  };
}

/** `cell=dx-builtin.6` */
function cellIn(values: URLSearchParams, problems: string[]): Cell | undefined {
  const text = values.get('cell');
  if (text === null) return undefined;
  const [, name, index] = /^([a-z-]+)\.(\d{1,4})$/.exec(text) ?? [];
  const grid = GRIDS.find((each) => each === name);
  if (grid) return { grid, index: Number(index) };
  problems.push(`cell is one of ${GRIDS.join(', ')}, a dot and a number, not ${quoted(text)}`);
  return undefined;
}
