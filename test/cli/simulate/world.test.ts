import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseWorld, type WorldSpec } from '../../../cli/simulate/spec.ts';
import { simulateWorld, truthOf } from '../../../cli/simulate/world.ts';
import { namedWorld, WORLD_NAMES } from '../../../cli/simulate/worlds.ts';
import { recordSchema, type UsageRecord } from '../../../core/records/schema.ts';
import { CLEAN, counts, median, type Run, run } from './support.ts';

const small: WorldSpec = {
  seed: 'small',
  days: 5,
  benign: { accounts: 400, maxPerDay: 300 },
  campaigns: [{ scenario: 'A1', accounts: 60, start: 1 }],
  lookalikes: [{ scenario: 'B1', size: 30, start: 1 }],
  releases: [{ model: 'opus-5.1', day: 2.5 }],
  outages: [{ day: 3.5, minutes: 240 }],
};

function digest(spec: WorldSpec): string {
  const sum = createHash('sha256');
  for (const record of simulateWorld(spec)) sum.update(JSON.stringify(record));
  return sum.digest('hex');
}

describe('a world', () => {
  let world: Run;
  beforeAll(() => {
    world = run({ ...small, noise: CLEAN });
  });

  it('is the same, byte for byte, for the same seed and another for another', () => {
    expect(digest(small)).toBe(digest(small));
    expect(digest(small)).not.toBe(digest({ ...small, seed: 'other' }));
  });

  it('holds only records that the format allows', () => {
    for (const record of run(small).records) expect(recordSchema.safeParse(record).error?.issues).toBeUndefined();
  });

  it('comes in time order', () => {
    const times = world.records.map((record) => record.time);
    expect(times).toEqual([...times].sort());
  });

  it('stays inside its window', () => {
    const times = world.usage.map((record) => record.time);
    expect(times[0]! >= '2026-04-15T00:00:00.000Z').toBe(true);
    expect(times.at(-1)! < '2026-04-20T00:00:00.000Z').toBe(true);
  });

  it('gives every exchange an id of its own', () => {
    expect(new Set(world.usage.map(({ id }) => id)).size).toBe(world.usage.length);
  });

  it('never uses an account before its sign-up', () => {
    const born = new Map(
      world.records.flatMap((r) => (r.type === 'account' && r.createdAt ? [[r.account, r.createdAt]] : [])),
    );
    for (const { account, time } of world.usage) expect(time >= (born.get(account) ?? '')).toBe(true);
    expect(world.usage.every(({ account }) => born.has(account))).toBe(true);
  });

  it('tells the truth: it equals a recount of the records', () => {
    const [campaign] = world.truth.campaigns;
    const members = new Set(campaign!.accounts);
    const theirs = world.usage.filter(({ account }) => members.has(account));
    expect(theirs.length).toBeGreaterThan(3000);
    expect(campaign!.exchanges).toBe(theirs.length);
    expect(campaign!.from).toBe(theirs[0]!.time);
    expect(campaign!.to).toBe(theirs.at(-1)!.time);
    expect(campaign!.capabilities).toEqual(Object.fromEntries(counts(theirs.map((r) => r.prompt!.task!))));
    expect(campaign!.perDay).toEqual(Object.fromEntries(counts(theirs.map((r) => r.time.slice(0, 10)))));
    expect(campaign!.outputTokens).toBe(theirs.reduce((sum, r) => sum + r.tokens.output, 0));
    expect(members.size).toBe(new Set(theirs.map(({ account }) => account)).size);
  });

  it('gives the same truth whether or not the records are wanted', () => {
    expect(truthOf({ ...small, noise: CLEAN })).toEqual(world.truth);
  });

  it('leaves the benign traffic untouched when a campaign is taken out', () => {
    const hostile = new Set(world.truth.campaigns.flatMap(({ accounts }) => accounts));
    const quiet = run({ ...small, campaigns: [], noise: CLEAN });
    expect(quiet.usage).toEqual(world.usage.filter(({ account }) => !hostile.has(account)));
  });

  it('is quieter in offices on a holiday', () => {
    const volume = (holidays: number[]) =>
      run({ ...small, days: 3, campaigns: [], lookalikes: [], outages: [], holidays, noise: CLEAN }).usage.filter((r) =>
        r.time.startsWith('2026-04-16'),
      ).length;
    expect(volume([1]) / volume([])).toBeLessThan(0.9);
  });

  it('fails most exchanges during an outage', () => {
    const during = world.usage.filter(({ time }) => time >= '2026-04-18T12:00' && time < '2026-04-18T16:00');
    const failed = during.filter(({ status }) => status === 'error').length / during.length;
    expect(failed).toBeGreaterThan(0.75);
  });

  it('adopts a release gradually, and nobody uses it before', () => {
    const uses = world.usage.filter(({ model }) => model === 'opus-5.1');
    const large = world.usage.filter(({ model, time }) => model.startsWith('opus') && time > '2026-04-17T12:00');
    expect(uses.every(({ time }) => time >= '2026-04-17T12:00')).toBe(true);
    expect(uses.length).toBeGreaterThan(20);
    expect(uses.length).toBeLessThan(large.length * 0.9);
  });
});

describe('the benign platform', () => {
  let usage: UsageRecord[];
  let world: Run;
  beforeAll(() => {
    world = run({ seed: 'marginals', days: 7, benign: { accounts: 5000, maxPerDay: 400 }, noise: CLEAN });
    usage = world.usage;
  });

  /** One exchange per account, so that heavy accounts do not speak for all. */
  const oneEach = (task: string) => {
    const seen = new Map<string, UsageRecord>();
    for (const record of usage)
      if (record.prompt?.task === task && record.status === 'ok') seen.set(record.account, record);
    return [...seen.values()];
  };

  it('sends conversations and code of the sizes measured on real services', () => {
    const talk = oneEach('conversation');
    expect(talk.length).toBeGreaterThan(300);
    // Medians of the traces: 1,020 and 129; code 1,469 and 13.
    expect(median(talk.map(({ tokens }) => tokens.input))).toBeGreaterThan(750);
    expect(median(talk.map(({ tokens }) => tokens.input))).toBeLessThan(1150);
    expect(median(talk.map(({ tokens }) => tokens.output))).toBeGreaterThan(105);
    expect(median(talk.map(({ tokens }) => tokens.output))).toBeLessThan(190);
    const code = oneEach('software_engineering');
    expect(median(code.map(({ tokens }) => tokens.output))).toBeGreaterThan(11);
    expect(median(code.map(({ tokens }) => tokens.output))).toBeLessThan(17);
  });

  it('is dominated by a few heavy accounts', () => {
    const volumes = [...counts(usage.map(({ account }) => account)).values()].sort((a, b) => b - a);
    const top = volumes.slice(0, Math.ceil(volumes.length / 100)).reduce((sum, volume) => sum + volume, 0);
    expect(top / usage.length).toBeGreaterThan(0.1);
    expect(volumes[0]! / median(volumes)).toBeGreaterThan(30);
  });

  it('rests on weekends and at night', () => {
    const days = counts(usage.map(({ time }) => time.slice(0, 10)));
    // 2026-04-18 and 19 are a weekend.
    expect(days.get('2026-04-19')! / days.get('2026-04-16')!).toBeLessThan(0.95);
  });

  it('pays by virtual card often enough that one proves nothing', () => {
    const kinds = counts(world.records.flatMap((r) => (r.type === 'account' && r.payment ? [r.payment.kind] : [])));
    const total = [...kinds.values()].reduce((sum, n) => sum + n, 0);
    expect(kinds.get('virtual')! / total).toBeGreaterThan(0.04);
    expect(kinds.get('virtual')! / total).toBeLessThan(0.11);
  });

  it('has hubs: client builds and system prompts shared by many, and exits shared by strangers', () => {
    const sharers = (value: (record: UsageRecord) => string | undefined) => {
      const accounts = new Map<string, Set<string>>();
      for (const record of usage) {
        const key = value(record);
        if (key) accounts.set(key, (accounts.get(key) ?? new Set()).add(record.account));
      }
      return Math.max(...[...accounts.values()].map((set) => set.size));
    };
    const active = new Set(usage.map(({ account }) => account)).size;
    expect(sharers((r) => r.client?.agent)).toBeGreaterThan(active * 0.05);
    expect(sharers((r) => r.prompt?.system)).toBeGreaterThan(active * 0.1);
    expect(sharers((r) => r.network?.subnet)).toBeGreaterThan(active * 0.02);
  });

  it('has organisations of very different sizes and many who stand alone', () => {
    const accounts = world.records.filter((r) => r.type === 'account');
    const sizes = [...counts(accounts.flatMap((r) => r.org ?? [])).values()].sort((a, b) => b - a);
    expect(sizes[0]).toBeGreaterThan(30);
    expect(median(sizes)).toBeLessThan(6);
    expect(accounts.filter((r) => r.org === undefined).length / accounts.length).toBeGreaterThan(0.5);
  });

  it('carries the state of a conversation on in its account, and pastes what others have published now and then', () => {
    const minted = new Map(usage.flatMap((r) => (r.custody?.minted ?? []).map((value) => [value, r.account] as const)));
    const presented = usage.flatMap((r) => (r.custody?.presented ?? []).map((value) => [value, r.account] as const));
    expect(presented.length).toBeGreaterThan(1000);
    const foreign = presented.filter(([value, account]) => minted.get(value) !== account);
    expect(foreign.length).toBeGreaterThan(20);
    expect(foreign.length / presented.length).toBeLessThan(0.02);
    const presenters = new Map<string, Set<string>>();
    for (const [value, account] of foreign) presenters.set(value, (presenters.get(value) ?? new Set()).add(account));
    const sizes = [...presenters.values()].map((set) => set.size).sort((x, y) => y - x);
    expect(sizes[0]).toBeGreaterThan(5);
    expect(sizes.at(-1)).toBe(1);
    expect(foreign.some(([value]) => minted.has(value))).toBe(true);
  });

  it('carries state within its account only where nobody pastes', () => {
    const alone = run({ seed: 'own', days: 2, benign: { accounts: 500, pastes: 0 }, noise: CLEAN }).usage;
    const minted = new Map(alone.flatMap((r) => r.custody!.minted!.map((value) => [value, r.account] as const)));
    const presented = alone.flatMap((r) => r.custody!.presented!.map((value) => [value, r.account] as const));
    expect(presented.length).toBeGreaterThan(300);
    for (const [value, account] of presented) expect(minted.get(value)).toBe(account);
  });

  it('throttles free accounts at their daily limit, and they give up', () => {
    const plans = new Map(world.records.flatMap((r) => (r.type === 'account' ? [[r.account, r.plan] as const] : [])));
    const free = usage.filter((r) => plans.get(r.account) === 'free');
    const days = new Map<string, UsageRecord[]>();
    for (const r of free) {
      const key = `${r.account}/${r.time.slice(0, 10)}`;
      days.set(key, [...(days.get(key) ?? []), r]);
    }
    const long = [...days.values()].filter((day) => day.length > 40);
    expect(long.length).toBeGreaterThan(10);
    expect(
      long.filter((day) => day.slice(-2).every((r) => r.status === 'throttled')).length / long.length,
    ).toBeGreaterThan(0.8);
    // Conversations of the evening before are counted on the day on which they began.
    expect(median(long.map((day) => day.length))).toBeLessThanOrEqual(44);
  });

  it('has every outcome of an exchange, and mostly good ones', () => {
    const outcomes = counts(usage.map((r) => r.status!));
    expect([...outcomes.keys()].sort()).toEqual(['blocked', 'error', 'ok', 'refused', 'throttled']);
    expect(outcomes.get('ok')! / usage.length).toBeGreaterThan(0.93);
    expect(outcomes.get('refused')! / usage.length).toBeGreaterThan(0.005);
  });

  it('has programs whose exchanges come in bursts, far from Poisson', () => {
    const times = new Map<string, number[]>();
    for (const r of usage) times.set(r.account, [...(times.get(r.account) ?? []), Date.parse(r.time)]);
    const variations = [...times.values()]
      .filter((list) => list.length > 300)
      .map((list) => {
        const gaps = list.slice(1).map((at, i) => at - list[i]!);
        const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
        return Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean;
      });
    expect(variations.length).toBeGreaterThan(20);
    // Poisson arrivals have 1; the published traces 1.1 and 13.2 for whole services.
    expect(median(variations)).toBeGreaterThan(2);
  });

  it('leaves most accounts dormant on most days', () => {
    const active = new Set(usage.filter((r) => r.time < '2026-04-16').map((r) => r.account)).size;
    expect(active / 5000).toBeGreaterThan(0.1);
    expect(active / 5000).toBeLessThan(0.5);
  });

  it('has popular output contracts and the parameters that clients set', () => {
    const holders = new Map<string, Set<string>>();
    for (const r of usage) {
      const contract = r.prompt!.contract;
      if (contract) holders.set(contract, (holders.get(contract) ?? new Set()).add(r.account));
    }
    expect(Math.max(...[...holders.values()].map((set) => set.size))).toBeGreaterThan(100);
    const temperatures = counts(usage.map((r) => r.params!.temperature));
    expect(temperatures.size).toBeGreaterThan(5);
    expect(temperatures.has(undefined)).toBe(true);
  });

  it('grows: more accounts sign up in its last months than in its first', () => {
    const born = world.records.flatMap((r) => (r.type === 'account' ? (r.createdAt ?? []) : []));
    const between = (from: string, to: string) => born.filter((at) => at >= from && at < to).length;
    const [early, late] = [between('2025-05-01', '2025-08-01'), between('2026-01-01', '2026-04-01')];
    expect(late / early).toBeGreaterThan(1.15);
    expect(late / early).toBeLessThan(1.7);
  });
});

describe('named worlds', () => {
  it('are all valid descriptions', () => {
    for (const name of WORLD_NAMES) expect(parseWorld(namedWorld(name, 's')).seed).toBe('s');
  });

  it('the demo stays small enough for a demo and holds its campaign', () => {
    const simulation = run(namedWorld('demo', 'size'));
    expect(simulation.records.length).toBeLessThan(600_000);
    expect(simulation.truth.campaigns[0]!.accounts.length).toBeGreaterThan(140);
  });

  it('the quiet world has nothing hostile in it', () => {
    expect(namedWorld('quiet', 's').campaigns ?? []).toEqual([]);
  });

  it('name the known ones where one is unknown', () => {
    expect(() => namedWorld('nowhere', 's')).toThrow(/nowhere.*demo, quiet/);
  });
});
