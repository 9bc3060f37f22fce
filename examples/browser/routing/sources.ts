/** Where the image comes from: digits, the photograph, the reader's picture, a drawing, or numbers; and what each needs below x. */
import { BASE } from '../ui/workers';
import type { Figure } from './figure';
import { type Image, digitImage, loadDigits, photographImage, pictureImage } from './images';
import { type NumbersInput, numbersInput } from './numbers_input';
import { type OwnPicture, ownPicture } from './own_picture';
import { type Painting, painting } from './painting';
import type { Settings } from './settings';

export interface Sources {
  readonly drawing: Painting;
  readonly own: OwnPicture;
  readonly numbers: NumbersInput;
  /** Why there are no digits, if there are none. */
  readonly problem: string;
  image(settings: Settings): Image | undefined;
  /** Shows what the chosen source needs, and that alone. */
  show(settings: Settings): void;
  /** Fetches the digits. */
  load(): Promise<void>;
}

export interface SourceEvents {
  onDrawn(): void;
  onPicture(): void;
  onNumbers(): void;
}

/** `input`: the figure that is drawn on. */
export function sources(input: Figure, settings: () => Settings, events: SourceEvents): Sources {
  let digits: Uint8Array | undefined;
  let problem = '';
  const isDrawing = () => settings().source === 'drawing';
  const drawing = painting(input.grid.root, isDrawing, settings().size, events.onDrawn);
  const own = ownPicture(input.root, events.onPicture);
  const numbers = numbersInput(events.onNumbers);
  input.root.append(drawing.help, numbers.root, own.root);
  return {
    drawing,
    own,
    numbers,
    get problem() {
      return problem;
    },
    image({ source, size, digit }) {
      if (source === 'numbers') return numbers.image;
      if (source === 'photograph') return photographImage(size);
      if (source === 'picture') return own.picture && pictureImage(own.picture, size);
      if (source === 'digit') return digits && digitImage(digits, digit, size);
      drawing.resize(size);
      return drawing.image;
    },
    show({ source }) {
      drawing.help.hidden = source !== 'drawing';
      numbers.root.hidden = source !== 'numbers';
      own.settle(source === 'picture');
    },
    async load() {
      try {
        digits = await loadDigits(BASE);
      } catch (error) {
        problem = (error as Error).message;
      }
    },
  };
}
