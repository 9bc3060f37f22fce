/** The Routing part: settings go to the worker, its result into the matrices, and the chosen output ties them together. */
import type { BackendInfo } from '../shared/backends';
import { element, setText } from '../ui/dom';
import { latest } from '../ui/latest';
import { BASE, type Running, startRoutingWorker } from '../ui/workers';
import type { RoutingRequest, RoutingResult, RoutingWorker } from '../workers/routing_protocol';
import { type Shown, analyse, telling } from './analysis';
import { controls } from './controls';
import { figures } from './figures';
import { type Image, digitImage, loadDigits, numbersImage, photographImage } from './images';
import { legend } from './legend';
import { matrix } from './matrix';
import { painting } from './painting';
import type { Preset } from './preset';
import { presetChips } from './preset_chips';
import { PRESETS, presetSettings } from './presets';
import { readout } from './readout';
import { type Settings, poolingCall } from './settings';
import { stepper } from './stepper';

/** After a change of these there is another thing to look at first. */
const ANEW: ReadonlySet<keyof Settings> = new Set(['source', 'digit', 'size', 'pooling'] as const);
const PHOTOGRAPH = 'The photograph is synthetic: a mountain lake at dawn, computed by this page.';

export function routingPart(onBackends: (list: readonly BackendInfo[]) => void): { root: HTMLElement; open(): void } {
  let running: Promise<Running<RoutingWorker>> | undefined;
  let digits: Uint8Array | undefined;
  let preset: Preset = PRESETS[0];
  let backends: readonly BackendInfo[] = [];
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
  const steps = stepper(() => {
    if (!shown || selected + 1 >= shown.result.windows.length) return false;
    isChosen = true;
    select(selected + 1);
    return true;
  });
  drawn.input.root.append(brush.help);
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
  }

  function choosePreset(entry: Preset): void {
    preset = entry;
    const available = backends.filter((backend) => backend.available).map(({ name }) => name);
    panel.apply(presetSettings(entry, panel.settings, new Set(available)));
  }

  function image({ source, size, digit }: Settings): Image | undefined {
    if (source === 'numbers') return numbersImage(preset.rows);
    if (source === 'photograph') return photographImage(size);
    if (source === 'digit') return digits && digitImage(digits, digit, size);
    brush.resize(size);
    return brush.image;
  }

  const route = latest(async (settings: Settings) => {
    const now = image(settings);
    if (!now || !running) return;
    root.setAttribute('aria-busy', 'true');
    setText(status, `Computing on ${settings.backend} …`);
    try {
      const { api } = await running;
      const result = await api.route(requestOf(settings, now, selected));
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
      running ??= startRoutingWorker();
      onSource(panel.settings);
      refresh();
      loadDigits(BASE).then(
        (loaded) => {
          digits = loaded;
          refresh();
        },
        (error: Error) => setText(problem, error.message),
      );
      running
        .then(({ api }) => api.backends())
        .then(
          (list) => {
            backends = list;
            panel.setBackends(list);
            onBackends(list);
          },
          (error: Error) => setText(problem, error.message),
        );
    },
  };
}

function requestOf(settings: Settings, image: Image, selected: number): RoutingRequest {
  return {
    backend: settings.backend,
    x: image.values,
    height: image.height,
    width: image.width,
    call: poolingCall(settings),
    dy: settings.dy === 'selected' ? { only: selected } : settings.dy,
  };
}

function ranText({ ours, builtin, backend }: RoutingResult, withBuiltin: boolean): string {
  const other = withBuiltin ? `; the built-in ${builtin.kernels.join(', ') || 'nothing'}` : '';
  return `Ours ran ${ours.kernels.join(', ')} on ${backend}${other}.`;
}
