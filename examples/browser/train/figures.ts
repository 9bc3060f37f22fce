/** Steps, epochs, test accuracy and loss in large figures: of one run, or of ours and the built-in's beside each other. */
import type { PoolingKind } from '../../mnist/networks';
import { element, setText } from '../ui/dom';
import { LAYERS, LAYER_NAMES, type Run, epochsBegun, percent } from './runs';

/** A pooling layer and its run, if there is one. */
export interface Entry {
  readonly pooling: PoolingKind;
  readonly run: Run | undefined;
}

export interface Figures {
  readonly root: HTMLElement;
  show(entries: readonly Entry[]): void;
}

const NONE = '–';

export function figures(): Figures {
  const tiles = [
    tile('Steps', ({ loss }) => String(loss.length)),
    tile('Epoch', (run) => (run.loss.length === 0 ? NONE : String(epochsBegun(run)))),
    tile('Test accuracy', ({ test }) => (test ? percent(test.accuracy) : NONE), whenTested),
    tile('Test loss', ({ test }) => (test ? test.loss.toFixed(3) : NONE), whenTested),
  ];
  return {
    root: element('dl', { class: 'figures-line' }, ...tiles.map(({ root }) => root)),
    show: (entries) => tiles.forEach(({ show }) => show(entries)),
  };
}

/** A run that goes on has taken steps that are not tested yet. */
function whenTested({ test, loss }: Run): string {
  return test && test.step !== loss.length ? `at step ${test.step}` : '';
}

function tile(name: string, textOf: (run: Run) => string, whenOf: (run: Run) => string = () => '') {
  const rows = LAYERS.map((pooling) => ({ pooling, ...row(pooling) }));
  return {
    root: element('div', {}, element('dt', {}, name), ...rows.map(({ root }) => root)),
    show(entries: readonly Entry[]): void {
      for (const { pooling, root, who, value, when } of rows) {
        const entry = entries.find((candidate) => candidate.pooling === pooling);
        root.hidden = !entry;
        root.classList.toggle('of-two', entries.length > 1);
        setText(who, entry && entries.length > 1 ? LAYER_NAMES[pooling] : '');
        setText(value, entry?.run ? textOf(entry.run) : NONE);
        setText(when, entry?.run ? whenOf(entry.run) : '');
      }
    },
  };
}

function row(pooling: PoolingKind) {
  const who = element('span', { class: `run-key ${pooling}` });
  const value = element('span', { class: 'value' }, NONE);
  const when = element('span', { class: 'when' });
  return { root: element('dd', { 'data-pooling': pooling }, who, value, when), who, value, when };
}
