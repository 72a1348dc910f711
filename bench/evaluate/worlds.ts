/** The worlds of the evaluation. Their seeds are used for nothing else. */
import type { WorldSpec } from '../../cli/simulate/spec.ts';

export interface Case {
  id: string;
  title: string;
  kind: 'adversary' | 'look-alike' | 'null';
  world(seed: string): WorldSpec;
}

const START = '2026-04-15T00:00:00.000Z';
const DAYS = 14;
const BENIGN = { accounts: 3000 };
const RELEASES = [{ model: 'opus-5.1', tier: 'large' as const, day: 8.67 }];

const adversary = (scenario: string, title: string, accounts = 150): Case => ({
  id: scenario,
  title,
  kind: 'adversary',
  world: (seed) => ({
    seed,
    start: START,
    days: DAYS,
    benign: BENIGN,
    campaigns: [{ scenario, accounts, start: 4, days: 9 }],
    releases: RELEASES,
  }),
});

const lookalike = (scenario: string, title: string, size: number): Case => ({
  id: scenario,
  title,
  kind: 'look-alike',
  world: (seed) => ({
    seed,
    start: START,
    days: DAYS,
    benign: BENIGN,
    lookalikes: [{ scenario, size, start: 4 }],
    releases: RELEASES,
  }),
});

export const CASES: readonly Case[] = [
  adversary('A1', 'quiet clone of the headline case, 25.6 a day'),
  adversary('A2', 'few accounts, 733 a day', 60),
  adversary('A3', '857 a day, a second pool after the ban', 60),
  adversary('A4', 'relay of third-party traffic'),
  adversary('A5', 'probe phase, then 2 a day for two days'),
  adversary('A6', 'slow ramp'),
  adversary('A7', 'unique exits, cards and addresses'),
  adversary('A8', 'as A7, jitter and heavy-tailed allocation'),
  adversary('A9', 'as A7, every prompt paraphrased'),
  adversary('A11', 'distillation inside resale cover'),
  adversary('A12', 'half the traffic to a new model in a day'),
  adversary('A13', 'coverage sweep split over accounts'),
  adversary('A14', 'rubric grading'),
  adversary('A19', 'signatures replayed across accounts'),
  adversary('A20', 'every measure, independent operators: expected miss'),
  lookalike('B1', 'university class', 120),
  lookalike('B2', 'company behind one exit', 400),
  lookalike('B3', 'product launch', 300),
  lookalike('B4', 'batch-evaluation firm', 20),
  lookalike('B5', 'viral public template', 500),
  lookalike('B6', 'permitted reseller', 3),
  lookalike('B7', 'CI fleet', 20),
  lookalike('B9', 'client upgrade with a new default prompt', 300),
  lookalike('B10', 'explainability product', 30),
  lookalike('B12', 'licensed team making synthetic data', 20),
  {
    id: 'null',
    title: 'nobody hostile, nobody alike',
    kind: 'null',
    world: (seed) => ({ seed, start: START, days: DAYS, benign: BENIGN, releases: RELEASES }),
  },
];

/** Never used while building detectors. */
export function seedsOf(id: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `evaluation-${id}-${i + 1}`);
}
