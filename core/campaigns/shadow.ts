/** Detectors in shadow: what they saw of a campaign, and what it would have changed. */
import { round } from '../findings/figures.ts';
import type { ShadowEvidence } from '../findings/transition.ts';
import type { Settings } from '../settings.ts';
import { evidenceOf, mergeEvidence } from './evidence-rows.ts';
import { type Candidate, intendsDistillation, judge } from './gate.ts';
import type { TrackedFinding } from './tracked.ts';

/** Undefined where none of them has anything to say. */
export function shadowEvidence(candidate: Candidate, settings: Settings): ShadowEvidence | undefined {
  const { seed, measurements, shadow, blind } = candidate;
  if (shadow === undefined || shadow.length === 0) return undefined;
  const rejudged = judge(seed, [...measurements, ...shadow], settings, blind);
  const without = judge(seed, measurements, settings, blind);
  return {
    evidence: strongestFirst(evidenceOf(shadow)),
    nats: { without: round(without.nats), with: Number.isFinite(rejudged.nats) ? round(rejudged.nats) : null },
    classification: intendsDistillation(rejudged, settings) ? 'distillation' : 'coordinated_abuse',
  };
}

/** Of two that are one campaign: the first is the stronger. */
export function joinShadows(a: ShadowEvidence | undefined, b: ShadowEvidence | undefined): ShadowEvidence | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const distils = [a, b].some(({ classification }) => classification === 'distillation');
  return {
    evidence: strongestFirst(mergeEvidence(a.evidence, b.evidence)),
    nats: a.nats,
    classification: distils ? 'distillation' : 'coordinated_abuse',
  };
}

/** As last seen: forgotten once no detector is in shadow. */
export function withShadow(
  { shadow: before, ...finding }: TrackedFinding,
  seen: ShadowEvidence | undefined,
  { detection }: Settings,
): TrackedFinding {
  const shadow = detection.shadow.length === 0 ? undefined : (seen ?? before);
  return { ...finding, ...(shadow ? { shadow } : {}) };
}

function strongestFirst(evidence: readonly ShadowEvidence['evidence'][number][]): ShadowEvidence['evidence'] {
  return evidence
    .map((row) => ({
      ...row,
      observed: round(row.observed),
      expected: round(row.expected),
      strength: round(row.strength),
    }))
    .sort((a, b) => b.strength - a.strength || (a.detector < b.detector ? -1 : 1));
}
