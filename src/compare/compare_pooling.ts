/** comparePooling: our pooling and the built-in side by side, judged by the contract, on every backend. */
import { engine, setBackend, version_core } from '@tensorflow/tfjs-core';
import { version_layers } from '@tensorflow/tfjs-layers';
import type { OrDefault } from '../spec';
import { version } from '../version';
import { compareArguments } from './arguments';
import { describeBackend, describeHost, useBackend } from './backends';
import { compareRow, prepareCase } from './compare_row';
import { modelCases } from './model_cases';
import type { CompareBackend, CompareOptions, CompareReport, CompareRow } from './report';

const NAME = 'comparePooling';

/**
 * Compares the pooling of this package with what is built into TensorFlow.js, case by case and backend by backend: values,
 * gradients, times, and the bytes kept for the backward pass. It knows every kind: max, average, global max, global
 * average, adaptive max, adaptive average and Lp pooling.
 *
 * A third, plain computation of the contract says which of the two deviates from it.
 * - Maxima are never rounded: every number must be the same. The gradients that go in are powers of two, whose sums are exact
 *   in any order: a gradient that differs went elsewhere.
 * - Sums of n numbers may differ by what any order of float32 additions explains, (n - 1) 2^-24 times the sum of their
 *   magnitudes, and 5 * 2^-24 of it for the division (2.5 units in the last place, as GPUs have it); on 16-bit textures by
 *   the same with 2^-11. `rounding` counts such differences, `deviates` does not. Up to windows of some 4000 elements that
 *   tells one lost element of average size from rounding. NaN, infinities and shapes must be right.
 * - Lp pooling may differ by what powers made of exp2 and log2 explain.
 *
 * Rules:
 * - What the built-in throws is a row's `builtinError`, and a backend that cannot be had is an entry with a reason; neither
 *   is an error of the comparison.
 * - A model runs once, on the current backend; the numbers that reach its pooling layers are then compared on every backend.
 * - The event loop runs between the measurements. At the end the backend is the one that it was; no tensor is left.
 * - `cases` and `model` together: the cases of both.
 * - TensorFlow.js has no adaptive and no Lp pooling: `counterpart` is null, ours alone is judged.
 *
 * @returns a report of plain data, which JSON can hold; `formatMarkdown` prints it
 * @throws Error on wrong options; the signal's reason when it is aborted
 *
 * @example
 * ```js
 * const report = await comparePooling({ backends: ['cpu'], repeats: 0 });
 * console.log(report.rows.find((row) => row.case === 'ceil').gradient.mass.builtin.lost > 0); // true
 *
 * const { rows } = await comparePooling({
 *   cases: [{ name: 'border', pooling: 'average', shape: [1, 5, 5, 1], options: { poolSize: 3, padding: 'same' } }],
 *   backends: ['cpu'],
 *   repeats: 0,
 * });
 * console.log(rows[0].counterpart, rows[0].deviates); // tf.avgPool builtin
 * ```
 */
export async function comparePooling(options?: OrDefault<CompareOptions>): Promise<CompareReport> {
  const { model, inputs, gradient, repeats, seed, onProgress, onRow, signal, ...given } = compareArguments(
    NAME,
    options,
  );
  const backendBefore = engine().backendName;
  const throwIfAborted = () => {
    if (signal?.aborted) throw signal.reason;
  };
  const rest = async () => {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    throwIfAborted();
  };
  throwIfAborted();
  const beside = given.cases.map((one) => prepareCase(NAME, one));
  const own = model === undefined ? [] : await modelCases(NAME, model, inputs, seed);
  const cases = [...own.map((one) => prepareCase(NAME, one)), ...beside];
  const names = given.backends;
  const backends: CompareBackend[] = [];
  const rows: CompareRow[] = [];
  let [done, total] = [0, names.length * cases.length];
  try {
    for (const backend of names) {
      const missing = await useBackend(backend);
      backends.push({ name: backend, description: missing === null ? await describeBackend(backend) : '', missing });
      if (missing !== null) total -= cases.length;
      for (const one of missing === null ? cases : []) {
        onProgress(done, total, `${backend}: ${one.case.name}`);
        await rest();
        const row = await compareRow(one, { backend, gradient, repeats, seed, rest });
        rows.push(row);
        onRow(row);
        done++;
      }
    }
  } finally {
    if (backendBefore) await setBackend(backendBefore);
  }
  onProgress(done, total, '');
  return {
    kind: 'tfjs-im2col-pooling.compare',
    version: 1,
    date: new Date().toISOString(),
    versions: { package: version, tfjsCore: version_core, tfjsLayers: version_layers },
    host: describeHost(),
    model: model?.name ?? null,
    seed,
    repeats,
    backends,
    rows,
  };
}
