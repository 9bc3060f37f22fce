// Random poolings by a native module in Node, as hashes of their bits: for whoever compares processors (.ci/native_arm64.mjs).
//
//   node test/kernels/native_bits.mjs MODULE.node ROUNDS [KERNELS [STUB.so]]     prints one line for each kind of pooling
//
// STUB.so is tensorflow_stub.c: then poolings run as operations registered in it.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/** As in kernels.h. */
const KINDS = [
  ...['MaxPool', 'ScatterArgmax', 'GatherArgmax', 'AveragePool', 'AverageSpread'],
  ...['LpPool2', 'LpPool3', 'LpPoolGradient2', 'LpPoolGradient3'],
];
const [SCATTER, GATHER, AVERAGE, SPREAD, NORM, SLOPE] = [1, 2, 3, 4, 5, 7];
/** NaN with signs and payloads, infinities, zeros, denormal and huge numbers. */
const ODD_BITS = [
  ...[0xffc12345, 0x7fc00000, 0x7fa00001, 1, 0x80000001, 0x007fffff, 0x80000000, 0, 0x7f800000, 0xff800000],
  ...[0x00800000, 0x80800001, 0x7f7fffff, 0xff7fffff],
];
/** The greatest of a window is often both 0 and -0. */
const TIES = [0, -0, -1, -2];
/** Jobs of the last rounds have this many times the images: they are large enough for several threads. */
const LARGE = 64;

const [file, rounds, kernels, stubFile] = process.argv.slice(2);
const module = createRequire(import.meta.url)(file);
const stub = stubFile ? loadedStub() : null;

/** Loaded as Node loads addons, whatever its name ends with. */
function loadedStub() {
  const loaded = { exports: {} };
  process.dlopen(loaded, stubFile);
  if (module.register() !== '2.0.0-stub') throw new Error('expected the stub to be found');
  return loaded.exports;
}

function run(kind, geometry, input, argmax, output, winners, x) {
  if (!stub) return module.run(kind, geometry, input, argmax, output, winners, x);
  const name = `${KINDS[kind]}${winners ? 'Argmax' : ''}${input instanceof Float32Array ? 'Float' : 'Int'}`;
  if (x) stub.execute(name, geometry, x, argmax, output, winners, input);
  else stub.execute(name, geometry, input, argmax, output, winners, null);
}

let seed = 1;
function below(limit) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
}

/** The fields of an axis, as geometry.h has them. Some windows have no real element: the module refuses these. */
function axis(largest) {
  const [input, window, stride] = [1 + below(largest), 1 + below(4), 1 + below(3)];
  const [dilation, before, after] = [below(4) ? 1 : 2, below(window), below(window)];
  const output = Math.floor((input + before + after - (window - 1) * dilation - 1) / stride) + 1;
  return { input, output, window, taps: window, text: [input, output, window, stride, dilation, before, after] };
}

/** Windows that are fitted to the outputs: the module finds the window. */
function fittedAxis(largest) {
  const input = 1 + below(largest);
  const output = 1 + below(input + 2);
  return { input, output, taps: Math.ceil(input / output) + 1, text: [input, output, 1, 1, 1, 0, 0] };
}

const ONE = { input: 1, output: 1, taps: 1, text: [1, 1, 1, 1, 1, 0, 0] };

function geometry(rank, images, mayBeFitted) {
  const largest = [0, 70, 16, 7][rank];
  const isFitted = mayBeFitted && below(3) === 0;
  const make = isFitted ? fittedAxis : axis;
  const axes = [rank > 2 ? make(largest) : ONE, rank > 1 ? make(largest) : ONE, make(largest)];
  const isOneChannel = isFitted && below(2) === 0;
  const batch = isOneChannel ? images * (1 + below(20)) : images;
  const channels = isOneChannel ? 1 : below(3) ? 1 + below(9) : 10 + below(40);
  const product = (key) => axes.reduce((all, one) => all * one[key], 1);
  const [x, y, taps] = [batch * channels * product('input'), batch * channels * product('output'), product('taps')];
  const text = [batch, channels, ...axes.flatMap((one) => one.text), below(2), below(3), +isFitted, 1, x, 1, y].join(
    ' ',
  );
  return { x, y, taps, text, isPossible: axes.every(({ output }) => output > 0) };
}

function elements(length, isFloat) {
  const values = isFloat ? new Float32Array(length) : new Int32Array(length);
  const bits = new Int32Array(values.buffer);
  const rare = below(3) * 20;
  const hasTies = below(3) === 0;
  for (let i = 0; i < length; i++) {
    if (rare && below(rare) === 0) bits[i] = ODD_BITS[below(ODD_BITS.length)];
    else if (hasTies) values[i] = TIES[below(TIES.length)];
    else values[i] = isFloat ? ((below(4001) - 2000) / 64) * 10 ** below(4) : below(2 ** 31) - 2 ** 30;
  }
  return values;
}

/** A sum's NaN has the processor's own bits, a window's of only NaN those of any of them: here, one NaN for all. */
function withOneNaN(values) {
  return values.map((value) => (value === value ? value : NaN));
}

function job(kind, images) {
  const g = geometry(1 + below(3), images, kind < NORM);
  const isSum = kind === AVERAGE || kind >= SPREAD;
  const isFloat = isSum || below(3) > 0;
  const isBackward = kind === SCATTER || kind === SPREAD || kind >= SLOPE;
  if (!g.isPossible) return [];
  const input = elements(isBackward ? g.y : g.x, isFloat);
  const output = elements(isBackward ? g.x : g.y, isFloat);
  const tags = kind === SCATTER || kind === GATHER ? Int32Array.from({ length: g.y }, () => below(g.taps)) : null;
  const argmax = kind >= SLOPE ? elements(g.y, true) : tags;
  const x = kind >= SLOPE ? elements(g.x, true) : null;
  const winners = kind === 0 && below(2) ? new Int32Array(g.y) : null;
  try {
    run(kind, g.text, input, argmax, output, winners, x);
  } catch (error) {
    if (!error.message.endsWith('no such geometry')) throw error;
    return [];
  }
  return [isFloat && kind !== GATHER ? withOneNaN(output) : output, ...(winners ? [winners] : [])];
}

for (const threads of [1, 3]) {
  module.configure(kernels ?? null, threads);
  for (const [kind, name] of KINDS.entries()) {
    const hash = createHash('sha256');
    let done = 0;
    for (let round = 0; round < Number(rounds); round++) {
      const results = job(kind, round % 50 === 49 ? LARGE : 1 + below(2));
      if (results.length > 0) done++;
      results.forEach((values) => hash.update(new Uint8Array(values.buffer)));
    }
    console.log(`${name}, ${threads} threads: ${done} poolings, ${hash.digest('hex').slice(0, 32)}`);
  }
}
if (stub && stub.live() > 0) throw new Error(`${stub.live()} things of the stub were not deleted`);
