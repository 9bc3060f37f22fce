/** Makes elements. Attributes are set one by one and never as HTML text, so the content security policy needs no exception. */
type Handler = (event: never) => void;
type Attribute = string | number | boolean | undefined;
export type Attributes = Record<string, Attribute | Handler>;
export type Child = Node | string | null | undefined | false;

/** `element('button', { class: 'quiet', onclick: save }, 'Save')` */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  made.append(
    ...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false),
  );
  return made;
}

/** Replaces the text only where it differs, so that a live region is not read out again for nothing. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

let lastId = 0;

/** An id that nothing else on the page has. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${++lastId}`;
}
