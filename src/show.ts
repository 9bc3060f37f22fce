/** A value as error messages print it. */

/** No value takes more characters in a message. */
const LONGEST = 60;
/** Arrays in arrays are printed to this depth: a padding has two. */
const DEEPEST = 3;

/** A value in at most 60 characters. Never throws, whatever the value is: its getters, its prototype and its proxy may. */
export function show(value: unknown): string {
  try {
    return describe(value, 0);
  } catch {
    return 'an object that cannot be read';
  }
}

function describe(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return cut(`${value}n`);
    case 'function':
      return 'a function';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value, depth) : described(value);
    default:
      return cut(String(value));
  }
}

function quoted(text: string): string {
  const room = LONGEST - 26;
  return text.length <= room ? `'${text}'` : `'${text.slice(0, room)}…' (${text.length} characters)`;
}

/** As many elements as there is room for, and their number. */
function list(values: readonly unknown[], depth: number): string {
  if (depth >= DEEPEST) return '[…]';
  const room = LONGEST - 2;
  let text = '';
  for (let i = 0; i < values.length; i++) {
    const next = `${i > 0 ? ', ' : ''}${describe(values[i], depth + 1)}`;
    if (text.length + next.length > room) {
      const end = `${i > 0 ? ', ' : ''}… ${values.length} elements`;
      return `[${text.slice(0, room - end.length)}${end}]`;
    }
    text += next;
  }
  return `[${text}]`;
}

function described(value: object): string {
  if (isTensorLike(value)) return cut(`a tensor of shape ${list(value.shape, 1)}`);
  if (typeof (value as { then?: unknown }).then === 'function') return 'a promise, which must be awaited first';
  const name: unknown = value.constructor?.name;
  return `an object (${typeof name === 'string' && name !== '' ? cut(name, LONGEST - 12) : 'no class'})`;
}

/** Whether a value can be asked what it is: a proxy that was revoked throws. */
export function isReadable(value: unknown): boolean {
  try {
    Array.isArray(value);
    return true;
  } catch {
    return false;
  }
}

/** `Array.isArray`, to which a proxy that was revoked is no array. */
export function isArray(value: unknown): value is unknown[] {
  return isReadable(value) && Array.isArray(value);
}

/** A tensor of any copy of tfjs, disposed or not. */
export function isTensorLike(value: unknown): value is { readonly shape: readonly number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    isReadable(value) &&
    'dataId' in value &&
    'shape' in value &&
    Array.isArray(value.shape)
  );
}

function cut(text: string, longest = LONGEST): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
