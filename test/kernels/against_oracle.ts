/** One kind of shader against the oracle: what the tests of the webgl and of the webgpu kernels have in common. */
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

export type Shader = [name: string, spatial: number[], options: PoolOptions];

/** Pooling with its gradient, and columns with theirs. */
export async function expectOracle(device: Device, [name, spatial, options]: Shader, channels: number): Promise<void> {
  const x = makeX('special', [...spatial, channels], channels);
  const { y, argmax } = poolOracle(2, options, x);
  const dy = makeDy('real', y.shape, channels);
  const pooled = await device.runPoolCase({ name, rank: 2, options, x, dy });
  expectSame('y', pooled.y, y);
  expectSame('argmax', pooled.argmax, argmax);
  expectSame('dx', pooled.dx, gradientsOracle(2, options, x, dy).dx);

  const columns = im2colOracle(2, { ...options, padValue: -1 }, x);
  const dColumns = makeX('real', columns.shape, channels);
  const args = [{ tensor: x }, { plain: { ...options, padValue: -1 } }];
  const laidOut = await device.runOp({ op: 'im2col', args, dResult: dColumns });
  expectSame('im2col', laidOut.result, columns);
  expectSame('col2im', laidOut.gradient, col2imOracle(2, options, dColumns, x.shape));
  expect([pooled.leaked, laidOut.leaked]).toEqual([0, 0]);
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
