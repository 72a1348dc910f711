import { custodyEdges } from '../population/custody-edges.ts';
import { Meetings } from '../population/meetings.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { natsOfP } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'state-custody',
  title: 'State custody',
  groups: ['custody'],
  threat: 'A relay moves a conversation to another account: ids or outputs minted for one come back through another.',
  inputs: ['custody.minted', 'custody.presented', 'time', 'account', 'org'],
  statistic:
    'Pairs of members of different organisations of which one handed in what the other had given out before; only of fingerprints that exactly one account gave out and at most two others handed in.',
  nullModel:
    'Poisson: pairs found with time reversed (handed in before it was given out), and pairs outside the candidate, spread over pairs of accounts with custody data as those are busy: who publishes and pastes more meets more strangers by accident.',
  parameters: [
    { name: 'minPairs', value: 3, unit: 'pairs', source: 'one paste between friends is an accident' },
    { name: 'floor', value: 0.5, unit: 'chance pairs on the platform', source: 'no rate is taken to be zero' },
    { name: 'minters', value: 1, unit: 'accounts', source: 'a fingerprint given out twice is a common text' },
    { name: 'presenters', value: 2, unit: 'accounts', source: 'a transcript pasted by many is public' },
  ],
  blindSpot: 'Single-turn campaigns; conversations that die with their account; ids and outputs both rewritten.',
  lookAlike: 'A public transcript that many paste (frequency limits); one organisation rotating keys (left out).',
  weight: 1,
  capNats: 6,
};

/** Pairs of members between which a conversation moved; undefined where nothing is known of any. */
function pairsAmong({ population, members }: CandidateView): number | undefined {
  const { offsets, to, known } = custodyEdges(population);
  if (!members.some((member) => known[member] === 1)) return undefined;
  const inside = new Set(members);
  let pairs = 0;
  for (const member of members)
    for (let at = offsets[member]!; at < offsets[member + 1]!; at++) if (inside.has(to[at]!)) pairs++;
  return pairs;
}

/** Hand-overs are counted, not drawn: most sets have none. */
function mostNats(view: CandidateView): number {
  const pairs = pairsAmong(view);
  if (pairs === undefined) return 0;
  return pairs < parameter(meta, 'minPairs') ? natsOfP(1) : meta.capNats;
}

function measure(view: CandidateView): Measurement[] {
  const observed = pairsAmong(view);
  if (observed === undefined) return [];
  const { population, members } = view;
  const { to, kept, placebo, meetings } = custodyEdges(population);
  const chance = Math.max(parameter(meta, 'floor'), placebo + to.length - observed);
  const share = meetings.among === 0 ? 0 : new Meetings(population, kept, members).among / meetings.among;
  const expected = chance * Math.min(1, share);
  const p = observed < parameter(meta, 'minPairs') ? 1 : poissonUpper(observed, expected);
  return [
    {
      group: 'custody',
      detector: meta.slug,
      nats: natsOfP(p),
      observed,
      expected,
      unit: 'pairs of accounts between which a conversation moved',
    },
  ];
}

const MIN_P = 1e-6;

/** P(X >= k) of a Poisson variable, by the Chernoff bound exp(k - m - k ln(k / m)): never too small. */
function poissonUpper(k: number, mean: number): number {
  if (k <= mean) return 1;
  return Math.max(MIN_P, Math.exp(k - mean - k * Math.log(k / mean)));
}

export const stateCustody: CampaignDetector = { meta, measure, mostNats };
