/** Drawing on the input by mouse, pen, finger or keys: a first touch decides whether cells become bright or dark. */
import { element } from '../ui/dom';
import { BRIGHTEST, type Image, blankImage } from './images';

export interface Painting {
  image: Image;
  resize(size: number): void;
  clear(): void;
  /** The drawing as a link has it: a bit for each cell, four of them a hexadecimal digit. */
  readonly code: string;
  /** Returns whether it is a drawing of this size; if not, it becomes blank. */
  setCode(code: string, size: number): boolean;
  /** To be called after the surface was drawn anew. */
  refresh(): void;
  /** Below the input: says how to draw. */
  readonly help: HTMLElement;
}

export function painting(surface: HTMLElement, isOn: () => boolean, size: number, onPaint: () => void): Painting {
  let image = blankImage(size);
  let ink: number | undefined;
  let cursor = 0;
  const help = element(
    'p',
    { class: 'hint drawing-help', id: 'drawing-help', 'aria-live': 'polite' },
    'Draw with the mouse or a finger; with the keyboard, arrows move and Space draws.',
  );

  surface.setAttribute('aria-describedby', help.id);
  const paint = (index: number, value: number) => {
    if (image.values[index] === value) return;
    image.values[index] = value;
    image = { ...image };
    onPaint();
  };
  const cellAt = (event: PointerEvent) => {
    const found = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-index]');
    if (!found || !surface.contains(found)) return undefined;
    const index = Number(found.dataset.index);
    // The others are padding.
    return index < image.values.length ? index : undefined;
  };

  surface.addEventListener('pointerdown', (event) => {
    const index = isOn() ? cellAt(event) : undefined;
    if (index === undefined) return;
    event.preventDefault();
    surface.setPointerCapture(event.pointerId);
    ink = image.values[index] > 0 ? 0 : BRIGHTEST;
    paint(index, ink);
  });
  surface.addEventListener('pointermove', (event) => {
    const index = ink === undefined ? undefined : cellAt(event);
    if (index !== undefined) paint(index, ink!);
  });
  for (const end of ['pointerup', 'pointercancel'] as const)
    surface.addEventListener(end, () => {
      ink = undefined;
    });
  surface.addEventListener('keydown', (event) => {
    if (!isOn()) return;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: image.width, ArrowUp: -image.width }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (cursor + step >= 0 && cursor + step < image.values.length) cursor += step;
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      paint(cursor, image.values[cursor] > 0 ? 0 : BRIGHTEST);
    } else return;
    markCursor();
  });
  surface.addEventListener('focus', markCursor);
  surface.addEventListener('blur', () => surface.querySelector('.cursor')?.classList.remove('cursor'));

  function markCursor(): void {
    if (!isOn()) return;
    surface.querySelector('.cursor')?.classList.remove('cursor');
    surface.querySelector(`[data-index="${cursor}"]`)?.classList.add('cursor');
    const [row, column] = [Math.floor(cursor / image.width), cursor % image.width];
    help.textContent = `Row ${row}, column ${column}: ${image.values[cursor]}. Arrows move, Space draws.`;
  }

  return {
    get image() {
      return image;
    },
    set image(next) {
      image = next;
    },
    resize(next) {
      if (next !== image.width) image = blankImage(next);
      cursor = 0;
    },
    clear() {
      image = blankImage(image.width);
      onPaint();
    },
    get code() {
      const bits = Array.from(image.values, (value) => (value > 0 ? '1' : '0')).join('');
      return bits.replace(/[01]{1,4}/g, (four) => parseInt(four.padEnd(4, '0'), 2).toString(16));
    },
    setCode(code, next) {
      image = blankImage(next);
      const isRight = /^[0-9a-f]*$/.test(code) && code.length === Math.ceil(image.values.length / 4);
      if (isRight)
        image.values.forEach((_, i) => {
          image.values[i] = (parseInt(code[i >> 2], 16) >> (3 - (i & 3))) & 1 ? BRIGHTEST : 0;
        });
      return isRight;
    },
    refresh() {
      surface.classList.toggle('blank', isOn() && image.values.every((value) => value === 0));
      if (document.activeElement === surface) markCursor();
    },
    help,
  };
}
