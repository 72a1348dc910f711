import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { manifoldShare, natsOfP, resample, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'reasoning-elicitation',
  title: 'Reasoning elicitation',
  groups: ['intent'],
  threat: 'Harvesting of reasoning: inline tags, "explain how you got there", translation tricks, debugging pretexts.',
  inputs: ['prompt.flags', 'prompt.task'],
  statistic:
    'Share of members with at least 20 %, and at least 3, of their exchanges marked as asking for written-out reasoning.',
  nullModel: 'Sets of the same size from the same strata.',
  parameters: [
    { name: 'share', value: 0.2, unit: 'of an account’s exchanges', source: 'start value' },
    { name: 'count', value: 3, unit: 'exchanges', source: 'start value' },
    { name: 'minMembers', value: 5, unit: 'members', source: 'start value' },
    { name: 'membersShare', value: 0.15, unit: 'of the members', source: 'what a few do is not what the set is for' },
  ],
  blindSpot: 'Silent harvesting of plain answers.',
  lookAlike: 'An explainability product: one organisation, no other group.',
  weight: 0.3,
  capNats: 6,
};

function measure(view: CandidateView): Measurement[] {
  const { population, members } = view;
  if (members.length < parameter(meta, 'minMembers')) return [];
  // Where nobody's prompts are marked, the platform does not mark them: that is no data, not no intent.
  if (!population.elicited.some((marked) => marked > 0)) return [];
  const share = parameter(meta, 'share');
  const count = parameter(meta, 'count');
  const eliciting = (set: Int32Array) => {
    let found = 0;
    for (const member of set) {
      const marked = population.elicited[member]!;
      if (marked >= count && marked >= share * population.exchanges[member]!) found++;
    }
    return set.length === 0 ? 0 : found / set.length;
  };
  const { p, median } = resample(eliciting, members, stratifiedDraw(view, population.strata));
  const observed = eliciting(members);
  const manifold = observed >= parameter(meta, 'membersShare') && manifoldShare(observed, median);
  return [
    {
      group: 'intent',
      detector: meta.slug,
      nats: natsOfP(manifold ? p : 1),
      observed,
      expected: median,
      unit: 'share of accounts asking for written-out reasoning',
    },
  ];
}

export const reasoningElicitation: CampaignDetector = { meta, measure };
