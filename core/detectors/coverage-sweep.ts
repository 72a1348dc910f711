import type { Population } from '../population/population.ts';
import { SHAPE } from '../population/work.ts';
import { median } from '../sorted.ts';
import { evenness, languages, novelty, partition, unionEntropy } from './coverage-measures.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { betweenAccounts, pooledView, withPilot } from './pooled.ts';
import { natsOfP, resample, type Statistic, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'coverage-sweep',
  title: 'Coverage sweep',
  groups: ['intent'],
  threat:
    'Broad harvesting: every topic, many languages, always new prompts; also split so that each account looks narrow.',
  inputs: ['prompt.topic', 'prompt.language', 'prompt.template'],
  statistic:
    'Mean of five z-scores against drawn sets: entropy of the topics of all members together, how much narrower each of them is than all (more than strangers where topics were dealt out, less where each works through the same list), evenness of topics, growth of distinct templates with exchanges, number of languages. Every account weighs the same, and each z is held between -1 and 4 so that none decides alone. Only where topics are at most half as uneven as in drawn sets.',
  nullModel:
    'Sets of the same size from the same strata; the means and spreads of the z-scores come from sets that are not tested.',
  parameters: [
    { name: 'minExchanges', value: 500, unit: 'exchanges with a topic', source: 'start value' },
    { name: 'minMembers', value: 10, unit: 'members with topics', source: 'start value' },
    { name: 'unevenness', value: 0.5, unit: 'of that of drawn sets', source: 'a crowd is as uneven as the platform' },
    {
      name: 'leastUnevenness',
      value: 0.25,
      unit: 'excess chance of one topic',
      source: 'below it the mean of a hundred accounts is mostly chance',
    },
    { name: 'leastZ', value: -1, unit: 'standard units', source: 'start value' },
    { name: 'mostZ', value: 4, unit: 'standard units', source: 'start value' },
  ],
  blindSpot: 'Narrow campaigns; a curriculum that weighs topics as customers do.',
  lookAlike: 'Users of a viral template, customers of a reseller: as uneven as everybody, and each of them broad.',
  weight: 0.2,
  capNats: 6,
};

const MEASURES = [
  { of: unionEntropy, bothWays: false },
  { of: partition, bothWays: true },
  { of: evenness, bothWays: false },
  { of: novelty, bothWays: false },
  { of: languages, bothWays: false },
];

function measure(view: CandidateView): Measurement[] {
  const { population } = view;
  const tested = pooledView(view);
  const { members } = tested;
  const counts = members.map((member) => population.work.withTopic[member]!);
  const exchanges = counts.reduce((sum, count) => sum + count, 0);
  const enough = counts.filter((count) => count > 0).length >= parameter(meta, 'minMembers');
  if (exchanges < parameter(meta, 'minExchanges') || !enough) return [];
  const { pilot, draw } = withPilot(stratifiedDraw(tested, population.strata));
  const same = betweenAccounts(population.work.shape, SHAPE.topics);
  const usual = median(pilot.map(same));
  const used = topicsUsed(population, [...pilot, members]);
  const unevenness = used * usual - 1;
  // Where everybody's topics are even, so are those of any office.
  const tells = unevenness >= parameter(meta, 'leastUnevenness');
  const even = tells && used * same(members) - 1 <= parameter(meta, 'unevenness') * unevenness;
  return [
    {
      group: 'intent',
      detector: meta.slug,
      nats: natsOfP(even ? resample(breadthOf(population, pilot), members, draw).p : 1),
      observed: 1 / Math.max(same(members), 1 / used),
      expected: 1 / Math.max(usual, 1 / used),
      unit: 'topics, counted as if equally used',
    },
  ];
}

/** Mean of the measures as z-scores against the pilot sets. A measure that is the same everywhere says nothing. */
function breadthOf(population: Population, pilot: readonly Int32Array[]): Statistic {
  const least = parameter(meta, 'leastZ');
  const most = parameter(meta, 'mostZ');
  const scores = MEASURES.flatMap(({ of, bothWays }) => {
    const value = of(population);
    const { mean, sd } = spreadOf(pilot.map(value));
    if (sd < 1e-9) return [];
    const z = (set: Int32Array) => (value(set) - mean) / sd;
    return [(set: Int32Array) => Math.max(least, Math.min(most, bothWays ? Math.abs(z(set)) : z(set)))];
  });
  return (set) => {
    let sum = 0;
    for (const score of scores) sum += score(set);
    return sum / Math.max(1, scores.length);
  };
}

function spreadOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, sd: Math.sqrt(variance) };
}

/** A platform may know fewer topics than there are numbers for. */
function topicsUsed({ work }: Population, sets: readonly Int32Array[]): number {
  const { offsets, bins } = work.shape;
  const used = new Uint8Array(SHAPE.topics.bins);
  for (const set of sets) {
    for (const member of set) {
      const end = offsets[member + 1]!;
      for (let at = offsets[member]!; at < end && bins[at]! < SHAPE.topics.bins; at++) used[bins[at]!] = 1;
    }
  }
  return used.reduce((sum, one) => sum + one, 0);
}

export const coverageSweep: CampaignDetector = { meta, measure };
