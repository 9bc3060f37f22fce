import * as plugin from '../../src/index';
import type { Gauges } from './gauges';
import { growths } from './judge';
import { LEAKS, OPERATIONS } from './operations';
import { parseOptions } from './options';
import { runSoak, soak } from './soak';

soak('cpu', 270, [0, 2]);

test('deliberate leaks are found, each by its own measure', async () => {
  const { report, stdout, status } = await runSoak(['--backend', 'cpu,wasm', '--calls', '900', '--self-check']);
  for (const { backend, rows } of report!.backends) {
    expect(rows).toHaveLength(LEAKS.length);
    const found = rows.map((row) => ('growths' in row ? row.growths.map(({ measure }) => measure) : []));
    expect(found[0]).toEqual(expect.arrayContaining(['tensors', 'buffers', 'bytes']));
    expect(found[1]).toEqual(expect.arrayContaining(['heap']));
    expect(found[2]).toEqual(expect.arrayContaining([backend === 'wasm' ? 'wasm' : 'heap']));
  }
  expect(stdout).toMatch(/^✗ leaks a tensor: tensors \d+→\d+, 2\.00 a call$/m);
  expect(status).toBe(0);
});

test('every exported operation is soaked', () => {
  const operations = Object.keys(plugin).filter((name) =>
    /(Pool|Unpool|Argmax)[123]d$|Argmax$|^(argmax|indices)To|^(im2col|col2im)$/.test(name),
  );
  const soaked = OPERATIONS.map(({ name }) => name);
  expect(operations.filter((name) => !soaked.includes(name) && !/^im2col\w/.test(name))).toEqual([]);
});

describe('the verdict', () => {
  const [operation] = OPERATIONS;
  const samples = (measure: keyof Gauges, values: number[]) =>
    values.map((value): Gauges => ({ tensors: 1, [measure]: value }));

  test('growth in the first third is warming up', () => {
    expect(growths(samples('bytes', [1, 2, 3, 4, 4, 4, 4, 4, 4]), 10, operation)).toEqual([]);
  });

  test('one tensor more in the last third is a leak', () => {
    expect(growths(samples('tensors', [1, 1, 1, 1, 1, 1, 1, 1, 2]), 10, operation)).toEqual([
      { measure: 'tensors', from: 1, to: 2, perCall: 1 / 30 },
    ]);
  });

  test('the heap may waver, and must not grow by a hundred bytes a call', () => {
    const heap = [0, 0, 0, 1e5, 0, 1e5, 2e5, 1e5, 2e5].map((more) => 1e7 + more);
    expect(growths(samples('heap', heap), 1111, operation)).toEqual([]);
    const growing = heap.map((_, i) => 1e7 + i * 1111 * 100);
    expect(growths(samples('heap', growing), 1111, operation)).toMatchObject([{ measure: 'heap' }]);
  });
});

test.each([
  [['--operation', 'minPool'], /got 'minPool'/],
  [['--calls', '0'], /Expected a positive integer; got '0'/],
  [['--frobnicate'], /unknown option/],
])('a wrong command line gives status 2: %j', (args, message) => {
  const print = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(parseOptions(['node', 'soak', ...args])).toBe(2);
  expect(print.mock.calls.join('')).toMatch(message);
});
