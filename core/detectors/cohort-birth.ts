import { HOUR_MS } from '../records/time.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter, viewOf } from './detector.ts';
import { birthNeighbourDraw, manifoldShare, natsOfP, resample } from './resample.ts';

const MONTH_MS = 30.4375 * 24 * HOUR_MS;

const meta: DetectorMeta = {
  slug: 'cohort-birth',
  title: 'Cohort birth',
  groups: ['cohort'],
  threat: 'Accounts are registered in bulk, and again after each ban.',
  inputs: ['createdAt', 'time'],
  statistic:
    'Share of members born within w of another member, w = 5 % of the span of the sign-up months they cover over their number, between one second and one hour. Birth is sign-up, or the first exchange where no sign-up is known.',
  nullModel: 'For each member another account of about the same age, so that a young set is compared with the young.',
  parameters: [
    {
      name: 'minBorn',
      value: 10,
      unit: 'members',
      source: 'power at n = 10 where half come in batches, by simulation',
    },
    { name: 'windowShare', value: 0.05, unit: 'share of the mean gap', source: 'keeps the null near 0.1 for any size' },
    { name: 'neighbours', value: 500, unit: 'accounts', source: 'start value' },
  ],
  blindSpot: 'Accounts without a common birth: bought one by one, or aged.',
  lookAlike: 'A class that enrols in one evening, a launch: the check of innocent causes.',
  weight: 1,
  capNats: 6,
};

function measure(view: CandidateView): Measurement[] {
  const { population, members } = view;
  const born = members.filter((member) => !Number.isNaN(population.born[member]!));
  if (born.length < parameter(meta, 'minBorn')) return [];
  const width = Math.max(parameter(meta, 'neighbours'), 5 * born.length);
  const share = shareBornTogether(view, windowOf(view, born));
  const { p, median } = resample(share, born, birthNeighbourDraw(viewOf(population, born, view.random), width));
  return [
    {
      group: 'cohort',
      detector: meta.slug,
      nats: natsOfP(manifoldShare(share(born), median) ? p : 1),
      observed: share(born),
      expected: median,
      unit: 'share of accounts born within minutes of another',
    },
  ];
}

function windowOf({ population }: CandidateView, born: Int32Array): number {
  const months = new Set(Array.from(born, (member) => Math.floor(population.born[member]! / MONTH_MS)));
  const gap = (months.size * MONTH_MS) / born.length;
  return Math.min(HOUR_MS, Math.max(1000, parameter(meta, 'windowShare') * gap));
}

function shareBornTogether({ population }: CandidateView, window: number): (members: Int32Array) => number {
  return (members) => {
    const times = new Float64Array(members.length);
    for (let i = 0; i < members.length; i++) times[i] = population.born[members[i]!]!;
    times.sort();
    let together = 0;
    for (let i = 0; i < times.length; i++) {
      const before = i > 0 && times[i]! - times[i - 1]! <= window;
      const after = i + 1 < times.length && times[i + 1]! - times[i]! <= window;
      if (before || after) together++;
    }
    return times.length === 0 ? 0 : together / times.length;
  };
}

export const cohortBirth: CampaignDetector = { meta, measure };
