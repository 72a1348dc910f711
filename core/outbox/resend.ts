/** Messages that were given up, told again by hand: the same message under the same id, so a receiver drops a repeat. */
import type { OutboxRow } from './outbox.ts';

export interface Resend {
  /** Pending once more, as if they were new. */
  again: OutboxRow[];
  /** Failed too, but a later message of the thread reached the channel: an opening behind an end would be wrong. */
  stale: OutboxRow[];
}

export function resend(rows: readonly OutboxRow[], now: number): Resend {
  const failed = rows.filter(({ state }) => state === 'failed').sort((a, b) => a.since - b.since);
  const isStale = ({ channel, subject, since }: OutboxRow) =>
    rows.some(
      (other) =>
        other.state === 'sent' && other.channel === channel && other.subject === subject && other.since > since,
    );
  return {
    again: failed.filter((row) => !isStale(row)).map((row) => anew(row, now)),
    stale: failed.filter(isStale),
  };
}

/** A day of trying begins again; of two of a thread the older one stays first. */
function anew({ error: _, settled: __, escalated: ___, ...row }: OutboxRow, now: number): OutboxRow {
  return { ...row, state: 'pending', attempts: 0, since: now, due: now };
}
