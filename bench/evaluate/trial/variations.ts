/** Worlds in which one thing is varied: a measure of the operator, an evidence group, the size of the campaign. */
import type { WorldSpec } from '../../../cli/simulate/spec.ts';
import type { EvidenceGroup } from '../../../core/findings/finding.ts';
import type { Case } from './case.ts';

const START = '2026-04-15T00:00:00.000Z';
const DAYS = 11;
const CAMPAIGN = { start: 3, days: 8 };

type Campaign = NonNullable<WorldSpec['campaigns']>[number];

const smallWorld = (benign: number, campaign: Campaign) => (seed: string) => ({
  seed,
  start: START,
  days: DAYS,
  benign: { accounts: benign },
  campaigns: [{ ...CAMPAIGN, ...campaign }],
});

/** What operators can do against being found, from cheap to dear: each is added to those before it. */
const STEPS: readonly { does: string; overrides: Record<string, unknown> }[] = [
  { does: 'nothing', overrides: {} },
  { does: 'an exit per account', overrides: { accountsPerSubnet: 0 } },
  { does: 'a card per account', overrides: { accountsPerCard: 1, virtualShare: 0.12 } },
  { does: 'addresses as people have', overrides: { emailShapes: 0, disposableShare: 0, phonePrefixes: 0 } },
  { does: "everybody's clients and prompts", overrides: { clientBuilds: 0, ownSystem: false, programmeShare: 0.03 } },
  { does: 'four hours of jitter', overrides: { jitterHours: 4 } },
  { does: 'unequal load', overrides: { dispatch: 'weighted', allocationSigma: 1.2 } },
  { does: 'every prompt paraphrased', overrides: { paraphrased: 1 } },
  { does: 'no fixed output schema', overrides: { contracts: 0 } },
  { does: 'nine tenths cover traffic', overrides: { cover: 0.9 } },
];

export const MEASURES: readonly Case[] = STEPS.map(({ does }, taken) => ({
  id: `measures-${taken}`,
  section: 'measures',
  title: does,
  varied: { taken, does },
  world: smallWorld(2000, {
    scenario: 'A1',
    accounts: 120,
    overrides: Object.assign({}, ...STEPS.slice(0, taken + 1).map(({ overrides }) => overrides)),
  }),
}));

const GROUPS: readonly EvidenceGroup[] = ['custody', 'identity', 'network', 'cohort', 'schedule', 'content', 'intent'];
const ABLATED = ['A1', 'A4', 'A7', 'A9', 'A19'];

export const ABLATIONS: readonly Case[] = ABLATED.flatMap((scenario) =>
  ['none', ...GROUPS].map(
    (group): Case => ({
      id: `ablation-${scenario}-${group}`,
      section: 'ablation',
      title: `${scenario} without ${group}`,
      varied: { scenario, group },
      settings: { detection: { withoutGroups: GROUPS.filter((one) => one === group) } },
      world: smallWorld(2000, { scenario, accounts: 120 }),
    }),
  ),
);

export const FLOOR_ACCOUNTS = [10, 20, 40, 80, 160];
/** Exchanges per account and day: from the quietest published case to a busy one. */
export const FLOOR_RATES = [2, 6, 25.6, 200];

export const FLOOR: readonly Case[] = FLOOR_ACCOUNTS.flatMap((accounts) =>
  FLOOR_RATES.map(
    (ratePerDay): Case => ({
      id: `floor-${accounts}-${ratePerDay}`,
      section: 'floor',
      title: `${accounts} accounts at ${ratePerDay} a day`,
      varied: { accounts, ratePerDay },
      world: smallWorld(3000, { scenario: 'A1', accounts, ratePerDay }),
    }),
  ),
);
