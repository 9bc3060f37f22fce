/** The Compare part: what is compared where, progress, cancelling, the table, and its Markdown. */
import { proxy } from 'comlink';
import type { CompareRow } from 'tfjs-im2col-pooling/compare';
import { BACKENDS, type Backend, type BackendInfo } from '../shared/backends';
import { missingBackends } from '../ui/backend_choice';
import { type AddressChange, type Addressed, type Choices, settingsOf, valuesOf } from '../ui/address';
import { button, group, numberChoice, toggle } from '../ui/controls';
import { copied } from '../ui/copy';
import { element, setText } from '../ui/dom';
import { compareWorkplace } from '../ui/workers';
import type { Comparison } from '../workers/compare_protocol';
import { reading, reportSummary, reportTable } from './table';

/** A row that takes longer than this after cancelling is not waited for: its worker is ended. */
const PATIENCE_MS = 3000;
const CANCELLED = 'Cancelled.';

type Settings = Record<Backend, boolean> & { gradient: boolean; repeats: number };
const REPEATS = [0, 3, 5, 15];
const ON_OFF = [true, false];
const CHOICES: Choices<Settings> = {
  cpu: ON_OFF,
  wasm: ON_OFF,
  webgl: ON_OFF,
  webgpu: ON_OFF,
  gradient: ON_OFF,
  repeats: REPEATS,
};
const DEFAULTS: Settings = { cpu: true, wasm: true, webgl: true, webgpu: true, gradient: true, repeats: 3 };

export interface ComparePart {
  readonly root: HTMLElement;
  readonly address: Addressed;
  setBackends(list: readonly BackendInfo[]): void;
}

export function comparePart(onAddress: (how: AddressChange) => void): ComparePart {
  const onSetting = () => {
    enable();
    onAddress('replace');
  };
  const chosen = new Map(BACKENDS.map((name) => [name, toggle(name, DEFAULTS[name], onSetting)]));
  const missing = missingBackends();
  const gradient = toggle('Gradients too', DEFAULTS.gradient, onSetting);
  const repeats = numberChoice('Times each is timed', REPEATS, DEFAULTS.repeats, onSetting);
  const start = button('Compare', () => void run(), 'primary');
  const cancel = button('Cancel', () => stop(), 'primary');
  const copy = button('Copy as Markdown', () => void copyReport());
  const status = element('p', { class: 'status', role: 'status' }, 'Nothing compared yet.');
  const problem = element('p', { class: 'problem', role: 'alert' });
  const bar = element('progress', { max: 1, value: 0, 'aria-label': 'Progress of the comparison' });
  const results = element('div', { class: 'results' });
  const worker = compareWorkplace();
  let done: Comparison | undefined;
  let isRunning = false;
  let patience: ReturnType<typeof setTimeout> | undefined;
  /** Until it is known which backends are missing, none is: the report says it then. */
  let absent: ReadonlySet<Backend> = new Set();

  const root = element(
    'div',
    { class: 'part compare columns' },
    element('h2', { class: 'hidden' }, 'Ours and the built-in, compared'),
    element(
      'div',
      { class: 'settings plain groups' },
      group('Backends', ...[...chosen.values()].map((entry) => entry.root), missing.root),
      group(
        'What',
        gradient.root,
        repeats.root,
        element(
          'p',
          { class: 'hint' },
          'Each case runs with ours and with the built-in, and both are held against the contract.',
        ),
      ),
    ),
    element(
      'div',
      { class: 'stage' },
      element('div', { class: 'toolbar' }, start, cancel, copy, status),
      bar,
      problem,
      results,
    ),
  );
  const wanted = () => BACKENDS.filter((name) => !absent.has(name) && chosen.get(name)!.checked);
  cancel.hidden = true;
  enable();

  function enable(): void {
    start.disabled = wanted().length === 0;
    copy.disabled = done === undefined;
  }

  async function run(): Promise<void> {
    const request = { backends: wanted(), gradient: gradient.checked, repeats: Number(repeats.value) };
    setText(problem, '');
    setText(status, 'Starting …');
    swap(start, cancel);
    bar.value = 0;
    isRunning = true;
    try {
      const rows: CompareRow[] = [];
      const onRow = (row: CompareRow) => {
        if (!isRunning) return;
        rows.push(row);
        results.replaceChildren(reading(), reportTable(rows, 'unfinished'));
      };
      const next = await worker.ask((api) => api.compare(request, proxy(onProgress), proxy(onRow)));
      if (next.report.rows.length === 0) throw new Error(nothingText(next.report));
      done = next;
      showDone();
      setText(status, reportSummary(done.report));
      bar.value = 1;
    } catch (error) {
      const { message } = error as Error;
      setText(status, message === CANCELLED ? message : '');
      setText(problem, message === CANCELLED ? '' : message);
      showDone();
      bar.value = 0;
    }
    isRunning = false;
    clearTimeout(patience);
    swap(cancel, start);
    enable();
  }

  /** The last comparison that came to its end. */
  function showDone(): void {
    results.replaceChildren(...(done ? [reading(), reportTable(done.report.rows)] : []));
  }

  function onProgress(finished: number, total: number, label: string): void {
    if (!isRunning) return;
    bar.value = total === 0 ? 0 : finished / total;
    setText(status, label === '' ? 'Done.' : `${finished + 1} of ${total}: ${label}`);
  }

  function stop(): void {
    setText(status, 'Cancelling …');
    // A worker that is gone has told the comparison so.
    worker.ask((api) => api.cancel()).catch(() => {});
    clearTimeout(patience);
    patience = setTimeout(() => worker.end(new Error(CANCELLED)), PATIENCE_MS);
  }

  async function copyReport(): Promise<void> {
    const text = done!.markdown;
    if (await copied(text)) setText(status, 'Copied as Markdown.');
    else {
      const area = element('textarea', {
        class: 'markdown',
        readonly: true,
        'aria-label': 'The table as Markdown',
        rows: 12,
      });
      area.value = text;
      results.prepend(area);
      area.select();
      setText(status, 'The clipboard is closed to this page: here is the Markdown to copy.');
    }
  }

  function settings(): Settings {
    const isOn = Object.fromEntries(BACKENDS.map((name) => [name, chosen.get(name)!.checked]));
    return { ...(isOn as Record<Backend, boolean>), gradient: gradient.checked, repeats: Number(repeats.value) };
  }

  return {
    root,
    address: {
      values: () => valuesOf(settings(), DEFAULTS),
      restore(values) {
        const { settings: wanted, problems } = settingsOf(values, DEFAULTS, CHOICES);
        for (const [name, entry] of chosen) entry.checked = wanted[name];
        gradient.checked = wanted.gradient;
        repeats.value = String(wanted.repeats);
        enable();
        return problems;
      },
    },
    setBackends(list) {
      absent = new Set(list.filter((info) => !info.available).map(({ name }) => name));
      for (const [name, entry] of chosen) entry.root.hidden = absent.has(name);
      missing.show(list);
      enable();
    },
  };
}

/** None of the chosen backends is there. */
function nothingText({ backends }: Comparison['report']): string {
  const reasons = backends.map(({ name, missing }) => `${name}: ${missing}`);
  return `Nothing could be compared. ${reasons.join('; ')}.`;
}

/** Exchanges two buttons; the focus goes along. */
function swap(from: HTMLButtonElement, to: HTMLButtonElement): void {
  const hadFocus = document.activeElement === from;
  [from.hidden, to.hidden] = [true, false];
  if (hadFocus) to.focus();
}
