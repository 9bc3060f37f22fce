/** Writes the report: one HTML file, no script and nothing to load, for light and dark screens. */
import { writeFile } from 'node:fs/promises';
import { COMPARISON_NOTES, comparisonRows } from './comparison';
import type { Digits } from './data';
import type { RunRecord } from './history';
import { POOLING_NAMES } from './model';
import { FILTERS } from './networks';
import { percent } from './progress';
import { RECIPES } from './recipes';
import { curveCharts } from './report_charts';
import { filterFigures, misreadFigures } from './report_learned';
import { insideFigures, ownPixelFigures } from './report_digits';
import { STYLE } from './report_style';
import type { TrainedNetwork } from './train';
import type { SecondNetwork } from './where_it_matters';

/** @returns the path of the file */
export async function writeReport(
  path: string,
  networks: readonly TrainedNetwork[],
  test: Digits,
  second: readonly SecondNetwork[],
): Promise<string> {
  await writeFile(path, page(networks, test, second));
  return path;
}

function page(networks: readonly TrainedNetwork[], test: Digits, second: readonly SecondNetwork[]): string {
  const runs = networks.map(({ record }) => record);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>MNIST with im2col max pooling</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>Max pooling on MNIST</h1>
<p class="lead">${settings(runs[0])}</p>
${runs.some((run) => run.stopped) ? '<p class="stopped">The training was stopped early; this is what there was.</p>' : ''}
</header>
${tiles(runs)}
${whereItMatters(second)}
<section>
<h2>Training</h2>
<p>${runs.length > 1 ? SAME_START : 'Loss and accuracy while the network trains.'}</p>
${curveCharts(runs)}
</section>
<section>
<h2>Which pixels receive gradient</h2>
<p>The digits themselves are pooled, 2x2 with stride 2, and every window gets a gradient of 1.
<span class="key dot"></span> marks the pixel that receives it, <span class="key lost"></span> a window whose gradient vanishes.
On the empty paper all four pixels of a window tie: the first one wins, or should.</p>
${ownPixelFigures(networks, test)}
</section>
<section>
<h2>The same inside the trained network</h2>
<p>What is pooled here are the ${FILTERS} feature maps after convolution and ReLU, drawn over the digit where the middle of
their 5x5 filters lies. The larger a dot <span class="key sizes"><i></i><i></i><i></i></span>, the more of the ${FILTERS} maps
send the gradient of its window there. Windows of zeros alone are ties again.</p>
${insideFigures(networks, test)}
</section>
<section>
<h2>The filters</h2>
<p>The ${FILTERS} filters of the convolution, each from its smallest weight (pale) to its largest (dark). They begin as noise and become
edges and blobs.</p>
${filterFigures(networks)}
</section>
<section>
<h2>The digits that are misread</h2>
<p>Of the ${test.count.toLocaleString('en')} test digits, after the last epoch.</p>
${misreadFigures(networks, test)}
</section>
<section>
<h2>Numbers</h2>
${table(runs)}
</section>
</main>
</body>
</html>
`;
}

const SAME_START =
  'Both networks start from the same weights and see the same digits in the same order, so their curves ' +
  'lie nearly on top of each other.';

function settings({ samples, seed, backend, batchSize, recipe }: RunRecord): string {
  return (
    `The textbook's SimpleConvNet (convolution 5x5x${FILTERS}, ReLU, pooling 2x2, dense 100, ReLU, dense 10, softmax) on ` +
    `${samples.toLocaleString('en')} real training digits in batches of ${batchSize}; Adam ${RECIPES[recipe].title}; backend ${backend}; seed ${seed}.`
  );
}

/** The result of each network at a glance. */
function tiles(runs: readonly RunRecord[]): string {
  const tile = (run: RunRecord) => {
    const last = run.epochs[run.epochs.length - 1];
    return `<div class="tile ${run.pooling}"><h3>${POOLING_NAMES[run.pooling]}</h3>
<p class="big">${last ? percent(last.testAccuracy) : '-'}</p>
<p>test accuracy after ${last ? `${last.epoch} ${last.epoch === 1 ? 'epoch' : 'epochs'}` : 'no whole epoch'}</p>
<p>gradient mass lost in pooling, first batch: <b>${percent(Math.max(0, run.gradient.lost))}</b></p></div>`;
  };
  return `<div class="tiles">${runs.map(tile).join('\n')}</div>`;
}

/** The second network, whose accuracy shows what the built-in pooling loses. */
function whereItMatters(second: readonly SecondNetwork[]): string {
  if (second.length === 0) return '';
  const tile = ({ pooling, testAccuracy }: SecondNetwork) =>
    `<div class="tile ${pooling}"><h3>${POOLING_NAMES[pooling]}</h3>
<p class="big">${testAccuracy === undefined ? '-' : percent(testAccuracy)}</p><p>test accuracy after 1 epoch</p></div>`;
  return `<section>
<h2>A network where it matters</h2>
<p>SimpleConvNet pools after a ReLU. There the derivative of an all-zero window is 0 anyway, so the gradient that the built-in pooling
loses is not missed. This small network pools before a leaky ReLU, on activations that begin below 0: convolution 5x5x12, pooling, leaky
ReLU (0.3), convolution 5x5x16, pooling, leaky ReLU, dense 10; biases begin at -0.5; SGD at 0.1, one epoch of
${second[0].samples.toLocaleString('en')} digits.</p>
<div class="tiles">${second.map(tile).join('\n')}</div>
</section>`;
}

function table(runs: readonly RunRecord[]): string {
  const head = runs.map((run) => `<th scope="col">${POOLING_NAMES[run.pooling]}</th>`).join('');
  const rows = comparisonRows(runs).map(
    ({ label, values }) =>
      `<tr><th scope="row">${label}</th>${values.map((value) => `<td>${value}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr><td></td>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>
${COMPARISON_NOTES.map((note) => `<p class="note">${note}</p>`).join('\n')}`;
}
