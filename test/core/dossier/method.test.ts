/** What a dossier says of its method is what this version does, and what its evaluation measured. */
import { describe, expect, it } from 'vitest';
import { evidenceRows } from '../../../core/dossier/method.ts';
import { DETECTION_FLOOR } from '../../../core/messages/detection-floor.ts';
import { type FloorRow, floorWords } from '../../../core/messages/floor.ts';
import { UPDATED } from '../messages/sample.ts';

const row = (accounts: number, perDay: number, found: number, of = 5): FloorRow => ({
  accounts,
  perDay,
  found,
  of,
  days: found > 0 ? 2 : null,
});

describe('the method of a dossier', () => {
  it('claims of every rate the smallest size that was found in all its trials, as all larger ones were', () => {
    const words = floorWords([
      row(10, 2, 4),
      row(20, 2, 5),
      row(40, 2, 5),
      row(10, 6, 5),
      row(20, 6, 5),
      row(40, 6, 5),
    ]);
    expect(words).toContain('20 accounts at 2 exchanges a day each, 10 accounts at 6 exchanges a day each.');
    expect(words).toContain('5 trials of each size and rate');
    expect(words).toContain('fewer than 10 accounts');
  });

  it('claims no size above which one was missed', () => {
    const words = floorWords([row(10, 2, 5), row(20, 2, 4), row(40, 2, 5), row(40, 6, 4)]);
    expect(words).toContain('40 accounts at 2 exchanges a day each.');
    expect(words).not.toContain('at 6 exchanges');
  });

  it('says nothing that the table of the report denies', () => {
    for (const [, accounts, perDay] of floorWords(DETECTION_FLOOR).matchAll(/(\d+) accounts at ([\d.]+)/g)) {
      const measured = DETECTION_FLOOR.filter(
        (each) => each.perDay === Number(perDay) && each.accounts >= Number(accounts),
      );
      expect(measured.length).toBeGreaterThan(0);
      for (const { found, of } of measured) expect(found).toBe(of);
    }
  });

  it('says of every kind of evidence what was counted and how chance was made', () => {
    for (const each of evidenceRows(UPDATED.finding)) {
      expect(each.counted.length).toBeGreaterThan(10);
      expect(each.expectation.length).toBeGreaterThan(20);
      expect(each.statistic.length).toBeGreaterThan(20);
    }
  });
});
