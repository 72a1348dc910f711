import { describe, expect, test } from 'vitest';
import { advanceConsumers } from '../../../core/campaigns/advance-consumers.ts';
import { consumerBudget } from '../../../core/campaigns/consumer-queue.ts';
import { sceneOf } from '../../../core/campaigns/scene.ts';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { parseSettings } from '../../../core/settings.ts';
import { type AccountSpec, dayMs, normal, segmentOf } from '../../support/population.ts';

const settings = parseSettings({});
const DAYS = 60;
const random = seededRandom('consumers');
const steady = Array.from({ length: 150 }, (_, i): AccountSpec => {
  const level = Math.exp(3 + 0.5 * normal(random));
  const daily = Array.from({ length: DAYS }, () => Math.max(1, Math.round(level * Math.exp(0.2 * normal(random)))));
  return { account: `k_${String(i).padStart(4, '0')}`, daily };
});

/** An account of forty a day that runs at a thousand on some days. */
const runaway = (account: string, high: (day: number) => boolean): AccountSpec => ({
  account,
  daily: Array.from({ length: DAYS }, (_, day) => (high(day) ? 1000 : 38 + (day % 5))),
});

const segments = (specs: readonly AccountSpec[], day: number) => [segmentOf(specs, day)];

function advance(
  day: number,
  specs: readonly AccountSpec[],
  tracked: readonly TrackedFinding[],
  claimed: string[] = [],
) {
  return advanceConsumers(sceneOf(dayMs(day), segments(specs, day), tracked, [], settings), tracked, new Set(claimed));
}

function daily(from: number, to: number, specs: readonly AccountSpec[], tracked: readonly TrackedFinding[] = []) {
  const told: string[] = [];
  let now = [...tracked];
  for (let day = from; day <= to; day++) {
    const after = advance(day, specs, now);
    told.push(...after.transitions.map(({ finding, context }) => `${day} ${finding.id} ${context.message}`));
    now = after.tracked;
  }
  return { told, tracked: now };
}

describe('a consumer that runs away', () => {
  const spike = runaway('r_1', (day) => day >= 20 && day < 24);

  test('is opened with its multiple, and cleared once it is two days back to its usual', () => {
    const { told, tracked } = daily(19, 40, [...steady, spike]);
    const id = tracked[0]!.finding.id;
    expect(id).toMatch(/^con-/);
    const messages = told.map((line) => line.split(' ').slice(1).join(' '));
    expect(messages[0]).toBe(`${id} opened`);
    expect(messages.filter((line) => line.endsWith('cleared'))).toEqual([`${id} cleared`]);
    expect(messages.at(-1)).toBe(`${id} cleared`);
    expect(tracked).toHaveLength(1);
  });

  test('back within 14 days of clearing it is reopened; later it is a new finding that names the old one', () => {
    const first = daily(19, 40, [...steady, spike]);
    const clearedOn = Math.round((Date.parse(first.tracked[0]!.clearedAt!) - dayMs(0)) / 86_400_000);
    const id = first.tracked[0]!.finding.id;
    const again = (start: number) =>
      runaway('r_1', (day) => (day >= 20 && day < 24) || (day >= start && day < start + 4));
    const soon = daily(
      clearedOn + 1,
      clearedOn + 13,
      [...steady, again(clearedOn + 6)],
      daily(19, clearedOn, [...steady, spike]).tracked,
    );
    expect(soon.told.filter((line) => line.endsWith('reopened'))).toHaveLength(1);
    expect(soon.told.every((line) => line.includes(id))).toBe(true);
    const late = daily(54, 58, [...steady, again(54)], first.tracked);
    const successor = late.tracked.find(({ finding }) => finding.id !== id)!;
    expect(successor.finding.links).toEqual([{ finding: id, relation: 'successor_of' }]);
    expect(late.told[0]).toMatch(/opened$/);
  });

  test('is left to its campaign where it is a member of one', () => {
    expect(advance(24, [...steady, spike], []).transitions).toHaveLength(1);
    expect(advance(24, [...steady, spike], [], ['r_1']).transitions).toEqual([]);
  });
});

test('of many runaways only as many are told in a week as the queue of a small platform holds', () => {
  const many = Array.from({ length: 6 }, (_, i) => runaway(`r_${i}`, (day) => day >= 22 && day < 26));
  const { told } = daily(24, 29, [...steady, ...many]);
  const opened = told.filter((line) => line.endsWith(' opened')).length;
  expect(opened).toBeGreaterThan(0);
  expect(opened).toBeLessThanOrEqual(consumerBudget({ size: 156 }, settings).whole);
});

test('the queue is twenty a week and million accounts, a quarter of it kept for what cannot wait', () => {
  const places = (size: number) => consumerBudget({ size }, settings);
  expect(places(1_000_000)).toEqual({ ordinary: 15, felt: 17, whole: 20 });
  expect(places(3000)).toEqual({ ordinary: 1, felt: 2, whole: 3 });
  expect(consumerBudget({ size: 10 }, parseSettings({ detection: { consumerBudget: 0 } })).whole).toBe(0);
});
