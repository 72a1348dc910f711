import { HOUR_DAYS } from '../population/activity.ts';
import type { Population } from '../population/population.ts';
import { meanOfE, strataAmong, thinned } from './comparable.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter, viewOf } from './detector.ts';
import { hasRhythm } from './hour-rows.ts';
import { Pulse } from './pulse.ts';
import { type Draw, manifoldRate, manifoldShare, natsOfP, resample, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'pool-rhythm',
  title: 'Pool rhythm',
  groups: ['schedule'],
  threat: 'Accounts of one operator start, pause and stop together, or never rest.',
  inputs: ['time'],
  statistic:
    'Mean of three e-values. Together: correlation of hourly activity between members, less what each one’s own day, time zone (best of 24 shifts), week and the platform’s hour explain, over its standard error, the strongest day left out. Silence: activity expected in hours in which no member had any, above what independent accounts would leave silent, the strongest day left out. No idle: of members busy for 60 hours and under 1,000 exchanges a day, the share whose hours pass a chi-square test for flatness.',
  nullModel: 'Sets of the same size from the same strata, of accounts with a rhythm; for no idle, of busy ones.',
  parameters: [
    { name: 'minMembers', value: 10, unit: 'members', source: 'start value' },
    {
      name: 'mostTested',
      value: 100,
      unit: 'members',
      source: '20 suffice at six exchanges a day; a draw costs 336 sums each',
    },
    {
      name: 'minCorrelation',
      value: 0.03,
      unit: 'mean of pairs',
      source: 'classes reach 0.03, pools at two a day 0.04, by simulation',
    },
    { name: 'idleHours', value: 60, unit: 'active hours', source: 'a ten-hour day fails the flatness test from there' },
    { name: 'heavy', value: 1000, unit: 'exchanges a day', source: '24 % of real clients of 100,000 a day never idle' },
    { name: 'flat', value: 35.17, unit: 'chi-square', source: '95th percentile at 23 degrees of freedom' },
  ],
  blindSpot:
    'Flat pools below about five exchanges a day, and flat pools that rest: not an hour of theirs tells them from people.',
  lookAlike: 'A class that meets at the same irregular hours.',
  weight: 0.5,
  capNats: 6,
};

function measure(view: CandidateView): Measurement[] {
  const { population } = view;
  const rhythmic = view.members.filter((member) => hasRhythm(population, member));
  const members = thinned(rhythmic, parameter(meta, 'mostTested'));
  if (members.length < parameter(meta, 'minMembers')) return [];
  const pulse = new Pulse(population);
  const looks = [together(pulse, members), silence(pulse, members), noIdle(population, members)];
  const draws = new Map<Eligible, Draw | undefined>();
  const rows: Part[] = [];
  for (const { worth, tested, eligible, test, none } of looks) {
    // Whom to compare with is the dear part: most sets have nothing to compare.
    if (worth && !draws.has(eligible)) draws.set(eligible, drawOf(view, tested, eligible));
    const draw = worth ? draws.get(eligible) : undefined;
    rows.push(draw === undefined ? none : test(draw));
  }
  const strongest = rows.toSorted((a, b) => b.nats - a.nats)[0]!;
  const nats = meanOfE(
    rows.map(({ nats }) => ({ nats, weight: 1 })),
    meta.capNats,
  );
  return [{ group: 'schedule', detector: meta.slug, ...strongest, nats }];
}

function drawOf(view: CandidateView, tested: Int32Array, eligible: Eligible): Draw | undefined {
  const { population, random } = view;
  const strata = strataAmong(population.strata, tested, (account) => eligible(population, account));
  return strata && stratifiedDraw(viewOf(population, tested, random), strata);
}

type Eligible = (population: Population, account: number) => boolean;

type Part = Pick<Measurement, 'nats' | 'observed' | 'expected' | 'unit'>;

/** A statistic of the members, whether it could be evidence at all, and its test. */
interface Look {
  worth: boolean;
  tested: Int32Array;
  /** Who can be compared with them. */
  eligible: Eligible;
  test: (draw: Draw) => Part;
  /** What it says where it is not worth a test, or nobody is left to compare with. */
  none: Part;
}

function together(pulse: Pulse, members: Int32Array): Look {
  const { observed, error } = pulse.together(members);
  const row = { observed, unit: 'mean correlation of accounts in the hours of their activity' };
  return {
    tested: members,
    eligible: hasRhythm,
    worth: observed >= parameter(meta, 'minCorrelation'),
    test: (draw) => {
      const { p, median } = resample((set) => pulse.together(set).score, members, draw);
      return { ...row, nats: natsOfP(p), expected: median * error };
    },
    none: { ...row, nats: natsOfP(1), expected: 0 },
  };
}

/** Standard errors by which draws lie below chance at most: of theirs, too, the strongest day is left out. */
const LEAST_SILENCE = -3;

function silence(pulse: Pulse, members: Int32Array): Look {
  const { observed, chance, error } = pulse.silence(members);
  const usual = (median: number) => Math.max(0, chance + median * error);
  const row = { observed, unit: 'account-hours of expected activity in hours when all were silent' };
  return {
    tested: members,
    eligible: hasRhythm,
    worth: manifoldRate(observed, usual(LEAST_SILENCE)),
    test: (draw) => {
      const worth = (_: number, middle: number) => manifoldRate(observed, usual(middle));
      const { p, median } = resample((set) => pulse.silence(set).score, members, draw, worth);
      return { ...row, nats: natsOfP(worth(observed, median) ? p : 1), expected: usual(median) };
    },
    none: { ...row, nats: natsOfP(1), expected: chance },
  };
}

/**
 * Among those with hours enough to show it: programs are active round the clock, whoever runs them, and a set of busy
 * accounts has more of them than a set of any. Nothing where most of the members are not busy.
 */
function noIdle(population: Population, members: Int32Array): Look {
  const share = (set: Int32Array) => {
    let flat = 0;
    for (const member of set) if (neverIdle(population, member)) flat++;
    return set.length === 0 ? 0 : flat / set.length;
  };
  const busy = members.filter((member) => isBusy(population, member));
  const observed = share(busy);
  const row = { observed, unit: 'share of busy accounts active round the clock' };
  const enough = busy.length >= Math.max(parameter(meta, 'minMembers'), members.length / 2);
  return {
    worth: enough && observed > 0,
    tested: busy,
    eligible: isBusy,
    test: (draw) => {
      const { p, median } = resample(share, busy, draw, manifoldShare);
      return { ...row, nats: natsOfP(manifoldShare(observed, median) ? p : 1), expected: median };
    },
    none: { ...row, nats: natsOfP(1), expected: 0 },
  };
}

function isBusy(population: Population, account: number): boolean {
  if (population.rate(account) >= parameter(meta, 'heavy')) return false;
  return population.activity.activeHours[account]! >= parameter(meta, 'idleHours');
}

/** Whether the hours of the day of a busy account are as even as chance would have them: a chi-square test on active days. */
function neverIdle(population: Population, account: number): boolean {
  const counts = new Float64Array(24);
  let days = 0;
  let hours = 0;
  for (let day = 0; day < HOUR_DAYS; day++) {
    const mask = population.activity.hours[account * HOUR_DAYS + day]!;
    if (mask !== 0) days++;
    for (let hour = 0; hour < 24; hour++) {
      const active = (mask >>> hour) & 1;
      counts[hour]! += active;
      hours += active;
    }
  }
  const mean = hours / 24;
  const variance = Math.max(1e-9, mean * (1 - mean / days));
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / variance <= parameter(meta, 'flat');
}

export const poolRhythm: CampaignDetector = { meta, measure };
