/** Two results and the contract's, compared number by number. No tensors. */
import type { Agreement, Deviation, GradientMass } from './report';

/** A result: its numbers, or why there are none. */
export type Result =
  { readonly shape: readonly number[]; readonly data: ArrayLike<number> } | { readonly error: string };

/** How the results of both compare with each other and with what the contract says. */
export function agreementOf(ours: Result, builtin: Result, stated: Result): Agreement {
  const between = differences(ours, builtin);
  const [oursOff, builtinOff] = [differences(ours, stated).differing, differences(builtin, stated).differing];
  return {
    equal: between.differing === 0,
    elements: 'data' in ours ? ours.data.length : 0,
    ...between,
    fromContract: { ours: oursOff, builtin: 'error' in builtin ? null : builtinOff },
    deviates: deviation(oursOff > 0, builtinOff > 0),
    ...('data' in builtin && 'data' in ours && !sameShape(ours, builtin) && { builtinShape: [...builtin.shape] }),
    ...('error' in builtin && { builtinError: builtin.error }),
    ...('error' in ours && { oursError: ours.error }),
  };
}

export function deviation(ours: boolean, builtin: boolean): Deviation {
  return ours ? (builtin ? 'both' : 'ours') : builtin ? 'builtin' : 'neither';
}

/** Where a gradient's mass went, in comparison with where it belongs; null without a result. */
export function massOf(actual: Result, expected: ArrayLike<number>): GradientMass | null {
  if ('error' in actual) return null;
  let [total, missing, excess] = [0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    // What is no number is no gradient that arrived.
    const arrived = Number.isFinite(actual.data[i]) ? actual.data[i] : 0;
    total += expected[i];
    missing += Math.max(0, expected[i] - arrived);
    excess += Math.max(0, arrived - expected[i]);
  }
  const misplaced = Math.min(missing, excess);
  const share = (mass: number) => (total > 0 ? mass / total : 0);
  return { lost: share(missing - misplaced), misplaced: share(misplaced), invented: share(excess - misplaced) };
}

function differences(a: Result, b: Result): Pick<Agreement, 'differing' | 'largestDifference' | 'nonFinite'> {
  if ('error' in a || 'error' in b || !sameShape(a, b)) {
    // Everything differs; where one threw, and of nothing, at least the fact that it threw.
    const elements = 'data' in a ? a.data.length : 'data' in b ? b.data.length : 0;
    return { differing: Math.max(1, elements), largestDifference: 0, nonFinite: 0 };
  }
  let [differing, largestDifference, nonFinite] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [p, q] = [a.data[i], b.data[i]];
    if (p === q || (Number.isNaN(p) && Number.isNaN(q))) continue;
    differing++;
    if (Number.isFinite(p) && Number.isFinite(q)) largestDifference = Math.max(largestDifference, Math.abs(p - q));
    else nonFinite++;
  }
  return { differing, largestDifference, nonFinite };
}

function sameShape(a: { readonly shape: readonly number[] }, b: { readonly shape: readonly number[] }): boolean {
  return a.shape.join() === b.shape.join();
}
