/**
 * JSON for what tests send to a page and get back: also NaN, infinities, -0, undefined and typed arrays, which travel as objects.
 * Both functions go to the page as source text, so they use nothing from outside.
 */

export function toText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === undefined || (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))))
      return { $: Object.is(part, -0) ? '-0' : String(part) };
    return ArrayBuffer.isView(part)
      ? { $: part.constructor.name, numbers: Array.from(part as unknown as ArrayLike<number>) }
      : part;
  });
}

export function fromText(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    const { $: name, numbers } = (part ?? {}) as { $?: string; numbers?: number[] };
    if (name === undefined) return part;
    if (numbers === undefined) return name === 'undefined' ? undefined : Number(name);
    return new (globalThis as unknown as Record<string, Int32ArrayConstructor>)[name](numbers);
  });
}

/** The source of a function of one text that calls `f` in the page with the value of that text, and gives the text of its result. */
export function inText(f: (argument: never) => unknown): string {
  return `async (text) => {
    ${toText.toString()}
    ${fromText.toString()}
    return toText(await (${f.toString()})(fromText(text)));
  }`;
}
