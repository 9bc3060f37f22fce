/** The Step by step part: an input, its walk, the board of numbers, and what is said of the step. */
import type { AddressChange, Addressed } from '../ui/address';
import { choice } from '../ui/controls';
import { element, setText } from '../ui/dom';
import { type Language, type Place, ownLanguage, placeOf, valuesOfPlace } from './address';
import { type Algorithm, algorithm } from './algorithm';
import { type Board, board } from './board';
import { linesOf } from './code';
import { ENGLISH } from './english';
import { INPUTS } from './inputs';
import { JAPANESE } from './japanese';
import { listenToKeys } from './keys';
import { type Player, type Speed, player } from './player';
import { sceneAt } from './scene';
import { type Step, walkOf } from './walk';
import type { Words } from './words';

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, ja: JAPANESE };
const STILL = matchMedia('(prefers-reduced-motion: reduce)');
/** Of a step's time, the share in which numbers fly. */
const FLIGHT = 0.55;
const LONGEST_FLIGHT_MS = 800;

/** What is built anew for another input or language. */
interface Stage {
  readonly a: Algorithm;
  readonly walk: readonly Step[];
  readonly words: Words;
  readonly board: Board;
  readonly player: Player;
  readonly said: { readonly sentence: HTMLElement; readonly numpy: HTMLElement; readonly typescript: HTMLElement };
  readonly readout: HTMLElement;
}

export interface StepsPart {
  readonly root: HTMLElement;
  readonly address: Addressed;
}

export function stepsPart(onAddress: (how: AddressChange) => void): StepsPart {
  let place: Place = { input: INPUTS[0].id, step: 0, language: ownLanguage(navigator.language) };
  let speed: Speed = 'normal';
  let stage: Stage;
  const languages = choice<Language>(
    'Language',
    [
      { value: 'en', label: 'English' },
      { value: 'ja', label: '日本語' },
    ],
    place.language,
    (language) => change({ ...place, language }, 'replace'),
  );
  languages.root.classList.add('theme', 'walk-language');
  const body = element('div', { class: 'walk' });
  const root = element('div', { class: 'part steps' }, body);

  function change(next: Place, how: AddressChange): void {
    build(next);
    onAddress(how);
  }

  function build(next: Place): void {
    stage?.player.stop();
    // A group of radio buttons that the reader is in is built anew.
    const focused = document.activeElement?.closest('.walk-inputs, .walk-language')?.classList.contains('walk-inputs');
    place = next;
    const words = WORDS[place.language];
    const input = INPUTS.find(({ id }) => id === place.input)!;
    const a = algorithm(input);
    const walk = walkOf(a);
    const readout = element('p', { class: 'readout walk-readout', 'aria-live': 'polite' });
    const said = {
      sentence: element('p', { class: 'walk-sentence' }),
      numpy: element('code'),
      typescript: element('code'),
    };
    stage = {
      a,
      walk,
      words,
      said,
      readout,
      board: board(a, words, (cell) => setText(readout, stage.board.point(cell))),
      player: player(words, walk, speed, go),
    };
    body.lang = place.language;
    body.replaceChildren(...contentsOf(stage, head(words)));
    if (focused !== undefined)
      body.querySelector<HTMLElement>(`${focused ? '.walk-inputs' : '.walk-language'} input:checked`)?.focus();
    show(place.step, false);
  }

  function head(words: Words): HTMLElement {
    const options = INPUTS.map(({ id }) => ({ value: id, label: words.inputs[id] }));
    const inputs = choice(words.input, options, place.input, (input) => change({ ...place, input, step: 0 }, 'push'));
    inputs.root.classList.add('walk-inputs');
    const about = element('p', { class: 'hint' }, words.about[place.input]);
    return element('div', { class: 'walk-head-row' }, inputs.root, about, languages.root);
  }

  /** Numbers fly where the step is the next one, and nobody asked for less motion. */
  function go(step: number): void {
    const isNext = step === place.step + 1;
    place = { ...place, step };
    ({ speed } = stage.player);
    show(step, isNext && !STILL.matches);
    stage.board.reveal();
    onAddress('replace');
    // Another part of the page was opened meanwhile.
    if (!isShown()) stage.player.stop();
  }

  function show(step: number, flies: boolean): void {
    const { a, walk, board: shown, player: controls } = stage;
    const scene = sceneAt(a, walk[step]);
    controls.show(step);
    say(stage, step);
    shown.show(scene, walk[step]);
    if (flies) shown.fly(scene, Math.min(LONGEST_FLIGHT_MS, controls.pace * FLIGHT));
  }

  const isShown = () => root.offsetParent !== null;
  const jump = (step: number) => {
    stage.player.stop();
    go(Math.max(0, Math.min(stage.walk.length - 1, step)));
  };
  listenToKeys({
    isShown,
    move: (by) => jump(place.step + by),
    jump: (to) => jump(to === 'first' ? 0 : stage.walk.length - 1),
    togglePlay: () => stage.player.togglePlay(),
  });
  build(place);
  return {
    root,
    address: {
      values: () => valuesOfPlace(place),
      restore(values) {
        const found = placeOf(values, ownLanguage(navigator.language), lastStepOf);
        languages.value = found.place.language;
        build(found.place);
        return found.problems;
      },
    },
  };
}

/** The number of the last step of a walk. */
function lastStepOf(input: string): number {
  return walkOf(algorithm(INPUTS.find(({ id }) => id === input)!)).length - 1;
}

function say({ a, walk, words, said, readout }: Stage, index: number): void {
  const step = walk[index];
  const { numpy, typescript } = linesOf(a, step.phase);
  setText(said.sentence, words.sentence(a, step));
  setText(said.numpy, numpy);
  setText(said.typescript, typescript);
  setText(readout, '');
}

function contentsOf({ words, board: shown, player: controls, said, readout }: Stage, head: HTMLElement): HTMLElement[] {
  const code = (name: string, lines: HTMLElement) =>
    element(
      'div',
      { class: 'walk-code' },
      element('span', { class: 'walk-title' }, name),
      element('pre', { tabindex: 0, role: 'group', 'aria-label': name }, lines),
    );
  return [
    element('p', { class: 'walk-intro' }, words.intro),
    head,
    element(
      'section',
      { class: 'walk-said', 'aria-label': words.step },
      element(
        'div',
        { class: 'walk-told' },
        controls.chapters,
        element('div', { 'aria-live': 'polite' }, said.sentence),
      ),
      element('div', { class: 'walk-codes' }, code('NumPy', said.numpy), code('TypeScript', said.typescript)),
    ),
    shown.root,
    element(
      'div',
      { class: 'walk-hint' },
      element('p', { class: 'hint' }, words.hint),
      element('p', { class: 'hint' }, words.keys),
      controls.speedChoice,
    ),
    element('div', { class: 'walk-foot' }, readout, controls.controls),
  ];
}
