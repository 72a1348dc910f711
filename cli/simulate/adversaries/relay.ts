import type { Adversary } from './adversary.ts';

/** 300,000 exchanges of 5,380 accounts in ten days, third parties' traffic behind one relay (Anthropic, Sep 2026). */
export const relay: Adversary = {
  id: 'A4',
  title: "Relay of third parties' traffic",
  accounts: 5380,
  ratePerDay: 5.6,
  days: 10,
  settings: {
    cover: 1,
    turns: 4,
    pauseSeconds: 60,
    throttled: 0.03,
    failoverState: true,
    clientBuilds: 1,
    nightLoad: 0.75,
  },
};
