import type { Adversary } from './adversary.ts';

/** "Nearly half" of the traffic moved to a new model within 24 hours (Anthropic, February 2026). Needs a release. */
export const releasePivot: Adversary = {
  id: 'A12',
  title: 'Half the traffic pivots to a release within a day',
  accounts: 3000,
  ratePerDay: 25,
  days: 30,
  settings: { releaseShare: 0.5, releaseLagDays: 0.9 },
};
