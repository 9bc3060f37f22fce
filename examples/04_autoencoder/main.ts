/**
 * 04, autoencoder with unpooling: two networks squeeze MNIST digits and draw them again. One decoder puts values back at
 * their argmax, as SegNet does (MaxUnpooling2D); the other only repeats them (upSampling2d). Then their drawings
 * of unseen digits are compared, on a page. Run: npx tsx examples/04_autoencoder/main.ts
 *
 * @see Badrinarayanan et al., SegNet: A Deep Convolutional Encoder-Decoder Architecture for Image Segmentation (2015)
 */
import * as tf from '@tensorflow/tfjs';
import { mkdir } from 'node:fs/promises';
import { useBackend } from '../mnist/backend';
import { type Digits, firstDigits, indexRange, loadMnist, toTensors } from '../mnist/data';
import { DECODERS, type Decoder, autoencoder } from './model';
import { type Drawn, writePictures } from './pictures';

const [samples, folder] = [Number(process.argv[2] ?? 12000), process.argv[3] ?? 'out/autoencoder'];
const BATCH = 50;
const EPOCHS = 3;
const TESTED = 500;

async function main(): Promise<void> {
  await useBackend('wasm');
  await mkdir(folder, { recursive: true });
  const { train, test } = loadMnist(samples);
  const unseen = toTensors(firstDigits(test, TESTED), indexRange(0, TESTED)).x;
  const drawn: Drawn[] = [];
  for (const decoder of DECODERS) {
    console.log(`\n${decoder}: ${samples} digits, ${EPOCHS} epochs`);
    const model = await fit(decoder, train);
    drawn.push(
      tf.tidy(() => {
        const pictures = model.predict(unseen, { batchSize: BATCH }) as tf.Tensor;
        const error = tf.mean(tf.abs(tf.sub(pictures, unseen))).dataSync()[0];
        console.log(
          `  ${TESTED} unseen digits: a pixel is off by ${error.toFixed(4)} on average (0 is paper, 1 is ink)`,
        );
        return { decoder, error, pixels: pictures.dataSync<'float32'>() };
      }),
    );
  }
  console.log(`\ndrawings: ${await writePictures(`${folder}/report.html`, test, drawn)}`);
}

async function fit(decoder: Decoder, digits: Digits): Promise<tf.LayersModel> {
  const model = autoencoder(decoder);
  const batches = tf.data.generator(function* () {
    for (let start = 0; start + BATCH <= digits.count; start += BATCH) {
      const { x, y } = toTensors(digits, indexRange(start, start + BATCH));
      y.dispose();
      yield { xs: x, ys: tf.clone(x) };
    }
  });
  const onEpochEnd = (epoch: number, logs?: tf.Logs) =>
    console.log(`  epoch ${epoch + 1}: loss ${logs?.loss.toFixed(4)}`);
  await model.fitDataset(batches, { epochs: EPOCHS, verbose: 0, callbacks: { onEpochEnd } });
  return model;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
