import { describe, expect, it } from 'vitest';
import { ADVERSARIES } from '../../../cli/simulate/adversaries/index.ts';
import type { WorldSpec } from '../../../cli/simulate/spec.ts';
import { recordSchema, type UsageRecord } from '../../../core/records/schema.ts';
import { CLEAN, counts, median, type Run, run } from './support.ts';

type Campaign = NonNullable<WorldSpec['campaigns']>[number];

function attack(campaign: Campaign, days: number, more: Partial<WorldSpec> = {}): Run & { theirs: UsageRecord[] } {
  const world = run({ seed: 'attack', days, benign: { accounts: 0 }, campaigns: [campaign], noise: CLEAN, ...more });
  return { ...world, theirs: world.usage };
}
const accountsOf = (world: Run) => world.records.filter((r) => r.type === 'account');
/** Sign-ups only, no later changes. */
const signUps = (world: Run) => accountsOf(world).filter((r) => r.createdAt);
const distinct = (values: Iterable<string | undefined>) => new Set(values).size;

describe('hostile scenarios', () => {
  it.each(ADVERSARIES.map((adversary) => [adversary.id, adversary] as const))(
    '%s runs at a small size and makes valid records',
    (id, adversary) => {
      const accounts = Math.min(30, adversary.accounts);
      const days = Math.min(adversary.days, 24);
      const world = attack(
        { scenario: id, accounts, ratePerDay: Math.min(adversary.ratePerDay, 20), start: 0.5 },
        days + 1,
      );
      expect(world.theirs.length).toBeGreaterThan(20);
      for (const record of world.records.slice(0, 500)) expect(recordSchema.safeParse(record).error).toBeUndefined();
      expect(world.truth.campaigns[0]!.exchanges).toBeLessThanOrEqual(world.theirs.length);
    },
  );

  it('are named where one is unknown', () => {
    expect(() => attack({ scenario: 'A99' }, 1)).toThrow(
      /campaigns\.0\.scenario: unknown scenario A99\. Known: A1, A2/,
    );
  });

  it('name a setting that is wrong or unknown', () => {
    expect(() => attack({ scenario: 'A1', overrides: { cover: 2 } }, 1)).toThrow(/campaigns\.0\.overrides\.cover/);
    expect(() => attack({ scenario: 'A1', overrides: { colour: 1 } }, 1)).toThrow(/colour/);
  });

  it('A1 keeps to its rate and gives every account nearly the same load', () => {
    const world = attack({ scenario: 'A1', accounts: 200, start: 2 }, 12);
    const perAccount = [...counts(world.theirs.filter((r) => r.time >= '2026-04-20').map((r) => r.account)).values()];
    const mean = perAccount.reduce((a, b) => a + b, 0) / perAccount.length / 7;
    expect(mean).toBeGreaterThan(23);
    expect(mean).toBeLessThan(28);
    const variance = perAccount.reduce((sum, n) => sum + (n / 7 - mean) ** 2, 0) / perAccount.length;
    // Independent users of the same mean would give at least a Poisson's variance, mean / 7.
    expect(variance).toBeLessThan((mean / 7) * 2);
  });

  it('A1 shares cards by the few and exits by the tens', () => {
    const world = attack({ scenario: 'A1', accounts: 300 }, 5);
    const cards = [...counts(signUps(world).map((r) => r.payment?.instrument)).values()];
    expect(Math.max(...cards)).toBeLessThan(20);
    expect(cards.length).toBeLessThan(150);
    const exits = new Map(world.theirs.map((r) => [r.account, r.network!.subnet!]));
    expect(distinct(exits.values())).toBeLessThan(60);
    expect(distinct(signUps(world).map((r) => r.payment?.issuer))).toBeLessThan(60);
  });

  it('A1 signs up in batches within days', () => {
    const world = attack({ scenario: 'A1', accounts: 300, start: 8 }, 10);
    const born = signUps(world)
      .map((r) => Date.parse(r.createdAt!))
      .sort((a, b) => a - b);
    const gaps = born.slice(1).map((at, i) => at - born[i]!);
    expect(born.at(-1)! - born[0]!).toBeLessThan(9 * 86_400_000);
    expect(median(gaps)).toBeLessThan(10 * 60_000);
  });

  it('A3 loses its pool to a ban and goes on with a second one', () => {
    const world = attack({ scenario: 'A3', accounts: 60, ratePerDay: 40 }, 10);
    const banned = new Map(accountsOf(world).flatMap((r) => (r.status === 'banned' ? [[r.account, r.time]] : [])));
    expect(banned.size).toBeGreaterThan(50);
    expect(world.theirs.filter((r) => r.time > (banned.get(r.account) ?? '9')).length).toBe(0);
    const [ban] = [...banned.values()].sort().slice(-1);
    const after = new Set(world.theirs.filter((r) => r.time > ban!).map((r) => r.account));
    const before = new Set(world.theirs.filter((r) => r.time < ban!).map((r) => r.account));
    expect([...after].filter((account) => !before.has(account)).length).toBeGreaterThan(50);
    const templates = (late: boolean) =>
      new Set(world.theirs.filter((r) => r.time > ban! === late && r.prompt?.system).map((r) => r.prompt!.system));
    expect(templates(true)).toEqual(templates(false));
  });

  it('A4 moves conversations between accounts, and their state with them', () => {
    const world = attack({ scenario: 'A4', accounts: 80, ratePerDay: 20 }, 6);
    const minted = new Map(world.theirs.flatMap((r) => r.custody!.minted!.map((value) => [value, r.account] as const)));
    const crossed = world.theirs.filter((r) => r.custody!.presented!.some((value) => minted.get(value) !== r.account));
    expect(crossed.length).toBeGreaterThan(30);
    expect(world.truth.campaigns[0]!.cover).toBe(world.theirs.length);
  });

  it('A5 probes with a few accounts and then uses all for two days', () => {
    const world = attack({ scenario: 'A5', accounts: 300 }, 23);
    const active = (from: string, to: string) =>
      distinct(world.theirs.filter((r) => r.time >= from && r.time < to).map((r) => r.account));
    expect(active('2026-04-15', '2026-05-05')).toBeLessThan(10);
    expect(active('2026-05-06', '2026-05-08')).toBeGreaterThan(200);
  });

  it('A7 shares neither card nor exit nor a client that few others use', () => {
    const world = attack({ scenario: 'A7', accounts: 200 }, 4);
    const cards = signUps(world).map((r) => r.payment!.instrument);
    expect(distinct(cards)).toBe(cards.length);
    const exits = new Map(world.theirs.map((r) => [r.account, r.network!.ip!]));
    expect(distinct(exits.values())).toBeGreaterThan(exits.size * 0.9);
    expect(distinct(world.theirs.map((r) => r.client!.agent))).toBeLessThanOrEqual(10);
  });

  it('A8 loads its accounts unequally', () => {
    const world = attack({ scenario: 'A8', accounts: 150 }, 6);
    const perAccount = [...counts(world.theirs.map((r) => r.account)).values()];
    expect(Math.max(...perAccount) / median(perAccount)).toBeGreaterThan(5);
  });

  it('A9 repeats no template but asks for one schema', () => {
    const { theirs } = attack({ scenario: 'A9', accounts: 50 }, 3);
    expect(distinct(theirs.map((r) => r.prompt!.template))).toBe(theirs.length);
    expect(distinct(theirs.map((r) => r.prompt!.contract))).toBe(1);
  });

  it('A11 hides the share it is told to hide', () => {
    const world = attack({ scenario: 'A11', accounts: 100, overrides: { cover: 0.75 } }, 5);
    const [truth] = world.truth.campaigns;
    expect(truth!.cover / truth!.exchanges).toBeGreaterThan(0.7);
    expect(truth!.cover / truth!.exchanges).toBeLessThan(0.8);
  });

  it('A12 has moved about half of its traffic a day after a release', () => {
    const world = attack({ scenario: 'A12', accounts: 200 }, 8, { releases: [{ model: 'opus-6', day: 5 }] });
    const next = world.theirs.filter((r) => r.time >= '2026-04-21' && r.time < '2026-04-22');
    const moved = next.filter((r) => r.model === 'opus-6').length / next.length;
    expect(moved).toBeGreaterThan(0.4);
    expect(moved).toBeLessThan(0.6);
  });

  it('A13 goes through every topic in twelve languages', () => {
    const { theirs } = attack({ scenario: 'A13', accounts: 60 }, 4);
    expect(distinct(theirs.map((r) => String(r.prompt!.topic)))).toBe(64);
    expect(distinct(theirs.map((r) => r.prompt!.language))).toBe(12);
  });

  it('A14 grades eight candidates of one question within seconds', () => {
    const { theirs } = attack({ scenario: 'A14', accounts: 60 }, 3);
    const rubric = theirs.filter((r) => r.prompt?.flags?.includes('rubric')).length / theirs.length;
    expect(rubric).toBeGreaterThan(0.9);
    const gaps = theirs.slice(1).map((r, i) => Date.parse(r.time) - Date.parse(theirs[i]!.time));
    expect(gaps.filter((gap) => gap < 10_000).length / gaps.length).toBeGreaterThan(0.8);
    expect(median(theirs.filter((r) => r.status === 'ok').map((r) => r.tokens.output))).toBeLessThan(50);
  });

  it('A16 is one account of which only the surge counts', () => {
    const world = attack({ scenario: 'A16', ratePerDay: 2000, start: 6 }, 10);
    expect(world.truth.campaigns[0]!.accounts).toHaveLength(1);
    const days = counts(world.theirs.map((r) => r.time.slice(0, 10)));
    const before = median([...days].filter(([day]) => day < '2026-04-21').map(([, n]) => n));
    const during = median([...days].filter(([day]) => day >= '2026-04-21').map(([, n]) => n));
    expect(during / before).toBeGreaterThan(4);
    expect(world.truth.campaigns[0]!.exchanges).toBeLessThan(world.theirs.length);
  });

  it('A19 replays outputs across accounts', () => {
    const { theirs } = attack({ scenario: 'A19', accounts: 60 }, 4);
    const minted = new Map(theirs.flatMap((r) => r.custody!.minted!.map((value) => [value, r.account] as const)));
    const crossed = theirs.filter((r) => r.custody!.presented!.some((value) => minted.get(value) !== r.account));
    expect(crossed.length / theirs.length).toBeGreaterThan(0.1);
  });

  it('A20 shares nothing', () => {
    const world = attack({ scenario: 'A20', accounts: 60 }, 6);
    const cards = accountsOf(world).flatMap((r) => r.payment?.instrument ?? []);
    expect(distinct(cards) / cards.length).toBeGreaterThan(0.9);
    expect(distinct(world.theirs.map((r) => r.prompt!.template))).toBe(world.theirs.length);
    expect(world.theirs.some((r) => r.prompt!.contract)).toBe(false);
  });
});
