import type { Adversary } from './adversary.ts';

/** Reasoning minted for one conversation and replayed in another, on whichever account (Anthropic, September 2026). */
export const replayedState: Adversary = {
  id: 'A19',
  title: 'Outputs replayed across accounts',
  accounts: 800,
  ratePerDay: 20,
  days: 21,
  settings: {
    replay: 0.3,
    turns: 2,
    failoverState: true,
    throttled: 0.02,
    accountsPerSubnet: 0,
    accountsPerCard: 1,
    tasks: { reasoning_trace: 60, agentic_reasoning: 40 },
  },
};

/** The same behind a relay that rewrites ids: only outputs still show up on accounts that did not receive them. */
export const replayedRewritten: Adversary = {
  ...replayedState,
  id: 'A19b',
  title: 'Outputs replayed across accounts, ids rewritten',
  settings: { ...replayedState.settings, rewriteIds: true },
};
