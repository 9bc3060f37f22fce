/** src/README.md's section on adding a backend: its code is run, and the kernel that it registers passes the conformance cases. */
import { CASES } from '../conformance/cases';
import { poolOracle } from '../oracle/pooling';
import { expectSame } from '../support/compare';
import { describeDevice } from '../support/devices';
import { documentBlocks } from './blocks';
import { runBlock } from './run_block';

const [block, ...others] = documentBlocks('src/README.md').filter(
  ({ title, language }) => title === 'Adding a backend' && language === 'js',
);
const SMALL = CASES.filter(
  (c) => c.x.data.length > 0 && c.x.data.length < 4000 && c.options.implementation !== 'im2col',
);

describeDevice('toy', "the document's kernel", (device) => {
  beforeAll(() => runBlock(block, false));
  beforeAll(async () => {
    await (await import('@tensorflow/tfjs')).setBackend('toy');
  });

  test('is one block', () => {
    expect(others).toEqual([]);
    expect(SMALL.length).toBeGreaterThan(40);
  });

  test.each(SMALL.map((c) => [c.name, c] as const))('%s', async (_, c) => {
    const result = await device().runPoolCase(c);
    expect(result.backend).toBe('toy');
    expectSame('y', result.y, poolOracle(c.rank, c.options, c.x).y);
    // The argmax, which that kernel does not give, is the reference path's.
    expect(result.kernels).toContain('Im2ColMaxPool');
    expect(result.kernels).not.toContain('Im2ColMaxPoolArgmax');
    expectSame('values', result.values, result.y);
    expect(result.leaked).toBe(0);
  });
});
