import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { pooledView, withPilot } from './pooled.ts';
import { natsOfP, resample, stratifiedDraw, type Worth } from './resample.ts';
import { shiftFrom } from './shared-content.ts';

const meta: DetectorMeta = {
  slug: 'content-shift',
  title: 'Pooled content shift',
  groups: ['intent'],
  threat: 'Extraction mixed into the traffic of real customers.',
  inputs: ['prompt.topic', 'prompt.task', 'prompt.flags', 'prompt.contract', 'params', 'tokens'],
  statistic:
    'Weighted chi-square, sum (p - q)^2 / (q + 1/n), between what the n members share (p) and what drawn accounts do (q), over topics, tasks, sizes, parameters, marks and output contracts. Products within one account are left out, so that its expectation for strangers is zero however narrow each of them is; an account’s weight grows with its exchanges towards a ceiling.',
  nullModel:
    'Sets of whole accounts of the same size from the same strata. The mix q comes from sets that are not tested, less the accounts in question.',
  parameters: [
    { name: 'minExchanges', value: 500, unit: 'exchanges', source: 'embedding form: 15 % power at a mix of 5 %' },
    { name: 'minMembers', value: 10, unit: 'members', source: 'start value' },
    {
      name: 'halfWeight',
      value: 8,
      unit: 'exchanges',
      source: 'chance over difference between accounts; so no account speaks for a campaign',
    },
    {
      name: 'leastShift',
      value: 0.4,
      unit: 'chi-square distance',
      source:
        'simulation: 52 sets with a client, network, issuer or prompt in common reach 0.39, a mix of 5 % 0.5 or more',
    },
  ],
  blindSpot: 'A mix under 5 %; comparison with the wrong accounts.',
  lookAlike:
    'A launch, a team making synthetic data: a product has content of its own. It counts only where custody, identity, network or schedule shows one operator.',
  weight: 0.2,
  capNats: 6,
};

function measure(view: CandidateView): Measurement[] {
  const { population } = view;
  const tested = pooledView(view);
  const { members } = tested;
  const exchanges = members.reduce((sum, member) => sum + population.exchanges[member]!, 0);
  if (members.length < parameter(meta, 'minMembers') || exchanges < parameter(meta, 'minExchanges')) return [];
  const { pilot, draw } = withPilot(stratifiedDraw(tested, population.strata));
  const shift = shiftFrom(population, pilot, parameter(meta, 'halfWeight'));
  const observed = shift(members);
  const worth: Worth = (own, usual) => own - usual >= parameter(meta, 'leastShift');
  const { p, median } = resample(shift, members, draw, worth);
  return [
    {
      group: 'intent',
      detector: meta.slug,
      nats: natsOfP(worth(observed, median) ? p : 1),
      observed,
      expected: median,
      unit: 'chi-square distance of the content shared',
    },
  ];
}

export const contentShift: CampaignDetector = { meta, measure };
