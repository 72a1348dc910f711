import type { Adversary } from './adversary.ts';

const PROBE_DAYS = 21;

/** Three weeks of probing with one account in a hundred, then 4,000 accounts for two days (OpenAI, July 2026). */
export const probeAndBurst: Adversary = {
  id: 'A5',
  title: 'Three weeks of probing, then two days with every account',
  accounts: 4000,
  ratePerDay: 2,
  days: PROBE_DAYS + 2,
  settings: {
    flags: { cot_elicitation: 0.6, reasoning_translation: 0.3, format_forced: 0.5 },
    templates: 5,
    batch: 80,
    leadDays: 3,
    signupDays: 3,
  },
  inUse: (day, days) => (day < days - 2 ? 0.01 : 1),
};
