/** A peer takes turns with ours: it gets one case's tensors, then runs when it is asked to and says how long it took. */
import type { BenchCase } from '../cases';

export type What = 'forward' | 'training';

/** x and dy, channels last, and where they lie as files. */
export interface PeerCase {
  readonly benchCase: BenchCase;
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly dyShape: readonly number[];
  readonly files: { readonly x: string; readonly dy: string };
}

export interface Peer {
  /** With its version, as the table has it. */
  readonly title: string;
  /** Resolves to the sums of y and of dx, null for what it cannot; rejects where it cannot pool this. */
  prepare(one: PeerCase): Promise<Record<What, number | null>>;
  /** Milliseconds. */
  step(what: What): Promise<number>;
  close(): void;
}

/** How a peer is opened, and the command that installs it. */
export interface PeerOffer {
  readonly name: string;
  readonly install: string;
  /** @throws Error with the reason where it is not installed */
  open(): Promise<Peer>;
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
