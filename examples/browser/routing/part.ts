/** The Routing part: settings go to the worker, its result into the matrices, and the chosen output ties them together. */
import type { BackendInfo } from '../shared/backends';
import { element, setText } from '../ui/dom';
import { latest } from '../ui/latest';
import { BASE, type Running, startRoutingWorker } from '../ui/workers';
import type { RoutingRequest, RoutingWorker } from '../workers/routing_protocol';
import { analyse, telling } from './analysis';
import { controls } from './controls';
import { type Shown, figures } from './figures';
import { type Image, digitImage, loadDigits, numbersImage, photographImage } from './images';
import { legend } from './legend';
import { matrix } from './matrix';
import { painting } from './painting';
import { PRESETS, type Preset, presetSettings } from './presets';
import { readout } from './readout';
import { type Settings, poolOptions } from './settings';
import { stepper } from './stepper';

const PHOTOGRAPH = 'The photograph is synthetic: a mountain lake at dawn, computed by this page.';

export function routingPart(onBackends: (list: readonly BackendInfo[]) => void): { root: HTMLElement; open(): void } {
  let running: Promise<Running<RoutingWorker>> | undefined;
  let digits: Uint8Array | undefined;
  let preset: Preset = PRESETS[0];
  let backends: readonly BackendInfo[] = [];
  let shown: Shown | undefined;
  let selected = 0;
  /** A new image: its most telling output is chosen. */
  let isNew = true;

  const status = element('p', { class: 'status', role: 'status' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const sentence = element('p', { class: 'readout', 'aria-live': 'polite' });
  const ran = element('p', { class: 'ran' });
  const about = element('p', { class: 'preset-about', 'aria-live': 'polite' });
  const below = element('div', { class: 'below' }, sentence);
  const drawn = figures((output) => {
    steps.stop();
    select(output);
  }, below);
  const table = matrix(
    () => [panel.settings.windowHeight, panel.settings.windowWidth],
    (output) => {
      steps.stop();
      select(output);
    },
  );
  const panel = controls(
    (settings, changed) => {
      if (changed === 'source' || changed === undefined) onSource(settings);
      if (changed === undefined || changed === 'source' || changed === 'digit' || changed === 'size') isNew = true;
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
    if (!shown || selected + 1 >= shown.result.argmax.length) return false;
    select(selected + 1);
    return true;
  });
  drawn.input.root.append(brush.help);
  below.append(steps.root);
  const presets = PRESETS.map((entry) =>
    element(
      'button',
      {
        type: 'button',
        class: 'chip',
        'aria-pressed': 'false',
        onclick: () => choosePreset(entry),
      },
      entry.title,
    ),
  );

  const root = element(
    'div',
    { class: 'part routing' },
    element(
      'section',
      { class: 'presets', 'aria-label': 'Defects of the built-in pooling' },
      element('h2', {}, 'Where the built-in goes wrong'),
      element('div', { class: 'chips' }, ...presets),
      about,
    ),
    element(
      'div',
      { class: 'columns' },
      panel.root,
      element('div', { class: 'stage' }, problem, drawn.root, legend(), table.root, ran, status),
    ),
  );

  function onSource({ source }: Settings): void {
    const isPreset = source === 'numbers';
    setText(about, isPreset ? preset.about : source === 'photograph' ? PHOTOGRAPH : '');
    PRESETS.forEach((entry, i) => presets[i].setAttribute('aria-pressed', String(isPreset && entry === preset)));
    drawn.setDrawing(source === 'drawing');
    brush.help.hidden = source !== 'drawing';
  }

  function choosePreset(entry: Preset): void {
    preset = entry;
    panel.apply(
      presetSettings(
        entry,
        panel.settings,
        new Set(backends.filter(({ available }) => available).map(({ name }) => name)),
      ),
    );
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
      shown = { image: now, result, analysis: analyse(now.values, result) };
      drawn.show(shown);
      table.show(shown);
      setText(problem, '');
      setText(
        ran,
        `Ours ran ${result.ours.kernels.join(', ')} on ${result.backend}; the built-in ${result.builtin.kernels.join(', ') || 'nothing'}.`,
      );
      select(isNew ? telling(shown) : Math.min(selected, result.argmax.length - 1), false);
      isNew = false;
    } catch (error) {
      shown = undefined;
      drawn.showInput(now);
      setText(problem, (error as Error).message);
    }
    root.classList.toggle('refused', shown === undefined);
    setText(status, '');
    brush.refresh();
    root.removeAttribute('aria-busy');
  });

  function select(output: number, ask = true): void {
    const moved = output !== selected;
    selected = output;
    if (!shown || output >= shown.result.argmax.length) return;
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
    options: poolOptions(settings),
    dy: settings.dy === 'selected' ? { only: selected } : settings.dy,
  };
}
