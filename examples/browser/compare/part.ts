/** The Compare part: what is compared where, progress, cancelling, the table, and its Markdown. */
import { proxy } from 'comlink';
import { BACKENDS, type Backend, type BackendInfo } from '../shared/backends';
import { missingBackends } from '../ui/backend_choice';
import { button, group, numberChoice, toggle } from '../ui/controls';
import { element, setText } from '../ui/dom';
import { compareWorkplace } from '../ui/workers';
import type { Comparison } from '../workers/compare_protocol';
import { reading, reportSummary, reportTable } from './table';

/** A row that takes longer than this after cancelling is not waited for: its worker is ended. */
const PATIENCE_MS = 3000;
const CANCELLED = 'Cancelled.';

export function comparePart(): { root: HTMLElement; open(): void; setBackends(list: readonly BackendInfo[]): void } {
  const chosen = new Map(BACKENDS.map((name) => [name, toggle(name, true, () => enable())]));
  const missing = missingBackends();
  const gradient = toggle('Gradients too', true, () => {});
  const repeats = numberChoice('Times each is timed', [0, 3, 5, 15], 3, () => {});
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
      const next = await worker.ask((api) => api.compare(request, proxy(onProgress)));
      if (next.report.rows.length === 0) throw new Error(nothingText(next.report));
      done = next;
      results.replaceChildren(reading(), reportTable(done.report));
      setText(status, reportSummary(done.report));
      bar.value = 1;
    } catch (error) {
      const { message } = error as Error;
      setText(status, message === CANCELLED ? message : '');
      setText(problem, message === CANCELLED ? '' : message);
      bar.value = 0;
    }
    isRunning = false;
    clearTimeout(patience);
    swap(cancel, start);
    enable();
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
    try {
      await navigator.clipboard.writeText(text);
      setText(status, 'Copied as Markdown.');
    } catch {
      // Without permission, or without https: the reader can copy it from here.
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

  return {
    root,
    open() {},
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
