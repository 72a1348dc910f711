import { describe, expect, test } from 'vitest';
import { capabilityFocus } from '../../../core/detectors/capability-focus.ts';
import { type AccountSpec, candidate, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  capabilityFocus.measure(candidate(populationOf(specs), names(members)))[0];

describe('capability-focus', () => {
  test('hit: nine tenths of the volume in two capabilities', () => {
    const members = pool({ size: 30 });
    const row = measured([...ordinary(500), ...members], members)!;
    expect(row.nats).toBeGreaterThan(1);
    expect(row.observed).toBeGreaterThan(3 * row.expected);
  });

  test('no hit: members who together use the platform as everybody does', () => {
    const people = ordinary(500);
    expect(measured(people, people.slice(0, 60))!.nats).toBeLessThan(1);
  });

  test('no hit: one heavy specialist among members does not speak for them', () => {
    const people = ordinary(500);
    const few = people.slice(0, 60);
    const heavy = { ...few[0]!, daily: new Array<number>(10).fill(20_000), tasks: { vision: 1 } };
    const population = [heavy, ...people.slice(1)];
    const row = measured(population, [heavy, ...few.slice(1)])!;
    const alone = measured(population, few.slice(1))!;
    expect(row.observed).toBeLessThan(2.5 * alone.observed + 0.2);
  });

  test('no hit: forty students of a programme that writes essays, where everybody else writes code', () => {
    const student = (spec: AccountSpec): AccountSpec => ({
      ...spec,
      facts: { ...spec.facts, programme: 'education' },
      tasks: { writing: 0.6, conversation: 0.4 },
    });
    const students = ordinary(700, { seed: 'students' }).map(student);
    const row = measured([...ordinary(700), ...students], students.slice(0, 40))!;
    expect(row.nats).toBeLessThan(1);
    expect(row.observed).toBeLessThan(0.05);
  });

  test('hit: three accounts in ten without tasks only cost power', () => {
    const members = pool({ size: 30, change: (_, i) => (i % 10 < 3 ? { tasks: {} } : {}) });
    const others = ordinary(500).map((spec, i) => (i % 10 < 3 ? { ...spec, tasks: {} } : spec));
    expect(measured([...others, ...members], members)!.nats).toBeGreaterThan(1);
  });

  test('exchanges without a task are no evidence', () => {
    const members = pool({ size: 30, change: () => ({ tasks: {} }) });
    expect(measured([...ordinary(300), ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(capabilityFocus);
  });
});
