import { describe, expect, it } from 'vitest';
import { type OutboxRow, pending } from '../../../core/outbox/outbox.ts';
import { resend } from '../../../core/outbox/resend.ts';
import { HOUR } from './memory-outbox.ts';

const NOW = 100 * HOUR;
const row = (messageId: string, since: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
  ...pending({ messageId, channel: 'pagerduty', subject: 'cmp-1', severity: 'SEV2' }, since),
  ...more,
});
const failed = (messageId: string, since: number, more: Partial<OutboxRow> = {}) =>
  row(messageId, since, { state: 'failed', attempts: 31, error: 'HTTP 503', settled: since + 24 * HOUR, ...more });

describe('a message that was given up', () => {
  it('is told again under its id, with a day of tries before it', () => {
    expect(resend([failed('m', 0)], NOW).again).toEqual([row('m', NOW)]);
  });

  it('comes before the later ones of its thread', () => {
    const { again } = resend([failed('second', HOUR), failed('first', 0)], NOW);
    expect(again.map(({ messageId }) => messageId)).toEqual(['first', 'second']);
  });

  it('stays behind where a later one of its thread reached that channel: no incident is opened behind its end', () => {
    const found = resend([failed('opened', 0), row('cleared', HOUR, { state: 'sent' })], NOW);
    expect(found).toMatchObject({ again: [], stale: [{ messageId: 'opened' }] });
  });

  it.each([
    ['an earlier one', { state: 'sent' as const }, -HOUR],
    ['one of another finding', { state: 'sent' as const, subject: 'cmp-2' }, HOUR],
    ['one on another channel', { state: 'sent' as const, channel: 'mail' as const }, HOUR],
    ['one that waits', {}, HOUR],
  ])('is held up by no other: %s', (_, other, since) => {
    expect(resend([failed('m', 0), row('other', since, other)], NOW).again).toHaveLength(1);
  });

  it('is none that was sent or waits', () => {
    expect(resend([row('sent', 0, { state: 'sent' }), row('waits', 0)], NOW)).toEqual({ again: [], stale: [] });
  });
});
