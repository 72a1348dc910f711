import type { Adversary } from './adversary.ts';

/** 3.4 million exchanges of 273 accounts in 17 days (Anthropic, September 2026). */
export const busyFew: Adversary = {
  id: 'A2',
  title: 'A few hundred busy accounts',
  accounts: 273,
  ratePerDay: 733,
  days: 17,
  settings: { accountsPerSubnet: 5, accountsPerCard: 3, nightLoad: 0.9, throttled: 0.02, batch: 15 },
};
