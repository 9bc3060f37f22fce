/** The Routing part: settings go to the worker, its result into the matrices, and the chosen output ties them together. */
import type { BackendInfo } from '../shared/backends';
import type { AddressChange, Addressed } from '../ui/address';
import { backendList } from '../ui/backend_list';
import { element, setText } from '../ui/dom';
import { latest } from '../ui/latest';
import { BASE, routingWorkplace } from '../ui/workers';
import { type Shown, analyse, telling } from './analysis';
import { controls } from './controls';
import { figures } from './figures';
import { fromLink, linkOf } from './link';
import { type Image, digitImage, loadDigits, photographImage, pictureImage } from './images';
import { legend } from './legend';
import { matrix } from './matrix';
import { numbersInput } from './numbers_input';
import { ownPicture } from './own_picture';
import { painting } from './painting';
import type { Preset } from './preset';
import { presetChips } from './preset_chips';
import { PRESETS, presetSettings } from './presets';
import { readout } from './readout';
import { ranText, requestOf } from './request';
import type { Settings } from './settings';
import { stepper } from './stepper';
import type { Pointing } from './value_grid';
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
  let digits: Uint8Array | undefined;
  /** Why there are none. */
  let noDigits = '';
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
  let shown: Shown | undefined;
  /** The output that stays while the pointer passes over others; the address has it, if the reader chose it. */
  let pinned = 0;
  /** Until the reader chooses one, the most telling output is pinned. */
  let isChosen = false;
  /** The output that the pointer or Tab is on. */
  let previewed: number | undefined;

  const status = element('p', { class: 'status', role: 'status' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const sentence = element('p', { class: 'readout', 'aria-live': 'polite' });
  const ran = element('p', { class: 'ran' });
  const below = element('div', { class: 'below' }, sentence);
  const outputs: Required<Pointing> = {
    preview(output) {
      previewed = output;
      light();
    },
    pin(output) {
      steps.stop();
      isChosen = true;
      pin(output);
      onAddress('replace');
    },
  };
  const drawn = figures(outputs, below);
  const table = matrix(outputs);
  const marks = legend();
  const chips = presetChips(choosePreset);
  const panel = controls(
    (settings, changed) => {
      if (changed === 'source' || changed === undefined) onSource(settings);
      if (changed === undefined || ANEW.has(changed)) isChosen = false;
      if (changed === 'backend') early = undefined;
      refresh();
      onAddress(changed !== undefined && STEPS_BACK.has(changed) ? 'push' : 'replace');
    },
    () => brush.clear(),
  );
  const brush = painting(
    drawn.input.grid.root,
    () => panel.settings.source === 'drawing',
    panel.settings.size,
    () => {
      refresh();
      onAddress('replace');
    },
  );
  const own = ownPicture(drawn.input.root, () => panel.setPicture());
  const numbers = numbersInput(() => {
    early = undefined;
    isChosen = false;
    onSource(panel.settings);
    refresh();
    onAddress('replace');
  });
  numbers.showPreset(preset);
  const isLast = () => !shown || pinned + 1 >= shown.result.windows.length;
  const stepTo = (output: number) => {
    isChosen = true;
    pin(output);
  };
  const steps = stepper(
    () => {
      if (isLast()) stepTo(0);
    },
    () => {
      if (isLast()) return false;
      stepTo(pinned + 1);
      return true;
    },
  );
  drawn.input.root.append(brush.help, numbers.root, own.root);
  below.append(steps.root);
  const root = element(
    'div',
    { class: 'part routing' },
    chips.root,
    element(
      'div',
      { class: 'columns' },
      panel.root,
      element('div', { class: 'stage' }, problem, drawn.root, marks.root, table.root, ran, status),
    ),
  );

  function onSource({ source }: Settings): void {
    if (source === 'numbers' && !numbers.isTyped) chips.show(preset, preset.about);
    else chips.show(undefined, source === 'photograph' ? PHOTOGRAPH : '');
    drawn.setDrawing(source === 'drawing');
    brush.help.hidden = source !== 'drawing';
    numbers.root.hidden = source !== 'numbers';
    own.settle(source === 'picture');
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
    if (settings.source === 'drawing' && !brush.setCode(link.drawing, settings.size) && link.drawing !== '')
      problems.push('its drawing cannot be read');
    early =
      !backends.known && link.isBackendFree && !numbers.isTyped && preset.backends.length > 0 ? preset : undefined;
    panel.apply(settings);
    isChosen = link.output !== undefined;
    if (link.output !== undefined) pinned = link.output;
    return problems;
  }

  function image({ source, size, digit }: Settings): Image | undefined {
    if (source === 'numbers') return numbers.image;
    if (source === 'photograph') return photographImage(size);
    if (source === 'picture') return own.picture && pictureImage(own.picture, size);
    if (source === 'digit') return digits && digitImage(digits, digit, size);
    brush.resize(size);
    return brush.image;
  }

  const route = latest(async (settings: Settings) => {
    const now = image(settings);
    if (!now) {
      setText(problem, noDigits);
      return;
    }
    backends.ask();
    root.setAttribute('aria-busy', 'true');
    setText(status, `Computing on ${settings.backend} …`);
    try {
      const result = await worker.ask((api) => api.route(requestOf(settings, now, pinned)));
      const { pooling, showGradient, divisorOverride } = settings;
      const analysis = analyse(now, pooling, result);
      shown = {
        image: now,
        pooling,
        result,
        analysis,
        withGradient: showGradient,
        isDivisorGiven: divisorOverride !== null,
      };
      drawn.show(shown);
      table.show(shown);
      marks.show(settings);
      chips.judge(settings.showBuiltin ? verdictSentence(shown) : undefined);
      // Of a single window there is nothing to step through.
      steps.root.hidden = result.windows.length === 1;
      setText(problem, '');
      setText(ran, ranText(result, settings.showBuiltin));
      showFirst(settings);
    } catch (error) {
      refuse(now, (error as Error).message);
    }
    root.classList.toggle('refused', shown === undefined);
    setText(status, '');
    brush.refresh();
    root.removeAttribute('aria-busy');
  });

  /** The output that the reader chose, or else the most telling; of a dy that is 1 there alone, its result is asked for. */
  function showFirst({ dy }: Settings): void {
    const isOfOne = dy === 'selected';
    // There may be fewer than there were, or than a link says.
    isChosen &&= pinned < shown!.result.windows.length;
    const output = isChosen ? pinned : telling(shown!);
    // Its own result will tell otherwise.
    if (isOfOne) isChosen = true;
    pin(output, isOfOne);
  }

  /** Nothing stays that was said of an earlier result. */
  function refuse(now: Image, message: string): void {
    shown = undefined;
    steps.stop();
    drawn.showInput(now);
    setText(problem, message);
    setText(sentence, '');
    setText(ran, '');
    chips.judge(undefined);
  }

  function pin(output: number, ask = true): void {
    const moved = output !== pinned;
    pinned = output;
    previewed = undefined;
    drawn.pin(output);
    light();
    if (ask && moved && panel.settings.dy === 'selected') refresh();
  }

  /** Shows the output that is pointed at, or else the pinned one. */
  function light(): void {
    const output = previewed ?? pinned;
    if (!shown || output >= shown.result.windows.length) return;
    drawn.light(shown, output);
    table.select(output);
    setText(sentence, readout(shown, output));
  }

  function refresh(): void {
    const { settings } = panel;
    drawn.setVisible(settings);
    table.root.hidden = !settings.showMatrix;
    root.classList.toggle('with-builtin', settings.showBuiltin);
    route(settings);
  }

  return {
    root,
    address: {
      values() {
        const { settings } = panel;
        const output = isChosen ? pinned : undefined;
        return linkOf({ settings, preset, output, drawing: brush.code, typed: numbers.values }, backends.known ?? []);
      },
      restore,
    },
    open() {
      loadDigits(BASE).then(
        (loaded) => {
          digits = loaded;
          refresh();
        },
        (error: Error) => {
          noDigits = error.message;
          refresh();
        },
      );
      backends.ask();
    },
  };
}
