/** Sweeps on threads are the sweeps of one thread, and one that fails says so. */
import { afterAll, describe, expect, it } from 'vitest';
import { SweepThreads } from '../../cli/replay/sweep-threads.ts';
import { PackedProfiles } from '../../core/aggregates/segment.ts';
import { readSegmentFile, writeSegmentFile } from '../../core/aggregates/segment-file.ts';
import { NO_MEMORY, type SweepMemory } from '../../core/campaigns/tracked.ts';
import { parseSettings } from '../../core/settings.ts';
import { type SweepData, sweep } from '../../core/sweep.ts';
import { dayMs, ordinary, pool, segmentOf } from '../support/population.ts';

const threads = new SweepThreads();
afterAll(() => threads.close());

const world = [...ordinary(120), ...pool({ size: 20 })];
const dataOf = (day: number): SweepData => {
  const { profiles, population } = segmentOf(world, day);
  const segments = [readSegmentFile(writeSegmentFile({ profiles: [...profiles], population }))];
  return { at: dayMs(day), segments, releases: [], settings: parseSettings({}) };
};

describe('sweeps on threads', () => {
  it('are begun all at once and end one after the other, as if made so', async () => {
    const days = [7, 8, 9, 10].map(dataOf);
    const ends = days.map((data) => threads.begin(data));
    let [here, there]: SweepMemory[] = [NO_MEMORY, NO_MEMORY];
    for (const [i, data] of days.entries()) {
      const { known: _, ...result } = sweep({ ...data, memory: here! });
      const told = await ends[i]!(there!);
      expect(told).toEqual(result);
      [here, there] = [result.memory, told.memory];
    }
    expect(there!.tracked).not.toEqual([]);
  });

  it('say what was wrong with one of them when it is to end', async () => {
    const failing = new SweepThreads();
    const profiles = new PackedProfiles(new Uint8Array(4).fill(255), new Float64Array([0]), new Float64Array([4]));
    const end = failing.begin({ ...dataOf(6), segments: [{ profiles, population: [] }] });
    await expect(end(NO_MEMORY)).rejects.toThrow();
    await failing.close();
  });
});
