import type { Adversary } from './adversary.ts';

/** Goes through every topic in twelve languages: each account has three neighbouring topics in one language. */
export const coverageSweep: Adversary = {
  id: 'A13',
  title: 'Every topic in twelve languages, split over the accounts',
  accounts: 2000,
  ratePerDay: 12,
  days: 21,
  settings: {
    topicsPerAccount: 3,
    languages: 12,
    tasks: { data_generation: 50, reasoning_trace: 30, analysis: 20 },
    flags: { cot_elicitation: 0.5, reasoning_translation: 0.4, format_forced: 0.6 },
  },
};
