/** "Did you mean": names and values one typo or one framework away; and what values look like in messages. */
import * as tf from '@tensorflow/tfjs';
import {
  adaptiveMaxPool2d,
  argmaxToIndices,
  averagePool2d,
  globalMaxPool2d,
  im2colAveragePooling2d,
  im2colMaxPooling2d,
  installPoolingKernels,
  lpPool2d,
  maxPool2d,
  maxUnpool2d,
} from '../../src/index';
import { comparePooling } from '../../src/compare/index';
import { show } from '../../src/show';

const x = () => tf.zeros([1, 4, 4, 1]);
const max = (options: object) => () => maxPool2d(x(), options);

beforeAll(() => tf.setBackend('cpu'));

test.each([
  ['stride', 'strides'],
  ['stirdes', 'strides'],
  ['pad', 'padding'],
  ['pads', 'padding'],
  ['auto_pad', 'padding'],
  ['ceil_mode', 'ceilMode'],
  ['ceilmode', 'ceilMode'],
  ['kernel_size', 'poolSize'],
  ['kernelSize', 'poolSize'],
  ['kernel_shape', 'poolSize'],
  ['filterSize', 'poolSize'],
  ['pool_size', 'poolSize'],
  ['poolsiez', 'poolSize'],
  ['dilations', 'dilationRate'],
  ['dilation', 'dilationRate'],
  ['dilation_rate', 'dilationRate'],
  ['data_format', 'dataFormat'],
  ['dimRoundingMode', 'ceilMode'],
])('maxPool2d, %s', (wrong, right) => {
  expect(max({ [wrong]: 2 })).toThrow(
    new RegExp(`^maxPool2d: unknown option '${wrong}'; .*; did you mean ${right}\\?$`),
  );
});

test.each<[string, () => unknown, string]>([
  [
    'count_include_pad',
    () => averagePool2d(x(), { count_include_pad: true } as object),
    'did you mean countIncludePad?',
  ],
  ['norm_type', () => lpPool2d(x(), { norm_type: 2 } as object), 'did you mean p?'],
  ['keepdims', () => globalMaxPool2d(x(), { keepdims: true } as object), 'did you mean keepDims?'],
  ['output_size', () => adaptiveMaxPool2d(x(), { output_size: 2 } as never), 'did you mean outputSize?'],
  [
    'return_indices of a layer',
    () => im2colMaxPooling2d({ return_indices: true } as object),
    'did you mean returnArgmax?',
  ],
  ['return_indices', max({ return_indices: true }), 'the argmax comes from maxPoolWithArgmax'],
  ['kernel_size of the whole image', () => globalMaxPool2d(x(), { kernel_size: 2 } as object), 'no counterpart'],
  ['NCHW', max({ dataFormat: 'NCHW' }), "got 'NCHW'; did you mean 'channelsFirst'?"],
  ['NHWC', max({ dataFormat: 'NHWC' }), "did you mean 'channelsLast'?"],
  ['channels_last', max({ dataFormat: 'channels_last' }), "did you mean 'channelsLast'?"],
  ['SAME', max({ padding: 'SAME' }), "did you mean 'same'?"],
  ['VALID', max({ padding: 'VALID' }), "did you mean 'valid'?"],
  ['SAME_UPPER', max({ padding: 'SAME_UPPER' }), "did you mean 'same'?"],
  ['SAME_LOWER', max({ padding: 'SAME_LOWER' }), 'pairs [before, after] can express it'],
  ['causal', () => im2colAveragePooling2d({ padding: 'causal' } as object), 'pairs [before, after] can express it'],
  ['Propagate', max({ nan: 'Propagate' }), "did you mean 'propagate'?"],
  ['a tensor for its shape', () => maxUnpool2d(x(), x(), x() as never), 'did you mean its shape?'],
  ['a backend', () => installPoolingKernels({ backends: ['cpu', 'webgpuu'] }), "did you mean 'webgpu'?"],
])('%s', (_, call, hint) => {
  expect(call).toThrow(hint);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['torch', () => argmaxToIndices(x(), [1, 4, 4, 1], {}, 'torch' as never), "did you mean 'pytorch'?"],
  [
    'avg',
    () => comparePooling({ cases: [{ name: 'a', shape: [1, 4, 4, 1], pooling: 'avg', options: {} }] as never }),
    "did you mean 'average'?",
  ],
])('%s', async (_, call, hint) => {
  await expect(call()).rejects.toThrow(hint);
});

test('what resembles nothing gets no hint', () => {
  expect(max({ nonsense: 1 })).toThrow(/implementation\.$/);
  expect(max({ dataFormat: 'anything' })).toThrow(/got 'anything'\.$/);
});

test("the backend of tfjs-node is called 'node', and the engine's name for it is understood", () => {
  installPoolingKernels({ backends: ['node'] }).uninstall();
  installPoolingKernels({ backends: ['tensorflow', 'cpu'] }).uninstall();
});

test('null and inherited options are read alike by operations and layers', () => {
  const inherited = Object.create({ poolSize: 3, strides: null }) as object;
  const counts = { poolSize: [3, 3], strides: [3, 3] };
  expect(im2colMaxPooling2d(inherited).spec).toMatchObject(counts);
  expect(im2colAveragePooling2d(inherited).spec).toMatchObject(counts);
  expect(maxPool2d(x(), inherited).shape).toEqual([1, 1, 1, 1]);
  expect(im2colMaxPooling2d(Object.create({ name: 'mine', inputShape: [4, 4, 1] }) as object)).toMatchObject({
    name: 'mine',
    batchInputShape: [null, 4, 4, 1],
  });
  class Options {
    poolSize = 4;
    get padding() {
      return 0;
    }
    help() {}
  }
  expect(maxPool2d(x(), new Options()).shape).toEqual([1, 1, 1, 1]);
  expect(maxPool2d(x(), null).shape).toEqual([1, 2, 2, 1]);
  expect(im2colMaxPooling2d(null).spec.poolSize).toEqual([2, 2]);
});

test('values in messages: never longer than 60 characters, whatever they are', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const throwing = {
    get constructor() {
      throw new Error('no');
    },
  };
  const bare = Object.create(null) as object;
  const shown = [
    cyclic,
    throwing,
    bare,
    Symbol('a'),
    5n,
    () => 5,
    new Date(0),
    'x'.repeat(1e6),
    new Array(1e6).fill(1.5),
  ].map(show);
  expect(shown).toEqual([
    '[[[[…]]]]',
    'an object that cannot be read',
    'an object (no class)',
    'Symbol(a)',
    '5n',
    'a function',
    'an object (Date)',
    `'${'x'.repeat(34)}…' (1000000 characters)`,
    shown[8],
  ]);
  expect(shown[8]).toMatch(/^\[1\.5, 1\.5, .*… 1000000 elements\]$/);
  expect(shown.filter((text) => text.length > 60)).toEqual([]);
});
