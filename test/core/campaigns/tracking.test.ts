import { describe, expect, test } from 'vitest';
import { advanceCampaigns } from '../../../core/campaigns/advance-campaigns.ts';
import type { Cluster } from '../../../core/campaigns/clusters.ts';
import { sceneOf } from '../../../core/campaigns/scene.ts';
import { mintId, sameCampaign } from '../../../core/campaigns/track.ts';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import { HOUR_MS, isoTime } from '../../../core/records/time.ts';
import { parseSettings, type SettingsInput } from '../../../core/settings.ts';
import { type AccountSpec, dayMs, names, ordinary, pool, segmentOf } from '../../support/population.ts';

const DAYS = 40;
const strangers = ordinary(120, { days: DAYS });

/** One sweep of these accounts in which discovery let the `found` sets through. */
function sweepDay(
  day: number,
  world: readonly AccountSpec[],
  tracked: readonly TrackedFinding[],
  found: readonly (readonly AccountSpec[])[] = [],
  settings: SettingsInput = {},
) {
  const scene = sceneOf(dayMs(day), [segmentOf(world, day)], tracked, [], parseSettings(settings));
  const clusters = found.map((members, i): Cluster => {
    const certain = names(members).map((account) => scene.population.indexOf.get(account)!);
    return {
      membership: { certain, probable: [], held: new Set(certain), odds: new Map(certain.map((one) => [one, 20])) },
      accounts: new Set(names(members)),
      classification: i === 0 ? 'coordinated_abuse' : 'distillation',
      evidence: [{ group: 'identity', detector: 'entity-links', observed: 1, expected: 0, unit: 'share', strength: 5 }],
      benign: [],
      q: 0.001,
    };
  });
  const advanced = advanceCampaigns(scene, tracked, {
    clusters,
    held: [],
    candidates: 10,
    candidateNats: [],
    remembered: [],
  });
  const told = advanced.transitions.map(({ finding, context }) => `${finding.id} ${context.message}`);
  return { ...advanced, told };
}

/** A pool that works on some days only, in the platform's own hours: a night that falls silent would be a gap. */
function active(name: string, from: number, to: number, size = 24): AccountSpec[] {
  return pool({ name, size, from, to }).map((spec) => ({
    ...spec,
    createdAt: dayMs(from) - 3_600_000,
    hours: [9, 10, 11, 13, 14, 15, 16, 17],
    daily: Array.from({ length: DAYS }, (_, day) => spec.daily[day] ?? 0),
  }));
}

const alsoOn = (specs: readonly AccountSpec[], days: readonly number[]) =>
  specs.map((spec) => ({ ...spec, daily: spec.daily.map((n, day) => (days.includes(day) ? 25 : n)) }));

describe('one campaign, one id', () => {
  const p = active('p', 2, DAYS);
  const q = active('q', 4, DAYS).map((spec) => ({ ...spec, tasks: { vision: 1 }, flags: {} }));
  const world = [...strangers, ...p, ...q];

  test('stays the same over sweeps in which it is found, half found and not found', () => {
    const opened = sweepDay(8, world, [], [p]);
    const id = opened.tracked[0]!.finding.id;
    let { tracked } = opened;
    for (const [day, found] of [
      [9, [p.slice(0, 12)]],
      [10, []],
      [11, [p.slice(12)]],
      [12, [p]],
    ] as const) {
      const after = sweepDay(day, world, tracked, found);
      tracked = after.tracked;
      expect(after.told.filter((line) => !line.startsWith(id))).toEqual([]);
      expect(after.told.join()).not.toContain('opened');
    }
    expect(tracked).toHaveLength(1);
    expect(tracked[0]!.members).toHaveLength(24);
  });

  test('has its accounts back when it is found again, though hardly one was held any more', () => {
    const [opened] = sweepDay(8, world, [], [p]).tracked;
    const members = opened!.members.map((member, i) => (i < 2 ? member : { ...member, until: isoTime(dayMs(9)) }));
    const { tracked } = sweepDay(12, world, [{ ...opened!, members }], [p]);
    expect(tracked).toHaveLength(1);
    expect(tracked[0]!.members.filter(({ until }) => until === undefined)).toHaveLength(24);
  });

  test('a finding that falls apart in two sweeps running is split: the larger part keeps the id, the other says whence', () => {
    const joint = sweepDay(8, world, [], [[...p, ...q]]);
    const once = sweepDay(9, world, joint.tracked, [p, q.slice(0, 20)]);
    expect(once.tracked).toHaveLength(1);
    const twice = sweepDay(10, world, once.tracked, [p, q.slice(0, 20)]);
    expect(twice.tracked).toHaveLength(2);
    const [parent, part] = twice.tracked.map(({ finding }) => finding);
    expect(parent!.id).toBe(joint.tracked[0]!.finding.id);
    expect(part!.links).toContainEqual({ finding: parent!.id, relation: 'split_from' });
  });

  test('two findings opened in one sweep have two ids', () => {
    const { told } = sweepDay(8, world, [], [p, q]);
    expect(new Set(told.map((line) => line.split(' ')[0])).size).toBe(2);
  });

  test('two clusters that are one finding make no second', () => {
    const { tracked } = sweepDay(8, world, [], [p]);
    const after = sweepDay(9, world, tracked, [p.slice(0, 12), p.slice(12)]);
    expect(after.tracked).toHaveLength(1);
    // The second cluster shows an intent to distil.
    expect(after.tracked[0]!.finding.classification).toBe('distillation');
  });

  test('a cluster that bridges two findings merges the newer into the older, told once', () => {
    const first = sweepDay(8, world, [], [p]);
    const second = sweepDay(9, world, first.tracked, [p, q]);
    const [older, newer] = second.tracked.map(({ finding }) => finding.id);
    const merged = sweepDay(10, world, second.tracked, [[...p, ...q]]);
    expect(merged.told.sort()).toEqual([`${newer} cleared`, `${older} updated`].sort());
    const away = merged.transitions.find(({ finding }) => finding.id === newer)!.finding;
    expect(away.links).toEqual([{ finding: older, relation: 'merged_into' }]);
    expect(merged.transitions.find(({ finding }) => finding.id === older)!.finding.reason).toContain(newer);
    const after = sweepDay(11, world, merged.tracked, [[...p, ...q]]);
    expect(after.told).toEqual([]);
    expect(after.tracked.find(({ finding }) => finding.id === older)!.members).toHaveLength(48);
  });

  test('the older id lives, whichever of the clusters comes first', () => {
    const first = sweepDay(8, world, [], [p]);
    const second = sweepDay(9, world, first.tracked, [p, q]);
    const [older, newer] = second.tracked.map(({ finding }) => finding.id);
    const merged = sweepDay(10, world, second.tracked, [q, [...q, ...p]]);
    expect(merged.told).toContain(`${newer} cleared`);
    expect(merged.told).not.toContain(`${older} cleared`);
  });

  test('a cleared finding that is merged away is not cleared a second time', () => {
    const first = sweepDay(8, world, [], [p]);
    const second = sweepDay(9, world, first.tracked, [p, q]);
    const cleared = second.tracked.map((one, i) => (i === 1 ? { ...one, clearedAt: isoTime(dayMs(9)) } : one));
    const merged = sweepDay(10, world, cleared, [[...p, ...q]]);
    expect(merged.told.filter((line) => line.endsWith('cleared'))).toEqual([]);
    expect(merged.tracked[1]!.finding.links).toHaveLength(1);
  });

  test('an id depends on the first sweep and the members, not on their order, and is never given twice', () => {
    const accounts = names(p);
    const id = mintId('cmp', isoTime(dayMs(8)), accounts, new Set());
    expect(id).toMatch(/^cmp-[0-9a-f]{8}$/);
    expect(id.length).toBeLessThanOrEqual(16);
    expect(mintId('cmp', isoTime(dayMs(8)), accounts.toReversed(), new Set())).toBe(id);
    expect(mintId('cmp', isoTime(dayMs(9)), accounts, new Set())).not.toBe(id);
    expect(mintId('cmp', isoTime(dayMs(8)), accounts, new Set([id]))).not.toBe(id);
  });

  test.each([
    [20, 100, 10, true],
    [20, 100, 9, false],
    [8, 100, 4, true],
    [8, 100, 3, false],
    [0, 10, 0, false],
  ])('sets of %d and %d with %d in common are one campaign: %s', (small, large, common, same) => {
    const a = new Set(Array.from({ length: small }, (_, i) => `a${i}`));
    const b = new Set(Array.from({ length: large }, (_, i) => (i < common ? `a${i}` : `b${i}`)));
    expect(sameCampaign(a, b)).toBe(same);
    expect(sameCampaign(b, a)).toBe(same);
  });
});

describe('members', () => {
  const p = active('p', 2, DAYS);
  const world = [...strangers, ...p];

  test('keep the sweep that claimed them and their first exchange; newcomers have their own', () => {
    const late = active('p', 9, DAYS, 6).map((spec, i) => ({ ...spec, account: `n_${i}` }));
    const first = sweepDay(8, [...world, ...late], [], [p]);
    const after = sweepDay(12, [...world, ...late], first.tracked, [[...p, ...late]]);
    const { members } = after.tracked[0]!;
    expect(members).toHaveLength(30);
    for (const { account, claimed, since } of members) {
      const isLate = account.startsWith('n_');
      expect(claimed).toBe(isoTime(dayMs(isLate ? 12 : 8)));
      expect(since).toBe(isoTime(dayMs(isLate ? 9 : 2) + 9 * HOUR_MS));
    }
  });

  test('a ban ends no claim', () => {
    const first = sweepDay(8, world, [], [p]);
    const banned = p.map((spec) => ({
      ...spec,
      facts: { ...spec.facts, status: 'banned' },
      daily: spec.daily.map((n, day) => (day < 8 ? n : 0)),
    }));
    const after = sweepDay(12, [...strangers, ...banned], first.tracked, []);
    expect(after.tracked[0]!.members.filter(({ until }) => until !== undefined)).toEqual([]);
    expect(after.tracked[0]!.members).toHaveLength(24);
  });

  test('a stranger who was claimed wrongly is released, not dropped, and no longer counted', () => {
    const wrong = strangers.slice(0, 2);
    const first = sweepDay(8, world, [], [[...p, ...wrong]]);
    expect(first.transitions[0]!.finding.accounts.certain).toBe(26);
    const after = sweepDay(9, world, first.tracked, [p]);
    const released = after.tracked[0]!.members.filter(({ until }) => until !== undefined);
    expect(released.map(({ account }) => account)).toEqual(names(wrong));
    expect(released[0]!.until).toBe(isoTime(dayMs(9)));
    expect(after.current[0]!.finding.accounts.certain).toBe(24);
    const back = sweepDay(10, world, after.tracked, [[...p, ...wrong]]);
    expect(back.tracked[0]!.members.filter(({ until }) => until !== undefined)).toEqual([]);
  });
});

/** Sweeps every day and collects what was told. */
function daily(
  from: number,
  to: number,
  world: readonly AccountSpec[],
  tracked: readonly TrackedFinding[],
  settings = {},
) {
  const told: string[] = [];
  let now = tracked as TrackedFinding[];
  for (let day = from; day <= to; day++) {
    const after = sweepDay(day, world, now, [], settings);
    told.push(...after.told.map((line) => `${day} ${line}`));
    now = after.tracked;
  }
  return { told, tracked: now };
}

describe('clearing and return', () => {
  const p = active('p', 2, 10);
  const world = [...strangers, ...p];
  const opened = sweepDay(10, world, [], [p]);
  const id = opened.tracked[0]!.finding.id;

  test('clears once, seven days after the last exchange, and says what was checked', () => {
    const { told, tracked } = daily(11, 22, world, opened.tracked);
    expect(told).toEqual([`17 ${id} cleared`]);
    expect(tracked[0]!.finding.reason).toMatch(
      /^no exchange of a certain account since 2026-04-29T17:59:59\.999Z, coverage \d/,
    );
  });

  test('failed exchanges do not keep it open: a blocked pool is quiet', () => {
    const blocked = p.map((spec, i) => ({
      ...spec,
      account: `b_${i}`,
      daily: spec.daily.map((_, day) => (day >= 2 ? 25 : 0)),
    }));
    const before = sweepDay(10, [...strangers, ...blocked], [], [blocked]);
    const failing = blocked.map((spec) => ({ ...spec, failed: 1 }));
    const { told } = daily(11, 18, [...strangers, ...failing], before.tracked);
    expect(told.map((line) => line.split(' ').at(-1))).toEqual(['cleared']);
  });

  test('does not clear while the watch was blind: one lost day of seven', () => {
    const outage = world.map((spec) => ({ ...spec, daily: spec.daily.map((n, day) => (day === 13 ? 0 : n)) }));
    expect(daily(11, 22, outage, opened.tracked).told.join()).not.toContain('cleared');
    expect(daily(11, 18, outage, opened.tracked, { lifecycle: { coverage: 0.8 } }).told).toEqual([`17 ${id} cleared`]);
  });

  test('back after 13 days, it is reopened under its id', () => {
    const cleared = daily(11, 17, world, opened.tracked);
    const back = [...strangers, ...alsoOn(p, [29])];
    const { told, tracked } = daily(18, 31, back, cleared.tracked);
    expect(told).toEqual([`30 ${id} reopened`]);
    expect(tracked[0]!.finding).toMatchObject({ id, state: 'updated' });
    expect(tracked[0]!.finding.reason).toMatch(/^reopened/);
    expect(tracked[0]!.clearedAt).toBeUndefined();
  });

  test('a second pool after 13 days is told by the first sweep that sees it, under the id of the first', () => {
    const second = active('p', 29, DAYS, 12).map((spec, i) => ({ ...spec, account: `s_${i}` }));
    const large = [...ordinary(600, { days: DAYS }), ...p, ...second];
    const first = sweepDay(10, large, [], [p]);
    const cleared = sweepDay(17, large, first.tracked);
    const quiet = sweepDay(29, large, cleared.tracked);
    const { told, tracked } = sweepDay(30, large, quiet.tracked, [second]);
    const name = first.tracked[0]!.finding.id;
    expect([cleared.told, quiet.told, told]).toEqual([[`${name} cleared`], [], [`${name} reopened`]]);
    expect(tracked[0]!.finding.reason).toBe('reopened: 12 accounts at work since it was cleared');
    expect(tracked[0]!.finding.accounts.certain).toBe(36);
  });

  test('nine accounts at work are what is left of a campaign, ten are a campaign', () => {
    const cleared = daily(11, 17, world, opened.tracked);
    const some = (count: number) => [...strangers, ...alsoOn(p.slice(0, count), [20]), ...p.slice(count)];
    expect(daily(18, 22, some(9), cleared.tracked).told).toEqual([]);
    expect(daily(18, 22, some(10), cleared.tracked).told).toEqual([`21 ${id} reopened`]);
  });

  test('half of the accounts that it holds bring a smaller one back where the sweep lets it through, fewer do not', () => {
    const few = p.slice(0, 12);
    const cleared = daily(11, 17, world, sweepDay(10, world, [], [few]).tracked);
    const back = (count: number, found: AccountSpec[][]) => {
      const later = [...strangers, ...alsoOn(few.slice(0, count), [20]), ...p.slice(count)];
      return sweepDay(21, later, cleared.tracked, found).told.map((line) => line.split(' ')[1]);
    };
    expect(cleared.tracked[0]!.members).toHaveLength(12);
    expect(back(6, [few])).toEqual(['reopened']);
    expect(back(5, [few])).toEqual([]);
    expect(back(6, [])).toEqual([]);
  });

  test('a campaign of 45 days and eight accounts that are used now and then: eight messages over both at most', () => {
    const days = 50;
    const long = (specs: AccountSpec[]) =>
      specs.map((spec) => ({
        ...spec,
        daily: Array.from({ length: days }, (_, day) => spec.daily[(day % 7) + 2] ?? 0),
      }));
    const lasting = long(active('p', 2, 10));
    // One of them at a time, nine days apart: quiet for long enough each time.
    const rest = active('r', 2, days, 8).map((spec, i) => ({
      ...spec,
      tasks: { vision: 1 },
      daily: Array.from({ length: days }, (_, day) => (day < 8 || (day % 9 === 0 && (day / 9) % 8 === i) ? 20 : 0)),
    }));
    const all = [...long(strangers.slice(0, 80)), ...lasting, ...rest];
    let { tracked, told } = sweepDay(8, all, [], [lasting, rest]);
    const messages = [...told];
    for (let day = 9; day < days; day++) {
      ({ tracked, told } = sweepDay(day, all, tracked, [lasting]));
      messages.push(...told);
    }
    const [, small] = tracked.map(({ finding }) => finding.id);
    expect(messages.filter((line) => line.startsWith(small!))).toEqual([`${small} opened`, `${small} cleared`]);
    expect(messages.length).toBeLessThanOrEqual(8);
  });

  test('back after 15 days, it is a new finding that names the old one, which is left as it was', () => {
    const cleared = daily(11, 17, world, opened.tracked);
    const back = alsoOn(p, [31]);
    const { told, transitions, tracked } = sweepDay(32, [...strangers, ...back], cleared.tracked, [back]);
    expect(told).toHaveLength(1);
    expect(transitions[0]!.finding).toMatchObject({
      state: 'opened',
      links: [{ finding: id, relation: 'successor_of' }],
    });
    expect(transitions[0]!.finding.id).not.toBe(id);
    expect(tracked.find(({ finding }) => finding.id === id)).toEqual(cleared.tracked[0]);
    // The next sweep knows the new one.
    expect(sweepDay(33, [...strangers, ...back], tracked, [back]).told).toEqual([]);
  });

  test('evidence that outlives a campaign in memory opens no second one, however often it is let through', () => {
    const cleared = daily(11, 17, world, opened.tracked);
    const later = [sweepDay(32, world, cleared.tracked, [p]), sweepDay(39, world, cleared.tracked, [p])];
    expect(later.map(({ told }) => told)).toEqual([[], []]);
    const few = [...strangers, ...alsoOn(p.slice(0, 9), [31]), ...p.slice(9)];
    expect(sweepDay(32, few, cleared.tracked, [p]).told).toEqual([]);
  });

  test('the same accounts after 15 days of silence alone are no finding again', () => {
    const cleared = daily(11, 17, world, opened.tracked);
    expect(sweepDay(32, [...strangers, ...alsoOn(p, [31])], cleared.tracked, []).told).toEqual([]);
  });

  test('a finding that nobody belongs to any more is cleared, with nobody counted', () => {
    const released = opened.tracked.map((one) => ({
      ...one,
      members: one.members.map((member) => ({ ...member, until: one.openedAt })),
    }));
    const { told, tracked } = daily(11, 20, [...strangers, ...active('p', 2, DAYS)], released);
    expect(told.at(-1)).toBe(`11 ${id} cleared`);
    expect(tracked[0]!.finding).toMatchObject({
      accounts: { certain: 0, probable: 0 },
      window: opened.tracked[0]!.finding.window,
    });
  });
});

describe('what a growing campaign tells', () => {
  test('from ten accounts to 640 over forty daily sweeps: at most 20 messages, opened once, numbered in order', () => {
    const members = active('p', 0, DAYS, 640).map((spec, i) => {
      const start = Math.min(DAYS - 2, Math.floor(6 * Math.log2(Math.max(1, i / 10))));
      return { ...spec, createdAt: dayMs(start), daily: spec.daily.map((n, day) => (day >= start ? n : 0)) };
    });
    let tracked: TrackedFinding[] = [];
    const messages: string[] = [];
    for (let day = 3; day < DAYS; day += 1) {
      const now = members.filter((spec) => spec.daily.slice(0, day).some((n) => n > 0));
      const after = sweepDay(day, [...strangers.slice(0, 60), ...now], tracked, [now]);
      messages.push(...after.transitions.map(({ context }) => `${context.sequence} ${context.message}`));
      expect(after.transitions.length).toBeLessThanOrEqual(1);
      tracked = after.tracked;
    }
    expect(messages.length).toBeLessThanOrEqual(20);
    expect(messages.length).toBeGreaterThan(4);
    messages.forEach((message, i) => {
      expect(message).toBe(`${i + 1} ${i === 0 ? 'opened' : 'updated'}`);
    });
  });

  test('of constant size and rate: at most eight messages in a month, all of them doublings', () => {
    const p = active('p', 2, DAYS);
    let { tracked } = sweepDay(4, [...strangers, ...p], [], [p]);
    const reasons: string[] = [];
    for (let day = 5; day < DAYS; day++) {
      const after = sweepDay(day, [...strangers, ...p], tracked, [p]);
      reasons.push(...after.transitions.map(({ finding }) => finding.reason!));
      tracked = after.tracked;
    }
    expect(reasons.length).toBeLessThanOrEqual(8);
    for (const reason of reasons) expect(reason).toMatch(/^(exchanges|output tokens) .*\(2\.\dx\)/);
  });
});
