/** Back, play, next, speed, the slider with the number of the step, and the chapters to jump to. */
import { stepper } from '../routing/stepper';
import { button, choice } from '../ui/controls';
import { element, setText, uniqueId } from '../ui/dom';
import { CHAPTERS, type Step, chapterOf, isBackward } from './walk';
import type { Words } from './words';

/** Milliseconds for a step. */
const PACES = { slow: 2800, normal: 1300, fast: 450 } as const;
export type Speed = keyof typeof PACES;

export interface Player {
  readonly controls: HTMLElement;
  readonly chapters: HTMLElement;
  readonly speedChoice: HTMLElement;
  readonly pace: number;
  readonly speed: Speed;
  show(index: number): void;
  stop(): void;
  togglePlay(): void;
}

/** `go` shows a step; the numbers fly there if it is the next one. */
export function player(words: Words, walk: readonly Step[], initial: Speed, go: (index: number) => void): Player {
  let current = 0;
  const isLast = () => current === walk.length - 1;
  /** The reader takes over. */
  const jump = (index: number) => {
    running.stop();
    go(index);
  };
  const running = stepper(
    () => go(isLast() ? 0 : current + 1),
    () => {
      if (isLast()) return false;
      go(current + 1);
      return !isLast();
    },
    { startLabel: `▶ ${words.buttons.play}`, stopLabel: `❚❚ ${words.buttons.pause}`, pace: () => PACES[speed.value] },
  );
  running.root.classList.add('walk-play');
  const back = button(`← ${words.buttons.back}`, () => jump(Math.max(0, current - 1)));
  const next = button(`${words.buttons.next} →`, () => jump(Math.min(walk.length - 1, current + 1)), 'primary');
  const speed = choice<Speed>(
    words.speed,
    (Object.keys(PACES) as Speed[]).map((value) => ({ value, label: words.speeds[value] })),
    initial,
    () => {},
  );
  const id = uniqueId('step');
  const slider = element('input', { id, type: 'range', min: 1, max: walk.length, step: 1 });
  slider.addEventListener('input', () => jump(Number(slider.value) - 1));
  const count = element('label', { for: id, class: 'walk-count' });
  const chapters = chapterButtons(words, walk, jump);
  return {
    controls: element(
      'div',
      { class: 'walk-controls', role: 'group', 'aria-label': words.step },
      element('div', { class: 'walk-buttons' }, back, running.root, next),
      element('div', { class: 'walk-slider' }, count, slider),
    ),
    speedChoice: speed.root,
    chapters: chapters.root,
    get pace() {
      return PACES[speed.value];
    },
    get speed() {
      return speed.value;
    },
    show(index) {
      current = index;
      slider.value = String(index + 1);
      slider.setAttribute(
        'aria-valuetext',
        `${words.stepOf(index + 1, walk.length)}: ${words.chapters[chapterOf(walk[index].phase)]}`,
      );
      setText(count, words.stepOf(index + 1, walk.length));
      // A button that has the focus keeps it, so that Enter can be pressed again after a step the other way.
      back.setAttribute('aria-disabled', String(index === 0));
      next.setAttribute('aria-disabled', String(isLast()));
      chapters.show(index);
    },
    stop: running.stop,
    togglePlay: () => (running.isRunning ? running.stop() : running.start()),
  };
}

/** The steps of the algorithm, in two rows: each button jumps to the first step of its chapter. */
function chapterButtons(words: Words, walk: readonly Step[], jump: (index: number) => void) {
  const buttons = CHAPTERS.map(([chapter, phase]) =>
    element(
      'button',
      { type: 'button', class: 'chip', onclick: () => jump(walk.findIndex((step) => step.phase === phase)) },
      words.chapters[chapter],
    ),
  );
  const row = (title: string, wanted: boolean) =>
    element(
      'div',
      { class: 'walk-chapter-row' },
      element('span', { class: 'walk-title' }, title),
      element('div', { class: 'chips' }, ...buttons.filter((_, i) => isBackward(CHAPTERS[i][1]) === wanted)),
    );
  return {
    root: element('div', { class: 'walk-chapters' }, row(words.forward, false), row(words.backward, true)),
    show(index: number) {
      const now = chapterOf(walk[index].phase);
      CHAPTERS.forEach(([chapter], i) => {
        if (chapter === now) buttons[i].setAttribute('aria-current', 'step');
        else buttons[i].removeAttribute('aria-current');
      });
    },
  };
}
