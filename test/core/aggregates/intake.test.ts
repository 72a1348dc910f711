import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangesOf, mergeInto } from '../../../core/aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { type IdArchive, Intake, type OpenDay } from '../../../core/aggregates/intake.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { DAY_MS, HOUR_MS, isoTime } from '../../../core/records/time.ts';
import { aUsage } from '../../support/records.ts';
import { fold } from './days.ts';

const START = Date.UTC(2026, 3, 20);
const NOW = START + 60 * DAY_MS;

class Archive implements IdArchive {
  readonly held = new Map<number, Uint32Array>();
  save(day: number, ids: Uint32Array): void {
    this.held.set(day, ids);
  }
  load(day: number): Uint32Array | undefined {
    return this.held.get(day);
  }
}

function opened(sweepMs = DAY_MS, mostWaiting?: number): { intake: Intake; archive: Archive } {
  const archive = new Archive();
  const options = { sweepMs, retentionDays: 30, now: NOW, archive };
  return { archive, intake: new Intake(mostWaiting === undefined ? options : { ...options, mostWaiting }) };
}
/** Copies of what is closed: it is good for one call only. */
function close(intake: Intake, at: number): OpenDay[] {
  const found: OpenDay[] = [];
  intake.close(at, ({ account, day, delta }) =>
    found.push({ account, day, delta: unpackAccountDay(packAccountDay(delta, day), day) }),
  );
  return found;
}
/** An exchange `hours` after the start. */
function at(hours: number, id = `r${hours}`, account = 'k_1'): UsageRecord {
  return aUsage({ id, account, time: isoTime(START + hours * HOUR_MS) });
}
const packed = (days: readonly OpenDay[]) =>
  days
    .map(({ account, day, delta }) => `${account} ${day} ${Buffer.from(packAccountDay(delta, day)).toString('hex')}`)
    .sort();

describe('taking exchanges in', () => {
  it('counts each once, the second time as a duplicate, also days later', () => {
    const { intake, archive } = opened();
    expect(intake.add(at(1))).toBeUndefined();
    expect(intake.add(at(1))).toBeUndefined();
    for (let day = 1; day <= 9; day++) {
      intake.add(at(24 * day));
      close(intake, START + day * DAY_MS);
    }
    expect(archive.held.has(START / DAY_MS)).toBe(true);
    intake.add(at(1));
    expect(intake.counts).toEqual({ usage: 10, duplicates: 2, late: 0 });
  });

  it('takes the same id from two accounts as two exchanges', () => {
    const { intake } = opened();
    intake.add(at(1, 'same', 'k_1'));
    intake.add(at(1, 'same', 'k_2'));
    expect(intake.counts).toMatchObject({ usage: 2, duplicates: 0 });
    const accounts = close(intake, Infinity).map(({ account }) => account);
    expect(accounts.sort()).toEqual(['k_1', 'k_2']);
  });

  it('gives the account-days that folding everything at once gives, at any interval of sweeps and however little may wait', () => {
    const hours = fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.nat(3)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(hours, fc.constantFrom(1, 5, 24, 36), fc.constantFrom(0, undefined), (places, every, mostWaiting) => {
        const { intake } = opened(every * HOUR_MS, mostWaiting);
        const records = places
          .map(([hour, account], i) => at(hour, `r${i}`, `k_${account}`))
          .sort((a, b) => (a.time < b.time ? -1 : 1));
        const whole = new Map<string, OpenDay>();
        const take = (days: OpenDay[]) => {
          for (const one of days) {
            const held = whole.get(`${one.account} ${one.day}`);
            if (held) mergeInto(held.delta, one.delta);
            else whole.set(`${one.account} ${one.day}`, one);
          }
        };
        const grid = Math.floor(START / (every * HOUR_MS)) * every * HOUR_MS;
        records.forEach((record, i) => {
          intake.add(record);
          if (i % 5 === 4) intake.foldBefore(Date.parse(record.time));
          if (i % 7 === 6)
            take(
              close(intake, grid + Math.floor((Date.parse(record.time) - grid) / (every * HOUR_MS)) * every * HOUR_MS),
            );
        });
        take(close(intake, Infinity));
        const groups = Map.groupBy(
          records,
          ({ account, time }) => `${account} ${Math.floor(Date.parse(time) / DAY_MS)}`,
        );
        const expected = [...groups].map(([key, group]) => ({
          account: key.split(' ')[0]!,
          day: Number(key.split(' ')[1]),
          delta: fold(group),
        }));
        expect(packed([...whole.values()])).toEqual(packed(expected));
      }),
      { numRuns: 50 },
    );
  });

  it('closes what lies before a sweep and keeps the rest', () => {
    const { intake } = opened();
    for (const hour of [1, 23, 24, 30, 50]) intake.add(at(hour));
    expect(intake.openFrom).toBe(START);
    const closed = close(intake, START + DAY_MS);
    expect(closed.map(({ delta }) => exchangesOf(delta))).toEqual([2]);
    expect(intake.openFrom).toBe(START + DAY_MS);
    expect(close(intake, Infinity).map(({ delta }) => exchangesOf(delta))).toEqual([2, 1]);
    expect(intake.openFrom).toBe(Infinity);
  });

  it('counts what comes after its sweep as late, and hands it to the next one', () => {
    const { intake } = opened();
    intake.add(at(30));
    close(intake, START + DAY_MS);
    intake.add(at(2));
    expect(intake.counts).toEqual({ usage: 2, duplicates: 0, late: 1 });
    expect(intake.openFrom).toBe(START + DAY_MS);
    const days = close(intake, START + 2 * DAY_MS).map(({ day }) => day);
    expect(days.sort()).toEqual([START / DAY_MS, START / DAY_MS + 1]);
  });

  it('refuses what is more than ten minutes ahead, to the millisecond', () => {
    const { intake } = opened();
    expect(intake.add(aUsage({ time: isoTime(NOW + 600_001) }))).toBe('more than 10 minutes in the future');
    expect(intake.add(aUsage({ time: isoTime(NOW + 600_000) }))).toBeUndefined();
    expect(intake.counts.usage).toBe(1);
  });

  it('refuses what is older than the memory, seen from the last sweep or from where the input has come to', () => {
    const { intake } = opened();
    intake.reach(START);
    expect(intake.add(at(-30 * 24 - 0.001))).toBe('older than 30 days');
    expect(intake.add(at(-30 * 24))).toBeUndefined();
    close(intake, START + DAY_MS);
    expect(intake.add(at(-29 * 24 - 0.001))).toBe('older than 30 days');
    intake.reach(START);
    expect(intake.add(at(-29 * 24 - 0.001))).toBe('older than 30 days');
    expect(intake.earliest).toBe(START - 30 * DAY_MS);
  });
});
