/** The keys of the walk. They work wherever the focus is, but for controls that use these keys themselves. */

export interface Keys {
  /** Whether the walk is what the reader sees. */
  isShown(): boolean;
  move(by: 1 | -1): void;
  jump(to: 'first' | 'last'): void;
  togglePlay(): void;
}

/** A radio button, a slider, a tab and a grid have arrows of their own. */
const HAVE_ARROWS = 'input, select, textarea, [role=tab], [role=grid], .matrix-scroll';
const HAVE_SPACE = 'input, select, textarea, button, summary, a';

export function listenToKeys(keys: Keys): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !keys.isShown())
      return;
    const target = event.target as Element;
    const act =
      event.key === ' '
        ? !target.closest(HAVE_SPACE) && keys.togglePlay
        : !target.closest(HAVE_ARROWS) && ACTIONS[event.key]?.(keys);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const ACTIONS: Readonly<Record<string, (keys: Keys) => () => void>> = {
  ArrowRight: (keys) => () => keys.move(1),
  ArrowLeft: (keys) => () => keys.move(-1),
  Home: (keys) => () => keys.jump('first'),
  End: (keys) => () => keys.jump('last'),
};
