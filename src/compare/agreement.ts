/** Two results and the contract's, compared number by number. No tensors. */
import { sameShape } from '../layout';
import { type Stated, UNPROMISED } from './contract/statement';
import type { Agreement, Deviation, GradientMass } from './report';

/** A result: its numbers, or why there are none. */
export type Result =
  { readonly shape: readonly number[]; readonly data: ArrayLike<number> } | { readonly error: string };

/**
 * How the results of both compare with each other and with what the contract says. `exists` says whether there is a built-in
 * at all: what does not exist deviates from nothing.
 */
export function agreementOf(ours: Result, builtin: Result, stated: Stated, exists = true): Agreement {
  const between = differences(ours, builtin, stated);
  const [oursOff, builtinOff] = [beyondRounding(ours, stated), beyondRounding(builtin, stated)];
  return {
    equal: between.differing === 0,
    elements: 'data' in ours ? ours.data.length : 0,
    ...between,
    fromContract: { ours: oursOff, builtin: 'error' in builtin ? null : builtinOff },
    deviates: deviation(oursOff > 0, exists && builtinOff > 0),
    ...('data' in builtin &&
      'data' in ours &&
      !sameShape(ours.shape, builtin.shape) && { builtinShape: [...builtin.shape] }),
    ...('error' in builtin && { builtinError: builtin.error }),
    ...('error' in ours && { oursError: ours.error }),
  };
}

export function deviation(ours: boolean, builtin: boolean): Deviation {
  return ours ? (builtin ? 'both' : 'ours') : builtin ? 'builtin' : 'neither';
}

/** Where a gradient's mass went, in comparison with where it belongs; null without a result. */
export function massOf(actual: Result, { data: expected, slack }: Stated): GradientMass | null {
  if ('error' in actual) return null;
  let [total, missing, excess] = [0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    // A gradient of another shape may be shorter.
    const [belongs, came] = [expected[i]!, actual.data[i] ?? NaN];
    total += belongs;
    if (isRounding(came, belongs, slack?.[i])) continue;
    // NaN and infinities are no gradient that arrived.
    const arrived = Number.isFinite(came) ? came : 0;
    missing += Math.max(0, belongs - arrived);
    excess += Math.max(0, arrived - belongs);
  }
  const misplaced = Math.min(missing, excess);
  const share = (mass: number) => (total > 0 ? mass / total : 0);
  return { lost: share(missing - misplaced), misplaced: share(misplaced), invented: share(excess - misplaced) };
}

/** Elements that differ from what is stated by more than rounding; all of them in another shape. */
function beyondRounding(actual: Result, { shape, data, slack }: Stated): number {
  if ('error' in actual || !sameShape(actual.shape, shape))
    return Math.max(1, 'data' in actual ? actual.data.length : 0);
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    const [came, belongs] = [actual.data[i]!, data[i]!];
    if (!isSame(came, belongs) && !isRounding(came, belongs, slack?.[i])) count++;
  }
  return count;
}

function differences(
  a: Result,
  b: Result,
  stated: Stated,
): Pick<Agreement, 'differing' | 'rounding' | 'largestDifference' | 'nonFinite'> {
  if ('error' in a || 'error' in b || !sameShape(a.shape, b.shape)) {
    // Everything differs; where one threw, and of nothing, at least the fact that it threw.
    const elements = 'data' in a ? a.data.length : 'data' in b ? b.data.length : 0;
    return { differing: Math.max(1, elements), rounding: 0, largestDifference: 0, nonFinite: 0 };
  }
  let [differing, rounding, largestDifference, nonFinite] = [0, 0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [p, q] = [a.data[i]!, b.data[i]!];
    if (isSame(p, q)) continue;
    differing++;
    // Both may have the same wrong shape.
    const belongs = stated.data[i] ?? NaN;
    if ([p, q].every((one) => isRounding(one, belongs, stated.slack?.[i]))) rounding++;
    if (Number.isFinite(p) && Number.isFinite(q)) largestDifference = Math.max(largestDifference, Math.abs(p - q));
    else nonFinite++;
  }
  return { differing, rounding, largestDifference, nonFinite };
}

function isSame(p: number, q: number): boolean {
  return p === q || (Number.isNaN(p) && Number.isNaN(q));
}

/** Never of what is not finite: no rounding makes it, or makes it vanish. Of what nothing is promised, always. */
function isRounding(actual: number, expected: number, slack = 0): boolean {
  if (slack === UNPROMISED) return true;
  return Number.isFinite(actual) && Number.isFinite(expected) && Math.abs(actual - expected) <= slack;
}
