/** What detectors in shadow saw of a week's campaigns, and what would have been different if they counted. */
import type { DetectorSlug } from '../findings/finding.ts';
import type { ShadowEvidence } from '../findings/transition.ts';
import { median } from '../sorted.ts';
import { exact, nats as inNats, plural } from './numbers.ts';
import type { ReportData } from './report-data.ts';
import { listLines } from './report-section.ts';
import { CLASS_WORDS } from './words.ts';

export interface ShadowFigures {
  /** Campaigns that they looked at. */
  campaigns: number;
  detectors: {
    detector: DetectorSlug;
    /** Campaigns that it speaks for: with more than chance would give. */
    speaksFor: number;
    /** Nats, of those. */
    median: number;
    strongest: number;
  }[];
  findings: ({ finding: string } & Pick<ShadowEvidence, 'nats'> & {
      classification?: ShadowEvidence['classification'];
    })[];
}

/** Undefined where no detector is in shadow, or none has seen a campaign. */
export function shadowFigures({ campaigns }: ReportData): ShadowFigures | undefined {
  const seen = campaigns.flatMap(({ finding, context: { shadow } }) => (shadow ? [{ finding, shadow }] : []));
  if (seen.length === 0) return undefined;
  const strengths = new Map<DetectorSlug, number[]>();
  for (const { shadow } of seen) {
    const best = new Map<DetectorSlug, number>();
    for (const { detector, strength } of shadow.evidence)
      best.set(detector, Math.max(strength, best.get(detector) ?? Number.NEGATIVE_INFINITY));
    for (const [detector, strength] of best)
      strengths.set(detector, [...(strengths.get(detector) ?? []), ...(strength > 0 ? [strength] : [])]);
  }
  return {
    campaigns: seen.length,
    detectors: [...strengths]
      .map(([detector, nats]) => ({
        detector,
        speaksFor: nats.length,
        median: nats.length === 0 ? 0 : median(nats),
        strongest: Math.max(0, ...nats),
      }))
      .toSorted((a, b) => (a.detector < b.detector ? -1 : 1)),
    findings: seen.map(({ finding: { id, classification }, shadow }) => ({
      finding: id,
      nats: shadow.nats,
      ...(classification !== 'distillation' && shadow.classification === 'distillation'
        ? { classification: shadow.classification }
        : {}),
    })),
  };
}

export function shadowLines(report: ReportData): string[] {
  const figures = shadowFigures(report);
  if (figures === undefined) return [];
  const { campaigns, detectors, findings } = figures;
  return [
    ...detectors.map(
      ({ detector, speaksFor, median: middle, strongest }) =>
        `in shadow, ${detector} speaks for ${exact(speaksFor)} of ${plural(campaigns, 'campaign')}` +
        (speaksFor > 0 ? `: ${inNats(middle)} nats (median), ${inNats(strongest)} at most` : ''),
    ),
    ...listLines(
      findings.map(({ finding, nats, classification }) => {
        const score = nats.with === null ? 'not let through' : `${inNats(nats.with)} nats`;
        const other = classification ? `, ${CLASS_WORDS[classification].toLowerCase()}` : '';
        return `if counted, ${finding}: ${score}${other} instead of ${inNats(nats.without)} nats`;
      }),
    ),
  ];
}
