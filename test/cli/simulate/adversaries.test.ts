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
const share = <T>(items: readonly T[], is: (item: T) => boolean) => items.filter(is).length / items.length;
const dateOf = (record: UsageRecord) => record.time.slice(0, 10);
/** Exchanges that carry in what another account was given, and those that carry in what nobody in sight was given. */
function carriedIn({ usage }: Run): { foreign: UsageRecord[]; unknown: UsageRecord[] } {
  const minted = new Map(usage.flatMap((r) => r.custody!.minted!.map((value) => [value, r.account] as const)));
  const some = (is: (by: string | undefined, r: UsageRecord) => boolean) =>
    usage.filter((r) => r.custody!.presented!.some((value) => is(minted.get(value), r)));
  return {
    foreign: some((by, r) => by !== undefined && by !== r.account),
    unknown: some((by) => by === undefined),
  };
}

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

  it('A3 takes the state of its conversations along to the next account when one is limited or banned', () => {
    const world = attack({ scenario: 'A3', accounts: 40, ratePerDay: 60 }, 4);
    const { foreign, unknown } = carriedIn(world);
    expect(foreign.length).toBeGreaterThan(40);
    expect(unknown).toEqual([]);
    const limited = world.theirs.filter((r) => r.status === 'throttled').length;
    expect(limited / world.theirs.length).toBeGreaterThan(0.015);
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

  it('A5 tries one technique after another and scales up two of them', () => {
    const { theirs } = attack({ scenario: 'A5', accounts: 400 }, 23);
    const wrappers = (from: string, to: string) =>
      counts(theirs.filter((r) => r.time >= from && r.time < to).map((r) => r.prompt!.system));
    const [first] = [...wrappers('2026-04-15', '2026-04-18')].sort((a, b) => b[1] - a[1]);
    const [last] = [...wrappers('2026-05-03', '2026-05-06')].sort((a, b) => b[1] - a[1]);
    expect(first![0]).not.toBe(last![0]);
    expect(wrappers('2026-04-15', '2026-05-06').size).toBeGreaterThanOrEqual(5);
    const burst = theirs.filter((r) => r.time >= '2026-05-06');
    expect(distinct(burst.map((r) => r.prompt!.system))).toBe(2);
    expect(burst.length / 2 / 400).toBeGreaterThan(1.7);
    expect(burst.length / 2 / 400).toBeLessThan(2.3);
    const flags = new Set(theirs.filter((r) => r.time < '2026-05-06').flatMap((r) => r.prompt!.flags ?? []));
    expect(flags.size).toBeGreaterThanOrEqual(5);
  });

  it.each(['A7', 'A8', 'A9'])('%s signs its pool up within days and its refills together', (scenario) => {
    const days = 16;
    const world = attack({ scenario, accounts: 200, start: 8, overrides: { attrition: 0.06 } }, days);
    const born = signUps(world).map((r) => Date.parse(r.createdAt!));
    const start = Date.parse('2026-04-15T00:00:00.000Z');
    const pool = born.filter((at) => at < start + 9 * 86_400_000);
    expect(pool.length).toBeGreaterThan(150);
    const refills = born.filter((at) => at >= start + 9 * 86_400_000).sort((a, b) => a - b);
    expect(refills.length).toBeGreaterThan(30);
    // One run a day: most gaps inside a run are minutes, as no person's sign-ups are.
    expect(median(refills.slice(1).map((at, i) => at - refills[i]!))).toBeLessThan(20 * 60_000);
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

  it.each([
    ['5 %', { cover: 0.95 }, 0.05],
    ['10 %, unless told otherwise,', {}, 0.1],
    ['25 %', { cover: 0.75 }, 0.25],
  ])('A11 is to %s distillation, and the truth says so', (_, overrides, expected) => {
    const world = attack({ scenario: 'A11', accounts: 150, overrides }, 6);
    const [truth] = world.truth.campaigns;
    const distilled = (truth!.exchanges - truth!.cover) / truth!.exchanges;
    expect(Math.abs(distilled - expected)).toBeLessThan(0.015);
    const kinds = Object.values(truth!.capabilities).reduce((sum, n) => sum + n, 0);
    expect(kinds).toBe(truth!.exchanges - truth!.cover);
    // Only the distilled part asks for the operator's schema.
    const schema = [...counts(world.theirs.map((r) => r.prompt!.contract))].filter(([contract]) => contract);
    expect(Math.max(...schema.map(([, n]) => n)) / world.theirs.length).toBeGreaterThan(expected * 0.8);
  });

  it('A12 has moved about half of its traffic a day after a release', () => {
    const world = attack({ scenario: 'A12', accounts: 200 }, 8, { releases: [{ model: 'opus-6', day: 5 }] });
    const next = world.theirs.filter((r) => r.time >= '2026-04-21' && r.time < '2026-04-22');
    const moved = next.filter((r) => r.model === 'opus-6').length / next.length;
    expect(moved).toBeGreaterThan(0.4);
    expect(moved).toBeLessThan(0.6);
  });

  it('A12 moves much faster than everybody else does', () => {
    const world = run({
      seed: 'pivot',
      days: 8,
      benign: { accounts: 1500, maxPerDay: 300 },
      campaigns: [{ scenario: 'A12', accounts: 60 }],
      releases: [{ model: 'opus-6', day: 5 }],
      noise: CLEAN,
    });
    const hostile = new Set(world.truth.campaigns[0]!.accounts);
    const after = world.usage.filter((r) => r.time >= '2026-04-21' && r.time < '2026-04-22');
    const large = after.filter((r) => r.model.startsWith('opus'));
    const benign = share(
      large.filter((r) => !hostile.has(r.account)),
      (r) => r.model === 'opus-6',
    );
    expect(benign).toBeGreaterThan(0.05);
    expect(benign).toBeLessThan(0.3);
  });

  it('A13 goes through every topic in twelve languages', () => {
    const { theirs } = attack({ scenario: 'A13', accounts: 60 }, 4);
    expect(distinct(theirs.map((r) => String(r.prompt!.topic)))).toBe(64);
    expect(distinct(theirs.map((r) => r.prompt!.language))).toBe(12);
  });

  it('A13 gives each account a few topics in one language, so that no account covers much', () => {
    const { theirs } = attack({ scenario: 'A13', accounts: 120 }, 5);
    const topics = new Map<string, Map<string, number>>();
    for (const r of theirs) {
      const own = topics.get(r.account) ?? new Map<string, number>();
      const cell = `${r.prompt!.topic}/${r.prompt!.language}`;
      topics.set(r.account, own.set(cell, (own.get(cell) ?? 0) + 1));
    }
    expect(median([...topics.values()].map((own) => own.size))).toBeLessThanOrEqual(4);
    // Three cells hold nearly all of an account's traffic; conversations that fail over bring the rest.
    const main = [...topics.values()].map((own) => {
      const sizes = [...own.values()].sort((a, b) => b - a);
      return (sizes[0]! + (sizes[1] ?? 0) + (sizes[2] ?? 0)) / sizes.reduce((a, b) => a + b, 0);
    });
    expect(median(main)).toBeGreaterThan(0.9);
  });

  it('A14 grades eight candidates of one question within seconds', () => {
    const { theirs } = attack({ scenario: 'A14', accounts: 60 }, 3);
    const rubric = theirs.filter((r) => r.prompt?.flags?.includes('rubric')).length / theirs.length;
    expect(rubric).toBeGreaterThan(0.9);
    const gaps = theirs.slice(1).map((r, i) => Date.parse(r.time) - Date.parse(theirs[i]!.time));
    expect(gaps.filter((gap) => gap < 10_000).length / gaps.length).toBeGreaterThan(0.8);
    expect(median(theirs.filter((r) => r.status === 'ok').map((r) => r.tokens.output))).toBeLessThan(50);
  });

  it('A14 sends one long prompt with eight different candidates to eight accounts, without randomness', () => {
    const { theirs } = attack({ scenario: 'A14', accounts: 60 }, 2);
    const first = theirs[0]!;
    const group = theirs.filter(
      (r) => Date.parse(r.time) - Date.parse(first.time) < 30_000 && r.prompt!.template === first.prompt!.template,
    );
    expect(group.length).toBeGreaterThanOrEqual(7);
    expect(distinct(group.map((r) => r.account))).toBeGreaterThanOrEqual(6);
    expect(distinct(group.map((r) => r.prompt!.sketch))).toBe(group.length);
    expect(median(theirs.map((r) => r.tokens.input))).toBeGreaterThan(2000);
    expect(theirs.every((r) => r.params!.temperature === 0)).toBe(true);
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

  it('A16b has no past: its first day is as large as any', () => {
    const world = attack({ scenario: 'A16b', ratePerDay: 2000, start: 3 }, 9);
    const days = [...counts(world.theirs.map(dateOf))].sort();
    expect(days[0]![0]).toBe('2026-04-18');
    expect(days[0]![1]).toBeGreaterThan(median(days.map(([, n]) => n)) * 0.3);
    expect(accountsOf(world)[0]!.plan).toBe('enterprise');
    expect(signUps(world)[0]!.createdAt!.slice(0, 10)).toBe('2026-04-18');
  });

  it('A17 has crowds behind single keys: many exits and clients on each at once', () => {
    const world = attack({ scenario: 'A17', accounts: 3, start: 3 }, 7);
    expect(world.truth.campaigns[0]!.accounts).toHaveLength(3);
    for (const account of world.truth.campaigns[0]!.accounts) {
      const before = world.theirs.filter((r) => r.account === account && r.time < '2026-04-18');
      const after = world.theirs.filter((r) => r.account === account && dateOf(r) === '2026-04-20');
      expect(after.length).toBeGreaterThan(60);
      expect(distinct(after.map((r) => r.network!.subnet))).toBeGreaterThan(25);
      expect(distinct(after.map((r) => r.client!.agent))).toBeGreaterThan(8);
      expect(distinct(before.map((r) => r.client!.agent))).toBeLessThanOrEqual(2);
    }
  });

  it('A18 brings a new network, a new client and a new volume to an old account', () => {
    const world = attack({ scenario: 'A18', accounts: 10, start: 5 }, 15);
    const truth = world.truth.campaigns[0]!;
    expect(truth.accounts).toHaveLength(10);
    expect(truth.exchanges).toBeLessThan(world.theirs.length);
    const created = signUps(world).map((r) => r.createdAt!);
    expect(created.every((at) => at < '2026-01-01')).toBe(true);
    const until = (account: string, from: string, to: string) =>
      world.theirs.filter((r) => r.account === account && r.time >= from && r.time < to);
    const [account] = truth.accounts;
    const early = until(account!, '2026-04-15', '2026-04-20');
    const late = until(account!, '2026-04-26', '2026-04-30');
    expect(late.length / 4).toBeGreaterThan((3 * early.length) / 5);
    const known = new Set(early.map((r) => r.network!.asn));
    expect(share(late, (r) => !known.has(r.network!.asn))).toBeGreaterThan(0.8);
    const clients = new Set(early.map((r) => r.client!.agent));
    expect(share(late, (r) => !clients.has(r.client!.agent))).toBeGreaterThan(0.8);
  });

  it('A19 replays outputs across accounts; A19b loses the ids among them to rewriting, but not the outputs', () => {
    const [plain, rewritten] = ['A19', 'A19b'].map((scenario) => attack({ scenario, accounts: 60 }, 5));
    const crossed = (world: Run) => carriedIn(world).foreign.length / world.usage.length;
    expect(crossed(plain!)).toBeGreaterThan(0.1);
    expect(carriedIn(plain!).unknown).toEqual([]);
    expect(crossed(rewritten!) / crossed(plain!)).toBeGreaterThan(0.35);
    expect(crossed(rewritten!) / crossed(plain!)).toBeLessThan(0.7);
    expect(carriedIn(rewritten!).unknown.length / rewritten!.usage.length).toBeGreaterThan(0.05);
  });

  it('A20 shares nothing', () => {
    const world = attack({ scenario: 'A20', accounts: 60 }, 6);
    const cards = accountsOf(world).flatMap((r) => r.payment?.instrument ?? []);
    expect(distinct(cards) / cards.length).toBeGreaterThan(0.9);
    expect(distinct(world.theirs.map((r) => r.prompt!.template))).toBe(world.theirs.length);
    expect(world.theirs.some((r) => r.prompt!.contract)).toBe(false);
  });
});
