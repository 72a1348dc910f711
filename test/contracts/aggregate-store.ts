/** What every store of aggregates must do, whatever it is made of. */
import { beforeEach, describe, expect, it } from 'vitest';
import { exchangesOf } from '../../core/aggregates/account-day.ts';
import { unpackAccountDay } from '../../core/aggregates/account-day-codec.ts';
import { factText } from '../../core/aggregates/account-facts.ts';
import type { AccountDayBatch, AccountHistory, AggregateStore } from '../../core/ports.ts';
import { accountRecord, DAY, EVERY_DAY, usage } from './sample-records.ts';

export function batch(account: string, ids: string[], from = 1, more: Partial<AccountDayBatch> = {}): AccountDayBatch {
  const entries = ids.map((id, i) => ({ sequence: String(from + i), record: usage(account, id, 60 * (from + i)) }));
  return { account, day: DAY, shard: 'shard-0', entries, ...more };
}

export function aggregateStoreContract(name: string, make: () => Promise<AggregateStore>): void {
  describe(`aggregates: ${name}`, () => {
    let store: AggregateStore;
    beforeEach(async () => {
      store = await make();
    });

    it('counts what is new', async () => {
      expect(await store.foldUsage(batch('a', ['x', 'y']))).toEqual({ folded: 2, duplicates: 0 });
      expect(await exchanges(store, 'a')).toBe(2);
    });

    it('gives one account-day as a sweep reads it, and nothing where there is none', async () => {
      await store.foldUsage(batch('a', ['x', 'y']));
      const [{ days }] = (await histories(store)) as [AccountHistory];
      expect(await store.accountDay('a', DAY)).toEqual(days[0]!.packed);
      expect(await store.accountDay('a', DAY + 1)).toBeUndefined();
      expect(await store.accountDay('b', DAY)).toBeUndefined();
    });

    it('changes nothing when a batch is delivered again, so a retry never doubles a volume', async () => {
      await store.foldUsage(batch('a', ['x', 'y']));
      const before = await histories(store);
      expect(await store.foldUsage(batch('a', ['x', 'y']))).toEqual({ folded: 0, duplicates: 2 });
      expect(await histories(store)).toEqual(before);
    });

    it('folds only the new part of a batch that overlaps what was folded', async () => {
      await store.foldUsage(batch('a', ['x', 'y']));
      expect(await store.foldUsage(batch('a', ['y', 'z'], 2))).toEqual({ folded: 1, duplicates: 1 });
      expect(await exchanges(store, 'a')).toBe(3);
    });

    it('counts an exchange once when a producer sends it twice', async () => {
      await store.foldUsage(batch('a', ['x'], 1));
      expect(await store.foldUsage(batch('a', ['x'], 7))).toEqual({ folded: 0, duplicates: 1 });
      expect(await store.foldUsage(batch('a', ['p', 'p'], 8))).toEqual({ folded: 1, duplicates: 1 });
    });

    it('keeps shards apart, so that a re-sharded stream loses nothing', async () => {
      await store.foldUsage(batch('a', ['x', 'y'], 50));
      expect(await store.foldUsage(batch('a', ['z'], 3, { shard: 'shard-1' }))).toEqual({ folded: 1, duplicates: 0 });
      expect(await exchanges(store, 'a')).toBe(3);
    });

    it('counts what comes below a position that it reached, so that lanes and streams may overtake each other', async () => {
      await store.foldUsage(batch('a', ['x', 'y'], 50));
      expect(await store.foldUsage(batch('a', ['z'], 3))).toEqual({ folded: 1, duplicates: 0 });
      expect(await store.foldUsage(batch('a', ['z', 'y'], 3))).toEqual({ folded: 0, duplicates: 2 });
    });

    it('knows every id of a busy account-day again, also from another shard', async () => {
      const ids = Array.from({ length: 400 }, (_, i) => `x${i}`);
      for (let i = 0; i < 400; i += 25) await store.foldUsage(batch('a', ids.slice(i, i + 25), i));
      expect(await exchanges(store, 'a')).toBe(400);
      const again = batch('a', [...ids, 'new'], 900, { shard: 'shard-1' });
      expect(await store.foldUsage(again)).toEqual({ folded: 1, duplicates: 400 });
      expect(await exchanges(store, 'a')).toBe(401);
    });

    it('loses nothing to writers of the same account-day at the same time', async () => {
      const writers = Array.from({ length: 4 }, (_, i) => batch('a', [`x${i}`, `y${i}`], 1, { shard: `shard-${i}` }));
      const outcomes = await Promise.all(writers.map((each) => store.foldUsage(each)));
      expect(outcomes.reduce((sum, { folded }) => sum + folded, 0)).toBe(8);
      expect(await exchanges(store, 'a')).toBe(8);
    });

    it('merges what is known of an account field by field; an older record overwrites nothing newer', async () => {
      await store.recordAccount(accountRecord('a', { org: 'o1', plan: 'free' }));
      await store.recordAccount(accountRecord('a', { time: '2026-05-03T00:00:00.000Z', plan: 'paid' }));
      await store.recordAccount(
        accountRecord('a', { time: '2026-05-02T00:00:00.000Z', plan: 'trial', status: 'banned' }),
      );
      const [{ facts }] = (await histories(store)) as [AccountHistory];
      expect([factText(facts, 'org'), factText(facts, 'plan'), factText(facts, 'status')]).toEqual([
        'o1',
        'paid',
        'banned',
      ]);
    });

    it('knows an account that never had usage', async () => {
      await store.recordAccount(accountRecord('quiet', { status: 'active' }));
      expect((await histories(store)).map(({ account, days }) => [account, days.length])).toEqual([['quiet', 0]]);
    });

    it('puts every account into exactly one segment, so that none is missed and none is seen twice', async () => {
      const accounts = Array.from({ length: 40 }, (_, i) => `account-${i}`);
      await Promise.all(accounts.map((account) => store.foldUsage(batch(account, ['x']))));
      for (const segments of [1, 3, 8]) {
        expect((await histories(store, segments)).map(({ account }) => account).sort()).toEqual([...accounts].sort());
      }
    });

    it('keeps accounts apart whose names look like parts of each other', async () => {
      const accounts = ['a', 'a#d', 'a\u0000', 'A', 'ä', 'a/..', ' a', '\ud83d\ude00'];
      for (const account of accounts) await store.foldUsage(batch(account, ['x']));
      expect((await histories(store, 5)).map(({ account }) => account).sort()).toEqual([...accounts].sort());
    });

    it('gives the days of an account oldest first and leaves out those outside of the window', async () => {
      for (const day of [DAY + 1, DAY + 2, DAY - 1, DAY]) {
        const record = usage('a', `x${day}`, (day - DAY) * 86_400 + 60);
        await store.foldUsage({ account: 'a', day, shard: 's', entries: [{ sequence: String(day), record }] });
      }
      const [{ days }] = (await histories(store, 1, { from: DAY, until: DAY + 2 })) as [AccountHistory];
      expect(days.map(({ day }) => day)).toEqual([DAY, DAY + 1]);
    });

    it('gives releases in time order, each once', async () => {
      const late = { type: 'release', time: '2026-05-12T16:00:00.000Z', model: 'opus-5.1' } as const;
      const early = { type: 'release', time: '2026-01-12T16:00:00.000Z', model: 'opus-5' } as const;
      for (const release of [late, early, late]) await store.recordRelease(release);
      expect(await store.releases()).toEqual([early, late]);
    });
  });
}

async function histories(store: AggregateStore, segments = 1, days = EVERY_DAY): Promise<AccountHistory[]> {
  const all: AccountHistory[] = [];
  for (let i = 0; i < segments; i++) for await (const each of store.readSegment(i, segments, days)) all.push(each);
  return all;
}

async function exchanges(store: AggregateStore, account: string): Promise<number> {
  const days = (await histories(store)).find((each) => each.account === account)?.days ?? [];
  return days.reduce((sum, { day, packed }) => sum + exchangesOf(unpackAccountDay(packed, day)), 0);
}
