/** What a person has to decide, who, and by when, gravest first. Stillwatch itself changes no account. */
import { DAY_MS, dayMonth } from './dates.ts';
import { coveragePercent, exact, plural } from './numbers.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { endingSoon } from './report-people.ts';
import { COVERAGE_FLOOR, openAboveInfo } from './report-verdict.ts';

export interface Decision {
  what: string;
  owner: string;
  /** The last day on which it is in time: `YYYY-MM-DD`. */
  by: string;
}

/** Working days after the period in which each is decided. */
const DAYS = { SEV1: 0, SEV2: 1, SEV3: 3, INFO: 5, dossier: 1, renew: 4, gap: 0 } as const;
/** A SEV3 that nobody has looked at for so many working days is put to somebody by name. */
const SEV3_WORKING_DAYS = 5;

export function decisions(report: ReportData): Decision[] {
  const due = (days: number) => workingDay(report.period.to, days);
  const open = openAboveInfo(report).filter(({ case: now }) => now.state !== 'judged' && now.state !== 'covered');
  const act = open.flatMap((item) => [...actOn(item, report.period.to), ...counsel(item, report.period.to)]);
  const ending = endingSoon(report.people, report.period.to);
  const renew = {
    what: `Renew or drop ${plural(ending.length, 'silence')} that ${ending.length === 1 ? 'ends' : 'end'} by ${dayMonth(ending.at(-1)?.until ?? report.period.to)}`,
    owner: ending.length === 1 ? ending[0]!.owner : 'their owners',
    by: due(DAYS.renew),
  };
  const missing = report.health.coverage < COVERAGE_FLOOR;
  const gap = {
    what: `Find the missing records: coverage was ${coveragePercent(report.health.coverage)}`,
    owner: 'on-call',
    by: due(DAYS.gap),
  };
  return [...act, ...(missing ? [gap] : []), ...(ending.length > 0 ? [renew] : [])];
}

function actOn({ finding, context, case: now }: ReportFinding, to: string): Decision[] {
  const owner = now.assignee ?? (finding.kind === 'consumer' ? 'abuse lead' : 'trust lead');
  const by = workingDay(to, DAYS[finding.severity]);
  if (finding.severity === 'SEV3') {
    const waits = now.state === 'new' && workingDaysBetween(finding.at, to) >= SEV3_WORKING_DAYS;
    return waits ? [{ what: `Look at ${finding.id}: not acknowledged since ${dayMonth(finding.at)}`, owner, by }] : [];
  }
  if (finding.kind === 'consumer') return [{ what: `Ask the owner of ${finding.id}: is this you?`, owner, by }];
  const accounts = context.throttle?.accounts ?? finding.accounts.certain;
  if (accounts === 0)
    return [
      { what: `Look at the ${plural(finding.accounts.probable, 'probable account')} of ${finding.id}`, owner, by },
    ];
  return [
    {
      what: `Throttle the ${exact(accounts)} certain ${accounts === 1 ? 'account' : 'accounts'} of ${finding.id}?`,
      owner,
      by,
    },
  ];
}

function counsel({ finding, case: now }: ReportFinding, to: string): Decision[] {
  if (finding.classification !== 'distillation' || now.verdict !== 'confirmed') return [];
  return [
    {
      what: `Send the external dossier of ${finding.id} to counsel?`,
      owner: 'security leader',
      by: workingDay(to, DAYS.dossier),
    },
  ];
}

/** The day that ends the period counts when it is a working day; `days` more of them later. */
export function workingDay(to: string, days: number): string {
  let at = Date.parse(to);
  for (let left = days; ; at += DAY_MS) {
    if (isWorking(at) && left-- === 0) return new Date(at).toISOString().slice(0, 10);
  }
}

function workingDaysBetween(from: string, to: string): number {
  let days = 0;
  for (let at = Date.parse(from); at + DAY_MS <= Date.parse(to); at += DAY_MS) if (isWorking(at)) days++;
  return days;
}

function isWorking(at: number): boolean {
  const day = new Date(at).getUTCDay();
  return day !== 0 && day !== 6;
}
