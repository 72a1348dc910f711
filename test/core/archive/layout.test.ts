import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPartition, folderOf, objectName, placeOf } from '../../../core/archive/layout.ts';
import type { Placed } from '../../../core/archive/rows.ts';
import { isoTime, timeMs } from '../../../core/records/time.ts';
import { anyRecord, aRelease, aUsage } from '../../support/records.ts';

const at = (record: Placed['record'], sequence = '100'): Placed => ({ record, shard: 'shardId-7', sequence });

describe('the place of a record in the archive', () => {
  it('is the hour of its event, whenever it arrived', () => {
    const late = aUsage({ time: '2026-02-28T23:59:59.999Z' });
    const parts = byPartition([at(late), at(aRelease()), at(aUsage({ time: '2026-03-01T00:00:00Z' }))]);
    expect(parts.map(({ partition }) => folderOf(partition))).toEqual([
      'usage/day=2026-02-28/hour=23/',
      'release/day=2026-05-12/hour=16/',
      'usage/day=2026-03-01/hour=00/',
    ]);
  });

  it('is one and only one, and in it the records keep the order of the stream', () => {
    fc.assert(
      fc.property(fc.array(anyRecord()), (records) => {
        const parts = byPartition(records.map((record, i) => at(record, String(i))));
        expect(parts.reduce((sum, { placed }) => sum + placed.length, 0)).toBe(records.length);
        expect(new Set(parts.map(({ partition }) => folderOf(partition))).size).toBe(parts.length);
        for (const { partition, placed } of parts) {
          const places = placed.map(({ sequence }) => Number(sequence));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          for (const { record } of placed) {
            expect(folderOf(partition)).toContain(isoTime(timeMs(record.time)).slice(0, 10));
          }
        }
      }),
    );
  });

  it('is read back from a path, below any folder', () => {
    expect(placeOf('/data/archive/usage/day=2026-04-22/hour=09/a.parquet')).toEqual({
      root: '/data/archive/',
      type: 'usage',
      at: '2026-04-22T09',
    });
    expect(placeOf('usage/day=2026-04-22/hour=09/a.parquet')?.root).toBe('');
    for (const path of ['usage/2026/a.parquet', 'usage/day=2026-04-22/hour=09/a.json', 'a.parquet'])
      expect(placeOf(path)).toBeUndefined();
  });
});

describe('the name of an object', () => {
  const batch = [at(aUsage(), '100'), at(aUsage(), '108')];

  it('is the same when a batch is delivered again, so that nothing is stored twice', () => {
    expect(objectName(batch, new Uint8Array([1]))).toBe(objectName(batch, new Uint8Array([1])));
    expect(objectName(batch, new Uint8Array([1]))).toMatch(/^shardId-7-100-108-[0-9a-f]{16}\.parquet$/);
  });

  it('is another when the content is, so that a batch judged differently the second time takes nothing away', () => {
    expect(objectName(batch, new Uint8Array([1]))).not.toBe(objectName(batch, new Uint8Array([2])));
  });
});
