/** What a sweep leaves for the reports. */
import type { ReleaseRecord } from '../../core/records/schema.ts';
import type { SweepSummary } from '../../core/sweep.ts';

export interface SweepRecord {
  releases: ReleaseRecord[];
  summary: SweepSummary;
}
