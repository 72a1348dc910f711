import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, iso } from '../../../cli/simulate/clock.ts';
import { disturb } from '../../../cli/simulate/noise.ts';
import { parseWorld } from '../../../cli/simulate/spec.ts';
import { Timeline } from '../../../cli/simulate/timeline.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';

const usage = (instant: number, id: string): UsageRecord => ({
  type: 'usage',
  id,
  time: iso(instant),
  account: 'k_1',
  model: 'm',
  tokens: { input: 1, output: 1 },
  status: 'ok',
  prompt: { task: 'other', topic: 3 },
});

describe('a day of plans', () => {
  it('comes out in time order, and what lies beyond the day comes out on the next', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 * DAY - 1 }), { maxLength: 200 }), (times) => {
        const timeline = new Timeline();
        times.forEach((at, i) => {
          timeline.add(at, { emit: (instant) => usage(instant, String(i)) });
        });
        const out = [0, DAY].flatMap((day) => [...timeline.drain(day, day + DAY)].map((record) => record.time));
        expect(out).toEqual([...times].sort((a, b) => a - b).map(iso));
      }),
      { numRuns: 50 },
    );
  });
});

describe('noise', () => {
  const base = 1_776_000_000_000;
  const stream = Array.from({ length: 20_000 }, (_, i) => usage(base + i * 1000, `r${i}`));
  const through = (noise: object) => [
    ...disturb(
      stream.map((record) => structuredClone(record)),
      parseWorld({ seed: 'n', days: 1, noise: { duplicates: 0, late: 0, missing: 0, ...noise } }),
    ),
  ];

  it('set to nothing leaves every record as it was', () => {
    expect(through({})).toEqual(stream);
  });

  it('repeats the share of records asked for, within ten minutes and in full', () => {
    const out = through({ duplicates: 0.05 }) as UsageRecord[];
    const share = (out.length - stream.length) / stream.length;
    expect(share).toBeGreaterThan(0.044);
    expect(share).toBeLessThan(0.056);
    expect(new Set(out.map(({ id }) => id)).size).toBe(stream.length);
  });

  it('delays the share of records asked for, never by an hour, and loses none', () => {
    const out = through({ late: 0.05 });
    expect(out.length).toBe(stream.length);
    let [newest, late, latest] = [0, 0, 0];
    for (const record of out) {
      const at = Date.parse(record.time);
      if (at < newest) late++;
      latest = Math.max(latest, newest - at);
      newest = Math.max(newest, at);
    }
    expect(late / out.length).toBeGreaterThan(0.04);
    expect(latest).toBeLessThan(3_600_000);
    expect(latest).toBeGreaterThan(1_800_000);
  });

  it('drops optional parts at the rate asked for and required ones never', () => {
    const out = through({ missing: 0.1 }) as UsageRecord[];
    const without = out.filter((record) => record.status === undefined).length / out.length;
    expect(without).toBeGreaterThan(0.085);
    expect(without).toBeLessThan(0.115);
    expect(out.every((record) => record.id && record.time && record.account && record.model && record.tokens)).toBe(
      true,
    );
  });

  it('keeps back what a deployment never sends', () => {
    const out = through({ withoutFields: ['status', 'prompt.topic'] }) as UsageRecord[];
    expect(out.some((record) => 'status' in record || record.prompt?.topic !== undefined)).toBe(false);
    expect(out.every((record) => record.prompt?.task === 'other')).toBe(true);
  });
});
