import { truncateSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { packAccountDay } from '../../core/aggregates/account-day-codec.ts';
import { NO_FACTS } from '../../core/aggregates/account-facts.ts';
import { rollUp } from '../../core/aggregates/account-profile.ts';
import { readSegmentFile, writeSegmentFile } from '../../core/aggregates/segment-file.ts';
import { FileBytes } from '../../lambdas/adapters/file-bytes.ts';
import { DAY, randomDay } from '../core/aggregates/days.ts';
import { scratch } from '../support/cli.ts';

const folder = scratch();
afterAll(() => folder.remove());

/** More than two pieces. */
const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 7919) % 251);
const path = folder.file('bytes', bytes);

describe('bytes of a file', () => {
  it('are those that memory would give, wherever and in whatever order they are asked for', () => {
    const onwards = fc.tuple(fc.constant(-1), fc.nat(2000));
    const anywhere = fc.tuple(fc.nat(bytes.length + 1000), fc.nat(300_000));
    fc.assert(
      fc.property(fc.array(fc.oneof(onwards, anywhere), { maxLength: 40 }), (asked) => {
        const file = new FileBytes(path);
        let last = 0;
        for (const [at, length] of asked) {
          const from = at < 0 ? last : at;
          last = Math.min(bytes.length, from + length);
          expect(Buffer.compare(file.subarray(from, from + length), bytes.subarray(from, from + length))).toBe(0);
        }
        file.close();
      }),
      { numRuns: 100 },
    );
  });

  it('that are gone while they are read are told, not made up', () => {
    const short = folder.file('short', bytes);
    const file = new FileBytes(short);
    truncateSync(short, 100_000);
    expect(() => file.subarray(90_000, 400_000)).toThrow('became shorter');
    file.close();
  });
});

it('a segment in a file gives the profiles that it gives in memory, in any order', () => {
  const profiles = Array.from({ length: 1500 }, (_, i) =>
    rollUp(`account-${i}`, NO_FACTS, [{ day: DAY, packed: packAccountDay(randomDay(40, i), DAY) }]),
  );
  const written = writeSegmentFile({ profiles, population: [] });
  const file = new FileBytes(folder.file('segment', written));
  expect(file.length).toBeGreaterThan(600_000);
  const [aside, held] = [readSegmentFile(file).profiles, readSegmentFile(written).profiles];
  expect(aside.length).toBe(profiles.length);
  for (let i = 0, at = 0; i < profiles.length; i++, at = (at + 1657) % profiles.length)
    expect(aside.read(at)).toEqual(held.read(at));
  file.close();
});

it('a segment in a file that is damaged is refused in one line, as it is in memory', () => {
  const written = writeSegmentFile({ profiles: [rollUp('account', NO_FACTS, [])], population: [] });
  for (const wrong of [written.subarray(0, -1), written.subarray(4), written.subarray(0, 7), new Uint8Array(0)]) {
    const file = new FileBytes(folder.file('damaged', wrong));
    expect(() => readSegmentFile(file)).toThrow('damaged Parquet');
    file.close();
  }
});
