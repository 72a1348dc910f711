import { expect, test } from 'vitest';
import { modelMoves } from '../../../core/campaigns/model-moves.ts';
import { sceneOf } from '../../../core/campaigns/scene.ts';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import type { ReleaseRecord } from '../../../core/records/schema.ts';
import { parseSettings } from '../../../core/settings.ts';
import { type AccountSpec, dayMs, names, ordinary, pool, segmentOf } from '../../support/population.ts';

/** On the new model from day 6 on, with this share of their exchanges. */
const movers = (share: number) =>
  pool({
    size: 12,
    change: (): Partial<AccountSpec> => ({ modelOn: (day) => ({ model: day >= 6 ? 'new' : 'old', share }) }),
  });

const release = (model: string, day: number): ReleaseRecord => ({
  type: 'release',
  time: new Date(dayMs(day)).toISOString(),
  model,
});

/** What a sweep on day 8 says of a finding last told on day 5. */
function reasons(members: readonly AccountSpec[], releases: readonly ReleaseRecord[], left: readonly string[] = []) {
  const scene = sceneOf(dayMs(8), [segmentOf([...ordinary(50), ...members], 8)], [], releases, parseSettings({}));
  const told = { told: { at: new Date(dayMs(5)).toISOString() } } as TrackedFinding;
  return modelMoves(
    scene,
    told,
    names(members).map((account) => ({
      finding: 'cmp-1',
      account,
      confidence: 'certain' as const,
      claimed: '2026-04-21T00:00:00.000Z',
      since: '2026-04-21T00:00:00.000Z',
      ...(left.includes(account) ? { until: '2026-04-22T00:00:00.000Z' } : {}),
    })),
  );
}

test('a quarter of the last day on a model released since the last message is worth telling', () => {
  expect(reasons(movers(0.5), [release('new', 6)]).join()).toMatch(/^\d+% of the last day on new model new$/);
  expect(reasons(movers(0.1), [release('new', 6)])).toEqual([]);
});

test('a model that people were told of, or that is not out yet, is not news', () => {
  expect(reasons(movers(0.9), [release('new', 4)])).toEqual([]);
  expect(reasons(movers(0.9), [release('new', 9)])).toEqual([]);
  expect(reasons(movers(0.9), [])).toEqual([]);
});

test('accounts that have left do not speak for the campaign', () => {
  const members = movers(0.9);
  expect(reasons(members, [release('new', 6)], names(members))).toEqual([]);
});

test('accounts that were silent on the last day say nothing of it', () => {
  const silent = movers(0.9).map((spec) => ({ ...spec, daily: spec.daily.slice(0, 7) }));
  expect(reasons(silent, [release('new', 6)])).toEqual([]);
  // One that was not speaks for the last day.
  const [one] = movers(0.9);
  expect(reasons([one!, ...silent.slice(1)], [release('new', 6)])).toHaveLength(1);
});

test('an account counts by its exchanges: one that moved and does most of the work is a move, one of twelve is none', () => {
  const moved = (times: number) =>
    movers(0).map((spec, i) => (i === 0 ? { ...movers(1)[0]!, daily: spec.daily.map((n) => times * n) } : spec));
  expect(reasons(moved(1), [release('new', 6)])).toEqual([]);
  expect(reasons(moved(11), [release('new', 6)]).join()).toMatch(/^(49|50|51)% of the last day on new model new$/);
});

test('two models that came out since the last message are two reasons, and never more than the whole day', () => {
  const both = movers(0.6).map((spec, i) =>
    i % 2 ? spec : { ...spec, modelOn: () => ({ model: 'newer', share: 1 }) },
  );
  const told = reasons(both, [release('newer', 7), release('new', 6)]);
  expect(told.map((line) => line.split(' ').at(-1))).toEqual(['newer', 'new']);
  const shares = told.map((line) => Number.parseInt(line, 10));
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(100);
});
