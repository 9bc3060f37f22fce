/** installPoolingKernels: tf.maxPool, tf.avgPool and their relatives on our kernels, for models that already exist. */
import { backendNames, engineName } from '../backend_names';
import { registerPoolingKernels } from '../kernels/register';
import { givenOptions } from '../options';
import type { OrDefault } from '../spec';
import { AVERAGE_POOL_REPAIRS } from './average_pool';
import { loadedBackends, watchBackends } from './backends';
import { MAX_POOL_REPAIRS } from './max_pool';
import { exchangeGradient, exchangeKernel, restoreGradients, restoreKernels } from './registry';
import type { Repairs } from './repair';

/** See {@link installPoolingKernels}. */
export interface InstallOptions {
  /** Names of backends; 'node' is tfjs-node's. Default: all that are registered, now and later. */
  backends?: readonly string[];
}

/** What {@link installPoolingKernels} returns. */
export interface InstalledKernels {
  /** Ends this install. A second call does nothing. */
  uninstall(): void;
}

interface Install {
  /** undefined: all. */
  readonly backends: ReadonlySet<string> | undefined;
}

const NAME = 'installPoolingKernels';
const REPAIRS: readonly Repairs[] = [MAX_POOL_REPAIRS, AVERAGE_POOL_REPAIRS];

let installs: readonly Install[] = [];
let stopWatching: (() => void) | undefined;

/**
 * Makes tfjs's own pooling run on this package's kernels: `tf.maxPool`, `tf.maxPool3d`, `tf.maxPoolWithArgmax`,
 * `tf.avgPool`, `tf.avgPool3d`, `tf.pool` and their gradients, and with them every LayersModel and GraphModel that exists.
 *
 * Values, argmax and gradient are then those of {@link maxPool2d} with `nan: 'ignore'`, as tf.maxPool documents it: the
 * first of equal maxima gets all of the gradient, padding never wins, int32 stays exact. Averages are those of
 * {@link averagePool2d}: divided by the number of real elements in the window, as TensorFlow does. For both, sizes are rounded
 * as asked, and derivatives of every order exist.
 *
 * Rules: between forward and backward the argmax alone is kept, and for averages nothing. Shapes are tfjs's. The average of a
 * window without a real element is 0, without a gradient, and so tf.avgPool takes any padding and rounding, and an input
 * without a window, which gives an empty tensor. For maxima, windows that rounding up adds past the input give -Infinity
 * without a gradient, as in tfjs; padding that leaves any other window without a real element is an error, and so are an input
 * without a window and bool. Indices of `tf.maxPoolWithArgmax` are exact when they are read; WebGL rounds those
 * above 2^24 (2^11 with 16-bit textures) where they are computed with.
 *
 * `tf.pool` with dilations pads with zeros before any kernel sees the tensor, and rejects dilations together with strides: no
 * kernel can repair that; use {@link maxPool2d} and {@link averagePool2d}.
 *
 * A backend that is none of tfjs's own computes by the reference path, slowly: leave it out with `backends`. The kernels that
 * this package registers under names of its own (`registerPoolingKernels`) stay.
 *
 * @returns uninstall() puts back exactly what was there, when the last install that wants a backend is gone: in any order.
 *     Nothing is printed.
 * @throws Error if `backends` is no array of names of backends
 *
 * @example
 * ```js
 * const { uninstall } = installPoolingKernels();
 * const x = tf.tensor4d([0, 0, 0, 0], [1, 2, 2, 1]);
 * tf.grad((t) => tf.maxPool(t, 2, 2, 'valid'))(x).print(); // 1, 0, 0, 0 on every backend
 * tf.avgPool(tf.ones([1, 2, 2, 1]), 3, 1, 'same').print(); // 1, 1, 1, 1 on every backend
 * uninstall();
 * ```
 * @see tf.registerKernel, tf.registerGradient
 */
export function installPoolingKernels(options?: OrDefault<InstallOptions>): InstalledKernels {
  const install: Install = { backends: backendsOf(options) };
  registerPoolingKernels();
  installs = [...installs, install];
  stopWatching ??= watchBackends(exchangeAll);
  exchangeAll();
  return Object.freeze({ uninstall: () => uninstall(install) });
}

function uninstall(install: Install): void {
  if (!installs.includes(install)) return;
  installs = installs.filter((other) => other !== install);
  restoreKernels(isWanted);
  if (installs.length > 0) return;
  restoreGradients();
  stopWatching?.();
  stopWatching = undefined;
}

function exchangeAll(): void {
  for (const { kernels, gradients } of REPAIRS) {
    for (const name of loadedBackends().filter(isWanted)) kernels.forEach((kernel) => exchangeKernel(kernel, name));
    gradients.forEach(exchangeGradient);
  }
}

function isWanted(backendName: string): boolean {
  return installs.some(({ backends }) => backends === undefined || backends.has(backendName));
}

function backendsOf(options: OrDefault<InstallOptions>): ReadonlySet<string> | undefined {
  const { backends } = givenOptions(NAME, options, ['backends']);
  return backends == null ? undefined : new Set(backendNames(NAME, backends).map(engineName));
}
