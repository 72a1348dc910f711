/**
 * What a finding's output costs at list price, as far as account-days tell: they keep output per day, and exchanges for
 * each of a few models. Where an account used models of different prices on one day, the sum lies between two bounds.
 */
import type { DayPoint } from '../aggregates/account-profile.ts';
import { hash48 } from '../aggregates/hash.ts';
import type { Confidence } from './finding.ts';

/** USD for a million output tokens, by model. */
export type ListPrices = Readonly<Record<string, number>>;

export interface ListValue {
  /** USD to the cent: certain members at the least, all members at the most. */
  usd: [number, number];
  /** Output tokens of days on which a model without a price was used: as far as they are that model's, in no sum. */
  unpriced: number;
}

export interface PricedMember {
  confidence: Confidence;
  points: readonly Pick<DayPoint, 'exchanges' | 'outputTokens' | 'models'>[];
}

/** Undefined where none of the output has a price. */
export function listValue(members: readonly PricedMember[], prices: ListPrices): ListValue | undefined {
  const byKey = new Map(Object.entries(prices).map(([model, price]) => [hash48(model) % 2 ** 32, price]));
  if (byKey.size === 0) return undefined;
  const [least, most] = [new Map<number, number>(), new Map<number, number>()];
  let unpriced = 0;
  for (const { confidence, points } of members) {
    for (const { exchanges, outputTokens, models } of points) {
      const known = models.map(({ key }) => byKey.get(key));
      const rest = models.reduce((left, { count }) => left - count, exchanges);
      const possible = [...known.map((price) => price ?? 0), ...(rest > 0 ? [0, ...byKey.values()] : [])];
      if (rest > 0 || known.includes(undefined)) unpriced += outputTokens;
      if (confidence === 'certain') add(least, Math.min(...possible), outputTokens);
      add(most, Math.max(...possible), outputTokens);
    }
  }
  const [low, high] = [inUsd(least), inUsd(most)];
  return high === 0 ? undefined : { usd: [low, high], unpriced };
}

function add(tokens: Map<number, number>, price: number, count: number): void {
  tokens.set(price, (tokens.get(price) ?? 0) + count);
}

/** Tokens of a price are summed first, so that the order of the members does not show in the cents. */
function inUsd(tokens: ReadonlyMap<number, number>): number {
  const all = [...tokens].sort(([a], [b]) => a - b).reduce((sum, [price, count]) => sum + price * count, 0);
  return Math.round(all * 1e-4) / 100;
}
