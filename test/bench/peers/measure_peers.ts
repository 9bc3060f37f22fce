/**
 * `npm run bench -- --peers`: what a user would take instead, beside ours on wasm, in one run.
 *
 * Method. All pool the same numbers (what a ReLU gives) and take turns in every round, the order reversed from round to
 * round, so that a drift of the machine hits all. A turn is one forward pass, or one forward pass and gradient, finished;
 * converting tensors and compiling happens before. Figures are medians. The sums of y and dx must be those of ours.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { geometricMean, median } from '../../../src/compare/statistics';
import type { BenchCase } from '../cases';
import { type Style, heading, list, number, table } from '../table';
import { JAVASCRIPT_PEERS, openOurs } from './javascript';
import { type Peer, type PeerCase, type PeerOffer, type What } from './peer';
import { PYTHON_PEERS } from './python';

const WARM_UP = 3;
const BOTH = ['forward', 'training'] as const;
/** Sums of float32 in another order. */
const TOLERANCE = 1e-4;

/** Medians in milliseconds; null for what a peer cannot. */
type Times = Record<What, number | null>;
interface PeerRow {
  readonly benchCase: BenchCase;
  readonly ours: Times;
  readonly peers: readonly Times[];
}

export async function measurePeers(cases: readonly BenchCase[], rounds: number, style: Style): Promise<string> {
  const ours = await openOurs();
  const { peers, missing } = await openPeers([...JAVASCRIPT_PEERS, ...PYTHON_PEERS]);
  const folder = await mkdtemp(join(tmpdir(), 'bench-peers-'));
  try {
    const rows: PeerRow[] = [];
    const problems: string[] = [];
    for (const benchCase of cases) {
      process.stderr.write(`${benchCase.name}\n`);
      rows.push(await measureCase(benchCase, ours, peers, folder, rounds, problems));
    }
    return render(rows, peers, [...missing, ...problems], rounds, style);
  } finally {
    [ours, ...peers].forEach((peer) => {
      peer.close();
    });
    await rm(folder, { recursive: true });
  }
}

async function openPeers(offers: readonly PeerOffer[]): Promise<{ peers: Peer[]; missing: string[] }> {
  const [peers, missing]: [Peer[], string[]] = [[], []];
  for (const { name, install, open } of offers) {
    await open().then(
      (peer) => peers.push(peer),
      (error: Error) => missing.push(`${name} is not here (${error.message.split('\n')[0]}): ${install}`),
    );
  }
  return { peers, missing };
}

async function measureCase(
  benchCase: BenchCase,
  ours: Peer,
  peers: readonly Peer[],
  folder: string,
  rounds: number,
  problems: string[],
): Promise<PeerRow> {
  const one = await tensorsOf(benchCase, folder);
  const expected = await ours.prepare(one);
  const able = new Map<Peer, Record<What, number[] | null>>();
  able.set(ours, { forward: [], training: [] });
  for (const peer of peers) {
    try {
      const sums = await peer.prepare(one);
      for (const what of BOTH) checkSum(what, sums[what], expected[what]);
      able.set(peer, { forward: [], training: sums.training === null ? null : [] });
    } catch (error) {
      problems.push(`${peer.title}, ${benchCase.name}: ${(error as Error).message}`);
    }
  }
  for (const what of BOTH) {
    const runners = [...able].filter(([, times]) => times[what] !== null);
    for (let round = -WARM_UP; round < rounds; round++)
      for (const [peer, times] of round % 2 === 0 ? runners : [...runners].reverse()) {
        const ms = await peer.step(what);
        if (round >= 0) times[what]!.push(ms);
      }
  }
  const timesOf = (peer: Peer): Times => {
    const found = able.get(peer);
    const middle = (what: What) => (found?.[what] ? median(found[what]) : null);
    return { forward: middle('forward'), training: middle('training') };
  };
  return { benchCase, ours: timesOf(ours), peers: peers.map(timesOf) };
}

function checkSum(what: What, found: number | null, expected: number | null): void {
  if (found === null || expected === null) return;
  if (!(Math.abs(found - expected) <= TOLERANCE * Math.abs(expected)))
    throw new Error(`its ${what === 'forward' ? 'y' : 'dx'} sums up to ${found}, ours to ${expected}`);
}

async function tensorsOf(benchCase: BenchCase, folder: string): Promise<PeerCase> {
  const { shape, window, stride, padding } = benchCase;
  const span = (size: number) => (padding === 'same' ? size + stride - 1 : size + 2 * padding - window + stride);
  const dyShape = shape.map((size, axis) =>
    axis === 0 || axis === shape.length - 1 ? size : Math.floor(span(size) / stride),
  );
  // As a ReLU leaves them: half of them zeros.
  const x = randomNumbers(shape, 1).map((value) => Math.max(0, 2 * value - 1));
  const dy = randomNumbers(dyShape, 2);
  const files = { x: join(folder, 'x.f32'), dy: join(folder, 'dy.f32') };
  await Promise.all([writeFile(files.x, x), writeFile(files.dy, dy)]);
  return { benchCase, x, dy, dyShape, files };
}

/** From 0 to 1, by a linear congruential generator. */
function randomNumbers(shape: readonly number[], seed: number): Float32Array {
  let state = seed;
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state >>> 8) / 2 ** 24;
  }
  return values;
}

function render(
  rows: readonly PeerRow[],
  peers: readonly Peer[],
  remarks: readonly string[],
  rounds: number,
  style: Style,
): string {
  const ratio = (row: PeerRow, peer: number, what: What) => {
    const [theirs, own] = [row.peers[peer][what], row.ours[what]];
    return theirs === null || own === null ? undefined : theirs / own;
  };
  const pair = (texts: ReadonlyArray<number | undefined>) =>
    texts.map((value) => (value === undefined ? '-' : number(value))).join(' / ');
  const own = rows.map((row) => pair(BOTH.map((what) => row.ours[what] ?? undefined)));
  const lines = peers.map(({ title }, i) => [
    title,
    ...rows.map((row) => pair(BOTH.map((what) => ratio(row, i, what)))),
    pair(BOTH.map((what) => geometricMean(rows.flatMap((row) => ratio(row, i, what) ?? [])))),
  ]);
  const [processor] = cpus();
  return [
    heading(
      `Ours on wasm, one thread, and others: ${processor?.model.trim() ?? 'unknown processor'} (${cpus().length} cores), Node ${process.versions.node}, medians of ${rounds} rounds`,
      style,
    ),
    table(
      [
        ['', ['']],
        ['forward / training', [...rows.map(({ benchCase }) => benchCase.name), 'geometric mean']],
      ],
      [['ours, ms', ...own, '1 / 1'], ...lines],
      style,
    ),
    ...list(['Others: their time divided by ours; above 1, ours is faster.', ...remarks], style),
    '',
  ].join('\n');
}
