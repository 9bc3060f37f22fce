/** The life of an install: what it covers, now and later, and that nothing of it is left. On cpu, wasm and made-up backends. */
import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tfCore from '@tensorflow/tfjs-core';
import * as tfLayers from '@tensorflow/tfjs-layers';
import type * as Plugin from '../../src/base';
import { installPoolingKernels } from '../../src/index';
import { onCpuWithoutLeaks } from '../layers/support';
import { traceKernels } from '../support/run_case';
import { isSame, registryOf } from './run_installed';

onCpuWithoutLeaks();

const TIED = [1, 1, 1, 1];

/** The gradient of tf.maxPool of a tie, and whether our kernels computed it. */
function gradientOfTie(): { dx: number[]; ours: boolean } {
  return tf.tidy(() => {
    const x = tf.tensor4d(TIED, [1, 2, 2, 1]);
    const [dx, kernels] = traceKernels(tf, () => tf.grad((t) => tf.maxPool(t as tf.Tensor4D, 2, 2, 'valid'))(x));
    return { dx: [...dx.dataSync()], ours: kernels.includes('Im2ColScatterArgmax') };
  });
}

/** The gradient of the sum of 2x2 averages, 'same', of 3x3 elements, and whether our kernels computed it. */
function gradientOfAverages(): { dx: number[]; ours: boolean } {
  return tf.tidy(() => {
    const average = (t: tf.Tensor) => tf.avgPool(t as tf.Tensor4D, 2, 2, 'same');
    const [dx, kernels] = traceKernels(tf, () => tf.grad(average)(tf.ones([1, 3, 3, 1])));
    return { dx: [...dx.dataSync()], ours: kernels.includes('Im2ColAverageSpread') };
  });
}
/** Four windows, of 4, 2, 2 elements and 1. The built-in gradient has a quarter for all of them. */
const OF_AVERAGES = [0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1];
const BUILTIN_OF_AVERAGES = OF_AVERAGES.map(() => 0.25);

/** A backend of its own name: cpu's, with tfjs's own kernels. */
function registerCopyOfCpu(name: string): void {
  tf.registerBackend(name, () => new MathBackendCPU());
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (!kernel.kernelName.startsWith('Im2Col')) tf.registerKernel({ ...kernel, backendName: name });
  }
}

let before: unknown[];
beforeEach(() => {
  before = registryOf(tf);
});
afterEach(async () => {
  await tf.setBackend('cpu');
  expect(isSame(registryOf(tf), before)).toBe(true);
});

test('tf.maxPool runs on our kernels, and afterwards no longer', () => {
  expect(gradientOfTie().ours).toBe(false);
  const { uninstall } = installPoolingKernels();
  expect(gradientOfTie()).toEqual({ dx: [1, 0, 0, 0], ours: true });
  uninstall();
  expect(gradientOfTie().ours).toBe(false);
});

test('tf.avgPool runs on our kernels, and afterwards no longer; the built-in gradient is not that of its averages', () => {
  expect(gradientOfAverages()).toEqual({ dx: BUILTIN_OF_AVERAGES, ours: false });
  const { uninstall } = installPoolingKernels();
  expect(gradientOfAverages()).toEqual({ dx: OF_AVERAGES, ours: true });
  uninstall();
  expect(gradientOfAverages()).toEqual({ dx: BUILTIN_OF_AVERAGES, ours: false });
});

test.each([
  [0, 1, 2],
  [2, 1, 0],
  [1, 0, 2],
  [0, 2, 1],
])('several installs end in any order: %d %d %d', (...order) => {
  const installs = [installPoolingKernels(), installPoolingKernels({ backends: ['cpu'] }), installPoolingKernels()];
  for (const i of order) {
    expect(gradientOfTie().ours).toBe(true);
    installs[i].uninstall();
    installs[i].uninstall();
  }
  expect(isSame(registryOf(tf), before)).toBe(true);
});

test('an install that ended does not end another', () => {
  const first = installPoolingKernels();
  first.uninstall();
  const second = installPoolingKernels();
  first.uninstall();
  expect(gradientOfTie().ours).toBe(true);
  second.uninstall();
});

describe('backends', () => {
  afterEach(() => {
    for (const name of ['late', 'other']) if (tf.engine().backendNames().includes(name)) forget(name);
  });

  test('one that is registered later is covered as well', async () => {
    const { uninstall } = installPoolingKernels();
    registerCopyOfCpu('late');
    const builtin = tf.getKernel('MaxPool', 'late');
    await tf.setBackend('late');
    expect(tf.getKernel('MaxPool', 'late')).not.toBe(builtin);
    // No kernels of ours there: the reference path.
    const [, kernels] = traceKernels(tf, () =>
      tf.tidy(() => {
        tf.maxPool(tf.zeros<tf.Rank.R4>([1, 2, 2, 1]), 2, 2, 'valid');
      }),
    );
    expect(kernels).toContain('Pack');
    uninstall();
    expect(tf.getKernel('MaxPool', 'late')).toBe(builtin);
  });

  test('one that has no kernels yet is left until it has', async () => {
    const { uninstall } = installPoolingKernels();
    tf.registerBackend('late', () => new MathBackendCPU());
    await tf.setBackend('late');
    expect(tf.getKernel('MaxPoolWithArgmax', 'late')).toBeUndefined();
    uninstall();
  });

  test('one that is not named keeps its kernels, its gradient and its lack of one', async () => {
    registerCopyOfCpu('other');
    const kernels = () =>
      ['MaxPool', 'MaxPool3D', 'MaxPoolWithArgmax', 'AvgPool', 'AvgPoolGrad'].map((name) =>
        tf.getKernel(name, 'other'),
      );
    const builtin = kernels();
    const { uninstall } = installPoolingKernels({ backends: ['cpu'] });
    await tf.setBackend('other');
    expect(kernels().every((kernel, i) => kernel === builtin[i])).toBe(true);
    expect(gradientOfTie()).toEqual({ dx: [1, 0, 0, 0], ours: false });
    expect(gradientOfAverages()).toEqual({ dx: BUILTIN_OF_AVERAGES, ours: false });
    const [, ran] = traceKernels(tf, gradientOfTie);
    expect(ran).toContain('MaxPoolGrad');
    tf.tidy(() => {
      const withArgmax = (t: tf.Tensor) => tf.maxPoolWithArgmax(t as tf.Tensor4D, 2, 2, 'valid').result;
      expect(() => tf.grad(withArgmax)(tf.zeros([1, 2, 2, 1]))).toThrow(
        'gradient function not found for MaxPoolWithArgmax',
      );
    });
    // What the failed gradient left on tfjs's tape.
    await tf.setBackend('cpu');
    uninstall();
  });

  test('wasm, named before its package is loaded: its own kernels work afterwards', async () => {
    const { uninstall } = installPoolingKernels({ backends: ['wasm'] });
    require('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend('wasm');
    expect(gradientOfTie()).toEqual({ dx: [1, 0, 0, 0], ours: true });
    uninstall();
    // The backend was initialized while ours stood in, so ours passed its set-up on.
    expect(gradientOfTie()).toEqual({ dx: [0, 0, 0, 1], ours: false });
    before = registryOf(tf);
  });

  test.each([
    [{ backends: 'cpu' }, "got 'cpu'"],
    [{ backends: [] }, 'got []'],
    [{ backends: ['cpu', 'cuda'] }, "got ['cpu', 'cuda']"],
  ])('a wrong list is an error: %j', (options, got) => {
    expect(() => installPoolingKernels(options as never)).toThrow(
      /^installPoolingKernels: expected backends to be an array of names, of cpu, .*webgpu/,
    );
    expect(() => installPoolingKernels(options as never)).toThrow(got);
  });

  test('an unknown option is an error', () => {
    expect(() => installPoolingKernels({ backend: 'cpu' } as never)).toThrow(
      "installPoolingKernels: unknown option 'backend'",
    );
  });
});

describe('others', () => {
  test('who registers over ours is left alone, and ours hands on to what was there', () => {
    const builtin = tf.getKernel('MaxPool', 'cpu');
    const { uninstall } = installPoolingKernels();
    const ours = tf.getKernel('MaxPool', 'cpu');
    let calls = 0;
    const wrapper: tf.KernelConfig = {
      ...ours,
      kernelFunc: (call) => {
        calls++;
        return ours.kernelFunc(call);
      },
    };
    tf.unregisterKernel('MaxPool', 'cpu');
    tf.registerKernel(wrapper);
    // Not our kernel any more, as far as we know, so tfjs's gradient: it calls its gradient kernel, which is ours.
    expect(gradientOfTie()).toEqual({ dx: [1, 0, 0, 0], ours: true });
    uninstall();
    expect(tf.getKernel('MaxPool', 'cpu')).toBe(wrapper);
    expect(gradientOfTie().ours).toBe(false);
    expect(calls).toBe(2);
    tf.unregisterKernel('MaxPool', 'cpu');
    tf.registerKernel(builtin);
  });

  test.each(['the first', 'the second'])('two copies of this package, %s ends first', (which) => {
    const first = installPoolingKernels();
    let second: Plugin.InstalledKernels;
    jest.isolateModules(() => {
      // Of this package, not of tfjs.
      jest.doMock('@tensorflow/tfjs-core', () => tfCore);
      jest.doMock('@tensorflow/tfjs-layers', () => tfLayers);
      second = (require('../../src/base') as typeof Plugin).installPoolingKernels();
    });
    expect(gradientOfTie()).toEqual({ dx: [1, 0, 0, 0], ours: true });
    (which === 'the first' ? first : second!).uninstall();
    expect(gradientOfTie()).toEqual({ dx: [1, 0, 0, 0], ours: true });
    (which === 'the first' ? second! : first).uninstall();
  });

  test('a setBackend that was wrapped meanwhile stays, and ours within it does nothing', async () => {
    const engine = tf.engine();
    const { uninstall } = installPoolingKernels();
    const ours = engine.setBackend;
    engine.setBackend = (name: string) => ours.call(engine, name);
    const wrapper = engine.setBackend;
    uninstall();
    expect(engine.setBackend).toBe(wrapper);
    await tf.setBackend('cpu');
    expect(isSame(registryOf(tf).slice(0, -1), before.slice(0, -1))).toBe(true);
    delete (engine as Partial<typeof engine>).setBackend;
  });
});

describe('gradients', () => {
  test('a forward pass before uninstall() and its backward pass after', () => {
    const { uninstall } = installPoolingKernels();
    tf.tidy(() => {
      const dx = tf.grad((t) => {
        const y = tf.maxPool(t as tf.Tensor4D, 2, 2, 'valid');
        uninstall();
        return y;
      })(tf.tensor4d(TIED, [1, 2, 2, 1]));
      expect([...dx.dataSync()]).toEqual([1, 0, 0, 0]);
    });
  });

  test('the same of averages', () => {
    const { uninstall } = installPoolingKernels();
    tf.tidy(() => {
      const dx = tf.grad((t) => {
        const y = tf.avgPool(t as tf.Tensor4D, 2, 2, 'same');
        uninstall();
        return y;
      })(tf.ones([1, 3, 3, 1]));
      expect([...dx.dataSync()]).toEqual(OF_AVERAGES);
    });
  });

  test("tf.avgPool's gradient kernel, called by name with a dy of no possible shape", () => {
    const { uninstall } = installPoolingKernels();
    const [dy, x] = [tf.ones([1, 4, 4, 1]), tf.zeros([1, 5, 5, 1])];
    expect(() => tf.engine().runKernel('AvgPoolGrad', { dy, input: x }, { filterSize: 2, strides: 2, pad: 0 })).toThrow(
      'AvgPoolGrad: expected dy of shape [1, 2, 2, 1] for this x and these attributes; got [1, 4, 4, 1].',
    );
    tf.dispose([dy, x]);
    uninstall();
  });

  test("tfjs's gradient kernels, called by name, route as ours do; the shape of dy tells the rounding", () => {
    const { uninstall } = installPoolingKernels();
    tf.tidy(() => {
      const x = tf.zeros([1, 5, 5, 1]);
      const call = (size: number) =>
        tf
          .engine()
          .runKernel(
            'MaxPoolGrad',
            { dy: tf.ones([1, size, size, 1]), input: x, output: x },
            { filterSize: 2, strides: 2, pad: 0 },
          ) as tf.Tensor;
      expect(tf.sum(call(2)).dataSync()[0]).toBe(4);
      expect(tf.sum(call(3)).dataSync()[0]).toBe(9);
      expect(() => call(4)).toThrow(
        'MaxPoolGrad: expected dy of shape [1, 2, 2, 1] for this x and these attributes; got [1, 4, 4, 1].',
      );
    });
    uninstall();
  });

  test('a bool x is an error; tensors do not leak', () => {
    const { uninstall } = installPoolingKernels();
    const x = tf.zeros([1, 4, 4, 1], 'bool') as tf.Tensor4D;
    const x3 = tf.zeros([1, 2, 2, 2, 1], 'bool') as tf.Tensor5D;
    const { numTensors } = tf.memory();
    const message = (operation: string) => `${operation}: expected x of dtype float32 or int32; got bool.`;
    expect(() => tf.maxPool(x, 2, 2, 'valid')).toThrow(message('maxPool2d'));
    expect(() => tf.maxPool3d(x3, 2, 2, 'valid')).toThrow(message('maxPool3d'));
    expect(() => tf.maxPoolWithArgmax(x, 2, 2, 'valid')).toThrow(message('maxPoolWithArgmax2d'));
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.dispose([x, x3]);
    uninstall();
  });

  test('a layers model trains on our kernels', async () => {
    const { uninstall } = installPoolingKernels();
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({}),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const optimizer = tf.train.sgd(0.01);
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([2, 6, 6, 1]), tf.ones([2, 1])];
    const names = new Set<string>();
    const spy = jest.spyOn(tf.engine(), 'runKernel');
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    spy.mock.calls.forEach(([name]) => names.add(name));
    spy.mockRestore();
    expect([...names].filter((name) => /Pool|Im2Col/.test(name)).sort()).toEqual([
      'Im2ColMaxPoolArgmax',
      'Im2ColScatterArgmax',
      'MaxPool',
    ]);
    tf.dispose([x, y]);
    model.dispose();
    optimizer.dispose();
    uninstall();
  });
});

function forget(name: string): void {
  for (const kernel of tf.getKernelsForBackend(name)) tf.unregisterKernel(kernel.kernelName, name);
  tf.removeBackend(name);
}
