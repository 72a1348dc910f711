import { describe, expect, it } from 'vitest';
import { LOOKALIKES } from '../../../cli/simulate/lookalikes/index.ts';
import type { WorldSpec } from '../../../cli/simulate/spec.ts';
import { recordSchema } from '../../../core/records/schema.ts';
import { CLEAN, counts, type Run, run } from './support.ts';

type Group = NonNullable<WorldSpec['lookalikes']>[number];
const only = (group: Group, days: number): Run =>
  run({ seed: 'alike', days, benign: { accounts: 0 }, lookalikes: [group], noise: CLEAN });
const accountsOf = (world: Run) => world.records.filter((r) => r.type === 'account');
const share = <T>(items: T[], is: (item: T) => boolean) => items.filter(is).length / items.length;

describe('harmless look-alikes', () => {
  it.each(LOOKALIKES.map((scenario) => [scenario.id, scenario.size] as const))(
    '%s runs and makes valid records',
    (id, size) => {
      const world = only({ scenario: id, size: Math.min(size, 60), start: 1 }, 6);
      expect(world.usage.length).toBeGreaterThan(50);
      for (const record of world.records.slice(0, 500)) expect(recordSchema.safeParse(record).error).toBeUndefined();
      const [truth] = world.truth.lookalikes;
      expect(truth!.exchanges).toBe(world.usage.length);
      expect(new Set(truth!.accounts)).toEqual(new Set(world.usage.map((r) => r.account)));
    },
  );

  it('are named where one is unknown, and so are their options', () => {
    expect(() => only({ scenario: 'B99' }, 1)).toThrow(/unknown scenario B99\. Known: B1, B2/);
    expect(() => only({ scenario: 'B1', options: { pizza: 1 } }, 1)).toThrow(
      /pizza: unknown option\. B1 has: evenings/,
    );
  });

  it('B1 signs up within two days and meets on class evenings, mostly on the campus network', () => {
    const world = only({ scenario: 'B1', size: 100, start: 1 }, 8);
    const born = accountsOf(world).map((r) => Date.parse(r.createdAt!));
    expect(Math.max(...born) - Math.min(...born)).toBeLessThan(2 * 86_400_000);
    expect(share(accountsOf(world), (r) => r.programme === 'education')).toBe(1);
    expect(share(world.usage, (r) => r.network?.kind === 'corporate')).toBeGreaterThan(0.6);
    const days = counts(world.usage.map((r) => r.time.slice(0, 10)));
    expect(days.get('2026-04-18')!).toBeGreaterThan(3 * (days.get('2026-04-17') ?? 0));
  });

  it('B2 sits behind one exit with one mail domain, and the share asked for does not name its organisation', () => {
    const world = only({ scenario: 'B2', size: 400, options: { withoutOrg: 0.25 } }, 6);
    const missing = share(accountsOf(world), (r) => r.org === undefined);
    expect(missing).toBeGreaterThan(0.18);
    expect(missing).toBeLessThan(0.32);
    expect(new Set(accountsOf(world).map((r) => r.email?.domain)).size).toBe(1);
    const office = new Set(world.usage.filter((r) => r.network?.kind === 'corporate').map((r) => r.network!.subnet));
    expect(office.size).toBe(1);
  });

  it('B3 brings strangers: one system prompt, but networks, cards and volumes of their own', () => {
    const world = only({ scenario: 'B3', size: 400, start: 1 }, 10);
    const systems = [...counts(world.usage.map((r) => r.prompt!.system)).values()];
    expect(Math.max(...systems) / world.usage.length).toBeGreaterThan(0.6);
    const cards = accountsOf(world).flatMap((r) => r.payment?.instrument ?? []);
    expect(new Set(cards).size / cards.length).toBeGreaterThan(0.9);
    const volumes = [...counts(world.usage.map((r) => r.account)).values()].sort((a, b) => b - a);
    expect(volumes[0]! / volumes[Math.floor(volumes.length / 2)]!).toBeGreaterThan(5);
    const perDay = counts(accountsOf(world).map((r) => r.createdAt!.slice(0, 10)));
    expect(perDay.get('2026-04-16')!).toBeGreaterThan(2 * (perDay.get('2026-04-23') ?? 0));
  });

  it.each(['B4', 'B7', 'B10', 'B12'])('%s is one declared organisation', (scenario) => {
    const world = only({ scenario, size: 8 }, 3);
    const orgs = new Set(accountsOf(world).map((r) => r.org));
    expect(orgs.size).toBe(1);
    expect(orgs.has(undefined)).toBe(false);
  });

  it('B5 goes round among accounts of all ages', () => {
    const world = only({ scenario: 'B5', size: 500, start: 1 }, 5);
    const [viral] = [...counts(world.usage.map((r) => r.prompt!.template))].sort((a, b) => b[1] - a[1]);
    const users = new Set(world.usage.filter((r) => r.prompt!.template === viral![0]).map((r) => r.account));
    const born = accountsOf(world)
      .filter((r) => users.has(r.account))
      .map((r) => Date.parse(r.createdAt!));
    expect(users.size).toBeGreaterThan(60);
    expect(Math.max(...born) - Math.min(...born)).toBeGreaterThan(200 * 86_400_000);
  });

  it('B9 changes the system prompt of old accounts within days', () => {
    const world = only({ scenario: 'B9', size: 200, start: 3 }, 10);
    const main = (from: string, to: string) =>
      [...counts(world.usage.filter((r) => r.time >= from && r.time < to).map((r) => r.prompt!.system))].sort(
        (a, b) => b[1] - a[1],
      )[0]![0];
    expect(main('2026-04-15', '2026-04-18')).not.toBe(main('2026-04-23', '2026-04-25'));
  });

  it("B6 hides who is behind it: one client, no conversation named, everybody's questions", () => {
    const world = only({ scenario: 'B6', size: 1 }, 4);
    expect(world.usage.some((r) => r.session !== undefined || r.prompt!.system !== undefined)).toBe(false);
    expect(new Set(world.usage.map((r) => r.prompt!.language)).size).toBeGreaterThan(4);
    // Two where the gateway updates within the window.
    expect(new Set(world.usage.map((r) => r.client!.tls)).size).toBeLessThanOrEqual(2);
  });

  it('B13 replaces all keys of one organisation, and the new ones present what the old ones were given', () => {
    const world = only({ scenario: 'B13', size: 6, start: 1, options: { everyDays: 3, generations: 3 } }, 10);
    const accounts = accountsOf(world);
    expect(new Set(accounts.flatMap((r) => r.org ?? [])).size).toBe(1);
    expect(new Set(world.usage.map((r) => r.account)).size).toBe(18);
    const closed = new Map(accounts.flatMap((r) => (r.status === 'closed' ? [[r.account, r.time] as const] : [])));
    expect(closed.size).toBe(12);
    const minted = new Map(world.usage.flatMap((r) => r.custody!.minted!.map((value) => [value, r] as const)));
    const inherited = world.usage.filter((r) =>
      r.custody!.presented!.some((value) => {
        const by = minted.get(value)!;
        return by.account !== r.account && (closed.get(by.account) ?? '9') < r.time;
      }),
    );
    expect(inherited.length).toBeGreaterThan(20);
    // Closed keys are silent but for conversations of their last minutes.
    const after = world.usage.filter((r) => r.time > (closed.get(r.account) ?? '9'));
    expect(after.length / world.usage.length).toBeLessThan(0.01);
  });
});
