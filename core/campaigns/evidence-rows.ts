/** From measurements to the rows that people are shown. */
import type { Measurement } from '../detectors/detector.ts';
import { CAMPAIGN_DETECTORS } from '../detectors/index.ts';
import type { Evidence } from '../findings/finding.ts';
import { GROUP_CAP_NATS } from './gate.ts';

export function evidenceOf(measurements: readonly Measurement[]): Evidence[] {
  const rows = measurements.map(({ group, detector, observed, expected, unit, nats }) => {
    const cap = CAMPAIGN_DETECTORS.find(({ meta }) => meta.slug === detector)!.meta.capNats;
    return { group, detector, observed, expected, unit, strength: Math.min(nats, cap, GROUP_CAP_NATS) };
  });
  return mergeEvidence([], rows);
}

/** The stronger row of each group and detector. */
export function mergeEvidence(a: readonly Evidence[], b: readonly Evidence[]): Evidence[] {
  const rows = new Map(a.map((row) => [`${row.group} ${row.detector}`, row]));
  for (const row of b) {
    const held = rows.get(`${row.group} ${row.detector}`);
    if (held === undefined || row.strength > held.strength) rows.set(`${row.group} ${row.detector}`, row);
  }
  return [...rows.values()];
}
