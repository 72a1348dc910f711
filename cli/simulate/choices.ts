/** Weighted choice by a cumulative table and binary search. */
import type { Random } from './random.ts';

export class Weighted<T> {
  readonly items: readonly T[];
  private readonly edges: Float64Array;

  /** Weights need not sum to one; all are non-negative and at least one is positive. */
  constructor(items: readonly T[], weights: readonly number[]) {
    this.items = items;
    this.edges = new Float64Array(items.length);
    let sum = 0;
    for (let i = 0; i < items.length; i++) {
      sum += weights[i] ?? 0;
      this.edges[i] = sum;
    }
  }

  pick(random: Random): T {
    return this.at(random.next());
  }

  /** The item at position `u` of the cumulative weight, 0 <= u < 1. */
  at(u: number): T {
    const edges = this.edges;
    const target = u * (edges[edges.length - 1] as number);
    let low = 0;
    let high = edges.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edges[middle] as number) > target) high = middle;
      else low = middle + 1;
    }
    return this.items[low] as T;
  }
}

/** Popularity that falls as rank^-exponent: few hubs and a long tail. */
export function zipf<T>(items: readonly T[], exponent: number): Weighted<T> {
  return new Weighted(
    items,
    items.map((_, rank) => (rank + 1) ** -exponent),
  );
}

export function weighted<T extends string>(weights: Partial<Record<T, number>>): Weighted<T> {
  const keys = Object.keys(weights) as T[];
  return new Weighted(
    keys,
    keys.map((key) => weights[key] ?? 0),
  );
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
