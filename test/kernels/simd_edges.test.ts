/** The SIMD kernels on arrays that end where the memory ends: reading or writing past one traps. Values are those of the loops. */
import { adaptiveGeometry } from '../../src/adaptive';
import { type PoolGeometry, hasFitted, poolGeometry } from '../../src/geometry';
import { LOOPS } from '../../src/kernels/loops';
import { simdKernels } from '../../src/kernels/simd/in_place';
import { type PoolOptions, poolSpec } from '../../src/spec';
import { randomFrom } from '../support/data';

const PAGE = 65536;
const memory = new WebAssembly.Memory({ initial: 5, maximum: 5 });
const END = memory.buffer.byteLength;
const kernels = simdKernels(memory)!;
type Values = Float32Array | Int32Array;

/** What a kernel reads, in order, and what it then writes. */
interface Call {
  readonly reads: readonly Values[];
  readonly writes: readonly Values[];
  /** Of an argmax of bytes: which array, of all, its outputs are. */
  readonly of?: number;
  run(k: typeof LOOPS, reads: readonly Values[], writes: readonly Values[]): void;
}

function callsOf(g: PoolGeometry, next: () => number): Record<string, Call> {
  const [xs, ys] = [g.xShape, g.yShape].map((shape) => shape.reduce((a, b) => a * b));
  const numbers = (length: number) => Float32Array.from({ length }, () => Math.round(8 * next()) - 4);
  const [x, y, dx] = [numbers(xs), new Float32Array(ys), new Float32Array(xs)];
  const [dy, argmax] = [numbers(ys), new Int32Array(ys)];
  LOOPS.maxPool(g, x, y, argmax);
  // There are at most 16 taps.
  const bytes: Int32Array = Uint8Array.from(argmax) as never;
  const norms = new Float32Array(ys);
  LOOPS.lpPool(g, x, norms, 2);
  return {
    maxPool: { reads: [x], writes: [y], run: (k, [a], [b]) => k.maxPool(g, a, b) },
    argmax: { reads: [x], writes: [y, argmax], run: (k, [a], [b, c]) => k.maxPool(g, a, b, c as Int32Array) },
    bytes: { reads: [x], writes: [y, bytes], of: 1, run: (k, [a], [b, c]) => k.maxPool(g, a, b, c as Int32Array) },
    scatterBytes: {
      reads: [dy, bytes],
      writes: [dx],
      of: 0,
      run: (k, [a, b], [c]) => k.scatterArgmax(g, a, b as Int32Array, c, 'add'),
    },
    gatherBytes: {
      reads: [x, bytes],
      writes: [y],
      of: 2,
      run: (k, [a, b], [c]) => k.gatherArgmax(g, a, b as Int32Array, c),
    },
    scatter: {
      reads: [dy, argmax],
      writes: [dx],
      run: (k, [a, b], [c]) => k.scatterArgmax(g, a, b as Int32Array, c, 'add'),
    },
    gather: { reads: [x, argmax], writes: [y], run: (k, [a, b], [c]) => k.gatherArgmax(g, a, b as Int32Array, c) },
    average: { reads: [x], writes: [y], run: (k, [a], [b]) => k.averagePool(g, a, b as Float32Array, 'real') },
    spread: {
      reads: [dy],
      writes: [dx],
      run: (k, [a], [b]) => k.averageSpread(g, a as Float32Array, b as Float32Array, 'real'),
    },
    lpPool: { reads: [x], writes: [y], run: (k, [a], [b]) => k.lpPool(g, a, b as Float32Array, 2) },
    lpGradient: {
      reads: [x, norms, dy],
      writes: [dx],
      run: (k, [a, b, c], [d]) => k.lpPoolGradient(g, a, b as Float32Array, c as Float32Array, d as Float32Array, 2),
    },
  };
}

/**
 * The arrays in the module's memory: the `last` of them ends where the memory does, the others on pages of their own. An argmax of bytes and
 * its outputs begin at multiples of two elements, or both do not.
 */
function placed(arrays: readonly Values[], last: number, of: number | undefined): Values[] {
  return arrays.map(({ length, BYTES_PER_ELEMENT, constructor }, i) => {
    const start = i === last ? END - BYTES_PER_ELEMENT * length : i * PAGE;
    const isOdd = of === last ? length % 2 : 0;
    const offset = BYTES_PER_ELEMENT === 4 || start % 2 === isOdd ? start : start + (i === last ? -1 : 1);
    return new (constructor as Int32ArrayConstructor)(memory.buffer, offset, length);
  });
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Values) => Buffer.from(buffer, byteOffset, byteLength);
const isSame = (a: Values, b: Values) => bytesOf(a).equals(bytesOf(b));

/** Windows that are fitted to the outputs. */
function fittedGeometry(next: () => number): PoolGeometry {
  const upTo = (n: number) => 1 + Math.floor(n * next());
  const [height, width] = [upTo(9), upTo(30)];
  const outputSize = [upTo(height), upTo(width)];
  const spec = { rank: 2, outputSize, nan: 'propagate', dataFormat: 'channelsLast', implementation: 'fused' } as const;
  return adaptiveGeometry('test', spec, [upTo(5), height, width, upTo(2)]);
}

function randomGeometry(next: () => number): PoolGeometry | undefined {
  const upTo = (n: number) => 1 + Math.floor(n * next());
  if (next() < 0.2) return fittedGeometry(next);
  const poolSize = [upTo(4), upTo(4)] as [number, number];
  const options: PoolOptions = {
    poolSize,
    strides: [upTo(3), upTo(3)],
    dilationRate: upTo(2),
    padding: [upTo(poolSize[0]) - 1, upTo(poolSize[1]) - 1],
    ceilMode: next() < 0.3,
  };
  const shape = [upTo(2), upTo(8), upTo(11), upTo(9)];
  try {
    return poolGeometry('test', poolSpec('test', 2, options), shape);
  } catch {
    return undefined; // a window that finds no room
  }
}

test('nothing is read or written past the end of an array', () => {
  const next = randomFrom(11);
  const found: string[] = [];
  let tried = 0;
  while (tried < 1500) {
    const g = randomGeometry(next);
    if (!g) continue;
    tried++;
    for (const [name, { reads, writes, of, run }] of Object.entries(callsOf(g, next))) {
      // There is no adaptive Lp pooling.
      if (hasFitted(g) && name.startsWith('lp')) continue;
      const expected = writes.map((array) => array.slice());
      run(LOOPS, reads, expected);
      for (let last = 0; last < reads.length + writes.length; last++) {
        const arrays = placed([...reads, ...writes], last, of);
        reads.forEach((array, i) => arrays[i].set(array));
        const results = arrays.slice(reads.length);
        try {
          run(kernels, arrays.slice(0, reads.length), results);
          if (!results.every((array, i) => isSame(array, expected[i]))) throw new Error('other values');
        } catch (error) {
          found.push(`${name}, array ${last}, ${JSON.stringify([g.xShape, g.spec])}: ${(error as Error).message}`);
        }
      }
    }
  }
  expect(found.slice(0, 5)).toEqual([]);
});
