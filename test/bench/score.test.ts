import { describe, expect, it } from 'vitest';
import { type Outcome, scoreCampaign } from '../../bench/evaluate/trial/score.ts';
import type { CampaignTruth } from '../../cli/simulate/truth.ts';
import type { TrackedFinding } from '../../core/campaigns/tracked.ts';
import type { Transition } from '../../core/findings/transition.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 3, 15);
const day = (n: number) => new Date(START + n * DAY).toISOString();
const names = (count: number, prefix = 'k') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** Ten accounts, a hundred exchanges a day from noon of the first day, for four days. */
const TRUTH: CampaignTruth = {
  name: 'c',
  scenario: 'A1',
  accounts: names(10),
  registered: 10,
  exchanges: 400,
  cover: 0,
  outputTokens: 1,
  from: day(0.5),
  to: day(3.9),
  capabilities: {},
  perDay: Object.fromEntries([0, 1, 2, 3].map((n) => [day(n).slice(0, 10), 100])),
  bans: [],
};

interface Held {
  id: string;
  accounts: readonly string[];
  opened: number;
  probable?: readonly string[];
  kind?: 'campaign' | 'consumer';
  claimed?: (account: string) => number;
}

function outcome(...held: Held[]): Outcome {
  const tracked = held.map(({ id, accounts, opened, probable = [], kind = 'campaign', claimed = () => opened }) => ({
    finding: { id, kind, classification: 'distillation' },
    members: accounts.map((account) => ({
      finding: id,
      account,
      confidence: probable.includes(account) ? 'probable' : 'certain',
      claimed: day(claimed(account)),
      since: day(0),
    })),
  })) as unknown as TrackedFinding[];
  const transitions = held.map(({ id, opened }) => ({
    finding: { id, at: day(opened) },
    context: { message: 'opened' },
  })) as unknown as Transition[];
  return { tracked, transitions, firstSeen: new Map(), wholeOverRead: 1 };
}

describe('the score of a campaign', () => {
  it('is a find with its delay and its leak where one finding holds it', () => {
    const score = scoreCampaign(TRUTH, outcome({ id: 'f', accounts: names(10), opened: 2, probable: ['k9'] }));
    expect(score).toMatchObject({ found: true, daysFromFirst: 1.5, leaked: 0.5, leakedExchanges: 200, fragments: 1 });
    expect(score.certain).toEqual({ right: 9, held: 9 });
    expect(score.all).toEqual({ right: 10, held: 10 });
  });

  it('counts the leak against the whole campaign where the trial stopped before its end', () => {
    const stopped = { ...outcome({ id: 'f', accounts: names(10), opened: 1 }), wholeOverRead: 10 };
    expect(scoreCampaign(TRUTH, stopped)).toMatchObject({ leaked: 0.025, leakedExchanges: 100 });
  });

  it('is a miss that leaks everything where nobody holds it', () => {
    const score = scoreCampaign(TRUTH, outcome({ id: 'f', accounts: names(10, 'other'), opened: 1 }));
    expect(score).toMatchObject({ found: false, leaked: 1, fragments: 0, best: { share: 0, purity: 0 } });
    expect(score).not.toHaveProperty('daysFromFirst');
  });

  it('is a miss where the finding is less than nine tenths its own, or holds less than half', () => {
    const impure = [...names(10), ...names(2, 'innocent')];
    expect(scoreCampaign(TRUTH, outcome({ id: 'f', accounts: impure, opened: 1 })).found).toBe(false);
    expect(scoreCampaign(TRUTH, outcome({ id: 'f', accounts: names(4), opened: 1 })).found).toBe(false);
  });

  it('does not take a finding of others with a stray member for its detection', () => {
    const stray = { id: 'f', accounts: ['k0', ...names(9, 'other')], opened: 1 };
    const own = { id: 'g', accounts: names(10), opened: 3 };
    expect(scoreCampaign(TRUTH, outcome(stray, own))).toMatchObject({ daysFromFirst: 2.5, fragments: 2 });
  });

  it('counts a consumer finding as told, not as the campaign found', () => {
    const score = scoreCampaign(TRUTH, outcome({ id: 'c', accounts: ['k3'], opened: 1, kind: 'consumer' }));
    expect(score).toMatchObject({ found: false, hoursToAny: 12 });
  });
});

describe('a second pool', () => {
  const second = names(10, 'new');
  const truth = { ...TRUTH, accounts: [...names(10), ...second], bans: [{ at: day(2), accounts: 10 }] };
  const firstSeen = new Map([
    ...names(10).map((k) => [k, START] as const),
    ...second.map((k) => [k, START + 2.25 * DAY] as const),
  ]);
  const claimed = (account: string) => (account.startsWith('new') ? 3 : 1);

  it('is recognised when half of it is in the finding of the first, counted from its own first exchange', () => {
    const same = outcome({ id: 'f', accounts: truth.accounts, opened: 1, claimed });
    expect(scoreCampaign(truth, { ...same, firstSeen }).secondPool).toEqual({ accounts: 10, hours: 18 });
  });

  it('is not recognised by a finding of its own', () => {
    const apart = outcome({ id: 'f', accounts: names(10), opened: 1 }, { id: 'g', accounts: second, opened: 3 });
    expect(scoreCampaign(truth, { ...apart, firstSeen }).secondPool).toEqual({ accounts: 10 });
  });

  it('is no matter of a campaign without a ban', () => {
    expect(scoreCampaign(TRUTH, outcome())).not.toHaveProperty('secondPool');
  });
});
