/** The Routing part: settings go to the worker, its result into the matrices, and the chosen output ties them together. */
import type { BackendInfo } from '../shared/backends';
import { backendList } from '../ui/backend_list';
import { element, setText } from '../ui/dom';
import { latest } from '../ui/latest';
import { BASE, routingWorkplace } from '../ui/workers';
import { type Shown, analyse, telling } from './analysis';
import { controls } from './controls';
import { figures } from './figures';
import { type Image, digitImage, loadDigits, numbersImage, photographImage, pictureImage } from './images';
import { legend } from './legend';
import { matrix } from './matrix';
import { ownPicture } from './own_picture';
import { painting } from './painting';
import type { Preset } from './preset';
import { presetChips } from './preset_chips';
import { PRESETS, presetSettings } from './presets';
import { readout } from './readout';
import { ranText, requestOf } from './request';
import type { Settings } from './settings';
import { stepper } from './stepper';

/** After a change of these there is another thing to look at first. */
const ANEW: ReadonlySet<keyof Settings> = new Set(['source', 'digit', 'size', 'pooling'] as const);
const PHOTOGRAPH = 'The photograph is synthetic: a mountain lake at dawn, computed by this page.';

export function routingPart(onBackends: (list: readonly BackendInfo[]) => void): { root: HTMLElement; open(): void } {
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
  let selected = 0;
  /** Until the reader chooses one, the most telling output is. */
  let isChosen = false;

  const status = element('p', { class: 'status', role: 'status' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const sentence = element('p', { class: 'readout', 'aria-live': 'polite' });
  const ran = element('p', { class: 'ran' });
  const below = element('div', { class: 'below' }, sentence);
  const choose = (output: number) => {
    steps.stop();
    isChosen = true;
    select(output);
  };
  const drawn = figures(choose, below);
  const table = matrix(choose);
  const marks = legend();
  const chips = presetChips(choosePreset);
  const panel = controls(
    (settings, changed) => {
      if (changed === 'source' || changed === undefined) onSource(settings);
      if (changed === undefined || ANEW.has(changed)) isChosen = false;
      if (changed === 'backend') early = undefined;
      refresh();
    },
    () => brush.clear(),
  );
  const brush = painting(
    drawn.input.grid.root,
    () => panel.settings.source === 'drawing',
    panel.settings.size,
    refresh,
  );
  const own = ownPicture(drawn.input.root, () => panel.setPicture());
  const isLast = () => !shown || selected + 1 >= shown.result.windows.length;
  const stepTo = (output: number) => {
    isChosen = true;
    select(output);
  };
  const steps = stepper(
    () => {
      if (isLast()) stepTo(0);
    },
    () => {
      if (isLast()) return false;
      stepTo(selected + 1);
      return true;
    },
  );
  drawn.input.root.append(brush.help, own.root);
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
    if (source === 'numbers') chips.show(preset, preset.about);
    else chips.show(undefined, source === 'photograph' ? PHOTOGRAPH : '');
    drawn.setDrawing(source === 'drawing');
    brush.help.hidden = source !== 'drawing';
    own.settle(source === 'picture');
  }

  function choosePreset(entry: Preset): void {
    preset = entry;
    if (!backends.known && entry.backends.length > 0) early = entry;
    panel.apply(presetSettings(entry, panel.settings, backends.known ?? []));
  }

  function image({ source, size, digit }: Settings): Image | undefined {
    if (source === 'numbers') return numbersImage(preset.rows);
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
      const result = await worker.ask((api) => api.route(requestOf(settings, now, selected)));
      const { pooling, showGradient } = settings;
      const analysis = analyse(now, pooling, result);
      shown = { image: now, pooling, result, analysis, withGradient: showGradient };
      drawn.show(shown);
      table.show(shown);
      marks.show(settings);
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
    const output = isChosen ? Math.min(selected, shown!.result.windows.length - 1) : telling(shown!);
    // Its own result will tell otherwise.
    if (isOfOne) isChosen = true;
    select(output, isOfOne);
  }

  /** Nothing stays that was said of an earlier result. */
  function refuse(now: Image, message: string): void {
    shown = undefined;
    steps.stop();
    drawn.showInput(now);
    setText(problem, message);
    setText(sentence, '');
    setText(ran, '');
  }

  function select(output: number, ask = true): void {
    const moved = output !== selected;
    selected = output;
    if (!shown || output >= shown.result.windows.length) return;
    drawn.select(shown, output);
    table.select(output);
    setText(sentence, readout(shown, output));
    if (ask && moved && panel.settings.dy === 'selected') refresh();
  }

  function refresh(): void {
    const { settings } = panel;
    drawn.setVisible(settings.showGradient, settings.showBuiltin);
    table.root.hidden = !settings.showMatrix;
    root.classList.toggle('with-builtin', settings.showBuiltin);
    route(settings);
  }

  return {
    root,
    open() {
      onSource(panel.settings);
      refresh();
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
