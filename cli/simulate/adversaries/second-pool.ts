import type { Adversary } from './adversary.ts';

/**
 * 3 million exchanges of 3,500 accounts on the peak day, a fixed wrapper that forces reasoning into inline tags, and a
 * second pool that took over when the first was banned (Anthropic, September 2026).
 */
export const secondPool: Adversary = {
  id: 'A3',
  title: 'Fixed inline-reasoning wrapper, second pool on ban',
  accounts: 3500,
  ratePerDay: 857,
  days: 10,
  settings: {
    tasks: { reasoning_trace: 50, agentic_reasoning: 30, software_engineering: 20 },
    flags: { cot_elicitation: 0.97, format_forced: 0.97 },
    templates: 3,
    variantSimilarity: 0.8,
    promptSimilarity: 0.75,
    turns: 2.5,
    throttled: 0.03,
    failoverState: true,
    banAfterDays: 6,
    banShare: 0.97,
    replaceHours: 3,
    batch: 60,
  },
};
