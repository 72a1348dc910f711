import { describe, expect, test } from 'vitest';
import { markTelling, raiseBest, roomFor, weigh } from '../../../core/campaigns/bits.ts';
import { featuresOf } from '../../../core/campaigns/features.ts';
import { refine, scoreAgainst } from '../../../core/campaigns/membership.ts';
import { type AccountSpec, names, ordinary, pool, populationOf } from '../../support/population.ts';

function scored(specs: readonly AccountSpec[], core: readonly AccountSpec[]) {
  const population = populationOf(specs);
  const index = (spec: AccountSpec) => population.indexOf.get(spec.account)!;
  const membership = scoreAgainst(population, featuresOf(population), new Set(core.map(index)));
  const called = (spec: AccountSpec) =>
    membership.certain.includes(index(spec))
      ? 'certain'
      : membership.probable.includes(index(spec))
        ? 'probable'
        : 'none';
  return { population, membership, called };
}

const strangers = ordinary(600);
const members = pool({ size: 30 });

describe('a household in the core', () => {
  const home = strangers.slice(20, 25).map(
    (spec): AccountSpec => ({
      ...spec,
      facts: { ...spec.facts, 'payment.instrument': 'family card', 'email.domain': 'family domain' },
      values: { ...spec.values, ip: 'home', subnet: 'home' },
    }),
  );

  test('does not vouch for itself: one card and one exit among five are not the operator’s', () => {
    const { called } = scored(
      [...strangers.slice(0, 20), ...home, ...strangers.slice(25), ...members],
      [...members, ...home],
    );
    for (const one of home) expect(called(one)).toBe('none');
    for (const one of members) expect(called(one)).toBe('certain');
  });
});

describe('a card issuer, an address pattern and a client build', () => {
  test('are the ways of a crowd: without a value that joins accounts they make nobody a member', () => {
    const alike: AccountSpec = {
      ...strangers[7]!,
      account: 'alike',
      createdAt: members[0]!.createdAt!,
      facts: { ...strangers[7]!.facts, 'payment.issuer': 'rare issuer', 'email.pattern': 'zz99' },
      values: { ...strangers[7]!.values, client: 'client pool 0' },
    };
    const core = members.map(
      (spec): AccountSpec => ({
        ...spec,
        facts: { ...spec.facts, 'payment.issuer': 'rare issuer', 'email.pattern': 'zz99' },
        values: { ...spec.values, client: 'client pool 0' },
      }),
    );
    expect(scored([...strangers, ...core, alike], core).called(alike)).toBe('none');
  });
});

describe('who belongs', () => {
  test('the accounts of a pool are certain and no stranger is even probable', () => {
    const { membership, population } = scored([...strangers, ...members], members);
    const held = [...membership.certain].map((i) => population.names[i]!);
    expect(held.sort()).toEqual(names(members));
    expect(membership.probable).toEqual([]);
  });

  test('an account that the core did not have is found by its own evidence', () => {
    expect(scored([...strangers, ...members], members.slice(0, 20)).called(members[25]!)).toBe('certain');
  });

  test('one group is never enough: the same prompts alone, with a life of its own, are no membership', () => {
    const { system, template } = members[0]!.values!;
    const reader = {
      ...strangers[5]!,
      account: 'reader',
      values: { ...strangers[5]!.values, system, template },
    } as AccountSpec;
    const plain = { ...reader, createdAt: strangers[5]!.createdAt!, flags: {}, tasks: { writing: 1 } };
    expect(scored([...strangers, ...members, plain], members).called(plain)).not.toBe('certain');
  });

  test('birth, load and task mix without a card, an address or a prompt in common are not enough', () => {
    const neighbour = { ...members[3]!, account: 'neighbour', facts: { plan: 'payg' }, values: {} };
    expect(scored([...strangers, ...members, neighbour], members).called(neighbour)).toBe('none');
  });

  test('nobody vouches for himself: a stranger put into the core has nothing in common with the rest of it', () => {
    const { called } = scored([...strangers, ...members], [...members, strangers[9]!]);
    expect(called(strangers[9]!)).toBe('none');
  });

  test('a card of his own is no card in common, also for one of the core who is like it otherwise', () => {
    const card = { plan: 'payg', 'payment.instrument': 'his own', 'email.domain': 'his own' };
    const neighbour = { ...members[3]!, account: 'neighbour', facts: card, values: {} };
    const { called } = scored([...strangers, ...members, neighbour], [...members, neighbour]);
    expect(called(neighbour)).toBe('none');
  });

  test('a value that one account brings into the core makes no other account a member', () => {
    const twin = { ...strangers[8]!, account: 'twin', values: { ...strangers[9]!.values } } as AccountSpec;
    const { called } = scored([...strangers, ...members, twin], [...members, strangers[9]!]);
    expect(called(twin)).toBe('none');
  });

  test('a core of strangers holds none of them', () => {
    const { membership } = scored(strangers, strangers.slice(0, 30));
    expect([...membership.certain, ...membership.probable]).toEqual([]);
  });

  test('a verified account may be probable, never certain', () => {
    const known = { ...members[0]!, facts: { ...members[0]!.facts, verified: true } };
    const { called } = scored([...strangers, known, ...members.slice(1)], [known, ...members.slice(1)]);
    expect(called(known)).toBe('probable');
  });

  test('certain is at least 17 bits, so from two groups: ten bits of prompts and a shared day of birth are not', () => {
    const near: AccountSpec = {
      account: 'near',
      daily: [0, 0, 0, 0, 300, 2, 300, 1],
      createdAt: members[0]!.createdAt!,
      values: { system: 'system pool' },
      tasks: { vision: 1 },
    };
    // Prompts give at most 10 bits. Half of the strangers are born in the same three days: about one bit more.
    const crowd = strangers.map((spec, i) => (i % 2 ? spec : { ...spec, createdAt: members[0]!.createdAt! }));
    expect(scored([...crowd, ...members, near], members).called(near)).not.toBe('certain');
    expect(scored([...strangers, ...members, near], members).called(near)).not.toBe('none');
  });

  test('empty fields bring nobody in', () => {
    const bare = { account: 'bare', daily: members[0]!.daily };
    expect(scored([...strangers, ...members, bare], members).called(bare)).toBe('none');
  });
});

test('a seed of half the pool and some strangers grows to the pool and loses the strangers', () => {
  const population = populationOf([...strangers, ...members]);
  const seed = [...members.slice(0, 15), ...strangers.slice(0, 5)].map((spec) => population.indexOf.get(spec.account)!);
  const { certain, probable } = refine(population, featuresOf(population), seed);
  expect([...certain, ...probable].map((i) => population.names[i]!).sort()).toEqual(names(members));
});

test('a core is scored as if no other had been before it', () => {
  const specs = [...strangers, ...members];
  const population = populationOf(specs);
  const features = featuresOf(population);
  const coreOf = (some: readonly AccountSpec[]) => new Set(some.map(({ account }) => population.indexOf.get(account)!));
  const cores = [
    coreOf(members),
    coreOf(strangers.slice(0, 40)),
    coreOf([...members.slice(0, 9), ...strangers.slice(60, 70)]),
  ];
  const alone = cores.map((core) => scoreAgainst(population, featuresOf(population), core));
  for (const order of [cores, cores.toReversed()])
    for (const core of order) expect(scoreAgainst(population, features, core)).toEqual(alone[cores.indexOf(core)]);
});

test('what a table is weighed to leaves nothing behind for the next', () => {
  const population = populationOf([...strangers, ...members]);
  const features = featuresOf(population);
  const core = Int32Array.from(members, ({ account }) => population.indexOf.get(account)!).sort();
  const { codes: _, ...room } = roomFor(population, features);
  const everybody = Int32Array.from({ length: population.size }, (__, i) => i);
  const clean = () => Object.values(room).every((numbers) => numbers.every((one) => one === 0));
  for (const { table } of features) {
    const codes = new Int32Array(table.keys.length);
    markTelling(
      weigh(table, core, core.slice(3), 2, { ...room, codes }),
      room.anchor,
      5,
      new Uint8Array(population.size),
    );
    expect(clean()).toBe(true);
    raiseBest(weigh(table, core, core, 2, { ...room, codes }), everybody, { ...room, codes });
    room.best.fill(0);
    expect(clean()).toBe(true);
  }
});
