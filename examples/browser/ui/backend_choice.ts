/** Which backend computes, and which of them this browser has not. */
import { BACKENDS, type Backend, type BackendInfo } from '../shared/backends';
import { choice } from './controls';
import { element } from './dom';

export interface BackendChoice {
  readonly roots: readonly HTMLElement[];
  value: Backend;
  /** Greys out those that are missing. The first that is there becomes the value: of the preferred ones, or else the value. */
  setBackends(list: readonly BackendInfo[], preferred: readonly Backend[]): void;
}

export function backendChoice(onChange: (value: Backend) => void): BackendChoice {
  const control = choice<Backend>(
    'Backend',
    BACKENDS.map((value) => ({ value, label: value })),
    'cpu',
    onChange,
  );
  const missing = missingBackends();
  return {
    roots: [control.root, missing.root],
    get value() {
      return control.value;
    },
    set value(value) {
      control.value = value;
    },
    setBackends(list, preferred) {
      for (const { name, available, detail } of list) control.disable(name, available ? undefined : detail);
      missing.show(list);
      control.value = availableOf(list, [...preferred, control.value]) ?? 'cpu';
    },
  };
}

/** The first that is available. */
export function availableOf(list: readonly BackendInfo[], names: readonly Backend[]): Backend | undefined {
  return names.find((name) => list.some((info) => info.name === name && info.available));
}

/** Says of each missing backend why it is missing. */
export function missingBackends(): { root: HTMLElement; show(list: readonly BackendInfo[]): void } {
  const root = element('ul', { class: 'missing', role: 'list' });
  return {
    root,
    show(list) {
      root.replaceChildren(
        ...list
          .filter(({ available }) => !available)
          .map(({ name, detail }) => element('li', {}, element('strong', {}, name), ` is missing: ${detail}.`)),
      );
    },
  };
}
