import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter, viewOf } from './detector.ts';
import { natsOfP, resample, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'load-balancing',
  title: 'Load balancing',
  groups: ['schedule'],
  threat: 'A scheduler spreads work over a pool: least recently used, round robin, or at random.',
  inputs: ['time'],
  statistic:
    'Dispersion V = variance over mean of the members’ exchanges per active day; T = -ln(V + 0.001). Only members active on two days or more, and only where V over the mean is at most 0.5.',
  nullModel:
    'Sets of the same size from the same strata, volume left out: matching on volume would make any set look balanced. Natural users have V = 1 + mean (exp(s^2) - 1) for log-standard deviation s.',
  parameters: [
    { name: 'minActive', value: 10, unit: 'members', source: 'power 100 % for round robin from n = 10, by simulation' },
    { name: 'minDays', value: 2, unit: 'days', source: 'one evening is not a schedule' },
    {
      name: 'maxSpread',
      value: 0.5,
      unit: 'squared coefficient of variation',
      source: 'natural users have exp(s^2) - 1, 1.7 at s = 1; a cohort is less spread than everybody, yet no pool',
    },
  ],
  blindSpot: 'Heavy-tailed allocation, which wastes quota; one account per worker.',
  lookAlike: 'A class that does the same exercise: one evening does not count.',
  weight: 0.5,
  capNats: 6,
};

function measure(view: CandidateView): Measurement[] {
  const { population, members } = view;
  const least = parameter(meta, 'minDays');
  const active = members.filter((member) => population.activeDays[member]! >= least);
  if (active.length < parameter(meta, 'minActive')) return [];
  const dispersion = dispersionOfRates(view, least);
  if (dispersion(active) / meanRate(view, active) > parameter(meta, 'maxSpread')) return [];
  const evenness = (set: Int32Array) => -Math.log(dispersion(set) + 0.001);
  const { p, median } = resample(
    evenness,
    active,
    stratifiedDraw(viewOf(population, active, view.random), population.strataAnyVolume),
  );
  return [
    {
      group: 'schedule',
      detector: meta.slug,
      nats: natsOfP(p),
      observed: dispersion(active),
      expected: Math.exp(-median) - 0.001,
      unit: 'variance over mean of exchanges a day',
    },
  ];
}

function meanRate({ population }: CandidateView, members: Int32Array): number {
  return members.reduce((sum, member) => sum + population.rate(member), 0) / members.length;
}

function dispersionOfRates({ population }: CandidateView, leastDays: number): (members: Int32Array) => number {
  return (members) => {
    let n = 0;
    let sum = 0;
    let squares = 0;
    for (const member of members) {
      if (population.activeDays[member]! < leastDays) continue;
      const rate = population.rate(member);
      n++;
      sum += rate;
      squares += rate * rate;
    }
    if (n < 2 || sum === 0) return Number.MAX_SAFE_INTEGER;
    const mean = sum / n;
    return Math.max(0, (squares - n * mean * mean) / (n - 1)) / mean;
  };
}

export const loadBalancing: CampaignDetector = { meta, measure };
