import { DAY } from '../clock.ts';
import type { Adversary } from './adversary.ts';
import { ProbingVoice } from './probing-voice.ts';

const PROBE_DAYS = 21;
const BURST_DAYS = 2;

/**
 * Three weeks of probing with one account in a hundred, one way of drawing out reasoning after another, then 4,000
 * accounts for two days with the two that worked (OpenAI, July 2026). The techniques set the flags.
 */
export const probeAndBurst: Adversary = {
  id: 'A5',
  title: 'Three weeks of probing, then two days with every account',
  accounts: 4000,
  ratePerDay: 2,
  days: PROBE_DAYS + BURST_DAYS,
  settings: { templates: 5, batch: 80, leadDays: 3, signupDays: 3 },
  inUse: (day, days) => (day < days - BURST_DAYS ? 0.01 : 1),
  voice: ({ settings, platform, plan }, random) =>
    new ProbingVoice(settings, platform, plan.from, plan.from + (plan.days - BURST_DAYS) * DAY, random),
};
