/** The Routing part: settings go to the worker, its result onto the stage, and both into the address. */
import type { BackendInfo } from '../shared/backends';
import type { AddressChange, Addressed } from '../ui/address';
import { backendList } from '../ui/backend_list';
import { element, setText } from '../ui/dom';
import { latest } from '../ui/latest';
import { routingWorkplace } from '../ui/workers';
import { shownOf } from './analysis';
import { controls } from './controls';
import type { Image } from './images';
import { fromLink, linkOf } from './link';
import type { Preset } from './preset';
import { presetChips } from './preset_chips';
import { PRESETS, presetSettings } from './presets';
import { ranText, requestOf } from './request';
import type { Settings } from './settings';
import { sources } from './sources';
import { stage } from './stage';
import { verdictSentence } from './verdict';

/** After a change of these there is another thing to look at first. */
const ANEW: ReadonlySet<keyof Settings> = new Set(['source', 'digit', 'size', 'pooling'] as const);
const PHOTOGRAPH = 'The photograph is synthetic: a mountain lake at dawn, computed by this page.';

/** A change of these is a step that the back button takes back. */
const STEPS_BACK: ReadonlySet<keyof Settings> = new Set(['source', 'digit', 'pooling'] as const);

export interface RoutingPart {
  readonly root: HTMLElement;
  readonly address: Addressed;
  open(): void;
}

export function routingPart(
  onBackends: (list: readonly BackendInfo[]) => void,
  onAddress: (how: AddressChange) => void,
): RoutingPart {
  const worker = routingWorkplace();
  let preset: Preset = PRESETS[0];
  const backends = backendList(
    () => worker.ask((api) => api.backends()),
    (list) => {
      panel.setBackends(list, early?.backends ?? []);
      onBackends(list);
    },
    (error) => setText(problem, error.message),
  );
  /** The last preset that was chosen before the backends were known: its own backend is set then, unless the reader sets one. */
  let early: Preset | undefined;

  const status = element('p', { class: 'status', role: 'status' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const ran = element('p', { class: 'ran' });
  const shows = stage(
    () => onAddress('replace'),
    () => {
      if (panel.settings.dy === 'selected') refresh();
    },
  );
  const chips = presetChips(choosePreset);
  const panel = controls(
    (settings, changed) => {
      if (changed === 'source' || changed === undefined) onSource(settings);
      if (changed === undefined || ANEW.has(changed)) shows.chosen = undefined;
      if (changed === 'backend') early = undefined;
      refresh();
      onAddress(changed !== undefined && STEPS_BACK.has(changed) ? 'push' : 'replace');
    },
    () => images.drawing.clear(),
  );
  const images = sources(shows.input, () => panel.settings, {
    onDrawn() {
      refresh();
      onAddress('replace');
    },
    onPicture: () => panel.setPicture(),
    onNumbers() {
      early = undefined;
      shows.chosen = undefined;
      onSource(panel.settings);
      refresh();
      onAddress('replace');
    },
  });
  const { drawing, numbers, own } = images;
  numbers.showPreset(preset);
  const root = element(
    'div',
    { class: 'part routing' },
    chips.root,
    element(
      'div',
      { class: 'columns' },
      panel.root,
      element('div', { class: 'stage' }, problem, ...shows.roots, ran, status),
    ),
  );

  function onSource(settings: Settings): void {
    const { source } = settings;
    if (source === 'numbers' && !numbers.isTyped) chips.show(preset, preset.about);
    else chips.show(undefined, source === 'photograph' ? PHOTOGRAPH : '');
    shows.setDrawing(source === 'drawing');
    images.show(settings);
  }

  function choosePreset(entry: Preset): void {
    preset = entry;
    numbers.showPreset(entry);
    if (!backends.known && entry.backends.length > 0) early = entry;
    panel.apply(presetSettings(entry, panel.settings, backends.known ?? []));
    onAddress('push');
  }

  /** Before the backends are known a preset's own is not, either: it is set then. */
  function restore(values: URLSearchParams): readonly string[] {
    const link = fromLink(values, backends.known ?? []);
    const problems = [...link.problems];
    const settings = { ...link.settings };
    ({ preset } = link);
    const code = values.get('numbers');
    const unread = code === null ? undefined : numbers.take(code, values.get('channel'));
    if (unread === undefined || !numbers.isTyped) numbers.showPreset(preset);
    problems.push(...(unread ?? []));
    if (settings.source === 'picture' && !own.picture) {
      problems.push('a link holds no picture of yours');
      settings.source = 'digit';
    }
    if (settings.source === 'drawing' && !drawing.setCode(link.drawing, settings.size) && link.drawing !== '')
      problems.push('its drawing cannot be read');
    early =
      !backends.known && link.isBackendFree && !numbers.isTyped && preset.backends.length > 0 ? preset : undefined;
    panel.apply(settings);
    shows.chosen = link.cell;
    return problems;
  }

  const route = latest(async (settings: Settings) => {
    const image = images.image(settings);
    if (!image) {
      setText(problem, images.problem);
      return;
    }
    backends.ask();
    root.setAttribute('aria-busy', 'true');
    setText(status, `Computing on ${settings.backend} …`);
    try {
      const result = await worker.ask((api) => api.route(requestOf(settings, image, shows.output)));
      const shown = shownOf(settings, image, result);
      chips.judge(settings.showBuiltin ? verdictSentence(shown) : undefined);
      setText(problem, '');
      setText(ran, ranText(result, settings.showBuiltin));
      root.classList.remove('refused');
      shows.show(shown, settings);
    } catch (error) {
      refuse(image, (error as Error).message);
    }
    setText(status, '');
    drawing.refresh();
    root.removeAttribute('aria-busy');
  });

  /** Nothing stays that was said of an earlier result. */
  function refuse(image: Image, message: string): void {
    root.classList.add('refused');
    shows.refuse(image);
    setText(problem, message);
    setText(ran, '');
    chips.judge(undefined);
  }

  function refresh(): void {
    const { settings } = panel;
    shows.setVisible(settings);
    root.classList.toggle('with-builtin', settings.showBuiltin);
    route(settings);
  }

  return {
    root,
    address: {
      values: () =>
        linkOf(
          { settings: panel.settings, preset, cell: shows.chosen, drawing: drawing.code, typed: numbers.values },
          backends.known ?? [],
        ),
      restore,
    },
    open() {
      void images.load().then(refresh);
      backends.ask();
    },
  };
}
