/** The walk in English. */
import { precise } from '../routing/format';
import { type Algorithm, addedUp, entriesOfRow, winnerOf, wonBy } from './algorithm';
import { meaningOf } from './origin';
import { channelsOf, isOfOne, ofWindow, outputName, pixelName, sizeFormula, total, windowAt } from './places';
import type { Cell, Scene } from './scene';
import type { Phase } from './walk';
import type { Words } from './words';

type Sentence = (a: Algorithm, window: number) => string;

const SENTENCES: Readonly<Record<Phase, Sentence>> = {
  input: (a) => {
    const { shape, window, stride } = a.input;
    const what = isOfOne(a) ? 'one picture of' : `${shape[0]} images of ${shape[1]} channels,`;
    return (
      `The input x is ${what} ${shape[2]} × ${shape[3]} numbers. Max pooling keeps the largest number of each ` +
      `${window} × ${window} window; the window moves by ${stride}, so ${sizeFormula(a)} windows fit along a side.`
    );
  },
  padding: () =>
    'A frame of padding is laid around x, so that a window can stand over the border. The padding is −∞ here and never ' +
    'wins; the textbook takes 0, which would win over the negative numbers.',
  im2col: (a, window) =>
    `${windowName(a, window)}: its numbers become row ${window} of the matrix, ` +
    `${channelsOf(a) > 1 ? 'one channel after the other' : 'from top left to bottom right'}, so that pooling has only to look along rows.` +
    (isOverlapping(a) ? ' Where windows overlap, a number is copied into several rows.' : ''),
  rows: (a) =>
    channelsOf(a) > 1
      ? `The matrix is cut into rows of ${a.taps}, one for each window and channel, because each channel is pooled on its own. Reshape moves no number: only the line breaks change.`
      : `Each row must hold one window of one channel. With one channel it does so already, and the reshape changes nothing.`,
  argmax: (a, window) => {
    const { first, last, taps, maxima, equals } = ofWindow(a, window);
    const why = 'This place, the argmax, is kept, because the gradient will go back there.';
    if (first !== last)
      return `Rows ${first} to ${last}, a row for each channel: the largest numbers are ${maxima}, at the places (taps) ${taps}. These, the argmax, are kept, because the gradient will go back there.`;
    if (equals > 1)
      return `Row ${first}: the largest number, ${maxima}, stands there ${equals} times. The first of them wins, tap ${taps}, so that one place alone gets the gradient.`;
    return `Row ${first}: the largest number is ${maxima}, at place (tap) ${taps}. ${why}`;
  },
  max: (a) => `The number at the argmax is the maximum of its row: ${a.rows} rows give ${a.rows} outputs.`,
  last: (a) =>
    `The maxima come in the order of the rows. Reshape folds them: a row for each window, a column for each channel${channelsOf(a) > 1 ? '' : ', of which there is one'}.`,
  y: (a) =>
    channelsOf(a) > 1
      ? `Transpose brings the channels back to the front, where x has them. y is ready: ${a.outHeight} × ${a.outWidth} numbers for each image and channel.`
      : `Put back into the shape of a picture, the maxima are y, ${a.outHeight} × ${a.outWidth} numbers. With one channel the transpose moves nothing.`,
  dy: () =>
    'Now backward. The layer after this one sends dy, in NumPy dout: for each output, how much the loss changes with it. Here these are 1, 2, 3, …, so that you can follow each.',
  sent: (a) =>
    channelsOf(a) > 1
      ? 'Transpose brings dy into the order of the rows, channels last, because the argmax is kept in that order.'
      : 'dy is brought into the order of the rows, because the argmax is kept in that order. With one channel nothing moves.',
  zeros: (a) =>
    `dmax is a matrix of ${a.rows} rows and ${a.taps} columns, all 0, because a number that was not the largest has no influence on the output.`,
  place: (a, window) => {
    const { first, last, taps, gradients } = ofWindow(a, window);
    const what =
      first === last
        ? `Row ${first}: the gradient ${gradients} is placed at the argmax, tap ${taps}`
        : `Rows ${first} to ${last}: the gradients ${gradients} are placed at the argmax, taps ${taps}`;
    return `${what}, because that number alone reached the output.`;
  },
  dcol: (a) =>
    channelsOf(a) > 1
      ? 'Reshape joins the rows of each window again, because col2im expects the shape that im2col made.'
      : 'col2im expects the shape that im2col made. With one channel dmax has it already, and the reshape changes nothing.',
  col2im: (a, window) => {
    const { first, last, gradients, winner } = ofWindow(a, window);
    const rest = `Row ${window} is laid back over its window ${windowAt(a, window).place} and added to dx`;
    if (first !== last) return `${rest}: ${gradients} arrive where the largest numbers were.`;
    const pixel = winnerOf(a, first);
    const before = addedUp(a, first * a.taps)[pixel];
    if (before === 0) return `${rest}: ${gradients} arrives at ${winner}, where the largest number was.`;
    return `${rest}: ${gradients} arrives at ${winner}, where an earlier window has sent something already: ${before} + ${gradients} = ${before + a.sent[first]}.`;
  },
  end: (a) =>
    `All of the gradient has arrived: dx adds up to ${total(addedUp(a))}, as dy does. maxPool2d of this package gives the same y and dx without building the matrix.`,
};

function windowName(a: Algorithm, window: number): string {
  const { image, place } = windowAt(a, window);
  return a.input.shape[0] > 1 ? `Window ${place} of image ${image}` : `Window ${place}`;
}

const isOverlapping = ({ input }: Algorithm) => input.stride < input.window;

function origin(a: Algorithm, scene: Scene, cell: Cell, arrived: readonly number[]): string {
  const view = scene.blocks[cell.block]!;
  if (!view.known(cell.index)) return 'Not computed yet.';
  const value = precise(view.values[cell.index]);
  const meaning = meaningOf(a, cell);
  const pixel = pixelName(a, meaning.pixel);
  if (meaning.of === 'pixel') return ofPixel(a, cell, value, arrived);
  const { row } = meaning;
  const [y, dy] = [outputName(a, a.outputs[row], 'y'), outputName(a, a.outputs[row], 'dy')];
  if (meaning.of === 'entry') {
    const name = `${scene.matrix}[${Math.floor(cell.index / view.columns)}, ${cell.index % view.columns}] = ${value}`;
    if (scene.matrix === 'col') return `${name}: ${pixel ?? 'padding'}, tap ${meaning.tap} of its window.`;
    if (value !== '0') return `${name}: the gradient ${dy}, placed at the argmax, tap ${meaning.tap}.`;
    if (meaning.tap === a.argmax[row]) return `${name}: here ${precise(a.sent[row])} will be placed.`;
    return `${name}: ${pixel ?? 'padding'} is not the maximum of its window.`;
  }
  const found = `the maximum of ${entriesOfRow(a, row)
    .map((at) => precise(a.col[at]))
    .join(', ')}`;
  switch (cell.block) {
    case 'argmax':
      return `argmax[${row}] = ${value}: in row ${row} the maximum, ${precise(a.max[row])}, is at tap ${value}.`;
    case 'dy':
      return `${dy} = ${value}: it goes back to ${pixel}, ${found}.`;
    case 'sent':
      return `dy of row ${row} = ${value}: it is ${dy}, and goes to tap ${a.argmax[row]}.`;
    case 'last':
      return scene.matrix === 'col' ? `${value}: ${found}, row ${row}.` : `${value}: it is ${dy}.`;
    default:
      return `${cell.block === 'y' ? y : `max[${row}]`} = ${value}: ${found}; it is ${pixel}.`;
  }
}

function ofPixel(a: Algorithm, { block, index }: Cell, value: string, arrived: readonly number[]): string {
  const name = pixelName(a, index, block);
  if (name === undefined) return 'Padding: not a number of x. It never wins, and gets no gradient.';
  if (block === 'x') {
    const count = a.sources.filter((source) => source === index).length;
    const won = wonBy(a, index).length;
    return (
      `${name} = ${value}: it is in ${count === 1 ? '1 window' : `${count} windows`}, and so ${count === 1 ? 'once' : `${count} times`} in the matrix. ` +
      (won === 0
        ? 'It is the maximum of none.'
        : `It is the maximum of ${won === count ? (won === 1 ? 'it' : 'all') : won}.`)
    );
  }
  const x = pixelName(a, index)!;
  const rows = wonBy(a, index).slice(0, arrived[index]);
  if (rows.length > 1)
    return `${name} = ${rows.map((row) => a.sent[row]).join(' + ')} = ${value}: ${x} won ${rows.length} windows.`;
  if (rows.length === 1)
    return `${name} = ${value}: ${x} won one window, whose gradient is ${outputName(a, a.outputs[rows[0]], 'dy')}.`;
  return `${name} = 0: ${wonBy(a, index).length > 0 ? 'nothing has arrived yet' : `${x} won no window`}.`;
}

export const ENGLISH: Words = {
  intro:
    'Max pooling as the textbook computes it: im2col writes each window into a row of a matrix; the largest number of a row is the output, and gets the gradient.',
  input: 'Input',
  inputs: {
    small: 'One picture',
    textbook: 'Textbook’s shape',
    overlap: 'Overlap, padding',
    ties: 'Equal numbers',
  },
  about: {
    small: '4 × 4 numbers, windows of 2 × 2 side by side.',
    textbook: '2 images of 3 channels, channels first; windows of 2 × 2, stride 2, no padding.',
    overlap: 'Windows of 3 × 3, stride 1, over a frame of padding: gradients add up.',
    ties: 'The largest number stands in a window more than once: the first gets the gradient.',
  },
  forward: 'Forward',
  backward: 'Backward',
  chapters: {
    input: 'input',
    im2col: 'im2col',
    argmax: 'argmax',
    output: 'output',
    dy: 'dy',
    dmax: 'dmax',
    col2im: 'col2im',
  },
  buttons: { back: 'Back', next: 'Next', play: 'Play', pause: 'Pause' },
  speed: 'Speed',
  speeds: { slow: 'slow', normal: 'normal', fast: 'fast' },
  keys: '← → step · Space plays · Home and End jump',
  step: 'Step',
  stepOf: (step, count) => `Step ${step} of ${count}`,
  sentence: (a, { phase, window }) => SENTENCES[phase](a, window),
  hint: 'Point at a number, tap it, or go to it with Tab and the arrow keys: below it says where the number came from.',
  origin,
  titles: {
    x: 'input',
    y: 'output',
    dy: 'gradient of the output',
    dx: 'gradient of the input',
    col: 'im2col matrix',
    dmax: 'matrix of the gradient',
    dcol: 'matrix of the gradient',
    argmax: 'argmax',
    max: 'max',
    sent: 'dy',
    last: 'window × channel',
  },
  plane: (batch, channel) => `image ${batch}, channel ${channel}`,
  channel: 'channel',
  tap: 'tap',
  row: (image, place, channel) =>
    [image !== undefined && `image ${image}`, place, channel !== undefined && `ch. ${channel}`]
      .filter(Boolean)
      .join(' '),
};
