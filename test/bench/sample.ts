/** Results of an evaluation as tests need them: every value is stated by the test that looks at it. */
import type { CaseResult, Evaluation, SeededTrial } from '../../bench/evaluate/page/data.ts';
import type { CampaignScore } from '../../bench/evaluate/trial/score.ts';
import { caseOf } from '../../bench/evaluate/trial/worlds.ts';

/** A campaign of 100 accounts, found after a day with every account certain. */
export function score(more: Partial<CampaignScore> = {}): CampaignScore {
  return {
    accounts: 100,
    found: true,
    distillation: true,
    best: { share: 1, purity: 1 },
    daysFromFirst: 1,
    leaked: 0.02,
    leakedExchanges: 2560,
    fragments: 1,
    certain: { right: 100, held: 100 },
    all: { right: 100, held: 100 },
    hoursToAny: 24,
    ...more,
  };
}

export const MISSED: Partial<CampaignScore> = {
  found: false,
  distillation: false,
  best: { share: 0, purity: 0 },
  leaked: 1,
  fragments: 0,
  certain: { right: 0, held: 0 },
  all: { right: 0, held: 0 },
};

/** A world of 3,000 accounts and two weeks in which nobody is accused. */
export function trial(seed: string, more: Partial<SeededTrial> = {}): SeededTrial {
  return {
    seed,
    records: 250_000,
    registered: 3000,
    active: 1400,
    weeks: 2,
    campaigns: [],
    falseCampaigns: 0,
    falseDistillations: 0,
    innocent: 0,
    certain: { right: 0, held: 0 },
    probable: { right: 0, held: 0 },
    consumers: 0,
    sweeps: [{ accounts: 1400, seconds: 0.5, candidates: 40 }],
    eValues: { candidates: 0, mean: 0 },
    rules: {},
    seconds: 6,
    ...more,
  };
}

export function result(id: string, ...trials: SeededTrial[]): CaseResult {
  return { one: caseOf(id), trials };
}

export function evaluation(...results: CaseResult[]): Evaluation {
  return { results, thresholds: {}, tier: 'full', reported: true, code: '0123456789ab' };
}
