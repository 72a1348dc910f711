/** What the members' queries look like as numbers, from what their profiles keep: never a word of them. */
import { binsOf } from '../aggregates/account-day.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import type { QueryProfile } from './transition.ts';

/** The grid counts input in steps of a factor of four, the first below 64 tokens; eight of them. */
const LEAST_TOKENS = 16;
const FACTOR = 4;
const STEPS = 8;

export function queryProfile(profiles: readonly AccountProfile[]): QueryProfile {
  const input = new Array<number>(STEPS).fill(0);
  const topics = new Set<number>();
  const templates = new Set<number>();
  for (const { total, texts } of profiles) {
    binsOf(total, 'grid').forEach((count, cell) => {
      input[Math.floor(cell / STEPS)]! += count;
    });
    binsOf(total, 'topics').forEach((count, topic) => {
      if (count > 0) topics.add(topic);
    });
    for (const text of texts) templates.add(text);
  }
  return {
    inputTokens: { p50: quantile(input, 0.5), p95: quantile(input, 0.95) },
    topics: topics.size,
    templates: templates.size,
  };
}

/** Of sizes counted in steps, evenly spread within each on a logarithmic scale; 0 where nothing is counted. */
function quantile(counts: readonly number[], share: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let left = share * all;
  for (const [step, count] of counts.entries()) {
    if (count > 0 && left <= count) return Math.round(LEAST_TOKENS * FACTOR ** (step + left / count));
    left -= count;
  }
  return 0;
}
