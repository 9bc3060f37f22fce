/**
 * The numbers of the page's Step by step part, without a browser: they are what the operations, NumPy, and the lines of
 * TypeScript that stand beside each step give.
 */
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { col2im, im2col, maxPool2d, maxPoolWithArgmax2d } from '../../src';
import { ownLanguage, placeOf, valuesOfPlace } from '../../examples/browser/steps/address';
import { type Algorithm, addedUp, algorithm } from '../../examples/browser/steps/algorithm';
import { linesOf } from '../../examples/browser/steps/code';
import { ENGLISH } from '../../examples/browser/steps/english';
import { INPUTS } from '../../examples/browser/steps/inputs';
import { JAPANESE } from '../../examples/browser/steps/japanese';
import { linked } from '../../examples/browser/steps/origin';
import { type Block, type Scene, type View, arrivals, sceneAt } from '../../examples/browser/steps/scene';
import { CHAPTERS, walkOf } from '../../examples/browser/steps/walk';

const EACH = INPUTS.map((input) => [input.id, algorithm(input)] as const);
const optionsOf = ({ input }: Algorithm) =>
  ({ poolSize: input.window, strides: input.stride, padding: input.padding, dataFormat: 'channelsFirst' }) as const;
const xOf = ({ input }: Algorithm) => tf.tensor4d([...input.values], [...input.shape]);
/** dx without its frame of padding. */
const innerOf = (a: Algorithm, framed: readonly number[]) => framed.filter((_, at) => a.inside[at] >= 0);
const numbersOf = (tensor: tf.Tensor) => Array.from(tensor.dataSync());

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test.each(EACH)('%s: every array is what the operations give', (_, a) => {
  const [x, options] = [xOf(a), optionsOf(a)];
  const columns = im2col(x, { ...options, padValue: -Infinity });
  expect(columns.shape).toEqual([a.windows, (a.rows / a.windows) * a.taps]);
  expect(a.col).toEqual(numbersOf(columns));
  const { values, argmax } = maxPoolWithArgmax2d(x, options);
  expect(a.y).toEqual(numbersOf(values));
  const taps = numbersOf(argmax);
  expect(a.argmax).toEqual(a.outputs.map((output) => taps[output]));
  expect(a.max).toEqual(a.outputs.map((output) => a.y[output]));
  const dy = tf.tensor(a.dy as number[], values.shape);
  const gradient = tf.grad((t) => maxPool2d(t as tf.Tensor4D, options))(x, dy);
  expect(innerOf(a, addedUp(a))).toEqual(numbersOf(gradient));
  const placed = tf.tensor2d([...a.dmax], columns.shape as [number, number]);
  expect(numbersOf(col2im(placed, x.shape, options))).toEqual(numbersOf(gradient));
});

test('the textbook’s shape: every array is what NumPy gave', () => {
  const file = join(__dirname, '..', '..', 'examples', '02_im2col_by_hand', 'numpy_values.json');
  const numpy = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { data: number[] }>;
  const a = algorithm(INPUTS.find(({ id }) => id === 'textbook')!);
  const ours = { x: a.image, col: a.col, rows: a.col, arg_max: a.argmax, out: a.max, y: a.y, dout: a.dy };
  const back = { dout_last: a.sent, dmax: a.dmax, dcol: a.dmax, dx: addedUp(a) };
  for (const [name, values] of Object.entries({ ...ours, ...back }))
    expect({ name, values }).toEqual({ name, values: numpy[name].data });
});

test.each(EACH)('%s: the lines of TypeScript, run one after the other, give the same', (_, a) => {
  const phases = [...new Set(walkOf(a).map(({ phase }) => phase))];
  const program = phases.map((phase) => linesOf(a, phase).typescript).join('\n');
  const given = { tf, im2col, col2im, maxPool2d, numbers: [...a.input.values], gradient: [...a.dy] };
  const made = runInNewContext(
    `{ ${program.replace('const gradient =', 'const byMaxPool =')}
      ({ col, rows, argmax, max, y, sent, dcol, dx, fused, byMaxPool }) }`,
    given,
  ) as Record<string, tf.Tensor>;
  const dx = innerOf(a, addedUp(a));
  const expected = { col: a.col, rows: a.col, argmax: a.argmax, max: a.max, y: a.y, sent: a.sent, dcol: a.dmax, dx };
  for (const [name, values] of Object.entries({ ...expected, fused: a.y, byMaxPool: dx }))
    expect({ name, values: numbersOf(made[name]) }).toEqual({ name, values });
  expect([made.dx.shape, made.y.shape, made.dcol.shape]).toEqual([a.input.shape, made.fused.shape, made.col.shape]);
});

test.each(EACH)('%s: the walk fills the matrix, y, the gradient’s matrix and dx, a window at a time', (_, a) => {
  const walk = walkOf(a);
  const known = (scene: Scene, block: Block) =>
    scene.blocks[block]!.values.filter((_value, index) => scene.blocks[block]!.known(index)).length;
  const at = (phase: string) => walk.filter((step) => step.phase === phase).map((step) => sceneAt(a, step));
  const row = a.col.length / a.windows;
  expect(at('im2col').map((scene) => known(scene, 'matrix'))).toEqual(
    a.y.slice(0, a.windows).map((_value, w) => (w + 1) * row),
  );
  expect(at('argmax').map((scene) => scene.blocks.matrix!.winners.length)).toEqual(
    a.y.slice(0, a.windows).map((_value, w) => ((w + 1) * a.rows) / a.windows),
  );
  expect(at('y').map((scene) => known(scene, 'y'))).toEqual([a.y.length]);
  expect(at('zeros')[0].blocks.matrix!.values.every((value) => value === 0)).toBe(true);
  expect(at('place').pop()!.blocks.matrix!.values).toEqual(a.dmax);
  expect(at('col2im').pop()!.blocks.dx!.values).toEqual(addedUp(a));
  const arrived = arrivals(a, walk[walk.length - 1]);
  expect(arrived.reduce((sum, count) => sum + count)).toBe(a.rows);
  // What moves is the same number before and after, but where gradients add up.
  for (const step of walk) {
    const { blocks, moves } = sceneAt(a, step);
    for (const [from, to] of moves) {
      const [before, after] = [from, to].map(({ block, index }) => blocks[block]!.values[index]);
      if (step.phase === 'col2im') expect(after).toBeGreaterThanOrEqual(before);
      else expect(after).toBe(before);
    }
  }
});

test('of overlapping windows the matrix and dx count each', () => {
  const a = algorithm(INPUTS.find(({ id }) => id === 'overlap')!);
  const centre = a.image.indexOf(-5);
  expect(linked(a, { block: 'x', index: centre }).matrix).toHaveLength(9);
  const eight = a.image.indexOf(8);
  expect(linked(a, { block: 'dx', index: eight }).y).toHaveLength(6);
  expect(addedUp(a)[eight]).toBe(4 + 5 + 6 + 7 + 8 + 9);
});

test.each([
  ['English', ENGLISH, /[぀-ヿ]/],
  ['Japanese', JAPANESE, /[a-z]{3,} (is|the|of) /],
])(
  '%s: a sentence for each step, an origin for each cell, nothing left open, nothing of the other language',
  (_, words, foreign) => {
    const said = new Set<string>();
    for (const [, a] of EACH) {
      for (const step of walkOf(a)) {
        const scene = sceneAt(a, step);
        const arrived = arrivals(a, step);
        said.add(words.sentence(a, step));
        for (const [block, view] of Object.entries(scene.blocks) as Array<[Block, View]>)
          view.values.forEach((_value, index) => said.add(words.origin(a, scene, { block, index }, arrived)));
      }
      expect(words.inputs[a.input.id] && words.about[a.input.id]).toBeTruthy();
    }
    const isRight = (text: string) =>
      /[.。]$/.test(text) && !/undefined|NaN|\[object/.test(text) && !foreign.test(text);
    expect([...said].filter((text) => !isRight(text))).toEqual([]);
    for (const [chapter] of CHAPTERS) expect(words.chapters[chapter]).toBeTruthy();
  },
);

test('a link opens the same step in the same language; what it has wrong is told, and as at the start', () => {
  const lastStep = () => 46;
  const read = (text: string) => placeOf(new URLSearchParams(text), 'en', lastStep);
  const place = { input: 'overlap', step: 20, language: 'ja' } as const;
  expect(placeOf(new URLSearchParams(valuesOfPlace(place)), 'en', lastStep)).toEqual({ place, problems: [] });
  const start = { input: INPUTS[0].id, step: 0, language: 'en' };
  expect(read('')).toEqual({ place: start, problems: [] });
  for (const wrong of ['step=0', 'step=-3', 'step=1e9', 'step=48', 'input=<b>', 'lang=xx', 'speed=9'])
    expect(read(wrong)).toEqual({ place: start, problems: [expect.any(String)] });
  expect(['ja', 'ja-JP', 'en-GB', 'C', '', undefined].map(ownLanguage)).toEqual(['ja', 'ja', 'en', 'en', 'en', 'en']);
});
