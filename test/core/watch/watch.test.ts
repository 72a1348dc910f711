import { describe, expect, it } from 'vitest';
import { alertText, firstScreenText } from '../../../core/messages/alert-text.ts';
import { pagerDutyEvent } from '../../../core/messages/pagerduty.ts';
import { snsMessage } from '../../../core/messages/sns.ts';
import { watchEnvelope } from '../../../core/messages/watch-envelope.ts';
import { WATCH_CAUSES, type WatchFacts, watch } from '../../../core/watch/watch.ts';
import { expectGolden } from '../messages/golden.ts';
import { SETTINGS } from '../messages/sample.ts';

const AT = Date.parse('2026-06-19T02:21:00.000Z');
const HEALTHY: WatchFacts = {
  at: AT,
  lastRecord: AT - 60_000,
  lastSweep: AT - 3_600_000,
  sweepEvery: 6 * 3_600_000,
  coverage: 0.994,
  drift: 0,
  records: { taken: 1000, quarantined: 1 },
  failed: { messages: 0, since: AT },
  expiring: { cases: 0, days: 90 },
  unpaged: { messages: 0, since: AT },
};
const ILL: WatchFacts = {
  at: AT,
  lastRecord: Date.parse('2026-06-19T02:05:00.000Z'),
  lastSweep: AT - 9 * 3_600_000,
  sweepEvery: 6 * 3_600_000,
  coverage: 0.88,
  drift: 3,
  records: { taken: 980, quarantined: 20 },
  failed: { messages: 2, since: AT - 86_400_000 },
  expiring: { cases: 1, days: 12 },
  unpaged: { messages: 14, since: AT - 7_200_000 },
};

describe('the watch on the watch', () => {
  it('says nothing while all is well', () => {
    expect(watch(HEALTHY, {}).alarms).toEqual([]);
  });

  it('gives one alarm per cause, and none again while it lasts', () => {
    const first = watch(ILL, {});
    expect(first.alarms.map(({ cause }) => cause)).toEqual([...WATCH_CAUSES]);
    expect(watch({ ...ILL, at: AT + 60_000 }, first.memory).alarms).toEqual([]);
  });

  it('says once that it is over, under the same key, and counts on when it returns', () => {
    const on = watch(ILL, {});
    const over = watch({ ...HEALTHY, at: AT + 60_000, lastRecord: AT }, on.memory);
    expect(over.alarms.map(({ state }) => state)).toEqual(WATCH_CAUSES.map(() => 'cleared'));
    const [opened, cleared] = [on.alarms[0]!, over.alarms[0]!].map((alarm) => watchEnvelope(alarm, SETTINGS));
    expect(cleared!.dedupKey).toBe(opened!.dedupKey);
    expect(cleared!.messageId).not.toBe(opened!.messageId);
    expect(pagerDutyEvent(cleared!)).toEqual({ event_action: 'resolve', dedup_key: opened!.dedupKey });
    expect(watch(ILL, over.memory).alarms[0]).toMatchObject({ state: 'opened', sequence: 3 });
  });

  it('ends no alarm on a fact that is not known', () => {
    const { memory } = watch(ILL, {});
    expect(watch({ at: AT + 60_000 }, memory).alarms).toEqual([]);
  });

  it.each([
    ['no_records', { lastRecord: AT - 15 * 60_000 }, { lastRecord: AT - 15 * 60_000 + 1 }],
    ['coverage', { coverage: 0.9499 }, { coverage: 0.95 }],
    ['recount_drift', { drift: 1 }, { drift: 0 }],
    ['quarantine', { records: { taken: 989, quarantined: 11 } }, { records: { taken: 990, quarantined: 10 } }],
    ['records_expiring', { expiring: { cases: 1, days: 14 } }, { expiring: { cases: 1, days: 15 } }],
  ])('%s begins at its limit and not before', (cause, at, below) => {
    expect(watch({ at: AT, ...at }, {}).alarms.map((alarm) => alarm.cause)).toEqual([cause]);
    expect(watch({ at: AT, ...below }, {}).alarms).toEqual([]);
  });

  it.each(watch(ILL, {}).alarms.map((alarm) => [alarm.cause, alarm] as const))('%s reads as agreed', (cause, alarm) => {
    const told = watchEnvelope(alarm, SETTINGS);
    expect(told).toMatchObject({ finding: null, message: 'watch', severity: 'SEV2' });
    expect(told.title).toMatch(/^\[WATCH\] [\x20-\x7e]{1,70}$/);
    expect(firstScreenText(told).length).toBeLessThanOrEqual(900);
    expect(Object.keys(snsMessage(told).MessageAttributes)).toHaveLength(10);
    expectGolden(`watch-${cause}.txt`, alertText(told));
  });

  it('says at what time the watch went blind', () => {
    expect(watchEnvelope(watch(ILL, {}).alarms[0]!, SETTINGS).title).toBe(
      '[WATCH] No usage records since 02:05Z: the watch is blind',
    );
  });
});
