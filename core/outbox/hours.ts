/** Working hours of the people who are told: outside them SEV2 rings nobody and SEV3 waits. SEV1 never waits. */
import type { Severity } from '../findings/finding.ts';
import type { Envelope } from '../messages/envelope.ts';
import type { Channel } from './outbox.ts';

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export interface Hours {
  days: readonly (typeof WEEKDAYS)[number][];
  /** Local times, `HH:MM`; `from` is before `to`. */
  from: string;
  to: string;
  /** IANA name. */
  timeZone: string;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** `now` within them, else when they begin next; ms since 1970. */
export function opensAt(hours: Hours, now: number): number {
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: hours.timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  let at = now;
  for (;;) {
    const { day, minutes } = localTime(clock, at);
    const works = hours.days.includes(day);
    if (works && minutes >= from && minutes < to) return at;
    // A day may have 23 or 25 hours, so where a step lands is looked at again.
    const wait = works && minutes < from ? from - minutes : DAY_MINUTES - minutes;
    at = Math.floor(at / MINUTE_MS + wait) * MINUTE_MS;
  }
}

function localTime(clock: Intl.DateTimeFormat, at: number): { day: Hours['days'][number]; minutes: number } {
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const minutes = Number(parts.hour) * 60 + Number(parts.minute);
  return { day: parts.weekday as Hours['days'][number], minutes };
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}

/** Channels that wait for the next working hour. */
const WAITS: Record<Severity, readonly Channel[]> = {
  SEV1: [],
  SEV2: ['pagerduty', 'mail'],
  SEV3: ['chat', 'mail'],
  INFO: ['chat', 'mail'],
};

/** They end an incident or take it on: a pager that has it must hear of that at once. */
const QUIETS: readonly Envelope['message'][] = ['acked', 'judged', 'covered', 'cleared'];

export function waitsForHours(severity: Severity, channel: Channel, message: Envelope['message']): boolean {
  return WAITS[severity].includes(channel) && !(channel === 'pagerduty' && QUIETS.includes(message));
}
