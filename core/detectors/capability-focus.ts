import type { Population } from '../population/population.ts';
import { TASKS } from '../records/format.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { withPilot } from './pooled.ts';
import { manifoldRate, natsOfP, resample, type Statistic, stratifiedDraw } from './resample.ts';
import { TimesIn } from './times-in.ts';

const meta: DetectorMeta = {
  slug: 'capability-focus',
  title: 'Capability focus',
  groups: ['intent'],
  threat: 'Volume concentrated in a few valuable capabilities.',
  inputs: ['prompt.task'],
  statistic:
    'Kullback-Leibler divergence of the members’ task mix from that of drawn sets; an account’s weight grows with its exchanges towards a ceiling. Exchanges without a task are left out.',
  nullModel:
    'Sets of the same size from the same strata; the mix that they are compared with comes from sets that are not tested, less the accounts in question.',
  parameters: [
    { name: 'minLabelled', value: 100, unit: 'exchanges with a task', source: 'start value' },
    {
      name: 'leastNats',
      value: 0.1,
      unit: 'nats',
      source: 'simulation: sets with a client, network or address pattern in common reach 0.08, campaigns 0.4 to 5',
    },
    { name: 'halfWeight', value: 8, unit: 'exchanges', source: 'no account speaks for a campaign' },
  ],
  blindSpot: 'Broad campaigns.',
  lookAlike: 'A product launch, a CI fleet: it only supports, and never makes intent by itself.',
  weight: 0.05,
  capNats: 2,
};

function measure(view: CandidateView): Measurement[] {
  const { population, members } = view;
  let labelled = 0;
  for (const member of members) labelled += population.work.labelled[member]!;
  if (labelled < parameter(meta, 'minLabelled')) return [];
  const { pilot, draw } = withPilot(stratifiedDraw(view, population.strata));
  const divergence = divergenceFrom(population, pilot);
  const observed = divergence(members);
  const { p, median } = resample(divergence, members, draw, manifoldRate);
  const focused = observed >= parameter(meta, 'leastNats') && manifoldRate(observed, median);
  return [
    {
      group: 'intent',
      detector: meta.slug,
      nats: natsOfP(focused ? p : 1),
      observed,
      expected: median,
      unit: 'nats between the task mix and that of comparable accounts',
    },
  ];
}

/** Of a set's task mix from that of the reference. A set's own accounts are taken out of the reference. */
function divergenceFrom({ work }: Population, reference: readonly Int32Array[]): Statistic {
  const { labelled } = work;
  const halfWeight = parameter(meta, 'halfWeight');
  const all = new Float64Array(TASKS.length);
  const times = new TimesIn(reference);
  const own = new Float64Array(TASKS.length);
  const others = new Float64Array(TASKS.length);
  let [weight, takenOut] = [0, 0];
  const addToAll = (task: number, count: number) => {
    all[task]! += weight * count;
  };
  const addToOwn = (task: number, count: number) => {
    own[task]! += weight * count;
    others[task]! -= takenOut * count;
  };
  for (const set of reference) {
    for (const account of set) {
      weight = 1 / (labelled[account]! + halfWeight);
      work.eachTask(account, account + 1, addToAll);
    }
  }
  return (members) => {
    own.fill(0);
    others.set(all);
    for (let i = 0; i < members.length; i++) {
      const account = members[i]!;
      const divisor = labelled[account]! + halfWeight;
      weight = 1 / divisor;
      takenOut = times.of(account) / divisor;
      work.eachTask(account, account + 1, addToOwn);
    }
    return divergenceOf(own, others);
  };
}

/** Share below which a task counts as never asked for. */
const LEAST_SHARE = 1e-3;

/** Kullback-Leibler divergence, in nats, of two mixes that need not sum to one; 0 where either is empty. */
function divergenceOf(mix: Float64Array, base: Float64Array): number {
  const sum = mix.reduce((total, weight) => total + weight, 0);
  const baseSum = base.reduce((total, weight) => total + weight, 0);
  if (sum <= 0 || baseSum <= 0) return 0;
  let divergence = 0;
  for (let task = 0; task < mix.length; task++) {
    const share = mix[task]! / sum;
    if (share > 0) divergence += share * Math.log(share / Math.max(LEAST_SHARE, base[task]! / baseSum));
  }
  return divergence;
}

export const capabilityFocus: CampaignDetector = { meta, measure };
