/** The self-audit, over what the ingest function itself archived and counted. */
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryAggregates } from '../../cli/adapters/memory-store.ts';
import { ObjectArchive } from '../../lambdas/adapters/archive.ts';
import type { AuditCounts } from '../../lambdas/adapters/dynamo-audit-log.ts';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import { type AuditHost, handle } from '../../lambdas/audit/audit.ts';
import { handle as ingest } from '../../lambdas/ingest/ingest.ts';
import { DAY, usage } from '../contracts/sample-records.ts';
import { type Heard, kinesisEvent, listening, MemoryObjects } from './support.ts';

const DAY_MS = 86_400_000;
const TASK = { scheduledTime: new Date((DAY + 2) * DAY_MS + 4.5 * 3_600_000).toISOString() };

let objects: MemoryObjects;
let store: MemoryAggregates;
let told: Heard;
let log: [number, AuditCounts][];
let host: AuditHost;

const ingestAll = (records: object[]) =>
  ingest(kinesisEvent(records), {
    store,
    archive: new ObjectArchive(objects),
    quarantine: new ObjectQuarantine(objects, false),
    intake: { add: async () => {} },
    told: listening(),
    now: () => (DAY + 1) * DAY_MS,
    retentionDays: 90,
  });

beforeEach(async () => {
  objects = new MemoryObjects();
  store = new MemoryAggregates();
  told = listening();
  log = [];
  host = {
    archive: objects,
    stored: store,
    log: { add: async (day, counts) => void log.push([day, counts]) },
    told,
    sampleSize: 5,
  };
  const records = Array.from({ length: 200 }, (_, i) => usage(`account ${i % 20}`, `exchange ${i}`, 60 * i));
  await ingestAll(records.slice(0, 120));
  // Delivered again, overlapping.
  await ingestAll(records.slice(60));
});

describe('the audit', () => {
  it('finds no drift where every batch was delivered, some of them twice', async () => {
    expect(await handle(TASK, host)).toEqual({ day: '2026-05-14', audited: 5, drifted: 0, figures: [] });
    expect(told.counts).toMatchObject({ AccountDaysAudited: 5, AccountDaysDrifted: 0 });
    expect(log).toEqual([[DAY, { audited: 5, drifted: 0 }]]);
  });

  it('takes other accounts on another day of the schedule, and all of them where they are few', async () => {
    const asked = async (scheduledTime: string) => {
      const accounts: string[] = [];
      const stored = {
        accountDay: (account: string, day: number) => {
          accounts.push(account);
          return store.accountDay(account, day);
        },
      };
      await handle({ scheduledTime }, { ...host, stored });
      return accounts.sort();
    };
    const [early, late] = [await asked(TASK.scheduledTime), await asked(TASK.scheduledTime.replace('04:30', '05:30'))];
    expect(early).toHaveLength(5);
    expect(late).not.toEqual(early);
    expect(await handle(TASK, { ...host, sampleSize: 100 })).toMatchObject({ audited: 20, drifted: 0 });
  });

  it('tells every account-day that was counted once too often, and which figures, but no account', async () => {
    const stored = new MemoryAggregates();
    for (let i = 0; i < 200; i++) {
      const id = i < 20 ? `other id ${i}` : `exchange ${i}`;
      const record = usage(`account ${i % 20}`, id, 60 * i);
      await stored.foldUsage({
        account: record.account,
        day: DAY,
        shard: 's',
        entries: [{ sequence: String(i), record }],
      });
      if (i === 7) {
        const again = usage(record.account, 'counted twice', 60 * i);
        await stored.foldUsage({
          account: record.account,
          day: DAY,
          shard: 's',
          entries: [{ sequence: '7', record: again }],
        });
      }
    }
    expect(await handle(TASK, { ...host, stored, sampleSize: 100 })).toMatchObject({ audited: 20 });
    expect(told.counts.AccountDaysDrifted).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(told.lines)).toContain('exchanges');
    expect(JSON.stringify(told.lines)).not.toMatch(/account \d/);
  });

  it('calls an account-day that is archived and not counted a drift', async () => {
    expect(await handle(TASK, { ...host, stored: new MemoryAggregates() })).toMatchObject({ audited: 5, drifted: 5 });
  });

  it('counts another day where one is named, and says so of what is no day', async () => {
    const day = new Date(DAY * DAY_MS).toISOString().slice(0, 10);
    const later = { scheduledTime: '2030-01-01T00:00:00Z', day };
    expect(await handle(later, host)).toMatchObject({ day, audited: 5, drifted: 0 });
    await expect(handle({ ...later, day: 'yesterday' }, host)).rejects.toThrow('day must be a date');
  });

  it('looks twice, since a late record may be archived and not yet counted', async () => {
    const late = usage('account 3', 'late', 90);
    let counted = false;
    const stored = {
      accountDay: async (account: string, day: number) => {
        const packed = await store.accountDay(account, day);
        if (!counted) {
          counted = true;
          await ingestAll([late]);
        }
        return packed;
      },
    };
    await new ObjectArchive(objects).add([{ record: late, shard: 'shardId-000000000000', sequence: '999' }]);
    expect(await handle(TASK, { ...host, stored, sampleSize: 100 })).toMatchObject({ audited: 20, drifted: 0 });
  });

  it('fails as a whole where an object cannot be read: half an audit is none', async () => {
    const [key] = [...objects.held.keys()].filter((name) => name.startsWith('usage/'));
    objects.held.set(key!, new Uint8Array(40));
    await expect(handle(TASK, host)).rejects.toThrow('damaged Parquet');
    expect(log).toEqual([]);
  });
});
