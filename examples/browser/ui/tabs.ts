/** Tabs as the ARIA practices have them: arrow keys move, the address remembers the open one. */
import { element } from './dom';

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
  /** Called when the tab is opened for the first time. */
  open?(): void;
}

/** The bar of tabs and below it their panels, as the page's main part. @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
export function tabs(list: readonly Tab[], label: string): HTMLElement {
  const opened = new Set<string>();
  const buttons = list.map((tab, index) =>
    element(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${tab.id}`,
        class: 'tab',
        'aria-controls': `panel-${tab.id}`,
        onclick: () => show(index),
      },
      tab.title,
    ),
  );
  const bar = element('div', { role: 'tablist', class: 'tabs', 'aria-label': label, onkeydown: moveByKey }, ...buttons);
  const root = element('main', {}, bar);
  list.forEach((tab) => {
    tab.panel.setAttribute('role', 'tabpanel');
    tab.panel.setAttribute('aria-labelledby', `tab-${tab.id}`);
    tab.panel.id = `panel-${tab.id}`;
    root.append(tab.panel);
  });

  function show(index: number, focus = false): void {
    list.forEach((tab, i) => {
      const isOpen = i === index;
      tab.panel.hidden = !isOpen;
      buttons[i].setAttribute('aria-selected', String(isOpen));
      buttons[i].tabIndex = isOpen ? 0 : -1;
    });
    const { id, open } = list[index];
    if (focus) buttons[index].focus();
    if (location.hash !== `#${id}` && (location.hash !== '' || index > 0)) history.replaceState(null, '', `#${id}`);
    if (!opened.has(id)) open?.();
    opened.add(id);
  }

  function moveByKey(event: KeyboardEvent): void {
    const current = buttons.findIndex((tab) => tab.getAttribute('aria-selected') === 'true');
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
    show(target, true);
  }

  const fromAddress = () =>
    Math.max(
      0,
      list.findIndex(({ id }) => location.hash === `#${id}`),
    );
  addEventListener('hashchange', () => show(fromAddress()));
  queueMicrotask(() => show(fromAddress()));
  return root;
}
