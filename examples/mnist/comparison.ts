/** The comparison of the networks: its rows, and the table on the terminal. The report shows the same rows. */
import Table from 'cli-table3';
import type { Args } from './args';
import { type RunRecord, mean } from './history';
import { POOLING_NAMES } from './model';
import { percent } from './progress';

export interface ComparisonRow {
  readonly label: string;
  /** One per run. */
  readonly values: readonly string[];
}

export function comparisonRows(runs: readonly RunRecord[]): ComparisonRow[] {
  const row = (label: string, value: (run: RunRecord) => string) => ({ label, values: runs.map(value) });
  const afterLast = (value: (last: RunRecord['epochs'][number]) => string) => (run: RunRecord) =>
    run.epochs.length > 0 ? value(run.epochs[run.epochs.length - 1]) : '-';
  const perEpoch = (value: (epoch: RunRecord['epochs'][number]) => number) => (run: RunRecord) =>
    run.epochs.length > 0 ? `${mean(run.epochs.map(value)).toFixed(2)} s` : '-';
  return [
    row(
      'test accuracy (10,000 digits)',
      afterLast((last) => percent(last.testAccuracy)),
    ),
    row(
      'test loss',
      afterLast((last) => last.testLoss.toFixed(4)),
    ),
    row(
      'time per epoch',
      perEpoch((epoch) => epoch.seconds),
    ),
    row(
      '... of it in pooling [1]',
      perEpoch((epoch) => epoch.poolingSeconds),
    ),
    row('gradient into pooling, sum|dy| [2]', ({ gradient }) => gradient.dyMass.toPrecision(7)),
    row('gradient out of it, sum|dx|', ({ gradient }) => gradient.dxMass.toPrecision(7)),
    row('gradient mass lost [3]', ({ gradient }) => percent(Math.abs(gradient.lost) < 1e-12 ? 0 : gradient.lost)),
  ];
}

export const COMPARISON_NOTES: readonly string[] = [
  '[1] Forward and gradient, timed inside the pooling kernels while the network trained; mean over the epochs.',
  "[2] The loss's own gradient on the first batch, before training: 100 digits, 24x24x30 activations after ReLU.",
  '[3] 1 - sum|dx| / sum|dy|. Windows do not overlap, so all of dy should arrive. On wasm the built-in layer loses the ' +
    'gradient of windows without a positive element. After a ReLU the derivative of that part is 0 anyway; in other ' +
    'networks it is missed.',
];

export function printComparison(runs: readonly RunRecord[]): void {
  const plain = process.stdout.isTTY ? {} : { style: { head: [], border: [] } };
  const head = ['', ...runs.map((run) => POOLING_NAMES[run.pooling])];
  const table = new Table({ ...plain, head, colAligns: ['left', 'right', 'right'] });
  for (const { label, values } of comparisonRows(runs)) table.push([label, ...values]);
  console.log(`\n${table.toString()}\n${COMPARISON_NOTES.map((note) => wrap(note, 100)).join('\n')}\n`);
}

/** The test accuracy that the textbook prints after its training, one run of it. */
export const TEXTBOOK = 0.9896;

/** A line per pooling: mean and range of the test accuracy after the last epoch, of every seed that got there. */
export function seedsSummary(runs: readonly RunRecord[], { poolings, epochs, recipe }: Args): string[] {
  return poolings.map((pooling) => {
    const done = runs.filter((run) => run.pooling === pooling && run.epochs.length === epochs);
    const accuracies = done.map((run) => run.epochs[epochs - 1].testAccuracy);
    const title = `${POOLING_NAMES[pooling]}, recipe ${recipe}, after epoch ${epochs}`;
    if (done.length === 0) return `${title}: no seed was trained to the end`;
    const seeds = done.map((run, i) => `${run.seed}: ${percent(accuracies[i])}`).join(', ');
    return (
      `${title}: mean ${percent(mean(accuracies))}, from ${percent(Math.min(...accuracies))} to ` +
      `${percent(Math.max(...accuracies))} (by seed ${seeds}); the textbook prints ${percent(TEXTBOOK)}`
    );
  });
}

/** Continuation lines stand under the text of the note. */
function wrap(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last.length + word.length + 1 > width) lines.push(`    ${word}`);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join('\n');
}
