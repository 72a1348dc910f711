import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recentVolume, stillThrough } from '../../../core/campaigns/consumer-quiet.ts';
import type { LetThrough } from '../../../core/campaigns/consumers.ts';
import type { SweepScene } from '../../../core/campaigns/scene.ts';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import { isoTime } from '../../../core/records/time.ts';
import { dayMs, populationOf, START_DAY } from '../../support/population.ts';

/** Exchanges a day from the start day on; the finding opened at the start of day 21, ten were expected. */
const OPENED = 21;
const EXPECTED = 10;
const iso = (day: number) => isoTime(dayMs(day));

const finding = (more: Partial<TrackedFinding> = {}, told = OPENED): TrackedFinding =>
  ({
    finding: { at: iso(told), evidence: [{ detector: 'consumer-anomaly', expected: EXPECTED }] },
    lastThrough: iso(OPENED),
    ...more,
  }) as TrackedFinding;

/** What a sweep at the start of `day` says of an account with these counts. */
function still(daily: readonly number[], day: number, tracked = finding(), one?: Partial<LetThrough>) {
  const population = populationOf([{ account: 'a', daily: daily.slice(0, day) }]);
  const scene = { population, iso: iso(day), at: dayMs(day) } as SweepScene;
  return stillThrough(scene, tracked, 0, START_DAY + day - 1, one as LetThrough | undefined);
}

const usual = (days: number) => Array.from({ length: days }, () => EXPECTED);
const spike = [...usual(20), 100, 100, 100];

describe('a volume that was unusual', () => {
  test('goes on while the last day has twice what was expected', () => {
    expect(still(spike, 23)).toBe(iso(23));
    expect(still([...spike, 2 * EXPECTED], 24)).toBe(iso(24));
  });

  test('is over at the end of its last high day, however many ordinary days follow', () => {
    for (let days = 1; days <= 10; days++) expect(still([...spike, ...usual(days)], 23 + days)).toBe(iso(23));
    expect(still([...spike, 2 * EXPECTED - 1], 24)).toBe(iso(23));
  });

  test('is not over for a weekend and a holiday without any exchange, but on the fourth idle day it is', () => {
    for (const idle of [1, 2, 3]) expect(still(spike, 23 + idle)).toBe(iso(23 + idle));
    expect(still(spike, 27)).toBe(iso(23));
  });

  test('is the usual of the account after 28 days without news', () => {
    const high = [...usual(20), ...new Array<number>(40).fill(100)];
    expect(still(high, OPENED + 28)).toBe(iso(OPENED + 28));
    expect(still(high, OPENED + 29)).toBe(iso(OPENED));
    // News in between starts the count again.
    expect(still(high, OPENED + 29, finding({}, OPENED + 5))).toBe(iso(OPENED + 29));
  });

  test('never ends before it was last seen, and never after the sweep', () => {
    const counts = fc.array(fc.constantFrom(0, 1, 9, 19, 20, 90), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(counts, fc.nat(10), (after, told) => {
        const day = OPENED + after.length;
        const until = still([...usual(20), 100, ...after], day, finding({}, OPENED + Math.min(told, after.length)));
        expect(until >= iso(OPENED)).toBe(true);
        expect(until <= iso(day)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a finding that was cleared', () => {
  const cleared = finding({ clearedAt: iso(25) });

  test('is not prolonged by its volume alone, only by the error control', () => {
    expect(still([...spike, 10, 10, 100], 26, cleared)).toBe(iso(OPENED));
    expect(still([...spike, 10, 10, 100], 26, cleared, {})).toBe(iso(26));
  });
});

describe('a key that many use', () => {
  const shared = finding({ finding: { at: iso(OPENED), evidence: [] } as unknown as TrackedFinding['finding'] });
  const sharing = { sharing: {} } as Partial<LetThrough>;

  test('goes on while a day of the week has half of its usual volume, and a quiet week ends it', () => {
    const used = [...new Array<number>(20).fill(100)];
    const quiet = (days: number) => [...used, ...new Array<number>(days).fill(1)];
    expect(still(quiet(1), 21, shared, sharing)).toBe(iso(21));
    expect(still(quiet(6), 26, finding(), sharing)).toBe(iso(26));
    expect(still(quiet(7), 27, finding(), sharing)).toBe(iso(OPENED));
  });

  test('that no test lets through any more goes on no longer than it did', () => {
    expect(still(spike, 23, shared)).toBe(iso(OPENED));
  });
});

describe('the latest volume', () => {
  const volume = (daily: readonly number[], day: number) =>
    recentVolume(populationOf([{ account: 'a', daily }]), 0, START_DAY + day);

  test('is the mean of the active ones of two days, and nothing where both are idle', () => {
    expect(volume([5, 40, 60], 2)).toBe(50);
    expect(volume([5, 40, 0], 2)).toBe(40);
    expect(volume([5, 0, 60], 2)).toBe(60);
    expect(volume([5, 0, 0], 2)).toBe(0);
  });

  test('leaves out a day that is not over', () => {
    expect(volume([5, 40, 60, 900], 2)).toBe(50);
  });
});
