/** What the members' queries look like as numbers, from what their profiles keep: never a word of them. */
import { binsOf } from '../aggregates/account-day.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import type { QueryProfile } from './transition.ts';

/** The grid counts input in steps of a factor of four, the first below 64 tokens; eight of them. */
const LEAST_TOKENS = 16;
const FACTOR = 4;
const STEPS = 8;

/** Added to as profiles are read. */
export class QueryTally {
  private readonly input = new Array<number>(STEPS).fill(0);
  private readonly topics = new Set<number>();
  private readonly templates = new Set<number>();

  add({ total, texts }: AccountProfile): void {
    binsOf(total, 'grid').forEach((count, cell) => {
      this.input[Math.floor(cell / STEPS)]! += count;
    });
    binsOf(total, 'topics').forEach((count, topic) => {
      if (count > 0) this.topics.add(topic);
    });
    for (const text of texts) this.templates.add(text);
  }

  get profile(): QueryProfile {
    return {
      inputTokens: { p50: quantile(this.input, 0.5), p95: quantile(this.input, 0.95) },
      topics: this.topics.size,
      templates: this.templates.size,
    };
  }
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
