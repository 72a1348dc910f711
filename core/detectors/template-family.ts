import { HELD_OUT_TEXT_KIND } from '../population/kinds.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { measureSharing } from './shared-values.ts';

const meta: DetectorMeta = {
  slug: 'template-family',
  title: 'Template families',
  groups: ['content'],
  threat: 'One prompt, or variations of it, over many accounts.',
  inputs: ['prompt.system', 'prompt.template', 'prompt.sketch'],
  statistic:
    'Lockstep: the share of member pairs that work with an equal system prompt, template, or near-copy of a prompt, hubs left out; the e-values of the three are averaged. Of a set that rare texts proposed: pairs that used an equal text of the half kept apart.',
  nullModel:
    'Sets of the same size from the same strata, on a candidate that was not found by its content. A family found by its content is instead ranked by size among all families (lognormal tail).',
  parameters: [
    { name: 'minWithField', value: 10, unit: 'members', source: 'start value' },
    { name: 'minPairs', value: 2, unit: 'member pairs', source: 'one shared value is an accident' },
    { name: 'equalSlots', value: 17, unit: 'of 32 sketch slots', source: 'Jaccard similarity of 0.53' },
    { name: 'hubCap', value: 2000, unit: 'accounts', source: 'start value' },
  ],
  blindSpot: 'A paraphrase of the whole prompt for every exchange.',
  lookAlike: 'A launch, a viral template, a new default prompt: other groups must confirm.',
  weight: 0.5,
  capNats: 6,
};

const KINDS = ['system', 'template', 'sketch'];

function measure(view: CandidateView): Measurement[] {
  const links = view.population.links.filter(({ kind }) => KINDS.includes(kind));
  return measureSharing(view, meta, links, parameter(meta, 'minWithField'), parameter(meta, 'minPairs'));
}

/** The same of texts that need be used but once, of which one half proposes sets and the other confirms them. */
export function measureHeldOut(view: CandidateView): Measurement[] {
  const links = view.population.links.filter(({ kind }) => kind === HELD_OUT_TEXT_KIND);
  return measureSharing(view, meta, links, parameter(meta, 'minWithField'), parameter(meta, 'minPairs'));
}

export const templateFamily: CampaignDetector = { meta, measure };
