/** The lines of NumPy and of TypeScript that do a step. The TypeScript lines of a walk are a program, which the tests run. */
import type { Algorithm } from './algorithm';
import type { Phase } from './walk';

export interface Lines {
  readonly numpy: string;
  readonly typescript: string;
}

export function linesOf(a: Algorithm, phase: Phase): Lines {
  const { window, stride, padding, shape } = a.input;
  const [batch, channels] = shape;
  const { taps, rows, windows, outHeight, outWidth } = a;
  const columns = channels * taps;
  const sizes = `${window}, ${window}, stride=${stride}`;
  const last = `${batch}, ${outHeight}, ${outWidth}, ${channels}`;
  const y = [batch, channels, outHeight, outWidth].join(', ');
  const lines: Record<Phase, readonly [numpy: string, typescript: string]> = {
    input: [
      `x = np.array(numbers, float).reshape(${shape.join(', ')})`,
      `const x = tf.tensor4d(numbers, [${shape.join(', ')}]);\n` +
        `const options = { poolSize: ${window}, strides: ${stride}, padding: ${padding}, dataFormat: 'channelsFirst' };`,
    ],
    padding: [
      `frame = [(0, 0), (0, 0), (${padding}, ${padding}), (${padding}, ${padding})]\n` +
        'img = np.pad(x, frame, constant_values=-np.inf)',
      'const padded = { ...options, padValue: -Infinity };',
    ],
    im2col: [
      `col = im2col(${padding > 0 ? 'img' : 'x'}, ${sizes}, pad=0)`,
      `const col = im2col(x, ${padding > 0 ? 'padded' : 'options'});`,
    ],
    rows: [`col = col.reshape(-1, ${taps})`, `const rows = tf.reshape(col, [-1, ${taps}]);`],
    argmax: ['arg_max = np.argmax(col, axis=1)', 'const argmax = tf.argMax(rows, 1);'],
    max: ['out = np.max(col, axis=1)', 'const max = tf.max(rows, 1);'],
    last: [`out = out.reshape(${last})`, `const last = tf.reshape(max, [${last}]);`],
    y: ['out = out.transpose(0, 3, 1, 2)', 'const y = tf.transpose(last, [0, 3, 1, 2]);'],
    dy: [`dout = np.array(gradient).reshape(${y})`, `const dy = tf.tensor4d(gradient, [${y}]);`],
    sent: ['dout = dout.transpose(0, 2, 3, 1)', 'const sent = tf.transpose(dy, [0, 2, 3, 1]);'],
    zeros: [`dmax = np.zeros((dout.size, ${taps}))`, `const dmax = tf.buffer([sent.size, ${taps}]);`],
    place: [
      'dmax[np.arange(arg_max.size), arg_max] = dout.flatten()',
      'const flat = sent.dataSync();\nargmax.dataSync().forEach((tap, row) => dmax.set(flat[row], row, tap));',
    ],
    dcol: [
      `dcol = dmax.reshape(${windows}, -1)`,
      `const dcol = tf.reshape(dmax.toTensor(), [${windows}, ${columns}]);`,
    ],
    col2im: [`dx = col2im(dcol, x.shape, ${sizes}, pad=${padding})`, 'const dx = col2im(dcol, x.shape, options);'],
    end: [
      `assert dx.sum() == dout.sum()  # ${rows} numbers sent, all arrived`,
      'const fused = maxPool2d(x, options);\nconst gradient = tf.grad((t) => maxPool2d(t, options))(x, dy);',
    ],
  };
  const [numpy, typescript] = lines[phase];
  return { numpy, typescript };
}
