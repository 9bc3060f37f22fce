/**
 * Vectors made by others: PyTorch's max pooling, and the article's algorithm in numpy. See
 * shared/golden/README.md for how they were made; the two JSON files are copies.
 *
 * The oracle of the conformance tests is held to them as well, so that both agree on one truth.
 */
import type { PoolOptions } from '../../src/spec';
import { gradientsOracle, im2colOracle, indicesOracle, poolOracle } from '../oracle/pooling';
import { expectSame, expectWithin } from '../support/compare';
import { float32, int32 } from '../support/data';
import { type Device, type DeviceKey, describeDevice } from '../support/devices';
import type { PlainTensor, PoolCase } from '../support/run_case';
import article from './article.json';
import pytorch from './pytorch.json';

type Number = number | string;
interface Stored {
  shape: number[];
  data: Number[];
}

interface PytorchCase {
  rank: number;
  kind: string;
  window: number[];
  strides: number[];
  pad: number[];
  dilations: number[];
  ceilMode: boolean;
  x: Stored;
  y: Stored;
  indexInPlane: Stored;
  dy: Stored;
  dx: Stored;
  ddx?: Stored;
}

interface ArticleCase {
  kind: string;
  poolH: number;
  poolW: number;
  stride: number;
  pad: number;
  /** Left out of the largest images. */
  col: Stored | null;
  x: Stored;
  y: Stored;
  argmax: Stored;
  dy: Stored;
  dx: Stored;
}

/** What ddx may differ by: PyTorch's is computed in float64. */
const TOLERANCE = 2 ** -22;

/** Declares the golden tests on one device; `every` 5th case only, say, where each is slow. */
export function golden(key: DeviceKey, implementation: 'fused' | 'im2col', every = 1): void {
  describeDevice(key, `golden, ${implementation},`, (device) => {
    declareGolden(device, implementation, every);
  });
}

/** Declares a test per `every`-th vector on a device. */
export function declareGolden(device: () => Device, implementation: 'fused' | 'im2col', every: number): void {
  (pytorch as PytorchCase[]).forEach((c, i) => {
    if (i % every === 0) test(pytorchName(c, i), () => checkPytorch(device(), c, implementation));
  });
  (article as ArticleCase[]).forEach((c, i) => {
    if (i % every === 0) test(articleName(c, i), () => checkArticle(device(), c, implementation));
  });
}

/** The same vectors against the oracle. */
export function goldenOracle(): void {
  test.each((pytorch as PytorchCase[]).map((c, i) => [pytorchName(c, i), c] as const))('%s', (_, c) => {
    const { rank, options, x, dy } = fromPytorch(c);
    const { y, argmax } = poolOracle(rank, options, x);
    const { dx, ddx } = gradientsOracle(rank, options, x, dy);
    expectSame('y', y, tensor(c.y));
    expectSame('indices', indicesOracle(rank, options, argmax, x.shape, 'pytorch'), flat(c.indexInPlane));
    expectSame('dx', dx, tensor(c.dx));
    if (c.ddx) expectWithin('ddx', ddx, tensor(c.ddx), TOLERANCE);
  });
  test.each((article as ArticleCase[]).map((c, i) => [articleName(c, i), c] as const))('%s', (_, c) => {
    const { options, x, dy } = fromArticle(c);
    const { y, argmax } = poolOracle(2, options, x);
    if (c.col) expectSame('col', im2colOracle(2, options, x), tensor(c.col));
    expectSame('y', y, tensor(c.y));
    expectSame('argmax', toChannelsLast(argmax), int32(c.argmax.shape, tensor(c.argmax).data));
    expectSame('dx', cut(gradientsOracle(2, options, x, dy).dx, c.pad), tensor(c.dx));
  });
}

async function checkPytorch(
  { runPoolCase, runOp }: Device,
  c: PytorchCase,
  implementation: 'fused' | 'im2col',
): Promise<void> {
  const { rank, options, x, dy } = fromPytorch(c);
  const result = await runPoolCase({ name: '', rank, options: { ...options, implementation }, x, dy });
  expectSame('y', result.y, tensor(c.y));
  expectSame('dx', result.dx, tensor(c.dx));
  if (c.ddx) expectWithin('ddx', result.ddx, tensor(c.ddx), TOLERANCE);
  const args = [{ tensor: result.argmax }, { plain: x.shape }, { plain: options }, { plain: 'pytorch' }];
  expectSame('indices', (await runOp({ op: 'argmaxToIndices', args })).result, flat(c.indexInPlane));
  const back = [{ plain: flat(c.indexInPlane).data }, ...args.slice(1)];
  expectSame('argmax', (await runOp({ op: 'indicesToArgmax', args: back })).result, result.argmax);
}

async function checkArticle(
  { runPoolCase, runOp }: Device,
  c: ArticleCase,
  implementation: 'fused' | 'im2col',
): Promise<void> {
  const { options, x, dy } = fromArticle(c);
  const used = { ...options, implementation };
  const { y, argmax, dx } = await runPoolCase({ name: '', rank: 2, options: used, x, dy });
  expectSame('y', y, tensor(c.y));
  expectSame('argmax', toChannelsLast(argmax), int32(c.argmax.shape, tensor(c.argmax).data));
  expectSame('dx', cut(dx!, c.pad), tensor(c.dx));
  if (!c.col) return;
  const columns = await runOp({ op: 'im2col', args: [{ tensor: x }, { plain: used }] });
  expectSame('col', columns.result, tensor(c.col));
}

function fromPytorch(c: PytorchCase): PoolCase {
  const options: PoolOptions = {
    poolSize: c.window,
    strides: c.strides,
    padding: c.pad,
    dilationRate: c.dilations,
    ceilMode: c.ceilMode,
  };
  return { name: '', rank: c.rank as 1 | 2 | 3, options, x: tensor(c.x), dy: tensor(c.dy) };
}

/** The article's padding is zeros that take part: the padded image, pooled without padding. */
function fromArticle(c: ArticleCase): PoolCase {
  const options: PoolOptions = { poolSize: [c.poolH, c.poolW], strides: c.stride, dataFormat: 'channelsFirst' };
  return { name: '', rank: 2, options, x: framed(tensor(c.x), c.pad), dy: tensor(c.dy) };
}

function pytorchName(c: PytorchCase, i: number): string {
  const options = `window ${c.window.join()}, strides ${c.strides.join()}, pad ${c.pad.join()}, dilations ${c.dilations.join()}`;
  return `pytorch ${i}: ${c.kind} [${c.x.shape.join()}], ${options}${c.ceilMode ? ', ceil' : ''}`;
}

function articleName(c: ArticleCase, i: number): string {
  return `article ${i}: ${c.kind} [${c.x.shape.join()}], ${c.poolH}x${c.poolW}/${c.stride}, pad ${c.pad}`;
}

/** "NaN" and the infinities are stored as strings. */
function tensor({ shape, data }: Stored): PlainTensor {
  return float32(shape, data.map(Number));
}

function flat({ data }: Stored): PlainTensor {
  return int32([data.length], data.map(Number));
}

function toChannelsLast({ shape: [batch, channels, height, width], data }: PlainTensor): PlainTensor {
  const plane = height * width;
  const at = (i: number) =>
    (Math.floor(i / (plane * channels)) * channels + (i % channels)) * plane + (Math.floor(i / channels) % plane);
  return int32(
    [batch, height, width, channels],
    data.map((_, i) => data[at(i)]),
  );
}

/** Zeros around each plane of [batch, channels, height, width]. */
function framed({ shape: [batch, channels, height, width], data }: PlainTensor, pad: number): PlainTensor {
  const [h, w] = [height + 2 * pad, width + 2 * pad];
  const out = new Array<number>(batch * channels * h * w).fill(0);
  data.forEach((value, i) => {
    const [plane, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    out[(plane * h + row + pad) * w + column + pad] = value;
  });
  return float32([batch, channels, h, w], out);
}

/** The inverse of {@link framed}. */
function cut({ shape: [batch, channels, h, w], data }: PlainTensor, pad: number): PlainTensor {
  const isInside = (i: number, size: number) => i >= pad && i < size - pad;
  const kept = data.filter((_, i) => isInside(i % w, w) && isInside(Math.floor(i / w) % h, h));
  return float32([batch, channels, h - 2 * pad, w - 2 * pad], kept);
}
