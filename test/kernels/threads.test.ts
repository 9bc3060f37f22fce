/** Threads of our own on the wasm backend: the bits of one thread, and one thread after anything that goes wrong. */
import type * as tf from '@tensorflow/tfjs';
import { describeDevice } from '../support/devices';

describeDevice('wasmBrowser', 'threads', (device) => {
  /** What one thread computes. */
  let alone: string;
  let trainedAlone: string;

  test('one thread until the workers are there, then two; the same bits, also after the memory has grown', async () => {
    const found = await device().page!.call(async ({ tf: core, threads: t }) => {
      await t.restart();
      const before = t.shared();
      const one = t.largePoolings();
      await t.waitForThreads(2);
      const bytes = () => (core.backend() as tf.KernelBackend & { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
      const [small, large] = [bytes(), core.zeros([48, 2 ** 20])];
      const grown = bytes() > small;
      // On a busy machine the main thread may do it all.
      const two = [];
      do two.push(t.largePoolings());
      while (t.shared().served === 0);
      large.dispose();
      return { before: before.count, after: t.shared().count, grown, one, others: two.filter((bits) => bits !== one) };
    }, null);
    expect(found).toEqual({ before: 1, after: 2, grown: true, one: expect.any(String), others: [] });
    alone = found.one;
  });

  test('a backend that is removed, or disposed of, takes its workers along', async () => {
    const found = await device().page!.call(async ({ tf, threads: t }) => {
      await t.restart();
      await t.waitForThreads(2);
      const first = t.threads();
      await t.restart();
      await t.waitForThreads(2);
      const second = t.threads();
      tf.backend().dispose();
      tf.backend().dispose = () => {}; // It could not be removed any more.
      return [first.count, second.count];
    }, null);
    expect(found).toEqual([1, 1]);
  });

  test.each([
    ['that throws', 'play((left', 'null((left'],
    ['that never ends with its chunk', 'play((left', 'for (;;); play((left'],
  ])('a worker %s: one thread, and the same bits', async (_, from, to) => {
    const found = await device().page!.call(
      async ({ threads: t }, change) => {
        await t.restart((program) => program.replace(change.from, change.to));
        await t.waitForThreads(2);
        const all = [];
        do all.push(t.largePoolings());
        while (t.shared().count === 2);
        return { ...t.shared(), all: [...new Set(all)] };
      },
      { from, to },
    );
    expect(found).toMatchObject({ served: 0, count: 1, all: [alone] });
  });

  test('a worker that takes no chunk is not waited for: the same bits, and still two threads', async () => {
    const found = await device().page!.call(async ({ threads: t }) => {
      // It sleeps as soon as it is there, on a word that nobody changes.
      await t.restart((program) => program.replace('for (;;) {', 'Atomics.wait(words, 60, 0); $&'));
      await t.waitForThreads(2);
      return { bits: t.largePoolings(), ...t.shared() };
    }, null);
    expect(found).toMatchObject({ bits: alone, served: 0, count: 2 });
  });

  test('a worker with nothing to do sleeps, and works when it is woken', async () => {
    const found = await device().page!.call(async ({ threads: t }) => {
      await t.restart();
      await t.waitForThreads(2);
      const all: string[] = [];
      for (
        let asleep = false;
        !asleep || t.shared().served === 0;
        asleep ||= (await t.wokenBy(() => all.push(t.largePoolings()))) > 0
      );
      return { count: t.shared().count, all: [...new Set(all)] };
    }, null);
    expect(found).toEqual({ count: 2, all: [alone] });
  });

  test('a worker that does not start: one thread', async () => {
    const found = await device().page!.call(async ({ threads: t }) => {
      await t.restart((program) => program.replace('onmessage', 'throw new Error("refused"); onmessage'));
      await t.waitForThreads(1);
      return { bits: t.largePoolings(), count: t.shared().count };
    }, null);
    expect(found).toEqual({ bits: alone, count: 1 });
  });

  test('the kernels of training, loaded before workers start or while they run: the bits of one thread', async () => {
    const found = await device().page!.call(async ({ training, threads: t }) => {
      training.registerWasmTrainingKernels();
      const bits: string[] = [];
      for (const isRunning of [false, true]) {
        await t.restart();
        if (isRunning) await t.waitForThreads(2);
        bits.push(t.largeTraining());
        await t.waitForTrainingThreads(2);
        const { served } = t.shared();
        do bits.push(t.largeTraining());
        while (t.shared().served === served);
        bits.push(t.largeTraining());
      }
      return { one: bits[0], others: bits.filter((each) => each !== bits[0]), poolings: t.largePoolings() };
    }, null);
    expect(found).toEqual({ one: expect.any(String), others: [], poolings: alone });
    trainedAlone = found.one;
  });

  test.each([
    ['refuses', 'throw new Error("refused");', 1],
    ['never loads', 'for (;;);', 2],
  ])('a worker that %s the kernels of training: one thread for them, and the same bits', async (_, start, left) => {
    const found = await device().page!.call(
      async ({ threads: t }, { failure, count }) => {
        await t.restart((program) => program.replace('const { exports }', `if (loaded > 0) ${failure} $&`));
        await t.waitForThreads(2);
        const bits = [t.largeTraining()];
        await t.waitForThreads(count);
        await t.waitForTrainingThreads(1);
        bits.push(t.largeTraining());
        return { bits, count: t.shared().count, served: t.shared().served };
      },
      { failure: start, count: left },
    );
    expect(found).toEqual({ bits: [trainedAlone, trainedAlone], count: left, served: 0 });
  });

  test('a policy that forbids workers: one thread', async () => {
    const found = await device().page!.call(async ({ tf, threads: t }) => {
      const factory = tf.findBackendFactory('wasm');
      tf.removeBackend('wasm');
      tf.registerBackend('wasm', factory, 3);
      await tf.setBackend('wasm');
      const policy = document.createElement('meta');
      Object.assign(policy, { httpEquiv: 'Content-Security-Policy', content: "worker-src 'none'" });
      const forbidden = new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          resolve(effectiveDirective);
        });
      });
      document.head.append(policy);
      const bits = [t.largePoolings()];
      const directive = await forbidden;
      await t.waitForThreads(1);
      bits.push(t.largePoolings());
      return { bits, directive, count: t.shared().count };
    }, null);
    expect(found).toEqual({ bits: [alone, alone], directive: 'worker-src', count: 1 });
  });
});
