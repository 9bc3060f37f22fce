/**
 * 03, drop-in on a pretrained model: Inception V3 with its four max-pooling and ten average-pooling layers exchanged
 * predicts the same, but for the last digits, as the built-in adds up averages in another order; then what its first
 * pooling layer sends back to a flat sky, where all pixels of a window tie.
 * Run: npx tsx examples/03_pretrained_model/main.ts
 */
import * as tf from '@tensorflow/tfjs';
import { convertPooling } from 'tfjs-im2col-pooling/convert';
import { useBackend } from '../mnist/backend';
import { SIDE, loadInception } from './inception';

async function main(): Promise<void> {
  await useBackend('wasm');
  const builtin = await loadInception();
  const im2col = await convertPooling(builtin, { to: 'im2col' });
  const exchanged = im2col.layers.filter((layer) => layer.getClassName().startsWith('Im2Col'));
  console.log(
    `Inception V3, ${builtin.layers.length} layers; exchanged: ${exchanged.map(({ name }) => name).join(', ')}`,
  );

  const picture = sunset();
  const [before, after] = [builtin, im2col].map((model) =>
    tf.tidy(() => (model.predict(picture) as tf.Tensor).dataSync()),
  );
  console.log(
    `\nscores, built-in: ${show(before)}\nscores, im2col:   ${show(after)}` +
      `\nlargest difference: ${tiny(Math.max(...before.map((score, i) => Math.abs(score - after[i]))))}`,
  );
  compareLayers(
    builtin,
    im2col,
    exchanged.map(({ name }) => name),
  );

  console.log(
    '\nOf a gradient of 1 for each output, this much comes through the first pooling layer to a sky without a cloud:',
  );
  for (const [name, model] of Object.entries({ 'built-in': builtin, im2col })) {
    const [sent, arrived] = routed(model.getLayer(exchanged[0].name));
    console.log(`  ${name.padEnd(8)} ${arrived} of ${sent}`);
  }
}

/** Each exchanged layer beside the one it replaces, on the same numbers: which give the same to the last bit. */
function compareLayers(builtin: tf.LayersModel, im2col: tf.LayersModel, names: readonly string[]): void {
  const differences = names.map((name) => ({
    name,
    difference: differenceOf(builtin.getLayer(name), im2col.getLayer(name)),
  }));
  const [same, close] = [0, 1].map((i) => differences.filter(({ difference }) => Number(difference > 0) === i));
  console.log(
    `\nlayer by layer, on numbers from 0 to 1: ${same.length} the same, bit for bit (${same.map(({ name }) => name).join(', ')})`,
  );
  if (close.length > 0)
    console.log(`  ${close.length} within ${tiny(Math.max(...close.map(({ difference }) => difference)))}`);
}

function differenceOf(builtin: tf.layers.Layer, im2col: tf.layers.Layer): number {
  return tf.tidy(() => {
    const [, ...sizes] = builtin.input instanceof tf.SymbolicTensor ? builtin.input.shape : [];
    const x = tf.randomUniform([1, ...(sizes as number[])], 0, 1, 'float32', 1);
    const [y, ours] = [builtin, im2col].map((layer) => layer.apply(x) as tf.Tensor);
    return tf.max(tf.abs(tf.sub(y, ours))).dataSync()[0];
  });
}

/** The gradient that goes into a pooling layer of [3, 3] windows, and what of it reaches its input, zeros as ReLU leaves them. */
function routed(layer: tf.layers.Layer): [sent: number, arrived: number] {
  return tf.tidy(() => {
    const sky = tf.zeros([1, 147, 147, 64]);
    const y = layer.apply(sky) as tf.Tensor;
    const dx = tf.grad((x) => tf.sum(layer.apply(x) as tf.Tensor))(sky);
    return [y.size, tf.sum(dx).dataSync()[0]];
  });
}

/** A picture that nobody has to download: a sky that reddens, and a sun. */
function sunset(): tf.Tensor {
  return tf.tidy(() => {
    const down = tf.reshape(tf.linspace(0, 1, SIDE), [SIDE, 1]);
    const across = tf.reshape(tf.linspace(0, 1, SIDE), [1, SIDE]);
    const distance = tf.sqrt(tf.add(tf.square(tf.sub(down, 0.6)), tf.square(tf.sub(across, 0.4))));
    const sun = tf.sigmoid(tf.mul(tf.sub(0.15, distance), 40));
    const channel = (top: number, bottom: number, ofSun: number) =>
      tf.clipByValue(
        tf.add(tf.add(tf.mul(down, bottom - top), tf.mul(tf.onesLike(across), top)), tf.mul(sun, ofSun)),
        0,
        1,
      );
    return tf.expandDims(tf.stack([channel(0.2, 0.95, 0.4), channel(0.3, 0.45, 0.6), channel(0.6, 0.3, 0.1)], 2));
  });
}

/** A difference to two digits, rounded up: it is within that. */
function tiny(value: number): string {
  if (value === 0) return '0';
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return String(Number((Math.ceil(value / unit) * unit).toPrecision(2)));
}

const show = (values: ArrayLike<number>) => Array.from(values, (value) => value.toFixed(6)).join('  ');

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
