import type { Adversary } from './adversary.ts';

/** Starts with one account in a hundred and adds the same number every day. */
export const slowRamp: Adversary = {
  id: 'A6',
  title: 'Slow ramp from 1 % to 100 % of the accounts',
  accounts: 5000,
  ratePerDay: 25,
  days: 40,
  settings: { leadDays: 3 },
  inUse: (day, days) => Math.min(1, 0.01 + (0.99 * day) / Math.max(1, days - 1)),
};
