import { describe, expect, test } from 'vitest';
import { contentShift } from '../../../core/detectors/content-shift.ts';
import { shiftFrom } from '../../../core/detectors/shared-content.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { type AccountSpec, candidate, names, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';
import { hired, strangers, type Usage, withoutPrompt } from './prompts.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  contentShift.measure(candidate(populationOf(specs), names(members)))[0];

const extraction: Usage = (index, day) => ({
  tokens: { input: 1500, output: 3000 },
  params: { maxTokens: 8192, temperature: 1 },
  prompt: {
    topic: (index + day) % 4,
    task: index % 2 === 0 ? 'reasoning_trace' : 'software_engineering',
    template: `t ${index % 3}`,
    contract: 'schema',
    flags: ['cot_elicitation'],
  },
});

/** Real customers’ traffic, other customers on each account, with a share of extraction in between. */
function covered(count: number, share: number, rate = 25): AccountSpec[] {
  const customers = strangers(300, { name: 'customer' });
  return hired(
    count,
    (account) => {
      const random = seededRandom(`mix ${account}`);
      return (index, day) => {
        if (random.next() < share) return extraction(index, day);
        return customers[(account * 7 + random.below(3)) % customers.length]!.usage!(index, day);
      };
    },
    { rate },
  );
}

describe('content-shift', () => {
  test.each([
    ['a quarter of the traffic of 60 accounts', 60, 0.25, 25],
    ['a tenth of the traffic of 150 accounts', 150, 0.1, 25],
    ['a tenth of 150 accounts at six exchanges a day', 150, 0.1, 6],
  ])('hit: %s', (_, count, share, rate) => {
    const members = covered(count, share, rate);
    const row = measured([...strangers(600), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBeGreaterThan(0.4);
    expect(Math.abs(row.expected)).toBeLessThan(0.4);
  });

  test('hit: with topics, tasks and contracts missing at random', () => {
    const members = covered(100, 0.25);
    let specs = [...strangers(600), ...members];
    for (const part of ['topic', 'task', 'contract'] as const) specs = withoutPrompt(specs, part);
    expect(measured(specs, members)!.nats).toBeGreaterThan(2.3);
  });

  test('is the same where memory has no room for what accounts ask for, and it is worked out each time', () => {
    const specs = () => [...strangers(600), ...covered(60, 0.25)];
    const sets = Array.from({ length: 40 }, (_, i) =>
      Int32Array.from({ length: 20 }, (__, k) => (i * 31 + k * 17) % 660),
    );
    const shifts = [undefined, 10_000, 0].map((most) => {
      const shift = shiftFrom(populationOf(specs()), sets.slice(0, 20), 25, most);
      return sets.map((set) => shift(set));
    });
    expect(shifts[1]).toEqual(shifts[0]);
    expect(shifts[2]).toEqual(shifts[0]);
    expect(new Set(shifts[0]).size).toBeGreaterThan(20);
  });

  test('no hit: accounts that resell the traffic of others and nothing else', () => {
    const members = covered(60, 0);
    expect(measured([...strangers(600), ...members], members)!.nats).toBeLessThan(2.3);
  });

  test('no hit: one busy account with content of its own', () => {
    const people = strangers(600);
    const heavy: AccountSpec = { ...people[0]!, daily: new Array<number>(6).fill(3000), usage: extraction };
    expect(measured([heavy, ...people.slice(1)], [heavy, ...people.slice(1, 40)])!.nats).toBeLessThan(1);
  });

  test('the limit: a launch has content of its own, so this is evidence of intent only beside one operator’s marks', () => {
    const product: Usage = (index) => ({ prompt: { topic: 9, task: 'writing', template: `p ${index % 2}` } });
    const members = hired(40, () => product, { rate: 5 });
    expect(measured([...strangers(400), ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('too few exchanges have no data', () => {
    const members = hired(30, () => extraction, { rate: 2 });
    expect(measured([...strangers(300), ...members], members)).toBeUndefined();
  });

  test('prompts without any of the fields are no evidence', () => {
    const bare = (specs: readonly AccountSpec[]) => specs.map((spec) => ({ ...spec, usage: () => ({}) }));
    const members = bare(hired(40, () => extraction));
    expect(measured([...bare(strangers(400)), ...members], members)!.nats).toBeLessThan(0);
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(contentShift, populationOf(strangers(600, { rate: 40 })));
  });
});
