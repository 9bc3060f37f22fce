/** The Compare part: what is compared where, progress, cancelling, the table, and its Markdown. */
import { proxy } from 'comlink';
import { BACKENDS, type Backend, type BackendInfo } from '../shared/backends';
import { button, group, numberChoice, toggle } from '../ui/controls';
import { element, setText } from '../ui/dom';
import { type Running, startCompareWorker } from '../ui/workers';
import type { CompareWorker, Comparison } from '../workers/compare_protocol';
import { reading, reportSummary, reportTable } from './table';

/** A row that takes longer than this after cancelling is not waited for: its worker is ended. */
const PATIENCE_MS = 3000;

export function comparePart(): { root: HTMLElement; open(): void; setBackends(list: readonly BackendInfo[]): void } {
  const chosen = new Map(BACKENDS.map((name) => [name, toggle(name, true, () => enable())]));
  const missing = element('ul', { class: 'missing', role: 'list' });
  const gradient = toggle('Gradients too', true, () => {});
  const repeats = numberChoice('Times each is timed', [0, 3, 5, 15], 3, () => {});
  const start = button('Compare', () => void run(), 'primary');
  const cancel = button('Cancel', () => stop(), 'primary');
  const copy = button('Copy as Markdown', () => void copyReport());
  const status = element('p', { class: 'status', role: 'status' }, 'Nothing compared yet.');
  const problem = element('p', { class: 'problem', role: 'alert' });
  const bar = element('progress', { max: 1, value: 0, 'aria-label': 'Progress of the comparison' });
  const results = element('div', { class: 'results' });
  let running: Running<CompareWorker> | undefined;
  let done: Comparison | undefined;
  let giveUp: ((reason: Error) => void) | undefined;
  let available: ReadonlySet<Backend> = new Set(['cpu']);

  const root = element(
    'div',
    { class: 'part compare columns' },
    element(
      'div',
      { class: 'settings plain groups' },
      group('Backends', ...[...chosen.values()].map((entry) => entry.root), missing),
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
  const wanted = () => BACKENDS.filter((name) => available.has(name) && chosen.get(name)!.checked);
  cancel.hidden = true;
  enable();

  function enable(): void {
    start.disabled = wanted().length === 0;
    copy.disabled = done === undefined;
  }

  async function run(): Promise<void> {
    setText(problem, '');
    setText(status, 'Starting …');
    swap(start, cancel);
    bar.value = 0;
    try {
      const cancelled = new Promise<never>((_, reject) => {
        giveUp = reject;
      });
      running ??= await startCompareWorker();
      const request = { backends: wanted(), gradient: gradient.checked, repeats: Number(repeats.value) };
      done = await Promise.race([running.api.compare(request, proxy(onProgress)), cancelled]);
      results.replaceChildren(reading(), reportTable(done.report));
      setText(status, reportSummary(done.report));
      bar.value = 1;
    } catch (error) {
      const { message } = error as Error;
      setText(status, message === 'Cancelled.' ? message : '');
      setText(problem, message === 'Cancelled.' ? '' : message);
      bar.value = 0;
    }
    giveUp = undefined;
    swap(cancel, start);
    enable();
  }

  function onProgress(finished: number, total: number, label: string): void {
    if (giveUp === undefined) return;
    bar.value = total === 0 ? 0 : finished / total;
    setText(status, label === '' ? 'Done.' : `${finished + 1} of ${total}: ${label}`);
  }

  function stop(): void {
    setText(status, 'Cancelling …');
    const [worker, abandon] = [running, giveUp];
    void worker?.api.cancel();
    setTimeout(() => {
      if (giveUp !== abandon) return;
      worker?.terminate();
      running = undefined;
      abandon?.(new Error('Cancelled.'));
    }, PATIENCE_MS);
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
      available = new Set(list.filter((info) => info.available).map(({ name }) => name));
      for (const [name, entry] of chosen) {
        entry.checked = available.has(name);
        entry.root.hidden = !available.has(name);
      }
      missing.replaceChildren(
        ...list
          .filter((info) => !info.available)
          .map(({ name, detail }) => element('li', {}, element('strong', {}, name), ` is missing: ${detail}.`)),
      );
      enable();
    },
  };
}

/** Exchanges two buttons; the focus goes along. */
function swap(from: HTMLButtonElement, to: HTMLButtonElement): void {
  const hadFocus = document.activeElement === from;
  [from.hidden, to.hidden] = [true, false];
  if (hadFocus) to.focus();
}
