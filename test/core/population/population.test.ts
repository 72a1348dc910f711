import { describe, expect, test } from 'vitest';
import { equalSlots } from '../../../core/population/families.ts';
import { LINK_KINDS } from '../../../core/population/kinds.ts';
import type { Population } from '../../../core/population/population.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { TASKS } from '../../../core/records/format.ts';
import { DAY_MS } from '../../../core/records/time.ts';
import { type AccountSpec, dayMs, ordinary, populationOf, START_DAY } from '../../support/population.ts';

const account = (name: string, more: Partial<AccountSpec> = {}): AccountSpec => ({
  account: name,
  daily: [4],
  ...more,
});

const table = (population: Population, kind: string) => population.links.find((link) => link.kind === kind)!.table;

describe('the population of a sweep', () => {
  test('is sorted by account and leaves out accounts that only have an account record', () => {
    const population = populationOf([account('b'), account('silent', { daily: [0] }), account('a')]);
    expect(population.names).toEqual(['a', 'b']);
    expect(population.indexOf.get('b')).toBe(1);
  });

  test('accounts of one organisation share a number; one without an organisation is alone, even if its name is one', () => {
    const population = populationOf([
      account('a', { facts: { org: 'x' } }),
      account('b', { facts: { org: 'x' } }),
      account('x'),
      account('y'),
    ]);
    const [a, b, x, y] = Array.from(population.facts.org);
    expect(a).toBe(b);
    expect(new Set([a, x, y]).size).toBe(3);
  });

  test('a birth is the sign-up, else the first exchange once records go back two days', () => {
    const population = populationOf([
      account('a', { createdAt: dayMs(-50), daily: [1] }),
      account('b', { daily: [0, 1] }),
      account('c', { daily: [0, 0, 0, 1] }),
    ]);
    expect(population.born[0]).toBe(dayMs(-50));
    expect(population.born[1]).toBeNaN();
    expect(Math.floor(population.born[2]! / DAY_MS)).toBe(START_DAY + 3);
    expect(Array.from(population.byBirth)).toEqual([0, 2]);
  });

  test('an exchange that carries two marks is not counted twice', () => {
    const flags = { cot_elicitation: 0.5, format_forced: 1, rubric: 1 };
    const population = populationOf([account('a', { daily: [10], flags, tasks: { reasoning_trace: 0.3 } })]);
    expect(population.work.elicited[0]).toBe(10);
    expect(population.work.labelled[0]).toBe(3);
    expect(population.work.taskMix[TASKS.indexOf('reasoning_trace')]).toBe(1);
  });

  test('banned and closed accounts, and those of open findings, are compared with nobody as their peer', () => {
    const specs = ordinary(600).map((spec, i) => ({
      ...spec,
      facts: { ...spec.facts, status: i === 0 ? 'banned' : i === 1 ? 'closed' : 'active' },
    }));
    const population = populationOf(specs, [specs[2]!.account]);
    for (const pool of [...population.strata.pools, ...population.strataAnyVolume.pools])
      for (const member of pool) expect(member).toBeGreaterThan(2);
    expect(Array.from(population.facts.gone.slice(0, 3))).toEqual([1, 1, 0]);
  });
});

describe('values that link', () => {
  test('a field that nobody sent has no values: absent is not a value that two accounts share', () => {
    const population = populationOf(ordinary(30).map((spec) => ({ account: spec.account, daily: spec.daily })));
    for (const { kind } of LINK_KINDS) expect(table(population, kind).holders, kind).toBe(0);
    expect(table(population, 'sketch').holders).toBe(0);
  });

  test('a prompt is one that an account works with from two exchanges and a twentieth of its work', () => {
    const works = (daily: number[]) => {
      const values = { template: 't' };
      return table(populationOf([account('a', { daily, values })]), 'template').holders;
    };
    expect(works([1])).toBe(0);
    expect(works([2])).toBe(1);
  });

  test('concentration-only kinds have no cap under which they could link', () => {
    const never = LINK_KINDS.filter(({ hubCap }) => hubCap === 0).map(({ kind }) => kind);
    expect(never).toEqual(['issuer', 'pattern', 'asn']);
  });

  test('an issuer alone and an issuer with a kind of card are different values', () => {
    const population = populationOf([
      account('a', { facts: { 'payment.issuer': 'i', 'payment.kind': 'virtual' } }),
      account('b', { facts: { 'payment.issuer': 'i', 'payment.kind': 'credit' } }),
    ]);
    expect(table(population, 'issuer').keys).toHaveLength(2);
  });
});

describe('families of near-copies', () => {
  const random = seededRandom('sketches');
  const base = Uint8Array.from({ length: 32 }, () => random.below(256));

  /** Agrees with the base in the first `equal` slots. */
  const like = (equal: number, salt: number) => {
    const sketch = base.map((slot, i) => (i < equal ? slot : (slot + 1 + salt) % 256));
    return sketch;
  };

  const familiesOf = (sketches: readonly Uint8Array[]) =>
    table(populationOf(sketches.map((sketch, i) => account(`k_${i}`, { sketch }))), 'sketch');

  test('variations that agree in most slots are one family, unrelated prompts are none', () => {
    const related = familiesOf(Array.from({ length: 12 }, (_, i) => like(26, i)));
    expect(Math.max(...related.frequency)).toBe(12);
    const strangers = familiesOf(
      Array.from({ length: 200 }, () => Uint8Array.from({ length: 32 }, () => random.below(256))),
    );
    expect(Math.max(...strangers.frequency)).toBe(1);
  });

  test('seventeen of 32 slots are a family, sixteen are not', () => {
    expect(Math.max(...familiesOf([like(32, 0), like(17, 1)]).frequency)).toBe(2);
    expect(Math.max(...familiesOf([like(32, 0), like(16, 1)]).frequency)).toBe(1);
    expect(equalSlots(like(17, 1), base)).toBe(17);
  });

  test('an account that works on both of two prompts is in both families', () => {
    const other = Uint8Array.from({ length: 32 }, () => random.below(256));
    const population = populationOf([
      account('a', { sketch: base }),
      account('b', { sketch: other }),
      account('c', { sketch: base }),
    ]);
    const families = table(population, 'sketch');
    expect([...families.row(0)]).toEqual([...families.row(2)]);
    expect([...families.row(0)]).not.toEqual([...families.row(1)]);
  });
});
