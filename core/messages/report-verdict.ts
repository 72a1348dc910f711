/** What a report may say of a quiet time. */
import type { ReportData, ReportFinding } from './report-data.ts';

/** Below this coverage a quiet time proves nothing, and no campaign is cleared. */
export const COVERAGE_FLOOR = 0.95;

export type Verdict = 'findings' | 'all_clear' | 'incomplete';

/** All clear needs every sweep, enough coverage, counts that recount the same and nothing open above INFO. */
export function verdict(report: ReportData): Verdict {
  if (openAboveInfo(report).length > 0) return 'findings';
  return watchWorked(report) ? 'all_clear' : 'incomplete';
}

export function watchWorked({ health }: Pick<ReportData, 'health'>): boolean {
  const { sweeps, sweepsMissed = 0, coverage, audit } = health;
  return sweeps > 0 && sweepsMissed === 0 && coverage >= COVERAGE_FLOOR && (audit?.drifted ?? 0) === 0;
}

export function openAboveInfo(report: Pick<ReportData, 'campaigns' | 'consumers'>): ReportFinding[] {
  return [...report.campaigns, ...report.consumers].filter(({ open, finding }) => open && finding.severity !== 'INFO');
}
