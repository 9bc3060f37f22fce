/** Test digits, each with what the network takes it for, and how sure it is. */
import type { PoolingKind } from '../../mnist/networks';
import { CLASSES, PIXELS, SIDE } from '../shared/mnist_format';
import { element, setText } from '../ui/dom';
import type { Predictions } from '../workers/train_protocol';
import { LAYERS, LAYER_NAMES } from './runs';

/** What the network of a pooling layer says of the test digits, if there is one. */
interface Shown {
  readonly pooling: PoolingKind;
  readonly predictions: Predictions | undefined;
}

export interface Galleries {
  readonly root: HTMLElement;
  /** One gallery for each; their networks have names where they are two. */
  show(list: readonly Shown[]): void;
  /** One of those that are shown says something else now. */
  renew(pooling: PoolingKind, predictions: Predictions): void;
}

interface Card {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly said: HTMLElement;
  readonly bar: HTMLElement;
}

export function galleries(): Galleries {
  const each = LAYERS.map((pooling) => {
    const made = gallery();
    const name = element('p', { class: `run-key ${pooling}` }, LAYER_NAMES[pooling]);
    return { pooling, ...made, name, block: element('div', { class: 'gallery-block' }, name, made.root) };
  });
  return {
    root: element(
      'section',
      { 'aria-labelledby': 'test-digits' },
      element('h3', { id: 'test-digits' }, 'Test digits, and what the network takes them for'),
      ...each.map(({ block }) => block),
    ),
    show(list) {
      for (const { pooling, block, name, show, root } of each) {
        const shown = list.find((entry) => entry.pooling === pooling);
        block.hidden = !shown;
        name.hidden = list.length < 2;
        root.setAttribute(
          'aria-label',
          `What the network takes them for${list.length < 2 ? '' : `, ${LAYER_NAMES[pooling]}`}`,
        );
        show(shown?.predictions);
      }
    },
    renew(pooling, predictions) {
      each.find((entry) => entry.pooling === pooling)!.show(predictions);
    },
  };
}

function gallery() {
  const root = element('ul', { class: 'gallery', role: 'list' });
  let cards: Card[] = [];
  return {
    root,
    show(predictions: Predictions | undefined): void {
      const count = predictions?.count ?? 0;
      if (cards.length !== count) {
        cards = Array.from({ length: count }, (_, i) =>
          card(predictions!.pixels.subarray(i * PIXELS, (i + 1) * PIXELS)),
        );
        root.replaceChildren(...cards.map((entry) => entry.root));
      }
      cards.forEach((entry, i) =>
        fill(entry, predictions!.labels[i], predictions!.probabilities.subarray(i * CLASSES, (i + 1) * CLASSES)),
      );
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
