/** The reader's own picture: a button, a drop or a paste gives it; below the button stands which it is, or why it is refused. */
import { button } from '../ui/controls';
import { element, setText } from '../ui/dom';
import { type Picture, readPicture } from './picture_file';

export interface OwnPicture {
  readonly root: HTMLElement;
  /** The last one that was taken. */
  readonly picture: Picture | undefined;
  /** Another image was chosen, or this one: what is being read or was refused is forgotten. */
  settle(isShown: boolean): void;
}

const HINT = 'PNG, JPEG, GIF or WebP. Dropping or pasting one works, too.';

/** `target` takes what is dropped; while it cannot be seen nothing is pasted. */
export function ownPicture(target: HTMLElement, onPicture: () => void): OwnPicture {
  let picture: Picture | undefined;
  /** Counts choices: a slow picture does not replace a newer choice. */
  let turn = 0;
  /** Said of the image that is shown. */
  let about = HINT;
  const status = element('p', { class: 'hint', role: 'status' }, HINT);
  const problem = element('p', { class: 'problem', role: 'alert' });
  const picker = element('input', {
    type: 'file',
    accept: 'image/png,image/jpeg,image/gif,image/webp',
    class: 'hidden',
    tabindex: -1,
    'aria-label': 'A picture of yours',
    onchange: () => {
      void take(picker.files?.[0]);
      picker.value = '';
    },
  });
  const choose = button('Your picture…', () => picker.click());
  listen(target, (file) => void take(file));

  async function take(file: File | undefined): Promise<void> {
    if (!file) return;
    const mine = ++turn;
    setText(problem, '');
    setText(status, 'Reading the picture …');
    try {
      const read = await readPicture(file);
      if (mine !== turn) return;
      picture = read;
      onPicture();
    } catch (error) {
      if (mine !== turn) return;
      setText(status, about);
      setText(problem, (error as Error).message);
    }
  }

  return {
    root: element('div', { class: 'own-picture' }, choose, picker, problem, status),
    get picture() {
      return picture;
    },
    settle(isShown) {
      turn++;
      setText(problem, '');
      about = isShown && picture ? describe(picture) : HINT;
      setText(status, about);
    },
  };
}

function describe({ name, width, height }: Picture): string {
  const part = width === height ? '' : ': its middle square';
  return `${name} (${width} × ${height} pixels)${part}, in gray. It stays on this device.`;
}

function listen(target: HTMLElement, onFile: (file: File | undefined) => void): void {
  const mark = (isOver: boolean) => target.classList.toggle('dropping', isOver);
  const isOver = (event: DragEvent) => target.contains(event.target as Node);
  const hasFile = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files');
  document.addEventListener('dragover', (event) => {
    mark(false);
    if (!hasFile(event)) return;
    event.preventDefault();
    if (isOver(event)) mark(true);
    else event.dataTransfer!.dropEffect = 'none';
  });
  target.addEventListener('dragleave', () => mark(false));
  document.addEventListener('drop', (event) => {
    mark(false);
    if (!hasFile(event)) return;
    // A browser would leave the page for the file, wherever it is dropped.
    event.preventDefault();
    if (isOver(event)) onFile(event.dataTransfer!.files[0]);
  });
  document.addEventListener('paste', (event) => {
    if (target.offsetParent !== null) onFile(event.clipboardData?.files[0]);
  });
}
