/** What a dossier says of this version is what this version's evaluation measured. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DETECTION_FLOOR, evidenceRows } from '../../../core/dossier/method.ts';
import { UPDATED } from '../messages/sample.ts';

describe('the method of a dossier', () => {
  it('gives the detection floor of the page that the evaluation wrote', () => {
    const page = readFileSync(new URL('../../../docs/evaluation.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const measured = /Found in every seed, and so for all larger sizes: (.+?)\. !/.exec(page)?.[1];
    expect(measured).toBeDefined();
    expect(DETECTION_FLOOR).toContain(measured);
  });

  it('says of every kind of evidence what was counted and how chance was made', () => {
    for (const row of evidenceRows(UPDATED.finding)) {
      expect(row.counted.length).toBeGreaterThan(10);
      expect(row.expectation.length).toBeGreaterThan(20);
      expect(row.statistic.length).toBeGreaterThan(20);
    }
  });
});
