/**
 * 02, im2col by hand: max pooling and its gradient as the textbook builds them, matrix by matrix, on a picture of 4x4
 * pixels; then line by line beside NumPy, on 2 pictures of 3 channels. Run: npx tsx examples/02_im2col_by_hand/main.ts
 */
import * as tf from '@tensorflow/tfjs';
import { type Im2ColOptions, col2im, im2col, maxPool2d } from 'tfjs-im2col-pooling';
import { byTheTextbook } from './by_the_textbook';

tf.enableProdMode(); // keeps tfjs's greeting off the terminal
const picture = tf.tensor4d([1, 3, 2, 2, 4, 9, 2, 0, 5, 6, 8, 7, 5, 1, 3, 7], [1, 4, 4, 1]);

pool('Windows side by side: 2x2, stride 2', { poolSize: 2, strides: 2 });
pool('Overlapping windows: 3x3, stride 1', { poolSize: 3, strides: 1 });
byTheTextbook();

/** The five steps for one kind of window. */
function pool(title: string, options: Im2ColOptions & { poolSize: number; strides: number }): void {
  console.log(`\n=== ${title} ===\n\nThe picture x:\n${grid(picture, 4)}`);
  const out = 1 + (4 - options.poolSize) / options.strides;
  const taps = options.poolSize ** 2;
  console.log(
    `\n1. Output size: 1 + (4 - ${options.poolSize}) / ${options.strides} = ${out}, so ${out * out} windows of ${taps} taps each.`,
  );

  const columns = tf.reshape(im2col(picture, options), [-1, taps]);
  console.log(`\n2. im2col(x): one row per window, its ${taps} taps in order:\n${grid(columns, taps)}`);

  const argmax = tf.argMax(columns, 1);
  const y = tf.reshape(tf.max(columns, 1), [1, out, out, 1]);
  console.log(
    `\n3. Forward. The winning tap of each row (of equals, the first): ${argmax.dataSync().join(', ')}.\n   The maxima y:\n${grid(y, out)}`,
  );

  const dy = tf.range(1, out * out + 1);
  const placed = tf.mul(tf.oneHot(argmax as tf.Tensor1D, taps), tf.reshape(dy, [-1, 1]));
  console.log(
    `\n4. Backward. dy = ${dy.dataSync().join(', ')}, placed at the argmax of an all-zero matrix:\n${grid(placed, taps)}`,
  );

  const dx = col2im(placed, picture.shape, options);
  console.log(`\n5. col2im adds that up into dx:\n${grid(dx, 4)}`);

  const [sameDx, sameY] = [
    tf.grad((x) => tf.sum(tf.mul(maxPool2d(x, options), tf.reshape(dy, [1, out, out, 1]))))(picture),
    maxPool2d(picture, options),
  ];
  console.log(
    `\nmaxPool2d and its gradient, computed without any matrix, are the same: ${equal(y, sameY) && equal(dx, sameDx)}`,
  );
}

/** A tensor as rows of numbers. */
function grid(tensor: tf.Tensor, columns: number): string {
  const rows = tf.reshape(tensor, [-1, columns]).arraySync() as number[][];
  return rows.map((row) => '  ' + row.map((value) => String(value).padStart(4)).join('')).join('\n');
}

function equal(a: tf.Tensor, b: tf.Tensor): boolean {
  return tf.util.arraysEqual(a.dataSync(), b.dataSync());
}
