/** One kind of shader against the oracle: what the tests of the webgl and of the webgpu kernels have in common. */
import type { Tensor } from '@tensorflow/tfjs';
import type { PoolOptions } from '../../src/spec';
import {
  col2imOracle,
  gatherOracle,
  gradientsOracle,
  im2colOracle,
  poolOracle,
  scatterOracle,
} from '../oracle/pooling';
import { expectSame } from '../support/compare';
import { int32, makeDy, makeX } from '../support/data';
import type { Device } from '../support/devices';
import type { PlainTensor } from '../support/run_case';

export type Shader = [name: string, spatial: number[], options: PoolOptions];

const SIDE_BY_SIDE: Shader = ['no overlap, leftovers', [2, 7, 5], { poolSize: [2, 2] }];
const NINE_TAPS: Shader = [
  'stride 1, nine taps, odd sizes',
  [1, 7, 5],
  { poolSize: [3, 3], strides: 1, padding: 'same' },
];
const MANY_WINDOWS: Shader = ['stride 1, 49 windows over an element', [1, 9, 10], { poolSize: [7, 7], strides: 1 }];
const DILATED: Shader = [
  'padded and dilated',
  [1, 20, 17],
  {
    poolSize: [7, 6],
    strides: [2, 3],
    dilationRate: [2, 1],
    padding: [
      [3, 2],
      [1, 1],
    ],
  },
];
const MANY_TAPS: Shader = ['42 taps, NaN ignored', [1, 14, 9], { poolSize: [7, 6], padding: [3, 3], nan: 'ignore' }];
const STRIDE_5: Shader = ['stride 5', [1, 13, 12], { poolSize: [5, 5], ceilMode: true }];
const APART: Shader = ['stride > window', [1, 11, 9], { poolSize: [2, 2], strides: [4, 3], padding: 1 }];

/** One of each kind that the webgl kernels write: taps or windows written out, or loops over them. */
export const WEBGL_SHADERS: readonly Shader[] = [
  SIDE_BY_SIDE,
  NINE_TAPS,
  ['stride 2, padded', [2, 8, 7], { poolSize: [3, 3], strides: 2, padding: 1, ceilMode: true }],
  MANY_WINDOWS,
  [
    'loops over width in chunks of eight and a rest',
    [1, 3, 45],
    {
      poolSize: [2, 19],
      strides: [1, 3],
      padding: [
        [1, 0],
        [8, 9],
      ],
    },
  ],
  ['loops over windows in chunks of eight and a rest', [1, 3, 40], { poolSize: [2, 19], strides: 1 }],
  DILATED,
  [
    'dilation in width, even and odd',
    [1, 9, 23],
    {
      poolSize: [2, 5],
      strides: [1, 2],
      dilationRate: [3, 3],
      padding: [
        [0, 1],
        [5, 6],
      ],
    },
  ],
  MANY_TAPS,
  STRIDE_5,
  APART,
  ['one output', [1, 3, 3], { poolSize: [3, 3] }],
];

/** One of each kind that the webgpu kernels write: tiles of two, straight-line code, or loops over taps or windows. */
export const WEBGPU_SHADERS: readonly Shader[] = [
  SIDE_BY_SIDE,
  NINE_TAPS,
  MANY_WINDOWS,
  DILATED,
  MANY_TAPS,
  STRIDE_5,
  APART,
];

/** Pooling with its gradient, and columns with theirs. */
export async function expectOracle(device: Device, [name, spatial, options]: Shader, channels: number): Promise<void> {
  const x = makeX('special', [...spatial, channels], channels);
  await expectPooled(device, name, options, x);

  const columns = im2colOracle(2, { ...options, padValue: -1 }, x);
  const dColumns = makeX('real', columns.shape, channels);
  const args = [{ tensor: x }, { plain: { ...options, padValue: -1 } }];
  const laidOut = await device.runOp({ op: 'im2col', args, dResult: dColumns });
  expectSame('im2col', laidOut.result, columns);
  expectSame('col2im', laidOut.gradient, col2imOracle(2, options, dColumns, x.shape));
  expect(laidOut.leaked).toBe(0);
}

/** Pooling of channels first with its gradient. */
export async function expectPlanes(device: Device, [name, spatial, options]: Shader, channels: number): Promise<void> {
  const [batch, ...image] = spatial;
  const x = makeX('special', [batch, channels, ...image], channels);
  await expectPooled(device, name, { ...options, dataFormat: 'channelsFirst' }, x);
}

async function expectPooled(device: Device, name: string, options: PoolOptions, x: PlainTensor): Promise<void> {
  const { y, argmax } = poolOracle(2, options, x);
  const dy = makeDy('real', y.shape, 3);
  const pooled = await device.runPoolCase({ name, rank: 2, options, x, dy });
  expectSame('y', pooled.y, y);
  expectSame('argmax', pooled.argmax, argmax);
  expectSame('dx', pooled.dx, gradientsOracle(2, options, x, dy).dx);
  expect(pooled.kernels).toEqual(expect.arrayContaining(['Im2ColMaxPoolArgmax', 'Im2ColScatterArgmax']));
  expect(pooled.leaked).toBe(0);
}

/** Routing by an argmax that names real taps, and others, which route nothing and read 0. */
export async function expectRealTapsAlone(
  device: Device,
  [, spatial, options]: Shader,
  channels: number,
): Promise<void> {
  const x = makeX('real', [...spatial, channels], 1);
  const {
    argmax: { shape, data },
  } = poolOracle(2, options, x);
  const wild = [-1, -7, 2 ** 31 - 1, -(2 ** 31), 0, 1, 2, 3, 48, 49, 50];
  const argmax = int32(
    shape,
    data.map((tap, i) => (i % 3 === 0 ? tap : wild[i % wild.length])),
  );
  const dy = makeDy('real', shape, 1);
  const scatterArgs = [{ tensor: dy }, { tensor: argmax }, { plain: x.shape }, { plain: options }];
  const scattered = await device.runOp({ op: 'scatterArgmax', args: scatterArgs });
  expectSame('scatterArgmax', scattered.result, scatterOracle(2, options, dy, argmax, x.shape));
  const gatherArgs = [{ tensor: x }, { tensor: argmax }, { plain: options }];
  const gathered = await device.runOp({ op: 'gatherArgmax', args: gatherArgs });
  expectSame('gatherArgmax', gathered.result, gatherOracle(2, options, x, argmax));
}

/** What cpu keeps for the gradient, a byte for each window, is read by the backend that is current when the gradient is taken. */
export async function expectArgmaxOfCpu(device: Device): Promise<void> {
  const [onCpu, moved] = await device.page!.call(async ({ tf, plugin }, name) => {
    const dxOn = async (backend: string) => {
      // Its gradient is where backward begins.
      const changing = tf.customGrad((y) => ({
        value: tf.clone(y as Tensor),
        gradFunc: (dy) => {
          void tf.setBackend(backend);
          return dy as Tensor;
        },
      }));
      await tf.setBackend('cpu');
      const x = tf.tensor3d(
        Array.from({ length: 210 }, (_, i) => (i * 31) % 17),
        [7, 6, 5],
      );
      const pool = (t: Tensor) => changing(plugin.maxPool2d(t, { poolSize: 3, strides: 2 }));
      const { kernelNames, result } = await tf.profile(() => tf.grad(pool)(x));
      const dx = { numbers: Array.from(await (result as Tensor).data()), kernelNames, backend: tf.getBackend() };
      tf.dispose([x, result as Tensor]);
      return dx;
    };
    return [await dxOn('cpu'), await dxOn(name)];
  }, device.spec.backend);
  expect(moved.numbers).toEqual(onCpu.numbers);
  expect(moved.kernelNames).toContain('Im2ColScatterArgmax');
  expect(moved.backend).toBe(device.spec.backend);
}
