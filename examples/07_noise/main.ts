/**
 * The article's warning made visible: under max pooling an outlier on the high side becomes a feature.
 *
 *   node --import tsx examples/07_noise/main.ts [--samples 3000] [--epochs 3] [--out out/noise.html]
 *
 * Test digits of MNIST get salt noise: pixels of full ink. First the noise is pooled, by the maximum and by the
 * average, and compared with the pooled digit without it. Then networks that were trained on clean digits
 * read noisy ones, with each pooling, from raw digits and from normalised ones. All with one seed: another
 * gives other numbers. A plot is written.
 */
import * as tf from '@tensorflow/tfjs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { averagePool2d, maxPool2d } from 'tfjs-im2col-pooling';
import { useBackend } from '../mnist/backend';
import { type Digits, firstDigits, indexRange, loadMnist, toTensors } from '../mnist/data';
import { findings } from './findings';
import { type Variant, accuracy, nameOf, trained } from './network';
import { type Curve, type Picture, plotPage } from './plot';
import { normalised, salted } from './salt';

const LEVELS = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3];
const VARIANTS: readonly Variant[] = [false, true].flatMap((normalise) =>
  (['max', 'average'] as const).map((pooling) => ({ pooling, normalise })),
);
const TESTED = 1000;
const SEED = 1;
/** Of the salt in the pictures and in the sentences. */
const SHOWN = 0.1;

const POOLS = { max: maxPool2d, average: averagePool2d } as const;

/** How far pooling carries the noise: the mean change of pooled digits, in standard deviations of the clean ones. */
function changes(x: tf.Tensor4D, { pooling, normalise }: Variant): number[] {
  const pooled = (t: tf.Tensor4D) => POOLS[pooling](normalise ? normalised(t) : t, { poolSize: 4 });
  return LEVELS.map((level, i) =>
    tf.tidy(() => {
      const clean = pooled(x);
      const moved = tf.mean(tf.abs(tf.sub(pooled(salted(x, level, SEED + i)), clean)));
      return tf.div(moved, tf.sqrt(tf.moments(clean).variance)).dataSync()[0];
    }),
  );
}

async function accuracies(
  variant: Variant,
  train: Digits,
  x: tf.Tensor4D,
  labels: Uint8Array,
  epochs: number,
): Promise<number[]> {
  const model = await trained(variant, train, epochs, SEED);
  const shares: number[] = [];
  for (const [i, level] of LEVELS.entries()) {
    const noisy = salted(x, level, SEED + i);
    shares.push(await accuracy(model, variant, noisy, labels));
    noisy.dispose();
  }
  model.dispose();
  return shares;
}

/** One digit, clean and with noise, and both pooled both ways. */
function pictures(x: tf.Tensor4D): Picture[] {
  return tf.tidy(() => {
    const digit = tf.slice(x, [0, 0, 0, 0], [1, -1, -1, -1]);
    return (
      [
        ['clean', digit],
        [`${SHOWN * 100} % salt`, salted(digit, SHOWN, SEED)],
      ] as const
    ).flatMap(([title, image]) =>
      (
        [
          ['', image],
          [', max 4×4', maxPool2d(image, { poolSize: 4 })],
          [', average 4×4', averagePool2d(image, { poolSize: 4 })],
        ] as const
      ).map(([how, t]) => ({ title: title + how, side: t.shape[1], ink: Array.from(t.dataSync()) })),
    );
  });
}

function table(title: string, curves: readonly Curve[], digits: number): void {
  console.log(`\n${title}\n${'salt'.padEnd(36)}${LEVELS.map((level) => `${level * 100} %`.padStart(8)).join('')}`);
  for (const { name, values } of curves) {
    console.log(name.padEnd(36) + values.map((value) => value.toFixed(digits).padStart(8)).join(''));
  }
}

async function main(): Promise<void> {
  const { values: args } = parseArgs({
    options: {
      samples: { type: 'string', default: '3000' },
      epochs: { type: 'string', default: '3' },
      out: { type: 'string', default: 'out/noise.html' },
    },
  });
  const [samples, epochs] = [Number(args.samples), Number(args.epochs)];
  if (!(samples >= 50 && samples <= 60_000) || !(epochs >= 1)) {
    throw new Error(`expected --samples from 50 to 60000 and --epochs from 1; got ${args.samples} and ${args.epochs}.`);
  }
  await mkdir(dirname(args.out), { recursive: true });
  await useBackend('wasm');
  const { train, test } = loadMnist(samples);
  const tested = firstDigits(test, TESTED);
  const { x, y } = toTensors(tested, indexRange(0, TESTED));
  y.dispose();

  const curveOf = (variant: Variant, values: number[]): Curve => ({ ...variant, name: nameOf(variant), values });
  const moved = VARIANTS.map((variant) => curveOf(variant, changes(x, variant)));
  table(
    `How far noise moves a pooled pixel of ${TESTED} test digits, in standard deviations of the clean ones`,
    moved,
    2,
  );
  const read: Curve[] = [];
  for (const variant of VARIANTS)
    read.push(curveOf(variant, await accuracies(variant, train, x, tested.labels, epochs)));
  table(`Share of ${TESTED} test digits read right; networks trained on ${samples} clean digits, one seed`, read, 3);
  const found = findings({ levels: LEVELS, moved, read }, SHOWN);
  console.log(`\n${found.join('\n')}`);
  const page = { levels: LEVELS, moved, read, pictures: pictures(x), tested: TESTED, samples, epochs, found };
  await writeFile(args.out, plotPage(page));
  console.log(`\nThe plot: ${args.out}`);
  x.dispose();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
