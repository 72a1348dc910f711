import type { Population } from '../population/population.ts';
import { TASKS } from '../records/schema.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { natsOfP, resample, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'capability-focus',
  title: 'Capability focus',
  groups: ['intent'],
  threat: 'Volume concentrated in a few valuable capabilities.',
  inputs: ['prompt.task'],
  statistic:
    'Kullback-Leibler divergence of the members’ task mix from the population’s, each member at most 5 % of it.',
  nullModel: 'Sets of the same size from the same strata.',
  parameters: [
    { name: 'minLabelled', value: 100, unit: 'exchanges with a task', source: 'start value' },
    { name: 'memberShare', value: 0.05, unit: 'of the pool', source: 'no account speaks for a campaign' },
  ],
  blindSpot: 'Broad campaigns.',
  lookAlike: 'A product launch, a CI fleet: it only supports, and never makes intent by itself.',
  weight: 0.05,
  capNats: 2,
};

function measure(view: CandidateView): Measurement[] {
  const { population, members } = view;
  const labelled = members.reduce((sum, member) => sum + population.labelled[member]!, 0);
  if (labelled < parameter(meta, 'minLabelled')) return [];
  const divergence = (set: Int32Array) => divergenceFrom(population.taskMix, mixOf(population, set));
  const { p, median } = resample(divergence, members, stratifiedDraw(view, population.strata));
  return [
    {
      group: 'intent',
      detector: meta.slug,
      nats: natsOfP(p),
      observed: divergence(members),
      expected: median,
      unit: 'nats between the task mix and the platform’s',
    },
  ];
}

function divergenceFrom(base: readonly number[], mix: readonly number[]): number {
  return mix.reduce((sum, share, i) => sum + (share > 0 ? share * Math.log(share / Math.max(base[i]!, 1e-6)) : 0), 0);
}

/** Pooled task shares; a member's weight is capped so that one heavy account does not stand for the set. */
function mixOf(population: Population, members: Int32Array): number[] {
  let all = 0;
  for (const member of members) all += population.labelled[member]!;
  const cap = Math.max(1, parameter(meta, 'memberShare') * all);
  const mix = new Array<number>(TASKS.length).fill(0);
  let sum = 0;
  for (const member of members) {
    const total = population.labelled[member]!;
    if (total === 0) continue;
    const weight = total > cap ? cap / total : 1;
    sum += total * weight;
    for (let task = 0; task < TASKS.length; task++) {
      mix[task]! += population.tasks[member * TASKS.length + task]! * weight;
    }
  }
  return sum === 0 ? mix : mix.map((count) => count / sum);
}

export const capabilityFocus: CampaignDetector = { meta, measure };
