/** Means of measurements. */

/** @returns undefined for no values */
export function geometricMean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** The value below which the share `q` of the samples lies, linearly between neighbours. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const index = Math.floor(at);
  const [below, above] = [sorted[index]!, sorted[Math.min(index + 1, sorted.length - 1)]!];
  return below + (above - below) * (at - index);
}
