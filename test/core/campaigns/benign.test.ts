import { describe, expect, test } from 'vitest';
import { checkBenign } from '../../../core/campaigns/benign.ts';
import { MemberFigures } from '../../../core/campaigns/benign-members.ts';
import { judge } from '../../../core/campaigns/gate.ts';
import type { Measurement } from '../../../core/detectors/detector.ts';
import type { DetectorSlug, EvidenceGroup } from '../../../core/findings/finding.ts';
import { BENIGN_CAUSES, type BenignCause } from '../../../core/findings/transition.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { HOUR_MS } from '../../../core/records/time.ts';
import { parseSettings } from '../../../core/settings.ts';
import { type AccountSpec, dayMs, normal, ordinary, pool, populationOf } from '../../support/population.ts';

const settings = parseSettings({});
const strangers = ordinary(200);

const DETECTOR: Partial<Record<EvidenceGroup, DetectorSlug>> = {
  identity: 'entity-links',
  network: 'entity-links',
  cohort: 'cohort-birth',
  schedule: 'load-balancing',
  content: 'template-family',
  intent: 'reasoning-elicitation',
};

/** What the checks say of members for whom these groups speak, with five nats each unless told. */
function check(
  members: readonly AccountSpec[],
  groups: readonly EvidenceGroup[],
  nats: Partial<Record<EvidenceGroup, number>> = {},
  others: readonly AccountSpec[] = [],
) {
  const population = populationOf([...strangers, ...others, ...members]);
  const indices = members.map(({ account }) => population.indexOf.get(account)!);
  const rows = groups.map((group): Measurement => {
    return { group, detector: DETECTOR[group]!, nats: nats[group] ?? 5, observed: 1, expected: 0, unit: 'share' };
  });
  const seed = { key: 'test', formedBy: ['content'] as const, members: Int32Array.from(indices).sort() };
  const candidate = judge(seed, rows, settings);
  expect(candidate.nats, 'the candidate passes the gate before the checks').toBeGreaterThan(0);
  const { checks, explained } = checkBenign(population, new MemberFigures(population, indices), candidate);
  const left = rows.filter(({ group }) => !explained.has(group));
  return {
    result: (cause: BenignCause) => checks.find((one) => one.cause === cause)!,
    explaining: checks.filter(({ result }) => result === 'explains').map(({ cause }) => cause),
    excused: judge(seed, left, settings).nats === Number.NEGATIVE_INFINITY,
    checks,
  };
}

/** Thirty people, each with his own card, machine and habits. */
const people = (change: (spec: AccountSpec, i: number) => Partial<AccountSpec>) =>
  ordinary(30, { seed: 'people' }).map((spec, i) => ({ ...spec, ...change(spec, i) }));

const withFacts = (spec: AccountSpec, facts: Record<string, string>) => ({ facts: { ...spec.facts, ...facts } });

test('every cause is checked by name on every candidate, and says what it measured or why it could not', () => {
  const { checks } = check(pool({ size: 20 }), ['identity', 'content', 'schedule']);
  expect(checks.map(({ cause }) => cause)).toEqual([...BENIGN_CAUSES]);
  for (const { result, value, unit, why, cause } of checks) {
    if (result === 'not_checked') expect(why, cause).toBeTruthy();
    else if (why === undefined) expect([value, unit], cause).not.toContain(undefined);
  }
});

test('a campaign by the book is explained by nothing', () => {
  const groups: EvidenceGroup[] = ['identity', 'network', 'cohort', 'schedule', 'content', 'intent'];
  expect(check(pool({ size: 40 }), groups)).toMatchObject({ explaining: [], excused: false });
});

describe('corporate NAT', () => {
  const office = (spec: AccountSpec, i: number): Partial<AccountSpec> => ({
    network: 'corporate',
    ...withFacts(spec, { 'email.domain': `firm ${i % 3}` }),
  });

  test('explains an office: three address domains on corporate networks', () => {
    const found = check(people(office), ['identity', 'network', 'cohort', 'content', 'schedule']);
    expect(found.explaining).toContain('corporate_nat');
    expect(found.excused).toBe(true);
  });

  test('does not excuse a scheduled harvest of reasoning behind corporate exits and three bought domains', () => {
    const members = pool({ size: 40, change: office });
    const groups: EvidenceGroup[] = ['identity', 'network', 'cohort', 'schedule', 'content', 'intent'];
    expect(check(members, groups).excused).toBe(false);
  });

  test('is ruled out where members come from many domains, and unchecked where networks are not known', () => {
    const scattered = people(() => ({ network: 'corporate' }));
    expect(check(scattered, ['identity', 'cohort', 'content']).result('corporate_nat').result).toBe('ruled_out');
    expect(
      check(
        people(() => ({})),
        ['identity', 'cohort', 'content'],
      ).result('corporate_nat').result,
    ).toBe('not_checked');
  });
});

describe('carrier NAT', () => {
  test('explains strangers behind one carrier, whose only tie is the exit', () => {
    const found = check(
      people(() => ({ network: 'mobile' })),
      ['network', 'cohort', 'content'],
    );
    expect(found).toMatchObject({ excused: true });
    expect(found.explaining).toContain('carrier_nat');
  });

  test('does not excuse a pool on mobile proxies that shares cards as well', () => {
    const members = pool({ size: 30, change: () => ({ network: 'mobile' }) });
    expect(check(members, ['identity', 'network', 'cohort', 'content', 'schedule']).excused).toBe(false);
  });
});

describe('VPN', () => {
  test('explains a candidate that only stands with its network evidence', () => {
    expect(
      check(
        people(() => ({})),
        ['network', 'cohort', 'content'],
      ),
    ).toMatchObject({ excused: true });
  });

  const hosted = (spec: AccountSpec, host: number): AccountSpec => ({
    ...spec,
    values: { ...spec.values, ip: `rented by ${spec.account}`, subnet: `host ${host}` },
  });
  const tenants = ordinary(60, { seed: 'tenants' }).map((spec, i) => hosted(spec, i % 10));

  test('explains programs that rent at ten hosts, as many others do, whatever else they have in common', () => {
    const found = check(
      people((spec, i) => hosted(spec, i % 10)),
      ['network', 'schedule', 'intent'],
      {},
      tenants,
    );
    expect(found.result('vpn')).toMatchObject({ result: 'explains', value: expect.closeTo(2 / 3) });
    expect(found.excused).toBe(true);
  });

  test('does not excuse a pool that is most of what its hosts carry', () => {
    const found = check(
      people((spec, i) => hosted(spec, i % 10)),
      ['network', 'schedule', 'intent', 'content'],
      {},
      tenants.slice(0, 20),
    );
    expect(found.result('vpn').result).toBe('ruled_out');
    expect(found.excused).toBe(false);
  });

  test('does not excuse one that stands without', () => {
    const found = check(pool({ size: 30 }), ['network', 'identity', 'cohort', 'content']);
    expect(found.result('vpn')).toMatchObject({ result: 'ruled_out' });
    expect(found.excused).toBe(false);
  });
});

describe('retry storm', () => {
  test('explains equal load and equal prompts of clients that repeat what failed', () => {
    const found = check(
      people(() => ({ failed: 0.6 })),
      ['identity', 'schedule', 'content'],
    );
    expect(found.result('retry_storm').value).toBeCloseTo(0.6, 1);
    expect(found.excused).toBe(true);
  });

  test('does not excuse a pool that is throttled all day', () => {
    const members = pool({ size: 30, change: () => ({ failed: 0.6 }) });
    expect(check(members, ['identity', 'cohort', 'schedule', 'content', 'intent']).excused).toBe(false);
  });

  test('is ruled out where most exchanges succeed', () => {
    const members = people(() => ({ failed: 0.4 }));
    expect(check(members, ['identity', 'schedule', 'content']).result('retry_storm').result).toBe('ruled_out');
  });
});

describe('class or hackathon', () => {
  const enrolled = (spec: AccountSpec, i: number): Partial<AccountSpec> => ({
    createdAt: dayMs(1) + i * 60_000,
    ...withFacts(spec, { programme: 'education' }),
  });
  const all: EvidenceGroup[] = ['network', 'cohort', 'content', 'schedule', 'intent'];

  test('explains everything that a class shares in its two evenings a week, reasoning exercises included', () => {
    const pupils = people((spec, i) => ({ ...enrolled(spec, i), daily: [0, 8, 0, 9], hours: [17, 18, 19] }));
    const found = check(pupils, all);
    expect(found.explaining).toContain('class');
    expect(found.excused).toBe(true);
  });

  test('explains a cohort of an education programme that works at all hours, without scheduler or elicitation', () => {
    expect(check(people(enrolled), ['network', 'cohort', 'content']).explaining).toContain('class');
  });

  test('explains a class of which no account record was sent: one room, class hours', () => {
    const pupils = people((spec) => ({
      daily: [0, 8, 0, 9],
      hours: [17, 18, 19],
      values: { ...spec.values, subnet: 'campus' },
    }));
    expect(check(pupils, all).explaining).toContain('class');
  });

  test('does not excuse a pool behind one subnet that works around the clock', () => {
    const members = pool({ size: 30, change: (spec) => ({ values: { ...spec.values, subnet: 'exit' } }) });
    expect(check(members, ['network', 'cohort', 'content', 'schedule', 'intent']).explaining).not.toContain('class');
  });

  test('does not excuse a campaign that bought its way into an education programme', () => {
    const members = pool({ size: 30, change: enrolled });
    const found = check(members, ['identity', 'cohort', 'content', 'schedule', 'intent']);
    expect(found.result('class')).toMatchObject({ result: 'partly', value: 1 });
    expect(found.excused).toBe(false);
  });

  test('one referral explains a hackathon only if its members came within two days', () => {
    const referred = (gapHours: number) =>
      people((spec, i) => ({
        createdAt: dayMs(-60) + i * gapHours * HOUR_MS,
        ...withFacts(spec, { referral: 'hackathon' }),
      }));
    expect(check(referred(1), ['identity', 'cohort', 'content']).explaining).toContain('class');
    expect(check(referred(24), ['identity', 'cohort', 'content']).explaining).not.toContain('class');
  });
});

describe('a company of which only the mail domain is known', () => {
  const staff = people((spec) => withFacts(spec, { 'email.domain': 'firm.example' }));

  test('explains what colleagues share, a mix of work of their own included', () => {
    const found = check(staff, ['identity', 'cohort', 'content', 'intent'], { intent: 0 });
    expect(found.result('corporate_nat')).toMatchObject({ result: 'explains', value: 1 });
  });

  test.each(['schedule', 'intent'] as const)('but not one scheduler, nor written-out reasoning: %s', (group) => {
    const found = check(staff, ['identity', 'cohort', 'content', group]);
    expect(found.result('corporate_nat').result).not.toBe('explains');
  });
});

describe('product launch', () => {
  const product = (spec: AccountSpec): Partial<AccountSpec> => ({
    createdAt: dayMs(1),
    values: { ...spec.values, system: 'product', client: 'product' },
  });
  const random = seededRandom('heavy tail');
  const heavyTailed = () => [0, 0, ...new Array<number>(8).fill(Math.ceil(Math.exp(2 + 2 * normal(random))))];

  test('explains one prompt, one client build and one day of birth of people who use it as people do', () => {
    const users = people((spec) => ({ ...product(spec), daily: heavyTailed() }));
    const found = check(users, ['network', 'cohort', 'content']);
    expect(found.result('product_launch').value).toBeGreaterThan(0.5);
    expect(found.explaining).toContain('product_launch');
    expect(found.excused).toBe(true);
  });

  test.each(['identity', 'schedule', 'intent'] as const)(
    'does not excuse heavy-tailed volume where %s speaks',
    (group) => {
      const users = pool({ size: 40, change: (spec) => ({ ...product(spec), daily: heavyTailed() }) });
      const found = check(users, [group, 'cohort', 'content', 'network', 'identity']);
      expect(found.result('product_launch').result).toBe('partly');
      expect(found.excused).toBe(false);
    },
  );

  test.each(['identity', 'schedule'] as const)(
    'excuses it where %s speaks no louder than chance does daily',
    (group) => {
      const users = people((spec) => ({ ...product(spec), daily: heavyTailed() }));
      const found = check(users, [group, 'cohort', 'content', 'network', 'identity'], { [group]: 3, identity: 3 });
      expect(found.result('product_launch').result).toBe('explains');
      expect(found.excused).toBe(true);
    },
  );

  test('is ruled out where everybody uses it equally', () => {
    const found = check(pool({ size: 30, change: product }), ['network', 'cohort', 'content']);
    expect(found.result('product_launch').result).toBe('ruled_out');
  });
});

describe('SDK upgrade', () => {
  test('explains a new default prompt of accounts that were there months before', () => {
    const aged = people((spec) => ({ createdAt: dayMs(-90), values: { ...spec.values, system: 'new default' } }));
    const found = check(aged, ['network', 'content', 'schedule']);
    expect(found.explaining).toContain('sdk_upgrade');
    expect(found.excused).toBe(true);
  });

  test('does not excuse aged accounts that somebody bought: cards, birth and schedule are left', () => {
    const members = pool({ size: 30, change: (_, i) => ({ createdAt: dayMs(-90) + i * 1000 }) });
    expect(check(members, ['identity', 'cohort', 'schedule', 'content', 'intent']).excused).toBe(false);
  });

  test('is unchecked where no birth is known', () => {
    const unknown = people(({ daily }) => ({ daily: daily.map((n) => n || 1) })).map(
      ({ createdAt: _, ...spec }) => spec,
    );
    expect(check(unknown, ['network', 'content', 'identity']).result('sdk_upgrade').result).toBe('not_checked');
  });
});

test('a load test explains one organisation and nothing else', () => {
  const team = people((spec) => withFacts(spec, { org: 'one' }));
  expect(check(team, ['network', 'content', 'identity']).explaining).toContain('load_test');
  expect(
    check(
      people(() => ({})),
      ['network', 'content', 'identity'],
    ).result('load_test').result,
  ).toBe('ruled_out');
});

describe('a move to a new organisation', () => {
  /** Twenty members; the first ten hand a conversation each to the others, or back and forth. */
  const handing = (both: boolean) => {
    const members = pool({ size: 20 });
    const population = populationOf([...strangers, ...members]);
    const at = members.map(({ account }) => population.indexOf.get(account)!);
    const [givers, takers] = [at.slice(0, 10), at.slice(10)];
    const sightings = (accounts: number[], time: number) => ({
      key: Float64Array.from(accounts, (_, i) => i),
      account: Int32Array.from(accounts),
      time: Float64Array.from(accounts, () => time),
    });
    const swapped = both ? [...givers.slice(0, 5), ...takers.slice(5)] : givers;
    const others = both ? [...takers.slice(0, 5), ...givers.slice(5)] : takers;
    const once = new Int32Array(population.size).fill(1);
    const seen = { minted: sightings(swapped, 1000), presented: sightings(others, 2000) };
    const custody = { ...seen, given: once, taken: once };
    return { population: Object.assign(population, { custody }), at };
  };
  const verdict = (both: boolean) => {
    const { population, at } = handing(both);
    const rows: Measurement[] = (['identity', 'content', 'cohort'] as const).map((group) => ({
      group,
      detector: DETECTOR[group]!,
      nats: 5,
      observed: 1,
      expected: 0,
      unit: 'share',
    }));
    const seed = { key: 'test', formedBy: ['content'] as const, members: Int32Array.from(at).sort() };
    const members = new MemberFigures(population, at);
    return checkBenign(population, members, judge(seed, rows, settings)).checks.find(
      ({ cause }) => cause === 'org_move',
    )!;
  };

  test('is ruled out where those who gave go on working, with the share that was measured', () => {
    for (const both of [true, false])
      expect(verdict(both)).toMatchObject({ result: 'ruled_out', limit: 0.8, value: 0 });
  });
});

test('what cannot be checked is said, not passed over', () => {
  const { result } = check(
    people(() => ({})),
    ['identity', 'cohort', 'content'],
  );
  expect(result('reseller')).toMatchObject({ result: 'not_checked' });
  expect(result('org_move')).toMatchObject({ result: 'not_checked' });
});
