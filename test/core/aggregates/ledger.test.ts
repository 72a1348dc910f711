import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangesOf } from '../../../core/aggregates/account-day.ts';
import { packProfile } from '../../../core/aggregates/account-profile-codec.ts';
import { Ledger } from '../../../core/aggregates/ledger.ts';
import { profileAt, type Segment } from '../../../core/aggregates/segment.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { DAY_MS, isoTime } from '../../../core/records/time.ts';
import { anAccount, aRelease, aUsage } from '../../support/records.ts';
import { fold } from './days.ts';

const FIRST = 20_565;

function at(day: number, minute: number, account = 'k_1'): UsageRecord {
  const time = isoTime((FIRST + day) * DAY_MS + minute * 60_000);
  return aUsage({ id: `${account} ${day} ${minute}`, account, time });
}

/** Merges the records as `parts` deltas of each account-day. */
function ledgerOf(records: readonly UsageRecord[], parts = 1): Ledger {
  const ledger = new Ledger();
  const key = ({ account, time }: UsageRecord) => `${account} ${Math.floor(Date.parse(time) / DAY_MS)}`;
  for (const [name, group] of Map.groupBy(records, key)) {
    const [account, day] = name.split(' ') as [string, string];
    for (let part = 0; part < parts; part++) {
      const some = group.filter((_, i) => i % parts === part);
      if (some.length > 0) ledger.merge({ account, day: Number(day), delta: fold(some) });
    }
  }
  return ledger;
}

function content(ledger: Ledger): { profiles: string[]; population: unknown } {
  const { profiles, population } = ledger.segment();
  return {
    profiles: [...profiles].map((profile) => Buffer.from(packProfile(profile)).toString('hex')).sort(),
    population,
  };
}

const exchanges = () =>
  fc.array(fc.tuple(fc.nat(4), fc.nat(1439), fc.nat(2)), { minLength: 1, maxLength: 60 }).map((places) => {
    const records = places.map(([day, minute, account]) => at(day, minute, `k_${account}`));
    return [...new Map(records.map((record) => [record.id, record])).values()];
  });

describe('the ledger', () => {
  it('holds the same, however many times a day grows', () => {
    fc.assert(
      fc.property(exchanges(), fc.integer({ min: 2, max: 4 }), (records, parts) => {
        expect(content(ledgerOf(records, parts))).toEqual(content(ledgerOf(records)));
      }),
      { numRuns: 50 },
    );
  });

  it('may be read between any two changes: what was read stays, and what comes is the same', () => {
    fc.assert(
      fc.property(exchanges(), (records) => {
        const ledger = new Ledger();
        const seen: { segment: Segment; before: string[] }[] = [];
        const packed = ({ profiles }: Segment) =>
          Array.from(profiles, (profile) => Buffer.from(packProfile(profile)).toString('hex')).sort();
        for (const record of records) {
          const day = Math.floor(Date.parse(record.time) / DAY_MS);
          ledger.merge({ account: record.account, day, delta: fold([record]) });
          const segment = ledger.segment();
          seen.push({ segment, before: packed(segment) });
        }
        for (const { segment, before } of seen) expect(packed(segment)).toEqual(before);
        expect(content(ledger)).toEqual(content(ledgerOf(records)));
      }),
      { numRuns: 20 },
    );
  });

  it('forgets days exactly: what is left is as if they had never been', () => {
    fc.assert(
      fc.property(exchanges(), fc.integer({ min: 0, max: 6 }), (records, cut) => {
        const ledger = ledgerOf(records);
        ledger.expire(FIRST + cut);
        const kept = records.filter(({ time }) => Date.parse(time) >= (FIRST + cut) * DAY_MS);
        const expected = ledgerOf(kept);
        expect(ledger.accounts).toBe(expected.accounts);
        expect(ledger.segment().population).toEqual(expected.segment().population);
        const active = [...ledger.segment().profiles].filter(({ series }) => series.length > 0);
        expect(active.map((profile) => Buffer.from(packProfile(profile)).toString('hex')).sort()).toEqual(
          content(expected).profiles,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('counts accounts by their exchanges, and the totals of the platform by day', () => {
    const ledger = ledgerOf([at(0, 1, 'k_1'), at(0, 2, 'k_1'), at(0, 3, 'k_2'), at(2, 1, 'k_1')], 2);
    ledger.recordAccount(anAccount({ account: 'k_silent' }));
    expect(ledger.accounts).toBe(2);
    const { population, profiles } = ledger.segment();
    expect(population.map(({ day, exchanges: many, accounts }) => [day - FIRST, many, accounts])).toEqual([
      [0, 3, 2],
      [2, 1, 1],
    ]);
    expect([...profiles].map(({ account, total }) => [account, exchangesOf(total)]).sort()).toEqual([
      ['k_1', 3],
      ['k_2', 1],
      ['k_silent', 0],
    ]);
  });

  it('keeps what is known of an account when its days grow and go', () => {
    const ledger = ledgerOf([at(0, 1)]);
    ledger.recordAccount(anAccount({ account: 'k_1', org: 'o_1' }));
    ledger.merge({ account: 'k_1', day: FIRST, delta: fold([at(0, 2)]) });
    expect(profileAt(ledger.segment().profiles, 0).facts.org!.value).toBe('o_1');
    ledger.expire(FIRST + 1);
    expect(profileAt(ledger.segment().profiles, 0).facts.org!.value).toBe('o_1');
  });

  it('gives releases once, in time order', () => {
    const ledger = new Ledger();
    const [late, early] = [aRelease(), aRelease({ time: '2026-01-01T00:00:00.000Z' })];
    for (const release of [late, early, { ...late }]) ledger.recordRelease(release);
    expect(ledger.releases).toEqual([early, late]);
  });
});
