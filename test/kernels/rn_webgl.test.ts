/** React Native's backend 'rn-webgl' is webgl under another name: simulated in Chromium, with this package before and after it. */
import { describeDevice } from '../support/devices';

const ALL = ['Im2ColMaxPool', 'Im2ColMaxPoolArgmax', 'Im2ColScatterArgmax'];

describeDevice('webgl', 'rn-webgl', (device) => {
  test.each(['before', 'after'] as const)('with the package imported %s it, our kernels run there', async (order) => {
    const found = await device().page!.call(async ({ tf, plugin }, when) => {
      const name = 'rn-webgl';
      tf.registerBackend(name, tf.findBackendFactory('webgl'));
      // What tfjs-react-native does as it is loaded.
      tf.copyRegisteredKernels('webgl', name);
      const ours = () => tf.getKernelsForBackend(name).filter(({ kernelName }) => kernelName.startsWith('Im2Col'));
      const copied = ours().length;
      if (when === 'after') {
        ours().forEach(({ kernelName }) => tf.unregisterKernel(kernelName, name));
        plugin.registerPoolingKernels({ backends: [name] });
      }
      await tf.setBackend(name);
      const ran = new Set<string>();
      const engine = tf.engine();
      const { runKernel } = engine;
      engine.runKernel = (kernel, ...rest) => {
        ran.add(kernel);
        return runKernel.call(engine, kernel, ...rest) as never;
      };
      const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      const y = await plugin.maxPool2d(x).data();
      const dx = await tf
        .grad((t) => tf.sum(plugin.maxPool2d(t as typeof x)))(x)
        .data();
      engine.runKernel = runKernel;
      const count = ours().length;
      await tf.setBackend('webgl');
      ours().forEach(({ kernelName }) => tf.unregisterKernel(kernelName, name));
      tf.getKernelsForBackend(name).forEach(({ kernelName }) => tf.unregisterKernel(kernelName, name));
      tf.removeBackend(name);
      return { missing: copied - count, y: [...y], dx: [...dx], ran: [...ran].filter((k) => k.startsWith('Im2Col')) };
    }, order);
    expect({ ...found, ran: found.ran.sort() }).toEqual({ missing: 0, y: [4], dx: [0, 0, 0, 1], ran: ALL });
  });
});

test('a backend that shares no kernel with ours is refused, and an unknown one', async () => {
  const tf = await import('@tensorflow/tfjs');
  const { registerPoolingKernels } = await import('../../src/index');
  tf.registerBackend('odd', () => {
    throw new Error('never started');
  });
  const message = (backends: string[]) => {
    try {
      registerPoolingKernels({ backends });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(message(['odd'])).toBe(
    "registerPoolingKernels: expected backends of cpu, wasm, webgl, webgpu, node or copies of these; got 'odd', which shares no kernel with them.",
  );
  expect(message(['webgll'])).toMatch(
    /^registerPoolingKernels: expected backends to be an array of names, of cpu.*'webgl'\?$/,
  );
  expect(message(['cpu', 'node'])).toBe('');
  tf.removeBackend('odd');
});
