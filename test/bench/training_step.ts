/** `npm run bench -- --training-step`: one training step of the main job on wasm, in Node or in Chromium; see measure_training_step.ts. */
import { type Digits, loadMnist } from '../../examples/mnist/data';
import { median, quantile } from '../../src/compare/statistics';
import type { BackendName } from './cases';
import { BATCH, type StepResult, WARM_UP } from './measure_training_step';
import { openRunner } from './runners';

/** The tables, ready to be printed. All networks must reach the same loss, up to rounding. */
export async function measureTrainingSteps(
  backends: readonly BackendName[],
  threads: number,
  rounds: number,
): Promise<string> {
  const digits = loadMnist(BATCH * (WARM_UP + rounds)).train;
  let text = '';
  for (const backend of backends) {
    const runner = await openRunner(backend, threads);
    try {
      text += tableOf(`${backend} (${runner.info.renderer})`, rounds, await runner.measure(requestOf(digits)));
    } finally {
      await runner.close();
    }
  }
  return text;
}

function requestOf({ pixels, labels }: Digits) {
  return { stepPixels: Buffer.from(pixels).toString('base64'), labels: [...labels] };
}

function tableOf(where: string, rounds: number, results: readonly StepResult[]): string {
  const last = results[results.length - 1];
  const lines = results.map(({ title, times, loss }) => {
    const ratios = times.map((ms, i) => ms / last.times[i]);
    const spread = [0.25, 0.75].map((q) => quantile(ratios, q).toFixed(2)).join(' to ');
    return (
      `  ${title.padEnd(46)} ${median(times).toFixed(1).padStart(6)} ms, ` +
      `${(median(times) / median(last.times)).toFixed(2)} of the last (quartiles ${spread}), loss ${loss.toFixed(5)}`
    );
  });
  return `A training step of SimpleConvNet on ${where}, batch ${BATCH}, medians of ${rounds}:\n${lines.join('\n')}\n`;
}
