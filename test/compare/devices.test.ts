/** comparePooling in a real browser, 32-bit and 16-bit WebGL and WebGPU: ours keeps the contract there, by our kernels. */
import { type CompareReport, comparePooling } from '../../src/compare/index';
import { describeDevice } from '../support/devices';
import { isWide } from '../support/wide';
import { KERNELS, foundAndExpected } from './family_verdicts';
import { saidAndMeasured } from './known_defects';
import { PADDING_CASES, paddingSaidAndMeasured } from './padding_cases';

/** Rows in which none of our kernels ran. */
const unkerneled = ({ rows }: CompareReport) =>
  rows.filter(({ kernels, pooling }) => !kernels.ours.includes(KERNELS[pooling])).map((row) => row.case);

for (const [key, backend, description] of [
  ['webgl', 'webgl', /WebGL 2, 32-bit textures/],
  ['webgl16', 'webgl', /WebGL 2, 16-bit textures/],
  ['webgpu', 'webgpu', /\w/],
] as const) {
  describeDevice(key, 'comparePooling', (device) => {
    // 16 bit runs the programs of 32 bit, which take most of the time: all of its cases are for a wide run.
    if (key !== 'webgl16' || isWide)
      test('finds no deviation of ours, and some of the built-in', async () => {
        const report: CompareReport = await device().page!.call(
          (page, name) => page.compare.comparePooling({ backends: [name], repeats: 0 }),
          backend,
        );
        expect(report.backends).toEqual([
          { name: backend, description: expect.stringMatching(description), missing: null },
        ]);
        expect(report.rows.length).toBeGreaterThan(40);
        expect(unkerneled(report)).toEqual([]);
        expect(
          report.rows
            .filter(({ deviates }) => deviates === 'ours' || deviates === 'both')
            .map((row) => [row.case, row.values.fromContract, row.gradient?.fromContract]),
        ).toEqual([]);
        expect(report.rows.find((row) => row.case === 'ceil')!.gradient!.mass.builtin!.lost).toBeGreaterThan(0.3);
        expect(report.host).toContain('Chrome');
        const [found, expected] = foundAndExpected(report, backend);
        expect(found).toEqual(expected);
        if (key !== 'webgl16')
          expect(saidAndMeasured(report, backend).filter(([, said, measured]) => said !== measured)).toEqual([]);
      });

    if (key !== 'webgl16')
      test('finds padding wrong where `inspect` says so', async () => {
        const report: CompareReport = await device().page!.call(
          (page, [name, cases]) => page.compare.comparePooling({ backends: [name], cases, repeats: 0 }),
          [backend, PADDING_CASES] as const,
        );
        expect(paddingSaidAndMeasured(report, backend).filter(([, said, measured]) => said !== measured)).toEqual([]);
      });

    test('padding that counts, in a volume: the built-in gets it as zeros, by shaders that compile', async () => {
      const report: CompareReport = await device().page!.call(
        (page, name) =>
          page.compare.comparePooling({
            backends: [name],
            repeats: 0,
            cases: [
              {
                name: 'counted',
                pooling: 'average',
                shape: [1, 3, 4, 5, 2],
                options: { poolSize: 3, padding: 'same', countIncludePad: true },
              },
            ],
          }),
        backend,
      );
      expect(report.rows.map(({ deviates, counterpart }) => [deviates, counterpart])).toEqual([
        ['neither', 'tf.avgPool3d'],
      ]);
    });

    test('leaves nothing behind, and can be aborted', async () => {
      const [left, reason] = await device().page!.call(async (page, name) => {
        const cases = ['a', 'b'].map((one) => ({ name: one, shape: [1, 4, 4, 1], options: {} }));
        await page.compare.comparePooling({ backends: [name], repeats: 1, cases });
        const before = page.tf.memory().numTensors;
        await page.compare.comparePooling({ backends: [name], repeats: 1, cases });
        const abort = new AbortController();
        const aborted = page.compare.comparePooling({
          backends: [name],
          repeats: 1,
          cases,
          signal: abort.signal,
          onProgress: (done) => {
            if (done === 1) abort.abort(new Error('enough'));
          },
        });
        const message = await aborted.then(
          () => 'was not aborted',
          (error: Error) => error.message,
        );
        return [page.tf.memory().numTensors - before, message] as const;
      }, backend);
      expect([left, reason]).toEqual([0, 'enough']);
    });
  });
}

describeDevice('node', 'comparePooling', () => {
  test('finds no deviation of ours, and of the built-in what `inspect` says', async () => {
    const report = await comparePooling({ backends: ['node'], repeats: 0 });
    expect(report.backends).toEqual([
      { name: 'node', description: expect.stringMatching(/^libtensorflow \d/), missing: null },
    ]);
    expect(
      report.rows.filter(({ deviates }) => deviates === 'ours' || deviates === 'both').map((row) => row.case),
    ).toEqual([]);
    expect(unkerneled(report)).toEqual([]);
    const [found, expected] = foundAndExpected(report, 'node');
    expect(found).toEqual(expected);
    expect(saidAndMeasured(report, 'node').filter(([, said, measured]) => said !== measured)).toEqual([]);
  });

  test('finds padding wrong where `inspect` says so', async () => {
    const report = await comparePooling({ backends: ['node'], cases: PADDING_CASES, repeats: 0 });
    expect(paddingSaidAndMeasured(report, 'node').filter(([, said, measured]) => said !== measured)).toEqual([]);
    expect(report.rows.some(({ deviates }) => deviates === 'builtin')).toBe(true);
  });
});
