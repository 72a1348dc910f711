/** The models on offer, their releases, and how fast users follow. */
import type { ReleaseRecord } from '../../core/records/schema.ts';
import { DAY, iso } from './clock.ts';

export const TIERS = ['large', 'medium', 'small'] as const;
export type Tier = (typeof TIERS)[number];

export interface Release {
  model: string;
  tier: Tier;
  /** Milliseconds since 1970; -Infinity for what was there before. */
  at: number;
}

/** What the platform offers when the window opens. */
const SHELF: Readonly<Record<Tier, string>> = { large: 'opus-5', medium: 'sonnet-5', small: 'haiku-5' };

export class ModelShelf {
  private readonly byTier: Record<Tier, Release[]>;

  constructor(releases: readonly Release[]) {
    const sorted = [...releases].sort((a, b) => a.at - b.at);
    const line = (tier: Tier): Release[] => [
      { model: SHELF[tier], tier, at: Number.NEGATIVE_INFINITY },
      ...sorted.filter((release) => release.tier === tier),
    ];
    this.byTier = { large: line('large'), medium: line('medium'), small: line('small') };
  }

  /** The newest model of the tier that somebody who follows `lagDays` behind the releases uses. */
  current(tier: Tier, instant: number, lagDays: number): string {
    const line = this.byTier[tier];
    let model = SHELF[tier];
    for (const release of line) if (release.at + lagDays * DAY <= instant) model = release.model;
    return model;
  }

  newestRelease(instant: number): Release | undefined {
    const all = TIERS.flatMap((tier) => this.byTier[tier]).filter((release) => release.at <= instant && release.at > 0);
    return all.sort((a, b) => b.at - a.at)[0];
  }
}

export function releaseRecord(release: Release): ReleaseRecord {
  return { type: 'release', time: iso(release.at), model: release.model };
}
