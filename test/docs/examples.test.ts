/** Every `@example` of src runs, and prints what its comments say. */
import '@tensorflow/tfjs-backend-wasm';
import * as pooling from '../../src/index';
import { sourceBlocks, unfencedExamples } from './blocks';
import { runBlock } from './run_block';

const BLOCKS = sourceBlocks();
let checked = 0;

test.each(BLOCKS.map((block) => [`${block.file}:${block.line}`, block.title, block] as const))(
  '%s %s',
  async (_, __, block) => {
    expect(['js', 'ts']).toContain(block.language);
    checked += await runBlock(block, true);
  },
);

test('there are some, their comments were compared, and none is unfenced', () => {
  expect(BLOCKS.length).toBeGreaterThan(20);
  expect(checked).toBeGreaterThan(10);
  expect(unfencedExamples()).toEqual([]);
});

test('everything that can be called has one, or is called in one', () => {
  const titles = BLOCKS.map(({ title }) => title);
  const isCalled = (name: string) => BLOCKS.some(({ code }) => new RegExp(`\\b${name}\\(`).test(code));
  const callable = Object.entries(pooling)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
  expect(callable.filter((name) => !titles.includes(name) && !isCalled(name))).toEqual([]);
});
