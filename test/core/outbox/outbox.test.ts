import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attempted, GIVE_UP_MS, isDue, type OutboxRow, pending, undelivered } from '../../../core/outbox/outbox.ts';
import { HOUR, MINUTE } from './memory-outbox.ts';

const ROW = pending({ messageId: 'm', channel: 'sns', subject: 'cmp-1', severity: 'SEV2' }, 0);
const FAILED = { sent: false as const, error: 'no' };

/** Times of all attempts until the row is settled. */
function attempts(random: () => number): { times: number[]; row: OutboxRow } {
  const times: number[] = [];
  let row = ROW;
  while (row.state === 'pending') {
    times.push(row.due);
    row = attempted(row, FAILED, row.due, random);
  }
  return { times, row };
}

describe('the tries of a message', () => {
  it('come after 10 s, 30 s, 2 min, 10 min, 30 min, then hourly to 24 h', () => {
    const { times, row } = attempts(() => 0.5);
    const waits = times.slice(1).map((time, index) => (time - times[index]!) / 1000);
    expect(waits.slice(0, 7)).toEqual([10, 30, 120, 600, 1800, 3600, 3600]);
    expect(times.at(-1)).toBe(GIVE_UP_MS);
    expect(row).toMatchObject({ state: 'failed', settled: GIVE_UP_MS });
  });

  it('never come early by more than a fifth, and end within 24 h, whatever the dice', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (dice) => {
        const { times } = attempts(() => dice.next().value as number);
        expect(times[1]).toBeGreaterThanOrEqual(8_000);
        expect(times.at(-1)).toBe(GIVE_UP_MS);
        expect(times.toSorted((a, b) => a - b)).toEqual(times);
      }),
    );
  });

  it('end with the first that succeeds', () => {
    const sent = attempted(ROW, { sent: true, receipt: 'id 1' }, 5, () => 0);
    expect(sent).toMatchObject({ state: 'sent', receipt: 'id 1', attempts: 1 });
    expect(isDue(sent, 2 * GIVE_UP_MS)).toBe(false);
  });

  it('owe people what failed, and a SEV1 from 15 minutes on', () => {
    const urgent: OutboxRow = { ...ROW, messageId: 'u', severity: 'SEV1' };
    const lost: OutboxRow = { ...ROW, messageId: 'l', state: 'failed' };
    expect(undelivered([urgent, ROW, lost], 14 * MINUTE)).toEqual([lost]);
    expect(undelivered([urgent, ROW, lost], HOUR)).toEqual([lost, urgent]);
  });
});
