/** The field in which numbers are typed or pasted. A bad entry is told; what was pooled last stays, and so does what was typed. */
import { numberChoice } from '../ui/controls';
import { quoted } from '../ui/address';
import { element, setText, uniqueId } from '../ui/dom';
import { type Image, numbersImage } from './images';
import { codeOf, parseCode, parseNumbers, textOf } from './numbers';
import type { Preset } from './preset';

export interface NumbersInput {
  readonly root: HTMLElement;
  /** The channel that is shown. */
  readonly image: Image;
  /** What a link says of it; nothing, if it is a preset's. */
  readonly values: Readonly<Record<string, string>>;
  /** The reader's own, and no preset's. */
  readonly isTyped: boolean;
  showPreset(preset: Preset): void;
  /** What a link has. Returns what is wrong with it; then nothing changes. */
  take(code: string, channel: string | null): readonly string[];
}

const HINT =
  'Type or paste up to 16 rows of up to 16 numbers, parted by blanks, commas or tabs. NaN, Infinity and -0 are numbers, too. ' +
  'An empty line begins another channel, of at most 4; each is pooled by itself.';
const CHANNELS = [1, 2, 3, 4];

export function numbersInput(onChange: () => void): NumbersInput {
  let channels: readonly Image[] = [];
  let isTyped = false;
  const id = uniqueId('numbers');
  const hint = element('p', { class: 'hint', id: `${id}-hint` }, HINT);
  const problem = element('p', { class: 'problem', role: 'alert', id: `${id}-problem` });
  const field = element('textarea', {
    id,
    rows: 6,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    'aria-describedby': `${hint.id} ${problem.id}`,
    oninput: () => {
      if (read()) onChange();
    },
  });
  const shown = numberChoice('Channel', CHANNELS, 1, onChange);
  /** Closed until it has numbers of the reader's own. */
  const own = element(
    'details',
    {},
    element('summary', {}, 'Type numbers of your own'),
    element('label', { for: id }, 'Numbers'),
    field,
    problem,
    hint,
  );
  const root = element('div', { class: 'numbers' }, shown.root, own);

  function read(): boolean {
    try {
      set(parseNumbers(field.value));
      isTyped = true;
      complain('');
      return true;
    } catch (error) {
      complain((error as Error).message);
      return false;
    }
  }

  function set(next: readonly Image[]): void {
    channels = next;
    CHANNELS.forEach((channel) => shown.setOffered(String(channel), channel <= next.length));
    if (Number(shown.value) > next.length) shown.value = '1';
    shown.root.hidden = next.length === 1;
  }

  function complain(message: string): void {
    setText(problem, message);
    field.setAttribute('aria-invalid', String(message !== ''));
  }

  return {
    root,
    get image() {
      return channels[Number(shown.value) - 1];
    },
    get values() {
      return isTyped ? { numbers: codeOf(channels), ...(shown.value !== '1' && { channel: shown.value }) } : {};
    },
    get isTyped() {
      return isTyped;
    },
    showPreset({ rows }) {
      set([numbersImage(rows)]);
      field.value = textOf(channels);
      isTyped = false;
      complain('');
    },
    take(code, channel) {
      try {
        set(parseCode(code));
      } catch (error) {
        return [`its numbers cannot be read (${(error as Error).message})`];
      }
      field.value = textOf(channels);
      isTyped = true;
      own.open = true;
      complain('');
      const isThere = CHANNELS.slice(0, channels.length).some((each) => String(each) === (channel ?? '1'));
      shown.value = isThere ? (channel ?? '1') : '1';
      return isThere ? [] : [`channel is at most ${channels.length}, not ${quoted(channel ?? '')}`];
    },
  };
}
