/** Test digits, each with what the network takes it for, and how sure it is. */
import { CLASSES, PIXELS, SIDE } from '../shared/mnist_format';
import { element, setText } from '../ui/dom';
import type { Predictions } from '../workers/train_protocol';

export interface Gallery {
  readonly root: HTMLElement;
  show(predictions: Predictions): void;
  clear(): void;
}

interface Card {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly said: HTMLElement;
  readonly bar: HTMLElement;
}

export function gallery(): Gallery {
  const root = element('ul', {
    class: 'gallery',
    role: 'list',
    'aria-label': 'Test digits and what the network takes them for',
  });
  let cards: Card[] = [];
  return {
    root,
    show(predictions) {
      if (cards.length !== predictions.count) {
        cards = Array.from({ length: predictions.count }, (_, i) =>
          card(predictions.pixels.subarray(i * PIXELS, (i + 1) * PIXELS)),
        );
        root.replaceChildren(...cards.map((entry) => entry.root));
      }
      cards.forEach((entry, i) =>
        fill(entry, predictions.labels[i], predictions.probabilities.subarray(i * CLASSES, (i + 1) * CLASSES)),
      );
    },
    clear() {
      cards = [];
      root.replaceChildren();
    },
  };
}

function card(pixels: Uint8Array): Card {
  const canvas = element('canvas', { width: SIDE, height: SIDE, role: 'img', class: 'digit' });
  draw(canvas, pixels);
  const said = element('span', { class: 'said' });
  const bar = element('span', { class: 'sure', 'aria-hidden': 'true' });
  return { root: element('li', { class: 'card' }, canvas, said, bar), canvas, said, bar };
}

function fill({ root, canvas, said, bar }: Card, label: number, probabilities: Float32Array): void {
  const most = Math.max(...probabilities);
  const guess = probabilities.indexOf(most);
  // A network that has diverged gives NaN.
  const taken = guess < 0 ? 'none' : String(guess);
  root.classList.toggle('wrong', guess !== label);
  root.dataset.probabilities = Array.from(probabilities).join(' ');
  canvas.setAttribute('aria-label', `A handwritten ${label}`);
  setText(said, guess < 0 ? '–' : taken);
  const percent = `${(most * 100).toFixed(most > 0.9995 ? 0 : 1)} %`;
  root.title = `${guess === label ? 'Right' : `Wrong, it is a ${label}`}: ${taken} with ${percent}`;
  said.setAttribute(
    'aria-label',
    `taken for ${guess < 0 ? taken : `a ${guess}`}, ${percent}${guess === label ? '' : ', wrong'}`,
  );
  said.setAttribute('role', 'img');
  bar.style.setProperty('--share', `${most * 100}%`);
}

function draw(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(SIDE, SIDE);
  pixels.forEach((ink, i) => image.data.set([ink, ink, ink, 255], 4 * i));
  context.putImageData(image, 0, 0);
}
