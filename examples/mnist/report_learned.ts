/** What the networks learned: their filters before and after the training, and the digits that they take for others. */
import { type Digits, SIDE } from './data';
import { POOLING_NAMES, filtersOf } from './model';
import { FILTERS, KERNEL } from './networks';
import { pixelPaths } from './report_pixels';
import type { TrainedNetwork } from './train';

const COLUMNS = 10;
/** A filter, and a gap. */
const CELL = KERNEL + 1;
/** At most so many misread digits are drawn in a group. */
const DRAWN = 10;

/** The filters of all networks before the training, which are the same, and of each after it. */
export function filterFigures(networks: readonly TrainedNetwork[]): string {
  const before = filterFigure('', 'before, in both', networks[0].firstFilters);
  const after = networks.map(({ model, record: { pooling } }) =>
    filterFigure(pooling, `after, with ${POOLING_NAMES[pooling]}`, filtersOf(model)),
  );
  return `<div class="filters">${[before, ...after].join('\n')}</div>`;
}

/** Each filter from its smallest weight (paper) to its largest (ink). */
function filterFigure(pooling: string, title: string, weights: Float32Array): string {
  const filters = Array.from({ length: FILTERS }, (_, filter) => {
    const own = Array.from({ length: KERNEL * KERNEL }, (__, i) => weights[i * FILTERS + filter]);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    const place: [left: number, top: number] = [CELL * (filter % COLUMNS), CELL * Math.floor(filter / COLUMNS)];
    return (
      `<rect class="paper" x="${place[0]}" y="${place[1]}" width="${KERNEL}" height="${KERNEL}"/>` +
      pixelPaths(
        own.map((weight) => (weight - low) / (high - low || 1)),
        KERNEL,
        place,
      )
    );
  });
  const size = [CELL * COLUMNS - 1, CELL * Math.ceil(FILTERS / COLUMNS) - 1];
  return `<figure class="${pooling}"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${size.join(' ')}" role="img" aria-label="${FILTERS} filters ${title}" shape-rendering="crispEdges"><g class="ink">${filters.join('')}</g></svg></figure>`;
}

/** The test digits that are misread: by every network, and by one alone. */
export function misreadFigures(networks: readonly TrainedNetwork[], test: Digits): string {
  const tested = networks.filter(({ answers }) => answers.length > 0);
  if (tested.length === 0) return '<p>No epoch was finished.</p>';
  const isWrong = ({ answers }: TrainedNetwork, i: number) => answers[i] !== test.labels[i];
  const wrong = Array.from(test.labels, (_, i) => i).filter((i) => tested.some((network) => isWrong(network, i)));
  const by = (readers: readonly TrainedNetwork[]) =>
    wrong.filter((i) => tested.every((network) => isWrong(network, i) === readers.includes(network)));
  const groups = tested.map((network) => ({
    title: tested.length > 1 ? `by ${POOLING_NAMES[network.record.pooling]} alone` : '',
    pooling: network.record.pooling as string,
    readers: [network],
  }));
  const shared = tested.length > 1 ? [{ title: 'by both', pooling: '', readers: tested }] : [];
  return [...shared, ...groups].map((group) => misreadGroup(group, by(group.readers), test)).join('\n');
}

interface Readers {
  readonly title: string;
  readonly pooling: string;
  readonly readers: readonly TrainedNetwork[];
}

function misreadGroup({ title, pooling, readers }: Readers, indices: readonly number[], test: Digits): string {
  const cells = indices.slice(0, DRAWN).map((i) => {
    const taken = [...new Set(readers.map(({ answers }) => answers[i]))].join(' or ');
    const caption = `${test.labels[i]} taken for ${taken}`;
    const pixels = test.pixels.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    return (
      `<figure><svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="a ${caption}" shape-rendering="crispEdges">` +
      `<g class="ink">${pixelPaths(
        Array.from(pixels, (pixel) => pixel / 255),
        SIDE,
      )}</g></svg>` +
      `<figcaption><b>${test.labels[i]}</b> taken for <b>${taken}</b></figcaption></figure>`
    );
  });
  const first = indices.length > cells.length ? `, the first ${cells.length}` : '';
  return (
    `<div class="digits misread ${pooling}"><h3>${indices.length} ${indices.length === 1 ? 'digit' : 'digits'} ` +
    `misread ${title}${first}</h3><div class="row">${cells.join('\n')}</div></div>`
  );
}
