import type { Adversary } from './adversary.ts';

/**
 * One network mixed "distillation traffic with unrelated customer requests" (Anthropic, February 2026).
 * A tenth is distillation; `cover` 0.95 or 0.75 makes it 5 or 25 %. The truth counts the cover.
 */
export const resaleCover: Adversary = {
  id: 'A11',
  title: 'Distillation inside resale cover',
  accounts: 2000,
  ratePerDay: 30,
  days: 30,
  settings: { cover: 0.9, turns: 3, pauseSeconds: 50, throttled: 0.025, failoverState: true, clientBuilds: 1 },
};
