/** What a sweep leaves for the reports. */
import type { JudgedBy } from '../../core/judged-by.ts';
import type { ReleaseRecord } from '../../core/records/schema.ts';
import type { SweepSummary } from '../../core/sweep.ts';

export interface SweepRecord {
  releases: ReleaseRecord[];
  summary: SweepSummary;
  /** Absent in those of earlier versions. */
  judgedBy?: JudgedBy;
}
