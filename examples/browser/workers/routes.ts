/**
 * The inputs that each window reads, and what they get of its gradient: told by the operations themselves as far as they
 * can be asked. Only the bounds of adaptive windows are computed here.
 */
import { type Tensor, type Tensor4D, grad, onesLike, range, reshape, tidy } from '@tensorflow/tfjs-core';
import {
  type AveragePoolOptions,
  type LpPoolOptions,
  type OrNull,
  type PoolOptions,
  averagePool2d,
  im2col,
  lpPool1d,
} from 'tfjs-im2col-pooling';
import { NO_FRAME } from '../shared/frame';
import { isGlobal, isWindowed } from '../shared/poolings';
import { framedWindows } from './framed_windows';
import { ourPool } from './our_pooling';
import type { PoolingCall, Routes } from './routing_protocol';

type Windows = Routes['windows'];

/** `argmax`: of the operations that give it. */
export async function routesOf(x: Tensor4D, call: PoolingCall, argmax: readonly number[] | null): Promise<Routes> {
  if (isGlobal(call.pooling)) return globalRoutes(x, call);
  const [windows, windowWidth] = await windowsOf(x, call);
  const framed = isWindowed(call.pooling)
    ? framedWindows(x.shape, windowOptions(call.options as PoolOptions))
    : unframed(windows);
  const routes = { windows, ...framed, windowWidth, argmax, divisors: null };
  if (argmax) return { ...routes, shares: sharesOfWinners(windows, argmax) };
  if (call.pooling === 'lp') return { ...routes, shares: await sharesOfNorms(x, call.options, windows) };
  const divisors =
    call.pooling === 'average'
      ? await divisorsOf(x, call.options, windows)
      : windows.map((window) => realIn(window).length);
  return { ...routes, shares: equalShares(windows, divisors), divisors };
}

/** One window; its gradient says what every element gets. */
async function globalRoutes(x: Tensor4D, call: PoolingCall): Promise<Routes> {
  const shares = [...(await read(() => gradient((t) => ourPool(t as Tensor4D, call), x)))];
  const isMaximum = call.pooling === 'globalMax';
  const windows = [shares.map((_, input) => input)];
  return {
    windows,
    ...unframed(windows),
    windowWidth: x.shape[2],
    argmax: isMaximum ? [shares.indexOf(1)] : null,
    shares: [shares],
    divisors: isMaximum ? null : [x.size],
  };
}

async function windowsOf(x: Tensor4D, call: PoolingCall): Promise<[Windows, width: number | null]> {
  if (call.pooling === 'adaptiveMax' || call.pooling === 'adaptiveAverage')
    return adaptiveWindows(x, call.options.outputSize as [number | null, number | null]);
  // im2col of the numbers 1, 2, 3, ... says which input each tap reads: 0 is padding.
  const options = windowOptions(call.options as PoolOptions);
  const rows = await readRows(() => im2col(reshape(range(1, x.size + 1), x.shape), options));
  const [, width] = options.poolSize as [number, number];
  return [rows.map((row) => row.map((number) => Math.round(number) - 1)), width];
}

/** `[floor(i * in / out), ceil((i + 1) * in / out))` along each axis, row-major. */
function adaptiveWindows(
  x: Tensor4D,
  [rows, columns]: [number | null, number | null],
): [Windows, width: number | null] {
  const [, height, width] = x.shape;
  const across = bounds(width, columns ?? width);
  const windows = bounds(height, rows ?? height).flatMap((lines) =>
    across.map((places) => lines.flatMap((row) => places.map((column) => row * width + column))),
  );
  const [first] = across;
  return [windows, across.every(({ length }) => length === first.length) ? first.length : null];
}

/** Along an axis, the places of each window. */
function bounds(input: number, output: number): number[][] {
  return Array.from({ length: output }, (_, i) => {
    const start = Math.floor((i * input) / output);
    const end = Math.ceil(((i + 1) * input) / output);
    return Array.from({ length: end - start }, (__, place) => start + place);
  });
}

function sharesOfWinners(windows: Windows, argmax: readonly number[]): number[][] {
  return windows.map((window, output) => window.map((_, tap) => (tap === argmax[output] ? 1 : 0)));
}

function equalShares(windows: Windows, divisors: readonly number[]): number[][] {
  return windows.map((window, output) => window.map((input) => (input < 0 ? 0 : Math.fround(1 / divisors[output]))));
}

/** A window of ones has the average (real taps / divisor). */
async function divisorsOf(x: Tensor4D, options: AveragePoolOptions, windows: Windows): Promise<number[]> {
  const averages = await read(() => averagePool2d(onesLike(x), options));
  return windows.map((window, output) => Math.round(realIn(window).length / averages[output]));
}

/** Each row of the matrix is pooled by itself: its gradient is the window's. */
async function sharesOfNorms(x: Tensor4D, options: LpPoolOptions, windows: Windows): Promise<number[][]> {
  const taps = windows[0].length;
  const shares = await readRows(() => {
    const rows = im2col(x, windowOptions(options));
    const norms = (t: Tensor) => lpPool1d(t, { poolSize: taps, p: options.p, absolute: options.absolute });
    return reshape(gradient(norms, reshape(rows, [windows.length, taps, 1])), [windows.length, taps]);
  });
  return shares.map((row, output) => row.map((share, tap) => (windows[output][tap] < 0 ? 0 : share)));
}

const unframed = (windows: Windows) => ({ cells: windows, frame: NO_FRAME, overhang: [0, 0] as const });

const realIn = (window: readonly number[]) => window.filter((input) => input >= 0);

/** The options that im2col has, too. */
function windowOptions({ poolSize, strides, padding, dilationRate, ceilMode }: PoolOptions): OrNull<PoolOptions> {
  return { poolSize, strides, padding, dilationRate, ceilMode };
}

/** Of the sum of f(x). */
function gradient(f: (t: Tensor) => Tensor, x: Tensor): Tensor {
  return grad(f)(x);
}

async function read(f: () => Tensor): Promise<Float32Array> {
  const result = tidy(f);
  const values = (await result.data()) as Float32Array;
  result.dispose();
  return values;
}

/** Of a matrix. */
async function readRows(f: () => Tensor): Promise<number[][]> {
  const result = tidy(f);
  const rows = (await result.array()) as number[][];
  result.dispose();
  return rows;
}
