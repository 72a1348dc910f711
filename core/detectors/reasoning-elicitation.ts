import type { Population } from '../population/population.ts';
import { meanOfE } from './comparable.ts';
import { everDeclined, usuallyDeclined } from './declined.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { shareTest } from './pooled.ts';
import { manifoldShare, natsOfP } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'reasoning-elicitation',
  title: 'Reasoning elicitation',
  groups: ['intent'],
  threat: 'Harvesting of reasoning: inline tags, "explain how you got there", translation tricks, debugging pretexts.',
  inputs: ['prompt.flags', 'prompt.task', 'prompt.template', 'status'],
  statistic:
    'Share of members with at least 20 %, and at least 3, of their exchanges marked as asking for written-out reasoning. Averaged in: the share that probes, with at least half of the exchanges marked, ever new templates, and more of them refused or blocked than of 99 in 100 accounts of its stratum.',
  nullModel: 'Sets of the same size from the same strata.',
  parameters: [
    { name: 'share', value: 0.2, unit: 'of an account’s exchanges', source: 'start value' },
    { name: 'count', value: 3, unit: 'exchanges', source: 'start value' },
    { name: 'minMembers', value: 5, unit: 'members', source: 'start value' },
    { name: 'membersShare', value: 0.15, unit: 'of the members', source: 'what a few do is not what the set is for' },
    { name: 'probeMarked', value: 0.5, unit: 'of an account’s exchanges', source: 'start value' },
    { name: 'probeVaried', value: 0.7, unit: 'distinct templates per exchange', source: 'start value' },
    { name: 'probeExchanges', value: 50, unit: 'exchanges of those who probe', source: 'start value' },
    { name: 'probeWeight', value: 0.2, unit: 'of the mean e-value', source: 'a campaign probes for a short while' },
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
  if (!population.work.marksElicitation) return [];
  const { p, observed, median } = shareTest(view, elicits(population));
  const tests = [{ nats: natsOfP(isMuch(observed, median) ? p : 1), weight: 1 - parameter(meta, 'probeWeight') }];
  const probing = probeNats(view);
  if (probing !== undefined) tests.push({ nats: probing, weight: parameter(meta, 'probeWeight') });
  const unit = 'share of accounts asking for written-out reasoning';
  const nats = meanOfE(tests, meta.capNats);
  return [{ group: 'intent', detector: meta.slug, nats, observed, expected: median, unit }];
}

function isMuch(observed: number, median: number): boolean {
  return observed >= parameter(meta, 'membersShare') && manifoldShare(observed, median);
}

function elicits({ work, exchanges }: Population): (account: number) => boolean {
  const share = parameter(meta, 'share');
  const count = parameter(meta, 'count');
  return (account) => work.elicited[account]! >= count && work.elicited[account]! >= share * exchanges[account]!;
}

/** Of the probe phase; undefined where the platform tells neither templates of the members nor what it declined. */
function probeNats(view: CandidateView): number | undefined {
  const { population, members } = view;
  const { work, exchanges } = population;
  const told = members.some((member) => work.distinct.template[member]! > 0) && everDeclined(population);
  if (!told) return undefined;
  const probes = probesOf(population);
  let together = 0;
  for (const member of members) if (probes(member)) together += exchanges[member]!;
  if (together < parameter(meta, 'probeExchanges')) return natsOfP(1);
  const { p, observed, median } = shareTest(view, probes);
  return natsOfP(isMuch(observed, median) ? p : 1);
}

/** Most exchanges ask for reasoning, in ever new words, and are declined more often than almost any of its stratum. */
function probesOf(population: Population): (account: number) => boolean {
  const { work, exchanges } = population;
  const marked = parameter(meta, 'probeMarked');
  const varied = parameter(meta, 'probeVaried');
  const count = parameter(meta, 'count');
  return (account) => {
    const all = exchanges[account]!;
    const asks = work.elicited[account]! >= count && work.elicited[account]! >= marked * all;
    if (!asks || work.distinct.template[account]! < varied * all) return false;
    return work.declined[account]! > usuallyDeclined(population, population.strata.pool[account]!) * all;
  };
}

export const reasoningElicitation: CampaignDetector = { meta, measure };
