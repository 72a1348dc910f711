import { describe, expect, test } from 'vitest';
import { onePerOrg } from '../../../core/campaigns/seed.ts';
import { rubricGrading } from '../../../core/detectors/rubric-grading.ts';
import { type AccountSpec, candidate, names, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';
import { hired, strangers, type Usage, withoutPrompt } from './prompts.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) => {
  const population = populationOf(specs);
  const indices = names(members).map((account) => population.indexOf.get(account)!);
  const accounts = Array.from(onePerOrg(population, indices), (index) => population.names[index]!);
  return rubricGrading.measure(candidate(population, accounts))[0];
};

/** `candidates` answers to a prompt, each sent for a score. */
const grading =
  (candidates: number, marked = true) =>
  (account: number): Usage =>
  (index, day) => ({
    tokens: { input: 2600, output: 30 },
    prompt: {
      template: `${account} ${day} ${Math.floor(index / candidates)}`,
      ...(marked ? { task: 'rubric_grading' as const, flags: ['rubric' as const] } : {}),
    },
  });

/** One in twenty of them grades by a rubric now and then. */
const platform = () =>
  strangers(400, {
    change: (made, index, account) =>
      account % 20 === 0 && index % 10 < 7 ? { ...made, ...grading(1)(account)(index, 0) } : made,
  });

describe('rubric-grading', () => {
  test('hit: thirty accounts that score eight candidate answers at a time', () => {
    const members = hired(30, grading(8), { rate: 16 });
    const row = measured([...platform(), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBe(1);
  });

  test('hit: where nobody else grades, and the marks of three accounts in ten are missing', () => {
    const members = hired(30, grading(8), { rate: 16 });
    const specs = withoutPrompt(withoutPrompt([...strangers(400), ...members], 'flags'), 'task');
    expect(measured(specs, members)!.nats).toBeGreaterThan(4);
  });

  test('hit: at two exchanges a day', () => {
    const members = hired(20, grading(2), { rate: 2 });
    expect(measured([...platform(), ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('repeated prompts add to it, other than a new prompt for every answer', () => {
    const nats = (candidates: number) => {
      const members = hired(12, grading(candidates), { rate: 16 });
      return measured([...platform(), ...members], members)!.nats;
    };
    expect(nats(8)).toBeGreaterThan(nats(1));
  });

  test('no hit: long questions with short answers, as of any code service', () => {
    const members = hired(30, grading(8, false), { rate: 16 });
    expect(measured([...platform(), ...members], members)!.nats).toBeLessThan(0);
  });

  test('no hit: a batch-evaluation firm, which is one organisation', () => {
    const firm = hired(30, grading(8)).map((spec) => ({ ...spec, facts: { ...spec.facts, org: 'evaluators' } }));
    expect(measured([...platform(), ...firm], firm)).toBeUndefined();
  });

  test('no hit: three graders among thirty do not make it the purpose of all', () => {
    const members = [...hired(3, grading(8)), ...strangers(27, { name: 'm' })];
    expect(measured([...strangers(400), ...members], members)!.nats).toBeLessThan(0);
  });

  test('a platform that marks no prompts has no data, which is not the same as no intent', () => {
    const unmarked = strangers(300, { change: ({ prompt }) => ({ prompt: { topic: prompt!.topic! } }) });
    const members = hired(30, grading(8, false));
    expect(measured([...unmarked, ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(rubricGrading, populationOf(platform()));
  });
});
