/** The worlds in which campaigns are looked for, and those in which there is none. */
import type { WorldSpec } from '../../../cli/simulate/spec.ts';
import type { Case } from './case.ts';
import { ABLATIONS, FLOOR, MEASURES } from './variations.ts';

export const START = '2026-04-15T00:00:00.000Z';
const DAYS = 14;
const BENIGN = 3000;
const CAMPAIGN = { start: 4, days: 9 };
const RELEASE = { model: 'opus-5.1', tier: 'large' as const, day: 8.67 };

/** Published: 45 days. The trial stops after six of them, but for the few that are read to their end. */
export const HEADLINE = { benign: 29_000, accounts: 1000, start: 4, days: 45, stopDay: 10 };

const world = (more: Omit<WorldSpec, 'seed' | 'days'> & { days?: number }) => (seed: string) => ({
  seed,
  start: START,
  days: DAYS,
  benign: { accounts: BENIGN },
  releases: [RELEASE],
  ...more,
});

type Campaign = NonNullable<WorldSpec['campaigns']>[number];

const adversary = (id: string, title: string, more: Partial<Campaign> = {}, days = DAYS): Case => ({
  id,
  section: 'adversary',
  title,
  compared: true,
  world: world({
    days,
    campaigns: [{ scenario: id, accounts: 150, start: CAMPAIGN.start, days: days - CAMPAIGN.start - 1, ...more }],
  }),
});

/** Distillation as `share` of what a pool of resold accounts does. */
const covered = (share: number): Case =>
  adversary(`A11-${share}`, `${share} % distillation inside resale cover`, {
    scenario: 'A11',
    overrides: { cover: 1 - share / 100 },
  });

const consumer = (id: string, title: string): Case => ({
  id,
  section: 'consumer',
  title,
  compared: true,
  // A fortnight of its own past, which most of its measures need.
  world: world({ days: 21, campaigns: [{ scenario: id, accounts: 1, start: 15, days: 6 }] }),
});

const lookalike = (id: string, title: string, size: number): Case => ({
  id,
  section: 'look-alike',
  title,
  compared: true,
  world: world({ lookalikes: [{ scenario: id, size, start: CAMPAIGN.start }] }),
});

const headline: Case = {
  id: 'A1',
  section: 'headline',
  title: `quiet clone of the headline case, ${HEADLINE.accounts} accounts among ${HEADLINE.benign + HEADLINE.accounts}`,
  compared: true,
  stopDay: HEADLINE.stopDay,
  world: world({
    days: HEADLINE.start + HEADLINE.days,
    benign: { accounts: HEADLINE.benign },
    campaigns: [{ scenario: 'A1', accounts: HEADLINE.accounts, start: HEADLINE.start, days: HEADLINE.days }],
  }),
};

const { stopDay: _, ...wholeHeadline } = headline;

export const CASES: readonly Case[] = [
  headline,
  { ...wholeHeadline, id: 'A1-whole', title: 'the same, read to its end', compared: false },
  adversary('A2', 'few accounts, 733 a day', { accounts: 60 }),
  adversary('A3', '857 a day, a second pool after the ban', { accounts: 60 }),
  adversary('A4', 'relay of third-party traffic'),
  adversary('A5', 'probe phase, then 2 a day for two days', {}, 21),
  adversary('A6', 'slow ramp', {}, 21),
  adversary('A7', 'unique exits, cards and addresses'),
  adversary('A8', 'as A7, jitter and heavy-tailed allocation'),
  adversary('A9', 'as A7, every prompt paraphrased'),
  covered(5),
  covered(10),
  covered(25),
  adversary('A12', 'half the traffic to a new model in a day'),
  adversary('A13', 'coverage sweep split over accounts'),
  adversary('A14', 'rubric grading'),
  adversary('A19', 'signatures replayed across accounts'),
  adversary('A19b', 'as A19, ids rewritten'),
  adversary('A20', 'every measure, independent operators'),
  consumer('A16', 'one key at ten times its own baseline'),
  consumer('A16b', 'one new key at full load from its first day'),
  consumer('A17', 'one key shared by a crowd'),
  consumer('A18', 'one account taken over'),
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
  lookalike('B13', 'one organisation that replaces its keys', 60),
  { id: 'null', section: 'null', title: 'nobody hostile, nobody alike', compared: true, world: world({}) },
  {
    id: 'large-null',
    section: 'large-null',
    title: 'nobody hostile, nobody alike, 100,000 accounts for three weeks',
    world: world({ days: 21, benign: { accounts: 100_000 } }),
  },
  { id: 'quiet', section: 'calibration', title: 'to set thresholds on', compared: true, world: world({}) },
  ...MEASURES,
  ...ABLATIONS,
  ...FLOOR,
];

/** @throws RangeError where no case has that id. */
export function caseOf(id: string): Case {
  const found = CASES.find((one) => one.id === id);
  if (found === undefined) throw new RangeError(`no case ${id} in the evaluation`);
  return found;
}
