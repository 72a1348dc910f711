/** The few statistics that the evaluation states. */

/** Wilson score interval at 95 % (Wilson, 1927). All of [0, 1] where nothing was tried. */
export function wilson(hits: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.96;
  const p = hits / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** One-sided 95 % upper limit of a binomial rate (Clopper & Pearson, 1934); 1 where nothing was tried. */
export function binomialUpper(hits: number, n: number): number {
  if (hits >= n) return 1;
  return rootOf((p) => binomialAtMost(hits, n, p), 1);
}

/** One-sided 95 % upper limit of the mean of a Poisson count (Garwood, 1936): 2.996 where nothing was seen. */
export function poissonUpper(events: number): number {
  return rootOf((mean) => poissonAtMost(events, mean), 10 + 3 * events);
}

/** Where a falling function passes 0.05, between 0 and `high`, by bisection. */
function rootOf(falling: (x: number) => number, high: number): number {
  let [low, top] = [0, high];
  for (let i = 0; i < 60; i++) {
    const x = (low + top) / 2;
    if (falling(x) > 0.05) low = x;
    else top = x;
  }
  return top;
}

function binomialAtMost(hits: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let total = 0;
  for (let k = 0; k <= hits; k++) {
    total += term;
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return total;
}

function poissonAtMost(events: number, mean: number): number {
  let term = Math.exp(-mean);
  let total = 0;
  for (let k = 0; k <= events; k++) {
    total += term;
    term *= mean / (k + 1);
  }
  return total;
}

/** The mean of trials and its one-sided 95 % bounds by the normal approximation; the bounds are NaN below two trials. */
export function meanBounds(values: readonly number[]): { mean: number; lower: number; upper: number } {
  const n = values.length;
  const mean = average(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = 1.645 * Math.sqrt(variance / n);
  return { mean, lower: mean - half, upper: mean + half };
}

/** NaN of nothing. */
export function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The `share` quantile by nearest rank; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
