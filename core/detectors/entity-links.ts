import type { EvidenceGroup } from '../findings/finding.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { measureSharing, mostShared } from './shared-values.ts';

const meta: DetectorMeta = {
  slug: 'entity-links',
  title: 'Entity links',
  groups: ['identity', 'network'],
  threat: 'Accounts bought or faked in bulk share cards, registration patterns, client builds and exits.',
  inputs: ['payment', 'email', 'phone', 'referral', 'network.ip', 'network.subnet', 'network.asn', 'client'],
  statistic:
    'Per kind, the share of member pairs that hold an equal value, hubs left out; the e-values of the kinds of a group are averaged.',
  nullModel: 'Sets of the same size from the same strata, one account per organisation.',
  parameters: [
    { name: 'minWithField', value: 10, unit: 'members', source: 'start value' },
    { name: 'minPairs', value: 2, unit: 'member pairs', source: 'one shared value is an accident' },
  ],
  blindSpot: 'A unique exit, card and address for each account.',
  lookAlike:
    'A campus, a company or a carrier behind one exit: hub caps, organisations, and the check of innocent causes.',
  weight: 1,
  capNats: 6,
};

function measure(view: CandidateView, only?: EvidenceGroup): Measurement[] {
  return meta.groups.flatMap((group) => {
    if (only !== undefined && group !== only) return [];
    const links = view.population.links.filter((link) => link.group === group);
    return measureSharing(view, meta, links, parameter(meta, 'minWithField'), parameter(meta, 'minPairs'));
  });
}

function mostNats(view: CandidateView, group: EvidenceGroup, least: number): number {
  const links = view.population.links.filter((link) => link.group === group);
  return mostShared(view, links, parameter(meta, 'minWithField'), parameter(meta, 'minPairs'), least);
}

export const entityLinks: CampaignDetector = { meta, measure, mostNats };
