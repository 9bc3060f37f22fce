/** The few form controls of the page, made of native ones: what the browser gives to keyboards and screen readers stays. */
import { type Child, element, uniqueId } from './dom';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface Choice<T extends string> {
  readonly root: HTMLElement;
  value: T;
  /** Greys a value out and says why; without a reason it can be chosen again. */
  disable(value: T, reason: string | undefined): void;
  /** Whether the value is there to be chosen. */
  setOffered(value: T, isOffered: boolean): void;
}

/** One of a few values: radio buttons that look like one segmented control. */
export function choice<T extends string>(
  legend: string,
  options: ReadonlyArray<Option<T>>,
  initial: T,
  onChange: (value: T) => void,
  hint?: string,
): Choice<T> {
  const name = uniqueId('choice');
  const inputs = new Map<T, HTMLInputElement>();
  const segments = options.map(({ value, label }) => {
    const input = element('input', { type: 'radio', name, value, onchange: () => onChange(value) });
    inputs.set(value, input);
    return element('label', { class: 'segment' }, input, element('span', {}, label));
  });
  inputs.get(initial)!.checked = true;
  const root = element(
    'fieldset',
    { class: 'choice' },
    element('legend', {}, legend),
    element('div', { class: 'segments' }, ...segments),
    hint !== undefined && element('p', { class: 'hint' }, hint),
  );
  return {
    root,
    get value() {
      return [...inputs].find(([, input]) => input.checked)![0];
    },
    set value(value) {
      inputs.get(value)!.checked = true;
    },
    disable(value, reason) {
      const input = inputs.get(value)!;
      input.disabled = reason !== undefined;
      const label = input.parentElement!;
      if (reason === undefined) label.removeAttribute('title');
      else label.title = reason;
    },
    setOffered(value, isOffered) {
      inputs.get(value)!.parentElement!.hidden = !isOffered;
    },
  };
}

/** Radio buttons for whole numbers. */
export function numberChoice(
  legend: string,
  values: readonly number[],
  initial: number,
  onChange: (value: number) => void,
): Choice<string> {
  const options = values.map((value) => ({ value: String(value), label: String(value) }));
  return choice(legend, options, String(initial), (value) => onChange(Number(value)));
}

export interface Toggle {
  readonly root: HTMLElement;
  checked: boolean;
}

/** On or off. */
export function toggle(label: string, initial: boolean, onChange: (checked: boolean) => void): Toggle {
  const input = element('input', { type: 'checkbox', role: 'switch', onchange: () => onChange(input.checked) });
  input.checked = initial;
  const root = element(
    'label',
    { class: 'toggle' },
    input,
    element('span', { class: 'track' }),
    element('span', {}, label),
  );
  return {
    root,
    get checked() {
      return input.checked;
    },
    set checked(checked) {
      input.checked = checked;
    },
  };
}

export interface Select {
  readonly root: HTMLElement;
  value: string;
}

/** One of many values. */
export function select(
  label: string,
  options: ReadonlyArray<Option<string>>,
  initial: string,
  onChange: (value: string) => void,
): Select {
  const id = uniqueId('select');
  const control = element(
    'select',
    { id, onchange: () => onChange(control.value) },
    ...options.map((option) => element('option', { value: option.value }, option.label)),
  );
  control.value = initial;
  const root = element('div', { class: 'field' }, element('label', { for: id }, label), control);
  return {
    root,
    get value() {
      return control.value;
    },
    set value(value) {
      control.value = value;
    },
  };
}

export function button(label: string, onClick: () => void, kind: 'primary' | 'plain' = 'plain'): HTMLButtonElement {
  return element('button', { type: 'button', class: `button ${kind}`, onclick: onClick }, label);
}

/** A group of controls under a heading. */
export function group(title: string, ...children: Child[]): HTMLElement {
  return element('section', { class: 'group' }, element('h3', {}, title), ...children);
}
