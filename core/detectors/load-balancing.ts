import type { Population } from '../population/population.ts';
import { meanOfE, strataAmong } from './comparable.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter, viewOf } from './detector.ts';
import { planLimitsOf } from './plan-limits.ts';
import { type Draw, manifoldShare, natsOfP, resample, stratifiedDraw } from './resample.ts';
import { overallRates, type RateOf, recentRates } from './shifts.ts';

const meta: DetectorMeta = {
  slug: 'load-balancing',
  title: 'Load balancing',
  groups: ['schedule'],
  threat: 'A scheduler spreads work over a pool: least recently used, round robin, or at random.',
  inputs: ['time', 'plan', 'status'],
  statistic:
    'Weighted mean of three e-values. Dispersion V = variance over mean of the members’ exchanges per active day, T = -ln(V + 0.001), once by their mean over all days and once by their median over the latest shift (the last 7 days on which at least half as many were active as on the busiest); only members active on two days or more, and only where V over the mean is at most 0.5. Pile-up: share of members that on half of their days do 90 to 100 % of the 99th percentile of their plan. Accounts that are there and were throttled are left out of all. Turns from account to account, and jumps after a throttled request, cannot be read from the hours and counts that are kept.',
  nullModel:
    'Sets of the same size from the same strata, of accounts active on as many of those days, volume left out: matching on volume would make any set look balanced. Natural users have V = 1 + mean (exp(s^2) - 1) for log-standard deviation s.',
  parameters: [
    { name: 'minActive', value: 10, unit: 'members', source: 'power 100 % for round robin from n = 10, by simulation' },
    { name: 'minDays', value: 2, unit: 'days', source: 'one evening is not a schedule' },
    {
      name: 'maxSpread',
      value: 0.5,
      unit: 'squared coefficient of variation',
      source: 'natural users have exp(s^2) - 1, 1.7 at s = 1; a cohort is less spread than everybody, yet no pool',
    },
    {
      name: 'scheduled',
      value: 0.1,
      unit: 'squared coefficient of variation beyond counting, (V - 1) / mean',
      source: 'at most this shows one operator by itself: a product’s users have exp(s^2) - 1, 0.28 at s = 0.5',
    },
    { name: 'recent', value: 7, unit: 'days', source: 'one week' },
    { name: 'dispersion', value: 0.35, unit: 'weight of each of two', source: 'start value' },
    { name: 'pileShare', value: 0.2, unit: 'of the members', source: 'a few heavy users are no scheduler’s choice' },
    { name: 'pileUp', value: 0.1, unit: 'weight', source: 'start value' },
  ],
  blindSpot: 'Heavy-tailed allocation, which wastes quota; one account per worker.',
  lookAlike:
    'A class that does the same exercise: one evening does not count. Users pinned at a limit of their plan: left out where they were throttled.',
  weight: 0.5,
  capNats: 6,
};

type Part = Pick<Measurement, 'nats' | 'observed' | 'expected' | 'unit'> & {
  weight: number;
  /** Of a scheduler, not merely of people who are alike. */
  tells: boolean;
};

function measure(view: CandidateView): Measurement[] {
  const { population, members } = view;
  const free = members.filter((member) => !isPinned(population, member));
  const parts = [
    dispersion(view, free, overallRates(population)),
    dispersion(view, free, recentRates(population, free, parameter(meta, 'recent'))),
    pileUp(view, free),
  ].filter((part) => part !== undefined);
  const strongest = parts.toSorted((a, b) => b.nats - a.nats)[0];
  if (strongest === undefined) return [];
  const { weight: _, tells: __, ...row } = strongest;
  const nats = meanOfE(parts, meta.capNats);
  const telling = parts.map((part) => (part.tells ? part : { ...part, nats: natsOfP(1) }));
  return [{ group: 'schedule', detector: meta.slug, ...row, nats, tellingNats: meanOfE(telling, meta.capNats) }];
}

function activeOn(accounts: Int32Array, rateOf: RateOf): Int32Array {
  return accounts.filter((account) => rateOf(account).activeDays >= parameter(meta, 'minDays'));
}

/** At the limit of its plan and stopped there: its evenness is the plan's. */
function isPinned(population: Population, account: number): boolean {
  return population.work.throttled[account]! > 0 && planLimitsOf(population).reached(account);
}

function drawAmong(view: CandidateView, members: Int32Array, eligible: (account: number) => boolean): Draw | undefined {
  const strata = strataAmong(view.population.strataAnyVolume, members, eligible);
  return strata && stratifiedDraw(viewOf(view.population, members, view.random), strata);
}

function dispersion(view: CandidateView, members: Int32Array, rateOf: RateOf): Part | undefined {
  const { population } = view;
  const least = parameter(meta, 'minDays');
  const active = activeOn(members, rateOf);
  if (active.length < parameter(meta, 'minActive')) return undefined;
  const { ratio, mean } = dispersionOf(active, rateOf);
  const part = {
    observed: ratio,
    unit: 'variance over mean of exchanges a day',
    weight: parameter(meta, 'dispersion'),
    tells: (ratio - 1) / mean <= parameter(meta, 'scheduled'),
  };
  // Uneven sets, as nearly all are, need no comparison: whom to compare them with is the dear part.
  if (ratio / mean > parameter(meta, 'maxSpread')) return { ...part, nats: natsOfP(1), expected: ratio };
  const eligible = (account: number) => rateOf(account).activeDays >= least && !isPinned(population, account);
  const draw = drawAmong(view, active, eligible);
  if (draw === undefined) return undefined;
  const evenness = (set: Int32Array) => -Math.log(dispersionOf(set, rateOf).ratio + 0.001);
  const { p, median } = resample(evenness, active, draw);
  return { ...part, nats: natsOfP(p), expected: Math.exp(-median) - 0.001 };
}

/** Mean over accounts of their exchanges a day, and variance over mean. */
function dispersionOf(accounts: Int32Array, rateOf: RateOf): { ratio: number; mean: number } {
  let [n, sum, squares] = [0, 0, 0];
  for (const account of accounts) {
    const { usual } = rateOf(account);
    n++;
    sum += usual;
    squares += usual * usual;
  }
  const mean = sum / Math.max(1, n);
  const ratio = n < 2 ? Number.MAX_SAFE_INTEGER : Math.max(0, (squares - n * mean * mean) / (n - 1)) / mean;
  return { ratio, mean };
}

function pileUp(view: CandidateView, members: Int32Array): Part | undefined {
  const { population } = view;
  const least = parameter(meta, 'minDays');
  const eligible = (account: number) => population.activeDays[account]! >= least && !isPinned(population, account);
  const active = members.filter(eligible);
  if (active.length < parameter(meta, 'minActive')) return undefined;
  const limits = planLimitsOf(population);
  const share = (set: Int32Array) => {
    let reached = 0;
    for (const account of set) if (limits.reached(account)) reached++;
    return set.length === 0 ? 0 : reached / set.length;
  };
  const observed = share(active);
  const part = {
    observed,
    unit: 'share of accounts at the most that their plan’s accounts do',
    weight: parameter(meta, 'pileUp'),
  };
  if (observed < parameter(meta, 'pileShare')) return { ...part, nats: natsOfP(1), expected: observed, tells: false };
  const draw = drawAmong(view, active, eligible);
  if (draw === undefined) return undefined;
  const { p, median } = resample(share, active, draw, manifoldShare);
  const manifold = manifoldShare(observed, median);
  return { ...part, nats: natsOfP(manifold ? p : 1), expected: median, tells: manifold };
}

export const loadBalancing: CampaignDetector = { meta, measure };
