import type { Adversary } from './adversary.ts';

/** 28.8 million exchanges of nearly 25,000 accounts in 45 days (Anthropic's letter of 10 June 2026, as reported). */
export const quietClone: Adversary = {
  id: 'A1',
  title: 'Many quiet accounts, three capability areas',
  accounts: 25_000,
  ratePerDay: 25.6,
  days: 45,
  settings: {},
};
