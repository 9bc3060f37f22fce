/** Tabs as the ARIA practices have them: arrow keys move, the address remembers the open one and what it shows. */
import { type AddressChange, type Addressed, hashOf, linkProblem, placeIn, quoted } from './address';
import { element, setText } from './dom';

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
  /** Called when the tab is opened for the first time. */
  open?(): void;
  /** What of it the address holds, besides its name. */
  readonly address?: Addressed;
}

export interface Tabs {
  readonly root: HTMLElement;
  /** To be called when the address of a part may have changed. */
  changed(id: string, how: AddressChange): void;
  /** The address of what is shown now. */
  link(): string;
}

/** Browsers allow a page some hundred new addresses in half a minute: what changes by hovering is written down after a while. */
const PAUSE_MS = 300;

/** The bar of tabs and below it their panels, as the page's main part. @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
export function tabs(list: readonly Tab[], label: string): Tabs {
  const opened = new Set<string>();
  let current = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const problem = element('p', { class: 'problem link-problem', role: 'alert' });
  const buttons = list.map((tab, index) =>
    element(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${tab.id}`,
        class: 'tab',
        'aria-controls': `panel-${tab.id}`,
        onclick: () => choose(index),
      },
      tab.title,
    ),
  );
  const bar = element('div', { role: 'tablist', class: 'tabs', 'aria-label': label, onkeydown: moveByKey }, ...buttons);
  const root = element('main', {}, bar, problem);
  list.forEach((tab) => {
    tab.panel.setAttribute('role', 'tabpanel');
    tab.panel.setAttribute('aria-labelledby', `tab-${tab.id}`);
    tab.panel.id = `panel-${tab.id}`;
    root.append(tab.panel);
  });

  function choose(index: number): void {
    if (index === current) return;
    write('replace');
    // What was open before is as the reader left it.
    if (!opened.has(list[index].id)) list[index].address?.restore(new URLSearchParams());
    show(index);
    write('push');
  }

  function show(index: number): void {
    current = index;
    list.forEach((tab, i) => {
      const isOpen = i === index;
      tab.panel.hidden = !isOpen;
      buttons[i].setAttribute('aria-selected', String(isOpen));
      buttons[i].tabIndex = isOpen ? 0 : -1;
    });
    const { id, open } = list[index];
    if (!opened.has(id)) open?.();
    opened.add(id);
  }

  function moveByKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const target =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? list.length - 1
          : step === undefined
            ? undefined
            : (current + step + list.length) % list.length;
    if (target === undefined) return;
    event.preventDefault();
    buttons[target].focus();
    choose(target);
  }

  function readAddress(): void {
    clearTimeout(waiting);
    const { part, values } = placeIn(location.hash);
    const found = list.findIndex(({ id }) => id === part);
    const problems = found < 0 && part !== '' ? [`there is no part ${quoted(part)}`] : [];
    const index = Math.max(0, found);
    const { address } = list[index];
    if (problems.length === 0) problems.push(...(address?.restore(values) ?? []));
    else address?.restore(new URLSearchParams());
    show(index);
    setText(problem, linkProblem(problems));
  }

  function hash(): string {
    const { id, address } = list[current];
    return hashOf(id, address?.values() ?? {});
  }

  function write(how: AddressChange): void {
    clearTimeout(waiting);
    const next = hash();
    // An address without a part is that of the first part as it opens.
    if (next === (location.hash || `#${list[0].id}`)) return;
    // What the reader does next takes the sentence away; what follows from the link does not.
    if (how === 'push') setText(problem, '');
    try {
      if (how === 'push') history.pushState(null, '', next);
      else history.replaceState(null, '', next);
    } catch {
      /* Too many in a short time: the next one tells all. */
    }
  }

  addEventListener('hashchange', readAddress);
  queueMicrotask(readAddress);
  return {
    root,
    changed(id, how) {
      if (id !== list[current].id || !opened.has(id)) return;
      if (how === 'push') write('push');
      else {
        clearTimeout(waiting);
        waiting = setTimeout(() => write('replace'), PAUSE_MS);
      }
    },
    link: () => new URL(hash(), location.href.replace(/[?#].*$/s, '')).href,
  };
}
