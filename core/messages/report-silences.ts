/** Exceptions, plans and snoozes in a report's words. */
import { minute } from './dates.ts';
import { exact, percent, plural } from './numbers.ts';
import type { ReportData } from './report-data.ts';
import { ENDING_DAYS, endingSoon, type Silence } from './report-people.ts';
import { listLines } from './report-section.ts';

export function silenceLines({ people, period }: ReportData): string[] {
  const lasting = people.silences.filter(({ kind }) => kind !== 'snooze');
  const ending = endingSoon(people, period.to);
  const near = people.silences.filter(({ used = 0 }) => used >= NEAR);
  const lost = people.silences.filter(({ unreachable }) => unreachable);
  if (people.silences.length === 0) return ['none is active'];
  const kinds = (kind: Silence['kind'], word: string) =>
    plural(people.silences.filter((each) => each.kind === kind).length, word);
  const active = `${kinds('exception', 'exception')}, ${kinds('plan', 'plan')} and ${kinds('snooze', 'snooze')} active`;
  const first = ending.length > 0 ? `, ${exact(ending.length)} of them ending within ${ENDING_DAYS} days` : '';
  const owners = new Set(lost.map(({ owner }) => owner)).size;
  const named = new Set([...near, ...lost, ...ending]);
  return [
    `${active}${first}${lasting.length > 0 ? '; all in exceptions.csv' : ''}`,
    ...(owners > 0 ? [`${plural(owners, 'owner')} unreachable: mail comes back or is unwanted`] : []),
    ...listLines([...named].map(silenceWords)),
  ];
}

/** From this share of its ceiling on a silence is named. */
const NEAR = 0.8;

export function silenceWords({ id, kind, scope, owner, until, used, unreachable }: Silence): string {
  const about = kind === 'snooze' ? `snooze of ${id}` : `${kind} ${id} on one ${scope}`;
  const ceiling = used === undefined || used < NEAR ? '' : `, at ${percent(used)} of its ceiling`;
  const lost = unreachable ? ' (unreachable)' : '';
  return `${about}, of ${owner}${lost}, ends ${minute(until)}${ceiling}`;
}
