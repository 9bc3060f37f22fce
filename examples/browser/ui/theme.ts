/** Light, dark, or what the system has; remembered. Charts ask to be told, as a canvas does not follow styles. */
import { choice } from './controls';

type Theme = 'system' | 'light' | 'dark';
const KEY = 'im2col-demo-theme';
const DARK = matchMedia('(prefers-color-scheme: dark)');

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // storage may be forbidden
  }
}

function apply(theme: Theme): void {
  document.documentElement.dataset.theme = theme === 'system' ? (DARK.matches ? 'dark' : 'light') : theme;
  dispatchEvent(new Event('themechange'));
}

export function themeSwitch(): HTMLElement {
  let theme = stored();
  apply(theme);
  DARK.addEventListener('change', () => apply(theme));
  const control = choice<Theme>(
    'Colours',
    [
      { value: 'system', label: 'Auto' },
      { value: 'light', label: 'Light' },
      { value: 'dark', label: 'Dark' },
    ],
    theme,
    (value) => {
      theme = value;
      apply(theme);
      try {
        localStorage.setItem(KEY, value);
      } catch {
        /* not remembered then */
      }
    },
  );
  control.root.classList.add('theme');
  return control.root;
}

/** The value of a style variable as it is now, for drawing on a canvas. */
export function styleColour(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}
