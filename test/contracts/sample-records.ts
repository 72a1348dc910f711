import type { AccountRecord, UsageRecord } from '../../core/records/schema.ts';
import { timeMs } from '../../core/records/time.ts';

export const DAY = Math.floor(timeMs('2026-05-14T00:00:00Z') / 86_400_000);

/** All days of the samples. */
export const EVERY_DAY = { from: DAY - 3, until: DAY + 4 };

/** An exchange at `seconds` after midnight of 14 May 2026. */
export function usage(account: string, id: string, seconds = 3600, more: Partial<UsageRecord> = {}): UsageRecord {
  return {
    type: 'usage',
    id,
    time: new Date(DAY * 86_400_000 + seconds * 1000).toISOString(),
    account,
    model: 'opus-5',
    tokens: { input: 100, output: 200 },
    ...more,
  };
}

export function accountRecord(account: string, more: Partial<AccountRecord> = {}): AccountRecord {
  return { type: 'account', time: '2026-05-01T00:00:00.000Z', account, ...more };
}
