/** What happened to a finding, in order: to its accounts, to the platform, and to the people who were told. */
import type { Member } from '../findings/finding.ts';
import type { Transition } from '../findings/transition.ts';
import { exact, plural } from '../messages/numbers.ts';

export interface MessageLine {
  at: string;
  title: string;
  messageId: string;
}

/** An entry of the case log. `words` are for the house; an external edition keeps the action alone. */
export interface CaseLine {
  at: string;
  action: string;
  words: string;
}

export interface TimelineEntry {
  /** RFC 3339, or a UTC day as `YYYY-MM-DD` for what is told by the day. */
  at: string;
  kind: 'first exchange' | 'accounts' | 'bans' | 'release' | 'finding' | 'message' | 'case';
  words: string;
  /** Of a case entry: what was done, without who and why. */
  action?: string;
}

export interface TimelineInput {
  transitions: readonly Transition[];
  released: readonly Member[];
  messages: readonly MessageLine[];
  caseLines: readonly CaseLine[];
  releases: readonly { time: string; model: string }[];
  days: readonly { day: string; joined: number; banned: number }[];
  firstExchange: string;
}

export function timelineOf(input: TimelineInput): TimelineEntry[] {
  const entries: TimelineEntry[] = [
    ...(input.firstExchange === ''
      ? []
      : [{ at: input.firstExchange, kind: 'first exchange' as const, words: 'first exchange of a member' }]),
    ...input.days.flatMap(({ day, joined, banned }) => [
      ...(joined > 0 ? [{ at: day, kind: 'accounts' as const, words: `${plural(joined, 'account')} first seen` }] : []),
      ...(banned > 0
        ? [{ at: day, kind: 'bans' as const, words: `${plural(banned, 'account')} banned or closed` }]
        : []),
    ]),
    ...letGo(input.released),
    ...inSpan(input).map(({ time, model }) => ({ at: time, kind: 'release' as const, words: `${model} released` })),
    ...input.transitions.map(({ finding }) => ({
      at: finding.at,
      kind: 'finding' as const,
      words: `${finding.state}, ${finding.severity}: ${told(finding)}${finding.reason ? `; ${finding.reason}` : ''}`,
    })),
    ...input.messages.map(({ at, title, messageId }) => ({
      at,
      kind: 'message' as const,
      words: `${title} (${messageId})`,
    })),
    ...input.caseLines.map(({ at, words, action }) => ({ at, kind: 'case' as const, words, action })),
  ];
  return entries
    .map((entry, place) => ({ entry, place }))
    .sort((a, b) => order(a.entry, b.entry) || a.place - b.place)
    .map(({ entry }) => entry);
}

/** What is told by the day stands behind its hours. */
function order(a: TimelineEntry, b: TimelineEntry): number {
  const [first, second] = [a.at, b.at].map((at) => (at.length === 10 ? `${at}T24` : at)) as [string, string];
  return first < second ? -1 : first > second ? 1 : 0;
}

function letGo(released: readonly Member[]): TimelineEntry[] {
  const perSweep = Map.groupBy(released, ({ until }) => until ?? '');
  return [...perSweep]
    .filter(([at]) => at !== '')
    .map(([at, members]) => ({
      at,
      kind: 'accounts',
      words: `${plural(members.length, 'account')} no longer claimed`,
    }));
}

function told({ accounts, exchanges }: Transition['finding']): string {
  return `${exact(accounts.certain)} certain and ${exact(accounts.probable)} probable accounts, ${plural(exchanges, 'exchange')}`;
}

/** Releases from the finding's first day on; the older ones say nothing of it. */
function inSpan({ releases, firstExchange, transitions }: TimelineInput) {
  const last = transitions.at(-1)?.finding.at ?? '';
  return releases.filter(({ time }) => time >= firstExchange.slice(0, 10) && time <= last);
}
